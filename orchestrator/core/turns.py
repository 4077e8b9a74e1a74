"""A turn: what the assistant is asked, as it sees it (product contract, version 1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orchestrator.core.effects import AskAssistant
from orchestrator.core.events import InboundMedia
from orchestrator.core.ids import stable_id
from orchestrator.core.items import Channel
from orchestrator.core.meanwhile import withhold
from orchestrator.core.policy import allowed, can_send
from orchestrator.core.session import LIVE_CALL, OPEN_THREAD, TALKING, Session, Turn
from orchestrator.core.settings import Rules
from orchestrator.core.states import in_human_hands, joint_state
from orchestrator.core.step import Step

VERSION = 1


def heard(
    kind: str, text: str = "", confidence: float | None = None, media: tuple[InboundMedia, ...] = ()
) -> dict[str, Any]:
    """The `input` of a turn. `kind`: speech, dtmf, text, media, none."""
    return {
        "type": kind,
        "text": text,
        "confidence": confidence,
        "media": [{"url": item.url, "content_type": item.content_type} for item in media],
    }


def ask(
    step: Step,
    *,
    channel: Channel,
    reply_on: tuple[Channel, ...],
    event: str | None = None,
    data: dict[str, Any] | None = None,
    given: dict[str, Any] | None = None,
    waiting: bool = False,
) -> None:
    """Open a turn and ask the assistant, unless a human answers in its place. `waiting`: a voice request is
    open for the answer.
    """
    if in_human_hands(step.current):
        withhold(step, channel, event, data or {}, given)
        return
    turn = Turn(
        id=stable_id(step.event.at, step.session.assistant, step.session.customer or "", step.event.id),
        cause=event or "input",
        channel=channel,
        reply_on=reply_on,
        asked_at=step.now,
        request={},
        waiting=waiting,
    )
    step.change(turn=turn)  # first: the state that the assistant sees is the one while it answers
    request = _request(step, turn, event, data or {}, given or heard("none"))
    step.change(turn=replace(turn, request=request))
    live, memory = step.call in TALKING, step.session.memory
    step.emit(AskAssistant(turn_id=turn.id, request=request, live=live, memory=memory))
    step.note("turn_asked", channel, turn_id=turn.id, event=event, input_type=request["input"]["type"])


def _request(
    step: Step, turn: Turn, event: str | None, data: dict[str, Any], given: dict[str, Any]
) -> dict[str, Any]:
    """The turn as the assistant sees it."""
    return {
        "version": VERSION,
        "turn_id": turn.id,
        "input": given,
        "event": event,
        "event_data": data,
        "channel": turn.channel,
        "reply_on": list(turn.reply_on),
        **_scene(step.current, step.rules),
    }


def _scene(session: Session, rules: Rules) -> dict[str, Any]:
    """Where the conversation stands, for the assistant."""
    return {
        "session_id": session.id,
        "previous_session_id": session.previous_session_id,
        "assistant": session.assistant,
        "customer": {"phone_number": session.customer},
        "assistant_number": our_number(session, rules),
        "state": joint_state(session),
        "channels": _channels(session, rules),
        "allowed": list(allowed(session, rules)),
        "context": session.context,
        "last_text_error": session.last_text_error,
    }


def _channels(session: Session, rules: Rules) -> dict[str, Any]:
    call = session.call
    return {
        "voice": {
            "live": session.call_state in LIVE_CALL,
            "call_sid": call.call_sid if call else None,
            "direction": call.direction if call else None,
        },
        "sms": {"open": session.thread_state in OPEN_THREAD, "can_send": can_send(session, rules)},
    }


def our_number(session: Session, rules: Rules) -> str | None:
    """The number of ours that the customer knows in this conversation."""
    if session.call is not None and session.call_state in LIVE_CALL:
        return session.call.number
    return (
        session.thread.number
        or text_number(session, rules)
        or (session.call.number if session.call else None)
    )


def text_number(session: Session, rules: Rules) -> str:
    """The number of ours that texts come from: the thread's, else that of the last text in either direction,
    else the called one, else the first. One that is not ours any more is passed over.
    """
    numbers = rules.messaging.numbers if rules.messaging else ()
    called = session.call.number if session.call else ""
    known = (session.thread.number, session.known_number, called)
    return next((number for number in known if number in numbers), numbers[0] if numbers else "")
