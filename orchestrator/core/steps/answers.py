"""Carrying out an answer, an action, or the failure of a turn: items in order, each on the channels it names.

What a channel cannot carry is skipped and noted.
"""

from __future__ import annotations

from typing import Any

from orchestrator.core import items
from orchestrator.core.effects import DeliverHook, Ending, HangUpCall
from orchestrator.core.events import RETRY_HOOK, ActionRequested, AssistantFailed, AssistantReplied
from orchestrator.core.items import Channel, Item
from orchestrator.core.policy import can_send
from orchestrator.core.session import TALKING, Turn
from orchestrator.core.step import Step
from orchestrator.core.steps import documents, forcing, questions, takeover
from orchestrator.core.steps.carrying import HANDLERS, ONCE
from orchestrator.core.steps.consent import set_by_operator
from orchestrator.core.steps.outcome import Outcome, name_of
from orchestrator.core.steps.sending import order, send
from orchestrator.core.steps.transferring import dial

SILENT_CAUSES = {"text_reply", "text_failed", "action"}
"""Turns whose empty answer leaves the call as it is: nothing is interrupted to say nothing."""


def carry_out(step: Step) -> None:
    """The assistant answered the open turn."""
    event, turn = step.event, step.session.turn
    assert isinstance(event, AssistantReplied) and turn is not None  # noqa: S101, PT018 - the row's condition
    _merge(step, event.context)
    if event.memory is not None:
        step.change(memory=event.memory)
    cost = {"usage": event.usage} if event.usage else {}
    names = [name_of(item) for item in event.items]
    step.note("turn_answered", turn.channel, turn_id=turn.id, items=names, **cost)
    step.change(last_text_error=None)
    if turn.channel == "voice" and step.session.call is not None and not turn.forced:
        step.change_call(once=None)
    outcome = Outcome(step, turn)
    for item in event.items or _when_empty(step, turn):
        _carry(outcome, item)
    questions.ask_next(outcome)
    finish(outcome)


def _when_empty(step: Step, turn: Turn) -> tuple[Item, ...]:
    """What an empty answer means: a failed text is told, everything else gives the caller the floor."""
    if (
        turn.cause == "text_failed"
        and not turn.forced
        and step.call in TALKING
        and step.messaging.text_failure_message
    ):
        return (items.Text(text=step.messaging.text_failure_message),)
    return ()


def _merge(step: Step, changes: dict[str, Any]) -> None:
    merged = {**step.session.context, **changes}
    step.change(context={key: value for key, value in merged.items() if value is not None})


def _carry(outcome: Outcome, item: Item) -> None:
    if not (item.channels or outcome.turn.reply_on) and type(item) not in ONCE:
        outcome.skip(item, "cannot_send")
    said = len(outcome.spoken)
    for channel in item.channels or outcome.turn.reply_on:
        reached = _reachable(outcome, channel, item)
        if reached is not None:
            HANDLERS[type(item)](outcome, item, reached)
        if type(item) in ONCE:
            break
    if item.channels:
        del outcome.spoken[said:]  # meant to be spoken only: not a text that could go by SMS later
    if not (item.channels or outcome.turn.reply_on) and type(item) in ONCE:
        HANDLERS[type(item)](outcome, item, "sms")


def _reachable(outcome: Outcome, channel: Channel, item: Item) -> Channel | None:
    """Where an item for `channel` goes now, or None where it is skipped."""
    step = outcome.step
    if type(item) in ONCE:
        return _once(outcome, item)
    if channel == "voice" and step.call not in TALKING:
        return _instead_of_voice(outcome, item)
    if channel == "sms" and not can_send(step.current, step.rules):
        outcome.skip(item, "cannot_send")
        return None
    return channel


def _once(outcome: Outcome, item: Item) -> Channel | None:
    """Where an item acts that acts once: in the call if one can speak and the item may be meant for it."""
    if outcome.step.call in TALKING and (not item.channels or "voice" in item.channels):
        return "voice"
    if item.channels == ("voice",):
        outcome.skip(item, "no_live_call")
        return None
    return "sms"


def _instead_of_voice(outcome: Outcome, item: Item) -> Channel | None:
    """The call ended, or is being transferred, before it could speak: answers to texts go by SMS."""
    step, turn = outcome.step, outcome.turn
    by_text = turn.channel == "sms" and not item.channels and "sms" not in turn.reply_on
    if by_text and can_send(step.current, step.rules):
        return "sms"
    outcome.skip(item, "call_ended" if step.call == "ended" else "no_live_call")
    return None


def finish(outcome: Outcome) -> None:
    """Send the messages in order, and speak the verbs on the open request or by interrupting."""
    step, turn = outcome.step, outcome.turn
    forcing.settle(outcome)
    for message in outcome.messages:
        if message is None:
            send(step, "\n".join(outcome.written))
        else:
            message()
    if step.call in TALKING:
        goes_by_text = turn.channel == "sms" and "sms" not in turn.reply_on
        _speak(outcome, "\n".join(outcome.spoken) if goes_by_text else "")
    for act in outcome.after:
        act()
    _close(step, turn)
    if outcome.force and not outcome.hands_over:
        forcing.ask_again(step, turn)


def _close(step: Step, turn: Turn) -> None:
    """The turn is over; an action out of turn leaves the open one as it is."""
    if step.session.turn is not None and step.session.turn.id == turn.id:
        step.change(turn=None)
    if turn.cause == "session_timeout":
        order(step, "thread_closed")


def _speak(outcome: Outcome, as_text: str) -> None:
    step, turn = outcome.step, outcome.turn
    verbs = tuple(outcome.verbs)
    ending = outcome.ending or (forcing.meanwhile(step, verbs) if outcome.force else documents.onward(step))
    if turn.waiting:
        documents.reply(step, verbs, ending)
    elif verbs or outcome.ending or turn.cause not in SILENT_CAUSES or turn.forced or step.live.polling:
        documents.speak(step, verbs, ending, as_text=as_text)


# Actions and failures --------------------------------------------------------------------------------
def act(step: Step) -> None:
    """An action out of turn: its item is carried out like an answer's, its context is merged."""
    event = step.event
    assert isinstance(event, ActionRequested)  # noqa: S101 - the row's trigger
    if event.action == RETRY_HOOK:
        step.emit(DeliverHook(**event.context))
        return
    step.note("action_taken", None, action=event.action, actor=event.actor)
    if event.action in {"opt_in", "opt_out"}:
        set_by_operator(step, event.actor)
        return
    _merge(step, event.context)
    channel: Channel = "voice" if step.call in TALKING else "sms"
    turn = Turn(
        id=event.id, cause="action", channel=channel, reply_on=(channel,), asked_at=step.now, request={}
    )
    outcome = Outcome(step, turn)
    if event.item is not None:
        _carry(outcome, event.item)
    takeover.note_said(step, event.item)
    finish(outcome)


def fail_call(step: Step) -> None:
    """The assistant gave no answer in a call: the caller is told, and transferred or let go."""
    turn = _failed(step)
    if "voice" not in turn.reply_on:
        _say_sorry(step, turn)
        if step.live.polling:
            documents.speak(step, (), documents.onward(step))
        return
    target = step.phone.failure_transfer_to
    ending: Ending = dial(step, items.Transfer(to=target)) if target else HangUpCall()
    verbs = documents.words(step.phone.failure_message)
    if turn.waiting:
        documents.reply(step, verbs, ending)
    else:
        documents.speak(step, verbs, ending)
    if target:
        order(step, "transfer_ordered")


def fail_text(step: Step) -> None:
    """The assistant gave no answer and no call can speak: the customer gets the failure text."""
    _say_sorry(step, _failed(step))


def _failed(step: Step) -> Turn:
    event, turn = step.event, step.session.turn
    assert isinstance(event, AssistantFailed) and turn is not None  # noqa: S101, PT018 - the row's condition
    more = {"detail": event.detail, "pii.part": event.part}
    told = {name: words for name, words in more.items() if words}
    step.note("turn_failed", turn.channel, turn_id=turn.id, reason=event.reason, **told)
    _close(step, turn)
    return turn


def _say_sorry(step: Step, turn: Turn) -> None:
    """Only to a customer who wrote, or was promised something: an event of ours needs no apology."""
    if turn.channel == "sms" and turn.cause in {"input", "text_reply"} and can_send(step.current, step.rules):
        send(step, step.messaging.default_failure_message, purpose="failure")
