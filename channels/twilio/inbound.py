"""The carrier's list of the texts that came to one of our numbers, as the events that a webhook would bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import structlog

from channels.twilio.api import Api
from channels.twilio.integration import Integration
from channels.twilio.listing import moment, next_page
from channels.twilio.webhooks import customer_of
from orchestrator.core.events import InboundMedia, TextReceived
from orchestrator.ports.sweeping import Listed

log = structlog.get_logger("tandem.sweep")

PAGE_SIZE = 200
MAX_PAGES = 50
"""Ten thousand texts to one number since the last sweep; of more, the newest are read."""
MAX_MEDIA = 10
"""A message carries at most ten media (Twilio, Message resource)."""


class TwilioInbound:
    """`orchestrator.ports.sweeping.Inbound` of one number. `http` is shared and closed by its owner."""

    def __init__(self, http: httpx.AsyncClient, integration: Integration, number: str) -> None:
        self._api = Api(http, integration)
        self.assistant = integration.assistant
        self.number = number

    async def received(self, since: float, now: float) -> list[Listed]:
        """What came since then, oldest first. Machines without a phone number are passed over, as their
        webhooks are, and so is what the carrier has emptied or is still receiving.
        """
        found = [
            text
            for entry, at in await self._listed("To", since)
            if entry.get("direction", "inbound") == "inbound" and (text := self._text(entry, at, now))
        ]
        found.reverse()  # texts of one second stay in the order that they came in
        return sorted(found, key=lambda text: text.created_at)

    async def answered(self, since: float) -> dict[str, float]:
        """Who was sent a text from the number since then, and when last."""
        last: dict[str, float] = {}
        for entry, at in await self._listed("From", since):
            to = str(entry.get("to") or "")
            last[to] = max(last.get(to, 0.0), at)
        return last

    async def with_media(self, listed: Listed) -> TextReceived:
        """The event with its media: address and type, as the webhook names them."""
        event = listed.event
        path = f"{self._api.account}/Messages/{event.message_sid}/Media.json"
        page = await self._api.get(path, {"PageSize": str(MAX_MEDIA)})
        media = tuple(self._media(event, entry) for entry in (page.get("media_list") or ())[:MAX_MEDIA])
        return replace(event, media=media)

    def _media(self, event: TextReceived, entry: Mapping[str, Any]) -> InboundMedia:
        named = f"{self._api.account}/Messages/{event.message_sid}/Media/{entry.get('sid', '')}.json"
        path = str(entry.get("uri") or named).removesuffix(".json")
        return InboundMedia(url=self._api.base + path, content_type=str(entry.get("content_type") or ""))

    async def _listed(self, side: str, since: float) -> list[tuple[Mapping[str, Any], float]]:
        """Entries with our number on that `side` (To, From) since then, each once, with their moments.

        The list is asked for by date; one that knows no such filter is left at the first page that is
        older throughout.
        """
        stamp = datetime.fromtimestamp(int(since), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        wanted = {side: self.number, "DateSent>": stamp, "PageSize": str(PAGE_SIZE)}
        params: Mapping[str, str] | None = wanted
        path = f"{self._api.account}/Messages.json"
        found: dict[str, tuple[Mapping[str, Any], float]] = {}
        for _ in range(MAX_PAGES):
            page = await self._api.get(path, params)
            entries = list(_dated(page.get("messages") or (), side.lower(), self.number))
            new = {str(entry["sid"]): (entry, at) for entry, at in entries if at >= int(since)}
            found |= new
            following = next_page(page, self._api.base)
            if following is None or (entries and not new):
                return list(found.values())
            path, params = following, None  # the following address has its own query
        log.warning("the list of texts does not end", read=len(found))
        return list(found.values())

    def _text(self, entry: Mapping[str, Any], at: float, now: float) -> Listed | None:
        customer = customer_of(str(entry.get("from") or ""))
        body, has_media = str(entry.get("body") or ""), str(entry.get("num_media") or "0") != "0"
        if customer is None or entry.get("status") == "receiving" or not (body or has_media):
            return None
        sid = str(entry["sid"])
        event = TextReceived(id=sid, at=now, message_sid=sid, number=self.number, body=body, late=True)
        return Listed(str(customer), at, event, has_media)


def _dated(entries: Any, side: str, number: str) -> Iterator[tuple[Mapping[str, Any], float]]:
    """The entries with our number on that side whose moment can be read."""
    for entry in entries:
        at = moment(entry.get("date_created")) or moment(entry.get("date_sent"))
        if at is not None and entry.get("sid") and entry.get(side) == number:
            yield entry, at
