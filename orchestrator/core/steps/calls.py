"""Actions of the call machine: a call begins, speaks, is silent, ends."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.core.effects import Continue, HangUpCall
from orchestrator.core.events import (
    CallEnded,
    CallFailed,
    CallStarted,
    DigitsPressed,
    SpeechHeard,
    TextAccepted,
    TextFailed,
)
from orchestrator.core.items import Channel
from orchestrator.core.policy import can_send
from orchestrator.core.session import Call, Session
from orchestrator.core.states import is_open
from orchestrator.core.step import Step
from orchestrator.core.steps import by_voice, documents, questions
from orchestrator.core.steps.floor import collected
from orchestrator.core.steps.messages import choose, fresh_session
from orchestrator.core.steps.sending import send
from orchestrator.core.turns import ask, heard

VOICE: tuple[Channel, ...] = ("voice",)


def open_call(step: Step) -> None:
    """A call of the customer reaches us: in the open session, or in a new one."""
    event = step.event
    assert isinstance(event, CallStarted)  # noqa: S101 - the row's trigger
    if not is_open(step.session):
        fresh_session(step)
        step.thread = "none"
    step.change(
        call=Call(
            call_sid=event.call_sid, number=event.number, started_at=step.now, direction=event.direction
        )
    )
    step.note("call_started", "voice", call_sid=event.call_sid, direction=event.direction)


def ask_call_started(step: Step) -> None:
    """The assistant speaks first. Where a socket carries the call, the request is answered at once."""
    if step.phone.engine == "relay":
        documents.reply(step, (), Continue())
    ask(
        step,
        channel="voice",
        reply_on=VOICE,
        event="call_started",
        data={"direction": step.live.direction}
        | ({"handler": "human"} if step.session.handler == "human" else {}),
        waiting=True,
    )


def prove(step: Step) -> None:
    """The request shows that its document ran."""
    documents.prove(step)


def ask_speech(step: Step) -> None:
    """What the caller said is a turn."""
    event = step.event
    assert isinstance(event, SpeechHeard)  # noqa: S101 - the row's trigger
    step.change_call(silent_turns=0)
    step.note(
        "speech_heard",
        "voice",
        document=event.document,
        confidence=event.confidence,
        **{"pii.text": event.utterance},
    )
    collected(step, "")  # words end a collection of keys; what they lack says nothing of the keys
    said = choose(step, event.utterance, digits=False)
    _ask_caller(step, heard("speech", said, event.confidence), event.cut)


def ask_digits(step: Step) -> None:
    """The keys that the caller pressed are a turn."""
    event = step.event
    assert isinstance(event, DigitsPressed)  # noqa: S101 - the row's trigger
    step.change_call(silent_turns=0)
    step.note("digits_pressed", "voice", document=event.document, **{"pii.digits": event.digits})
    data = collected(step, event.digits)
    _ask_caller(step, heard("dtmf", choose(step, event.digits, digits=True)), event.cut, data)


def note_spoken(step: Step) -> None:
    """The words are with the carrier: they are not said again, and not sent by text."""
    documents.prove(step)
    step.change_call(fetched=max(step.live.fetched, step.live.proven))


def _ask_caller(
    step: Step, given: dict[str, object], cut: str | None, facts: dict[str, object] | None = None
) -> None:
    """Ask with the open request; words that wait go out on it first, and the turn's answer follows, as
    it does where nobody would hear the answer to this request.
    """
    lost = documents.has_unserved(step) or documents.is_late(step)
    waiting = step.phone.engine == "relay" or not lost
    if not waiting:
        documents.reply(step, (), Continue())
    event, told = by_voice.answered(step, given)
    data = {**(facts or {}), **told}
    if cut is not None:
        step.note("answer_cut", "voice", **{"pii.heard": cut})
        data = {**data, "heard_until_interrupt": cut}
    ask(step, channel="voice", reply_on=VOICE, event=event, given=given, data=data, waiting=waiting)


def serve_waiting(step: Step) -> None:
    """The silence is that of a document which another has replaced: that one is served, no turn."""
    documents.prove(step)
    documents.serve_newest(step, documents.onward(step))


def serve(step: Step) -> None:
    """The carrier fetches: a redirect proves the document that it ended."""
    if getattr(step.event, "round", 0) > 0:
        documents.prove(step)
    documents.serve_newest(step, documents.onward(step))


def serve_parting(step: Step) -> None:
    """What the caller did crossed the end of the call: the goodbye is served, the call still ends."""
    step.note("input_dropped", "voice", reason="call_ending")
    documents.serve_newest(step, documents.onward(step))


def serve_instead(step: Step) -> None:
    """What the caller did came while a turn is being answered, or the call is handed over: no turn of
    its own, the call goes on as it was about to.
    """
    documents.prove(step)
    step.note("input_dropped", "voice", reason="not_listening")
    documents.serve_newest(step, Continue() if step.call == "thinking" else documents.onward(step))


def say_filler(step: Step) -> None:
    """The open request cannot wait longer: a filler, and the carrier fetches the answer."""
    turn = step.session.turn
    assert turn is not None  # noqa: S101 - the row's condition
    step.change(turn=replace(turn, waiting=False))
    if getattr(step.event, "told", False):
        documents.reply(step, documents.hold_verbs(step), Continue())
        return
    step.note("filler_said", "voice")
    documents.reply(step, documents.words(step.phone.filler_message), Continue())


def finish_switch(step: Step) -> None:
    """The carrier took the text of a `switch_channel`: now the call may end."""
    switch, event = step.session.switch, step.event
    assert switch is not None and isinstance(event, TextAccepted)  # noqa: S101, PT018 - the row's condition
    step.change(switch=None)
    step.note("channel_switched", "sms", to="sms")
    ending = documents.onward(step) if switch.keep_call else HangUpCall()
    documents.speak(step, documents.words(switch.say), ending)


def ask_text_failed(step: Step) -> None:
    """The assistant learns in the call that its text did not get through."""
    event = step.event
    assert isinstance(event, TextFailed)  # noqa: S101 - the row's trigger
    if by_voice.failed_question(step) is not None:
        questions.drop_queue(step)
    data = {"code": event.code, "reason": event.reason, "text_id": event.text_id}
    ask(step, channel="voice", reply_on=VOICE, event="text_failed", data=data)


def close_call(step: Step) -> None:
    """The call is over: unheard answers to texts go by SMS, unheard answers to speech are dropped."""
    event = step.event
    unheard = [spoken for spoken in step.live.unheard if not spoken.fetched]
    step.change_call(ended_at=step.now, unheard=(), interrupting=0, polling=False, newest=None)
    step.note(
        "call_ended" if isinstance(event, CallEnded) else "call_failed", "voice", reason=end_reason(step)
    )
    step.change(switch=None)
    for spoken in unheard:
        if spoken.as_text and can_send(step.current, step.rules):
            send(step, spoken.as_text)
        else:
            step.note("answer_dropped", "voice", reason="call_ended")


def ask_call_ended(step: Step) -> None:
    """The assistant learns that the call is over, unless it closed the session itself."""
    if step.session.closed_by_assistant:
        return
    ask(
        step,
        channel="voice",
        reply_on=after_call(step.current, step),
        event="call_ended",
        data={"reason": end_reason(step)},
    )


def end_reason(step: Step) -> str:
    """Why the call is over: what the carrier says, unless we know better; a machine's answer says none."""
    reason = str(getattr(step.event, "reason", "machine"))
    if reason != "ended":
        return reason
    if step.before.call_state == "transferring":
        return "transferred"
    return "hung_up_by_us" if step.live.hung_up_by_us else "ended"


def ask_call_failed(step: Step) -> None:
    """The assistant learns that nobody took our call, unless it closed the session itself."""
    if step.session.closed_by_assistant:
        return
    event = step.event
    assert isinstance(event, CallFailed)  # noqa: S101 - the row's trigger
    ask(
        step,
        channel="voice",
        reply_on=after_call(step.current, step),
        event="call_failed",
        data={"reason": event.reason},
    )


def after_call(session: Session, step: Step) -> tuple[Channel, ...]:
    """Where an answer can still go once the call is over."""
    return ("sms",) if can_send(session, step.rules) else ()
