"""Messaging webhooks as core events. The form has passed its checks; nothing here does I/O.

A text's event id is its MessageSid: the carrier's fallback and its repeats carry the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from channels.twilio.webhooks import Webhook
from orchestrator.core.events import InboundMedia, OptOutType, TextReceived

MAX_MEDIA = 10
"""A message carries at most ten media (Twilio, Message resource)."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message of ours. `code` is the carrier's error code, 0 for none."""

    assistant: str
    customer_key: str
    entry: str
    message_sid: str
    status: str
    code: int


def received(webhook: Webhook, at: float) -> TextReceived:
    """A message that came in."""
    sid = webhook.form.get("MessageSid")
    return TextReceived(
        id=sid,
        at=at,
        message_sid=sid,
        number=webhook.ours,
        body=webhook.form.get("Body"),
        media=_media(webhook),
        opt_out_type=_opt_out(webhook),
    )


def delivery(webhook: Webhook) -> Delivery:
    """A message status, with the outbox entry that its address names."""
    form, query = webhook.form, webhook.query
    return Delivery(
        assistant=query.get("assistant"),
        customer_key=query.get("customer"),
        entry=query.get("entry"),
        message_sid=form.get("MessageSid"),
        status=form.get("MessageStatus").strip().lower(),
        code=form.integer("ErrorCode") or 0,
    )


def _media(webhook: Webhook) -> tuple[InboundMedia, ...]:
    form = webhook.form
    count = min(form.integer("NumMedia") or 0, MAX_MEDIA)
    found = ((form.get(f"MediaUrl{n}"), form.get(f"MediaContentType{n}")) for n in range(count))
    return tuple(InboundMedia(url=url, content_type=kind) for url, kind in found if _is_web(url))


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _opt_out(webhook: Webhook) -> OptOutType:
    """`OptOutType` comes only with Advanced Opt-Out; another value than those known is none."""
    given = webhook.form.get("OptOutType").strip().upper()
    known: tuple[OptOutType, ...] = get_args(OptOutType)
    return next((kind for kind in known if kind == given), "")
