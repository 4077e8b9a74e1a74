"""From a checked action to the core's item: an action is carried out as an answer's item would be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from orchestrator.core import items
from orchestrator.core.items import Item
from orchestrator.core.settings import Rules
from orchestrator.web.api import requests
from orchestrator.web.api.problems import wrong_fields
from orchestrator.web.api.requests import Form

RINGS = 30.0  # seconds a transfer rings unless told otherwise, as for an answer's item


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantFacts:
    """What requests about an assistant are checked against: its numbers for texts (none: no texting) and
    for calls (none: no phone), and whom besides the customer a text may reach.
    """

    text_numbers: tuple[str, ...] = ()
    call_numbers: tuple[str, ...] = ()
    allowed_recipients: tuple[str, ...] = ()

    @classmethod
    def of(cls, rules: Rules) -> AssistantFacts:
        """The facts of a configured assistant."""
        phone, messaging = rules.phone, rules.messaging
        return cls(
            text_numbers=messaging.numbers if messaging else (),
            call_numbers=phone.numbers if phone else (),
            allowed_recipients=messaging.allowed_recipients if messaging else (),
        )


def item_of(form: Form, facts: AssistantFacts, customer: str | None) -> Item | None:
    """The item that `form` asks for; None for those that have none. 422 where a number is
    not one that may be used.
    """
    if isinstance(form, requests.SendText):
        _check_text(form, facts, customer)
    return _BUILD[type(form)](form)


def _check_text(form: requests.SendText, facts: AssistantFacts, customer: str | None) -> None:
    wrong = []
    if not form.text and not form.media:
        wrong.append(("text", "give `text`, `media` or both"))
    if form.to and customer is not None and form.to not in {customer, *facts.allowed_recipients}:
        wrong.append(("to", "neither the customer's number nor in `allowed_recipients`"))
    if form.sender and form.sender not in facts.text_numbers:
        wrong.append(("from", "not a messaging number of this assistant"))
    if wrong:
        raise wrong_fields(wrong)


def _send_text(form: Any) -> Item:
    return items.SendText(
        text=form.text, media=tuple(form.media), to=form.to, sender=form.sender, urgent=form.urgent
    )


def _ask_for_text(form: Any) -> Item:
    reminder = form.reminder
    return items.AskForText(
        text=form.text,
        say=form.say,
        keep_as=form.keep_as,
        timeout=form.timeout,
        reminder_after=reminder.after if reminder else None,
        reminder_say=reminder.say if reminder else "",
        pattern=form.pattern,
        on_mismatch=form.on_mismatch,
        fallback=_fallback(form.fallback),
    )


def _fallback(way: requests.SpokenWay | None) -> items.Fallback | None:
    if way is None:
        return None
    collect = way.collect
    return items.Fallback(
        say=way.say,
        collect=items.CollectDigits(
            count=collect.count,
            minimum=collect.minimum_count,
            maximum=collect.maximum_count,
            termination_key=collect.termination_key,
            ignore_speech=collect.ignore_speech,
        )
        if collect
        else None,
    )


def _switch(form: Any) -> Item:
    return items.SwitchChannel(to=form.to, text=form.text, say=form.say, keep_call=form.keep_call)


def _transfer(form: Any) -> Item:
    timeout = RINGS if form.timeout is None else form.timeout
    return items.Transfer(to=form.to, say=form.say, timeout=timeout, headers=form.headers)


_BUILD: dict[type[Form], Callable[[Any], Item | None]] = {
    requests.SendText: _send_text,
    requests.AskForText: _ask_for_text,
    requests.Say: lambda form: items.Text(text=form.text, channels=("voice",)),
    requests.SwitchChannel: _switch,
    requests.Transfer: _transfer,
    requests.HangUp: lambda form: items.HangUp(say=form.say),
    requests.SetContext: lambda _: None,
    requests.TakeOver: lambda _: None,
    requests.Release: lambda _: None,
    requests.End: lambda form: items.EndSession(say=form.say),
}
