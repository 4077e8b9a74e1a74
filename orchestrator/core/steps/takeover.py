"""A human in the assistant's place: taking a session over, what a caller hears meanwhile, and giving it back.

Who took over has the thread, and the call that was live then. A call that begins later is the assistant's,
with the texts in it: nobody who writes can answer a phone. When it ends, the human has the thread again.
"""

from __future__ import annotations

from orchestrator.core import items, markup
from orchestrator.core.effects import HangUpCall
from orchestrator.core.events import ActionRequested, DigitsPressed, SpeechHeard
from orchestrator.core.items import Channel, Item
from orchestrator.core.meanwhile import remember, tell_desk
from orchestrator.core.session import LIVE_CALL, TALKING
from orchestrator.core.states import in_human_hands
from orchestrator.core.step import Step
from orchestrator.core.steps import by_voice, documents, questions, silence
from orchestrator.core.steps.floor import collected
from orchestrator.core.steps.sending import order
from orchestrator.core.turns import ask, heard


def take_over(step: Step) -> None:
    """An operator takes the session over."""
    event = step.event
    assert isinstance(event, ActionRequested)  # noqa: S101 - the row's trigger
    step.note("action_taken", None, action=event.action, actor=event.actor)
    hand_over(step, event.actor)


def hand_over(step: Step, by: str, message: str = "") -> None:
    """A human answers from now on: what the assistant waited for is not awaited any more."""
    order(step, "taken_over")
    questions.drop_queue(step)
    step.change(handler="human", choices=(), choices_by_keys=False)
    if step.call in LIVE_CALL and step.session.call is not None:
        step.change_call(with_human=True, question=None, collect=None, silent_turns=0)
    step.note("taken_over", None, by=by)
    tell_desk(
        step, "taken_over", {"by": by, "message": markup.as_text(message), "context": step.session.context}
    )


def release(step: Step) -> None:
    """The assistant answers again: its turn tells what was said meanwhile."""
    event, said = step.event, step.session.meanwhile
    assert isinstance(event, ActionRequested)  # noqa: S101 - the row's trigger
    step.note("action_taken", None, action=event.action, actor=event.actor)
    tell_desk(step, "released", {"by": event.actor})
    step.change(handler="assistant", meanwhile=())
    if step.session.call is not None:
        step.change_call(with_human=False)
    step.note("released", None, by=event.actor)
    channel: Channel = "voice" if step.call in TALKING else "sms"
    ask(step, channel=channel, reply_on=(channel,), event="released", data={"said": list(said)})


def note_said(step: Step, item: Item | None) -> None:
    """What a human says by an action is kept for the assistant."""
    if not in_human_hands(step.current):
        return
    if isinstance(item, items.SendText) and item.to in {"", step.session.customer}:
        remember(step, "operator", "sms", type="text", text=item.text, media=list(item.media))
    elif isinstance(item, items.AskForText):
        remember(step, "operator", "sms", type="text", text=item.text or item.say, media=[])
    elif isinstance(item, items.Text):
        remember(step, "operator", "voice", type="speech", text=item.text, media=[])


def hear(step: Step) -> None:
    """What the caller does is for the human: no turn. Words that wait are served, then the call is held."""
    event = step.event
    if isinstance(event, SpeechHeard):
        facts = {"document": event.document, "confidence": event.confidence, "pii.text": event.utterance}
        step.note("speech_heard", "voice", **facts)
    elif isinstance(event, DigitsPressed):
        step.note("digits_pressed", "voice", document=event.document, **{"pii.digits": event.digits})
    if said := by_voice.heard_of(step):
        keyed = isinstance(event, DigitsPressed)
        collected(step, said if keyed else "")
        given = heard("dtmf" if keyed else "speech", said)
        name, facts = by_voice.answered(step, given)
        ask(step, channel="voice", reply_on=("voice",), event=name, data=facts, given=given)
    ending = documents.onward(step)
    if isinstance(ending, HangUpCall):
        documents.reply(step, (), ending)
    else:
        silence.hold(step)


def go_on_after_transfer(step: Step) -> None:
    """Nobody took the call that the human handed on: the caller is told, and is with them again."""
    documents.prove(step)
    step.note("transfer_failed", "voice", reason=getattr(step.event, "reason", "failed"))
    said = documents.words(step.phone.transfer_failure_message)
    documents.reply(step, said, documents.onward(step))
