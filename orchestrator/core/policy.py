"""Who may text, who may be texted, and what is allowed: tables, the first row that applies.

Nothing here changes anything; the machines of `rules.py` act on these verdicts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from orchestrator.core.hours import is_calling_time
from orchestrator.core.items import Item, SendText
from orchestrator.core.session import LIVE_CALL, OPEN_THREAD, TALKING, Session
from orchestrator.core.settings import Rules
from orchestrator.core.states import in_human_hands, is_ending, is_open, joint_state


@dataclass(frozen=True, slots=True)
class Inbound:
    """What the inbound-text policy looks at."""

    is_keyword: bool
    opted_out: bool
    live_call: bool
    initiate_from_inbound: bool
    expected: bool
    call_just_ended: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an inbound text; `row` is the line of the table, `reason` stands on record."""

    row: int
    outcome: Literal["consent", "taken", "refused"]
    reason: str = ""


InboundRow = tuple[str, Callable[[Inbound], bool], Verdict]

INBOUND_POLICY: tuple[InboundRow, ...] = (
    ("it is a keyword", lambda text: text.is_keyword, Verdict(1, "consent")),
    ("the customer is opted out", lambda text: text.opted_out, Verdict(2, "refused", "opted_out")),
    ("a call is live", lambda text: text.live_call, Verdict(3, "taken")),
    ("texts may start", lambda text: text.initiate_from_inbound, Verdict(4, "taken")),
    ("we began, or asked", lambda text: text.expected, Verdict(5, "taken")),
    ("a call has just ended", lambda text: text.call_just_ended, Verdict(6, "taken")),
    ("otherwise", lambda _: True, Verdict(7, "refused", "no_live_call")),
)
"""The option "initiate conversation from inbound messages", whole: the first row that applies decides."""


def judge(text: Inbound) -> Verdict:
    """The verdict of the first row that applies."""
    return next(verdict for _, applies, verdict in INBOUND_POLICY if applies(text))


def inbound(session: Session, rules: Rules, now: float, *, is_keyword: bool) -> Inbound:
    """The facts of a text that arrives now."""
    messaging = rules.messaging
    ended_at = session.call.ended_at if session.call else None
    grace = messaging.continue_after_call if messaging else 0.0
    return Inbound(
        is_keyword=is_keyword,
        opted_out=session.consent == "opted_out",
        live_call=session.call_state in LIVE_CALL,
        initiate_from_inbound=bool(messaging and messaging.initiate_from_inbound),
        expected=_expected(session),
        call_just_ended=ended_at is not None and grace > 0 and now - ended_at <= grace,
    )


def refuses_from_now_on(session: Session, rules: Rules, now: float) -> bool:
    """Whether every text of the customer would be refused once the call is over."""
    return judge(inbound(session, rules, now, is_keyword=False)).outcome == "refused"


def _expected(session: Session) -> bool:
    began = session.thread_state in OPEN_THREAD and session.thread.started_by_us
    held = bool(session.thread.held)  # a text that follows closely belongs to the one that was taken
    return began or held or session.thread_state == "awaiting_reply"


# What may be done ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Means:
    """What the table of allowed actions looks at. `going_on` is `live` without an end on its way."""

    live: bool
    going_on: bool
    can_send: bool
    no_question: bool
    owns_thread: bool
    talking: bool
    text_only: bool
    has_phone: bool


_ALLOWED: tuple[tuple[str, Callable[[_Means], bool]], ...] = (
    ("send_text", lambda have: have.going_on and have.can_send),
    ("ask_for_text", lambda have: have.going_on and have.can_send and have.no_question and have.owns_thread),
    ("say", lambda have: have.talking),
    ("switch_channel", lambda have: have.talking or (have.text_only and have.has_phone)),
    ("transfer", lambda have: have.talking),
    ("hang_up", lambda have: have.talking),
    ("set_context", lambda have: have.live),
    ("end", lambda have: have.live),
)


def allowed(session: Session, rules: Rules) -> tuple[str, ...]:
    """The actions that the state permits now, in a fixed order."""
    live, going_on = is_open(session), not is_ending(session)
    talking = going_on and session.call_state in TALKING
    means = _Means(
        live=live,
        going_on=live and going_on,
        can_send=can_send(session, rules),
        no_question=session.thread.question is None,
        owns_thread=not session.beside,
        talking=talking,
        text_only=going_on and joint_state(session) == "text_only",
        has_phone=rules.phone is not None and bool(rules.phone.numbers) and session.consent == "opted_in",
    )
    return tuple(action for action, permits in _ALLOWED if permits(means))


TAKE_OVERS: dict[str, Callable[[Session], bool]] = {
    "take_over": lambda session: not in_human_hands(session),
    "release": lambda session: session.handler == "human",
}
"""Actions of people only, and when an open session permits them. No assistant is told of them."""


def permits(session: Session, rules: Rules, action: str, item: Item | None) -> bool:
    """Whether the action may be done now. A caller without a number may be texted at one that is named."""
    if action in TAKE_OVERS:
        return is_open(session) and not is_ending(session) and TAKE_OVERS[action](session)
    if action in allowed(session, rules):
        return True
    named = isinstance(item, SendText) and bool(item.to) and action == "send_text" and not is_ending(session)
    return named and is_open(session) and why_not_send(session, rules) == "no_number"


def why_not_call(session: Session, rules: Rules, now: float) -> str:
    """The reason why we may not call the customer now, or an empty word."""
    if rules.phone is None or not rules.phone.numbers:
        return "no_phone"
    if session.customer is None:
        return "no_number"
    if session.consent == "opted_out":
        return "opted_out"
    if session.call_state in LIVE_CALL:
        return "call_live"
    return "" if is_calling_time(rules, now) else "call_hours"


def can_send(session: Session, rules: Rules) -> bool:
    """Whether a text can reach the customer at all."""
    return not why_not_send(session, rules)


def why_not_send(session: Session, rules: Rules) -> str:
    """The reason why no text can be sent, or an empty word."""
    if rules.messaging is None or not rules.messaging.numbers:
        return "no_messaging"
    if session.customer is None:
        return "no_number"
    return "opted_out" if session.consent == "opted_out" else ""


def why_not_ask(session: Session, rules: Rules) -> str:
    """The reason why the customer cannot be asked for a text now, or an empty word."""
    if session.beside:
        return "thread_busy"
    return why_not_send(session, rules) or ("already_asked" if session.thread.question else "")
