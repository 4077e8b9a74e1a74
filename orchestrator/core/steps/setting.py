"""Items that set how a call listens, and how lists are given; they say nothing themselves but tones."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.core import items
from orchestrator.core.effects import Tones
from orchestrator.core.items import Channel
from orchestrator.core.manner import Manner, changed
from orchestrator.core.steps.outcome import Outcome


def collect(outcome: Outcome, item: items.CollectDigits, channel: Channel) -> None:
    """The next keys are gathered so."""
    if channel != "voice":
        outcome.skip(item, "not_on_sms")
        return
    outcome.step.change_call(collect=item)


def send_digits(outcome: Outcome, item: items.SendDigits, channel: Channel) -> None:
    """Play key tones."""
    if channel != "voice":
        outcome.skip(item, "not_on_sms")
        return
    outcome.verbs.append(Tones(digits=item.digits))


def configure(outcome: Outcome, item: items.Configure, channel: Channel) -> None:
    """Change the call's settings; a lasting change holds under one that is about to end, too."""
    if channel != "voice":
        outcome.skip(item, "not_on_sms")
        return
    step, call = outcome.step, outcome.step.live

    def after(manner: Manner) -> Manner:
        return changed(manner, item.changes, item.part, item.strategy)

    if item.strategy.endswith("_once"):
        step.change_call(once=after(call.once or call.manner))
    else:
        step.change_call(manner=after(call.manner), once=after(call.once) if call.once else None)


def list_manner(outcome: Outcome, item: items.ListManner, channel: Channel) -> None:
    """Lists of this kind are given so on this channel from now on."""
    session = outcome.step.session
    others = tuple(own for own in session.lists if (own.kind, own.channels) != (item.kind, (channel,)))
    outcome.step.change(lists=(*others, replace(item, channels=(channel,))))


def offer(outcome: Outcome, item: items.Options, channel: Channel) -> str:
    """The choices are open, with the words that choose them here; the prefix that was set for such lists."""
    session = outcome.step.session
    own = next((m for m in session.lists if (m.kind, m.channels) == (item.kind, (channel,))), None)
    told = {choice.label: choice.word for choice in session.choices}  # by the same list on another channel
    words = dict(enumerate(own.words if own else ()))
    choices = tuple(
        replace(choice, word=words.get(place) or told.get(choice.label, ""))
        for place, choice in enumerate(item.choices)
    )
    by_keys = bool(own and own.keys_only) if channel == "voice" else session.choices_by_keys
    outcome.step.change(choices=choices, choices_by_keys=by_keys)
    return own.prefix if own else ""
