"""A text that failed, as a dead letter: the event that sends it again, should an operator ask for it."""

from __future__ import annotations

from orchestrator.core.effects import SendMessage
from orchestrator.core.events import RETRY_TEXT, ActionRequested
from orchestrator.core.items import SendText
from orchestrator.core.media import WRONG_TYPE
from orchestrator.outbox.entries import Entry

HOPELESS = frozenset({"opted_out", "no_number", "no_messaging", WRONG_TYPE})
"""Reasons that no second attempt mends: such a text stands on the timeline only."""


def retry_of(entry: Entry, now: float, reason: str) -> ActionRequested | None:
    """The event that sends an answer again; None for what is not worth it."""
    effect = entry.effect
    if not isinstance(effect, SendMessage) or effect.purpose != "answer" or reason in HOPELESS:
        return None
    to = "" if effect.to == entry.customer else effect.to
    item = SendText(text=effect.body, media=effect.media, to=to, sender=effect.sender)
    return ActionRequested(
        id=f"{effect.text_id}:again", at=now, action=RETRY_TEXT, item=item, actor="operator"
    )
