"""Items that set how a call listens, and how lists are given; they say nothing themselves but tones."""

from __future__ import annotations

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


def list_prefix(outcome: Outcome, item: items.ListPrefix, channel: Channel) -> None:
    """Lists of this kind are given so from now on."""
    step = outcome.step
    step.change(list_prefixes={**step.session.list_prefixes, f"{channel} {item.kind}": item.prefix})
