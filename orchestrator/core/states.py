"""What people see: one word for a session, a total function of its machines' states."""

from __future__ import annotations

from collections.abc import Callable

from orchestrator.core.session import LIVE_CALL, OPEN_THREAD, TALKING, Handler, Session, Word

Joint = tuple[Word, Callable[[Session], bool]]

JOINT: tuple[Joint, ...] = (
    ("idle", lambda now: now.opened_at == 0),
    ("dialing", lambda now: now.call_state == "dialing"),
    ("transferring", lambda now: now.call_state == "transferring"),
    ("awaiting_text", lambda now: now.call_state in TALKING and now.thread_state == "awaiting_reply"),
    ("in_call_and_text", lambda now: now.call_state in TALKING and now.thread_state == "open"),
    (
        "in_call",
        lambda now: now.call_state in TALKING or (now.turn is not None and now.turn.cause == "call_ended"),
    ),
    ("text_only", lambda now: now.thread_state in OPEN_THREAD),
    ("ended", lambda _: True),
)
"""The word that people see: the first row that applies."""


def joint_state(session: Session) -> Word:
    """The one word for the state of a session, the same in API, console, logs and scenarios."""
    return next(word for word, applies in JOINT if applies(session))


def is_open(session: Session) -> bool:
    """Whether there is a session that has not ended: something is live, or a turn is being answered."""
    return session.turn is not None or joint_state(session) not in {"idle", "ended"}


def is_ending(session: Session) -> bool:
    """Whether an open session was ended, and only its last words, or the end of its call, are still to come."""
    return session.closed_by_assistant and is_open(session)


def in_human_hands(session: Session) -> bool:
    """Whether a human answers now, and the assistant is silent: who took over, but not in a call that began since."""
    has_call = session.call is not None and session.call.with_human
    return session.handler == "human" and (session.call_state not in LIVE_CALL or has_call)


def handler_of(session: Session) -> Handler:
    """Who answers now."""
    return "human" if in_human_hands(session) else "assistant"
