"""Items that set how a call listens, and how lists are given; they say nothing themselves but tones."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.core import items
from orchestrator.core.effects import Tones
from orchestrator.core.items import Channel
from orchestrator.core.manner import Manner, changed, given
from orchestrator.core.step import Step
from orchestrator.core.steps.floor import manner_of
from orchestrator.core.steps.outcome import Outcome

FIXED, NOT_THERE = "until_the_next_socket", "not_over_a_socket"
_AT_CONNECT = frozenset({"voice", "hints", "speech_model", "speech_timeout", "profanity_filter"})
_NEVER = frozenset({"max_speech_time", "confidence_threshold"})
"""Settings that a ConversationRelay socket takes from its <Connect> only, or has no word for."""


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
    if step.phone.engine == "relay":
        _note_what_waits(step, item.changes)


def _note_what_waits(step: Step, changes: Manner) -> None:
    """A socket is tuned once, when it is opened: what it cannot change now is told, and so is what it never has."""
    names = given(changes).keys()
    for reason, settings in ((FIXED, _AT_CONNECT), (NOT_THERE, _NEVER)):
        left = sorted(settings & names)
        if reason == FIXED and changes.key_barge_in is False and manner_of(step).speech_barge_in is not False:
            left.append("key_barge_in")
        if left:
            step.note("setting_not_changed", "voice", settings=left, reason=reason)


def list_manner(outcome: Outcome, item: items.ListManner, channel: Channel) -> None:
    """Lists of this kind are given so on this channel from now on."""
    session = outcome.step.session
    others = tuple(own for own in session.lists if (own.kind, own.channels) != (item.kind, (channel,)))
    outcome.step.change(lists=(*others, replace(item, channels=(channel,))))


def session_timeout(outcome: Outcome, item: items.SessionTimeout, _: Channel) -> None:
    """The thread may be silent for so long from now on."""
    outcome.step.change(session_timeout=item.seconds)


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
