"""One function an item: what it does on the channel that it reached."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from orchestrator.core import choices, items, markup
from orchestrator.core.effects import Continue, EndCall, HangUpCall, Play, Silence
from orchestrator.core.items import Channel
from orchestrator.core.policy import allowed, why_not_call
from orchestrator.core.session import TALKING, Switch
from orchestrator.core.step import Step
from orchestrator.core.steps import forcing, questions, setting, takeover
from orchestrator.core.steps.outcome import Outcome
from orchestrator.core.steps.placing import place
from orchestrator.core.steps.sending import order, send
from orchestrator.core.steps.transferring import dial
from orchestrator.core.turns import text_number


def _text(outcome: Outcome, item: items.Text, channel: Channel) -> None:
    outcome.say(item.text) if channel == "voice" else outcome.write(item.text)


def _pause(outcome: Outcome, item: items.Pause, channel: Channel) -> None:
    if channel == "voice" and item.seconds > 0:
        outcome.verbs.append(Silence(seconds=ceil(item.seconds)))


def _options(outcome: Outcome, item: items.Options, channel: Channel) -> None:
    usual = setting.offer(outcome, item, channel)
    prefix = item.prefix or usual
    if channel == "voice":
        outcome.say(choices.as_speech(item, prefix))
    else:
        outcome.write(choices.as_text(item, prefix) if prefix else choices.as_text(item))


def _media(outcome: Outcome, item: items.Media, channel: Channel) -> None:
    caption = "\n".join(part for part in (item.title, item.description) if part)
    if channel == "sms":
        outcome.messages.append(lambda: _sent(outcome, markup.as_text(caption), (item.source,)))
    elif item.kind == "audio":
        outcome.verbs.append(Play(url=item.source, loop=0 if item.loop else 1))
    else:
        outcome.skip(item, "not_on_voice")


def _search(outcome: Outcome, item: items.Search, channel: Channel) -> None:
    for part in (item.header, item.body):
        outcome.say(part) if channel == "voice" else outcome.write(part)


def _send_text(outcome: Outcome, item: items.SendText, _: Channel) -> None:
    step = outcome.step
    if item.to and not may_reach(step, item.to):
        outcome.skip(item, "recipient_not_allowed")
        return
    to = "" if item.to == step.session.customer else item.to
    body = markup.as_text(item.text)
    outcome.messages.append(
        lambda: _sent(
            outcome, body, item.media, to=to, sender=our_sender(step, item.sender), urgent=item.urgent
        )
    )


def may_reach(step: Step, to: str) -> bool:
    """Whether a text may go to a number that an answer names."""
    customer = step.session.customer
    return to == customer or customer is None or to in step.messaging.allowed_recipients


def our_sender(step: Step, sender: str) -> str:
    """The named sender if it is one of ours, else the thread's."""
    return sender if sender in step.messaging.numbers else text_number(step.session, step.rules)


def _sent(
    outcome: Outcome,
    body: str,
    media: tuple[str, ...] = (),
    *,
    to: str = "",
    sender: str = "",
    urgent: bool = False,
) -> None:
    if body or media:
        send(outcome.step, body, media=media, to=to, sender=sender, urgent=urgent)


def _switch(outcome: Outcome, item: items.SwitchChannel, channel: Channel) -> None:
    if item.to == "voice":
        _call_back(outcome, item)
        return
    if channel != "voice":
        outcome.write(item.text)
        return
    body = markup.as_text(item.text or item.say)
    if not body:
        outcome.skip(item, "no_text")
    elif outcome.end(item, Continue()):
        outcome.messages.append(lambda: _switched(outcome, item, body))


def _switched(outcome: Outcome, item: items.SwitchChannel, body: str) -> None:
    step = outcome.step
    text_id = send(step, body, report=True)
    step.change_thread(started_by_us=True)
    step.change(switch=Switch(text_id=text_id, say=markup.as_speech(item.say), keep_call=item.keep_call))


def _call_back(outcome: Outcome, item: items.SwitchChannel) -> None:
    step = outcome.step
    if "switch_channel" not in allowed(step.current, step.rules) or step.call in TALKING:
        outcome.skip(item, "not_allowed")
        return
    if reason := why_not_call(step.current, step.rules, step.now):
        outcome.skip(item, reason)
        return
    if item.text:
        outcome.write(item.text)
    outcome.after.append(lambda: _placed(step))


def _placed(step: Step) -> None:
    place(step)
    order(step, "call_placed")
    step.note("channel_switched", "voice", to="voice")


def _transfer(outcome: Outcome, item: items.Transfer, channel: Channel) -> None:
    reached = channel == "voice" and bool(item.to)
    if item.agent and not reached and outcome.step.messaging.help_desk:
        _hand_over(outcome, item, channel)
        return
    if not reached:
        outcome.skip(item, "no_target" if channel == "voice" else "no_live_call")
        return
    if outcome.end(item, dial(outcome.step, item)):
        outcome.say(item.say)
        outcome.after.append(lambda: order(outcome.step, "transfer_ordered"))


def _hand_over(outcome: Outcome, item: items.Transfer, channel: Channel) -> None:
    """Somebody at the help desk goes on, in the texts and in the call that is live."""
    outcome.say(item.say) if channel == "voice" else outcome.write(item.say)
    outcome.hands_over = True
    outcome.after.append(lambda: takeover.hand_over(outcome.step, "assistant", item.whisper))


def _hang_up(outcome: Outcome, item: items.HangUp, channel: Channel) -> None:
    if channel != "voice":
        outcome.skip(item, "no_live_call")
        return
    if outcome.end(item, HangUpCall()):
        outcome.say(item.say)


def _end_session(outcome: Outcome, item: items.EndSession, channel: Channel) -> None:
    step, call = outcome.step, outcome.step.session.call
    if channel == "voice":
        outcome.ending = HangUpCall()
        outcome.say(item.say)
    elif item.say:
        outcome.write(item.say)
    if step.call in {"dialing", "transferring"} and call is not None and call.call_sid:
        step.emit(EndCall(call_sid=call.call_sid))
    step.change(closed_by_assistant=True)
    outcome.after.append(lambda: order(outcome.step, "thread_closed"))


def _unsupported(outcome: Outcome, item: items.Unsupported, _: Channel) -> None:
    outcome.skip(item, item.why)


HANDLERS: dict[type, Callable[[Outcome, Any, Channel], None]] = {
    items.Text: _text,
    items.Pause: _pause,
    items.Options: _options,
    items.Media: _media,
    items.Search: _search,
    items.SendText: _send_text,
    items.AskForText: questions.ask_for_text,
    items.SwitchChannel: _switch,
    items.Transfer: _transfer,
    items.HangUp: _hang_up,
    items.EndSession: _end_session,
    items.CollectDigits: setting.collect,
    items.SendDigits: setting.send_digits,
    items.Configure: setting.configure,
    items.ListManner: setting.list_manner,
    items.SessionTimeout: setting.session_timeout,
    items.ForceTurn: forcing.force_turn,
    items.Unsupported: _unsupported,
}
"""What carries out each item."""

ONCE = {
    items.SendText,
    items.AskForText,
    items.SwitchChannel,
    items.Transfer,
    items.HangUp,
    items.EndSession,
    items.SessionTimeout,
    items.ForceTurn,
    items.Unsupported,
}
"""Items that act once, whatever channels are answered."""
