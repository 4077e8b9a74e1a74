"""A text or a report that failed, as a dead letter: the event that sends it again, should an operator ask for it."""

from __future__ import annotations

from dataclasses import fields, replace

from orchestrator.core.effects import DeliverHook, SendMessage
from orchestrator.core.events import RETRY_HOOK, RETRY_TEXT, ActionRequested
from orchestrator.core.items import SendText
from orchestrator.core.media import WRONG_TYPE
from orchestrator.outbox.entries import Entry

HOPELESS = frozenset({"opted_out", "no_number", "no_messaging", WRONG_TYPE})
"""Reasons that no second attempt mends: such a text stands on the timeline only."""


def retry_of(entry: Entry, now: float, reason: str) -> ActionRequested | None:
    """The event that sends an answer, or delivers a report, again; None for what is not worth it."""
    effect = entry.effect
    if isinstance(effect, DeliverHook):
        return _report_again(effect, now)
    if not isinstance(effect, SendMessage) or effect.purpose != "answer" or reason in HOPELESS:
        return None
    to = "" if effect.to == entry.customer else effect.to
    item = SendText(text=effect.body, media=effect.media, to=to, sender=effect.sender)
    return ActionRequested(
        id=f"{effect.text_id}:again", at=now, action=RETRY_TEXT, item=item, actor="operator"
    )


def _report_again(report: DeliverHook, now: float) -> ActionRequested:
    """As long as it was tried, it is tried again."""
    lasting = report.expires_at - report.at
    again = replace(report, expires_at=now + lasting if report.expires_at else 0.0)
    context = {each.name: getattr(again, each.name) for each in fields(again)}
    name = f"{report.message_id}:{int(now)}:again"  # each death has a letter of its own
    return ActionRequested(id=name, at=now, action=RETRY_HOOK, context=context, actor="operator")
