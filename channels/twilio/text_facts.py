"""Messaging webhooks as core events. The form has passed its checks; nothing here does I/O.

A text's event id is its MessageSid: the carrier's fallback and its repeats carry the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any, get_args

from channels.twilio.forms import Form
from channels.twilio.webhooks import Webhook
from orchestrator.core.events import InboundMedia, OptOutType, TextReceived

MAX_MEDIA = 10
"""A message carries at most ten media (Twilio, Message resource)."""
DEGREES = ("Latitude", "Longitude")
LOCATION = (*DEGREES, "Address", "Label")
BUTTON = {"ButtonText": "text", "ButtonPayload": "payload"}
"""Fields of a place that was sent and of a button that was pressed (Twilio, incoming message webhook)."""


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
    """A message that came in. A button that was pressed is as good as its words."""
    sid, facts = webhook.form.get("MessageSid"), _facts(webhook.form)
    return TextReceived(
        id=sid,
        at=at,
        message_sid=sid,
        number=webhook.ours,
        body=webhook.form.get("Body") or webhook.form.get("ButtonText"),
        media=_media(webhook),
        facts=facts,
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


def _facts(form: Form) -> dict[str, Any]:
    """A place that was sent, with numbers for its degrees, and a button that was pressed."""
    given = {name: form.get(name) for name in (*LOCATION, *BUTTON) if form.get(name)}
    place: dict[str, Any] = {name.lower(): given[name] for name in LOCATION if name in given}
    place |= {name.lower(): _degrees(given[name]) for name in DEGREES if name in given}
    button = {told: given[name] for name, told in BUTTON.items() if name in given}
    found = {"location": place if "Latitude" in given else {}, "button": button}
    return {name: fact for name, fact in found.items() if fact}


def _degrees(given: str) -> float | str:
    """A number where it is one that JSON can hold."""
    try:
        degrees = float(given)
    except ValueError:
        return given
    return degrees if isfinite(degrees) else given


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _opt_out(webhook: Webhook) -> OptOutType:
    """`OptOutType` comes only with Advanced Opt-Out; another value than those known is none."""
    given = webhook.form.get("OptOutType").strip().upper()
    known: tuple[OptOutType, ...] = get_args(OptOutType)
    return next((kind for kind in known if kind == given), "")
