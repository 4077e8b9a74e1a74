"""The carrier port over Twilio's REST API: messages and calls. How a request ends is in `api.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from math import floor
from typing import Any
from urllib.parse import quote

import httpx

from channels.twilio import codes, urls
from channels.twilio.api import TOTAL_TIMEOUT, Api
from channels.twilio.integration import Integration
from orchestrator.core.errors import CarrierError
from orchestrator.ports import FoundMessage

PAGE_SIZE = 50
MAX_PAGES = 20
"""A thousand messages to one number since an attempt of minutes ago: more means a loop elsewhere."""


class TwilioCarrier:
    """One integration's account. `http` is shared and closed by its owner; time-outs are set here.

    Methods raise `CarrierError`: `refused` with the carrier's code, `not_sent` where nothing was done
    and a repeat is safe, `unknown` where it may have been done.
    """

    def __init__(
        self, http: httpx.AsyncClient, integration: Integration, *, total_timeout: float = TOTAL_TIMEOUT
    ) -> None:
        self._integration = integration
        self._public_url = integration.style.public_url
        self._api = Api(http, integration, total_timeout=total_timeout)

    async def send_message(
        self, *, to: str, sender: str, body: str, media: Sequence[str], callback: Mapping[str, str]
    ) -> str:
        """Send; the message's sid. With a messaging service the service chooses the sender."""
        fields: dict[str, str | list[str]] = {"To": to, **self._sender(sender)}
        if body:
            fields["Body"] = body
        if media:
            fields["MediaUrl"] = list(media)
        if self._integration.validity_period:
            fields["ValidityPeriod"] = str(self._integration.validity_period)
        fields["StatusCallback"] = urls.message_status(self._public_url, callback)
        return _sid(await self._api.post(f"{self._api.account}/Messages.json", fields))

    def reason(self, code: int) -> str:
        """The word for an error code, for people and the assistant."""
        return codes.reason(code)

    async def find_messages(self, *, to: str, sender: str, since: float) -> Sequence[FoundMessage]:
        """Our messages to `to` created since then, newest first.

        The carrier's `DateSent` filter is not used: it leaves out what still waits in a queue. Its
        list is ordered by creation, newest first, with dates in whole seconds.
        """
        senders = {} if self._integration.messaging_service_sid else {"From": sender}
        params: dict[str, str] | None = {"To": to, "PageSize": str(PAGE_SIZE), **senders}
        found: list[FoundMessage] = []
        path = f"{self._api.account}/Messages.json"
        for _ in range(MAX_PAGES):
            page = await self._api.get(path, params)
            messages, reached = _newer(page, floor(since))
            found += messages
            following = None if reached else _next_page(page, self._integration.base_url)
            if following is None:
                return found
            path, params = following, None  # the following address has its own query
        raise CarrierError("the carrier's list of messages does not end", outcome="not_sent")

    async def interrupt_call(self, call_sid: str, document: int, *, beside: bool = False) -> None:
        """Make the live call fetch its newest document. 21220 says that the call is over."""
        url = urls.interruption(self._public_url, call_sid, document, beside=beside)
        await self._api.post(self._call(call_sid), {"Url": url, "Method": "POST"})

    async def end_call(self, call_sid: str) -> None:
        """Hang up, be the call ringing or answered."""
        await self._api.post(self._call(call_sid), {"Status": "completed"})

    async def place_call(self, *, to: str, sender: str, reference: str) -> str:
        """Call a customer; the sid of the call. `reference` stands in the addresses of the call, for
        the carrier's request log. Of its events only the last is asked for: it tells every end.
        """
        named = {"reference": reference} if reference else None
        fields: dict[str, str | list[str]] = {
            "To": to,
            "From": sender,
            "Url": urls.absolute(self._public_url, urls.VOICE, named),
            "Method": "POST",
            "FallbackUrl": urls.absolute(self._public_url, urls.VOICE_FALLBACK, named),
            "FallbackMethod": "POST",
            "StatusCallback": urls.absolute(self._public_url, urls.VOICE_STATUS, named),
            "StatusCallbackMethod": "POST",
            "StatusCallbackEvent": ["completed"],
        }
        return _sid(await self._api.post(f"{self._api.account}/Calls.json", fields))

    def _sender(self, sender: str) -> dict[str, str]:
        service = self._integration.messaging_service_sid
        return {"MessagingServiceSid": service} if service else {"From": sender}

    def _call(self, call_sid: str) -> str:
        return f"{self._api.account}/Calls/{quote(call_sid, safe='')}.json"


def _sid(answer: Mapping[str, Any]) -> str:
    """The id of what was made. An answer without one may come from something in between."""
    sid = answer.get("sid")
    if not isinstance(sid, str) or not sid:
        raise CarrierError("the carrier's answer has no sid", outcome="unknown")
    return sid


def _newer(page: Mapping[str, Any], since: int) -> tuple[list[FoundMessage], bool]:
    """The page's messages of ours since then, and whether an older one was reached."""
    found: list[FoundMessage] = []
    for entry in page.get("messages") or ():
        created_at = _moment(entry.get("date_created"))
        if created_at is None:
            continue
        if created_at < since:
            return found, True
        if entry.get("direction") != "inbound":
            found.append(_found(entry, created_at))
    return found, False


def _found(entry: Mapping[str, Any], created_at: float) -> FoundMessage:
    return FoundMessage(
        carrier_id=str(entry.get("sid", "")),
        body=str(entry.get("body") or ""),
        created_at=created_at,
        status=str(entry.get("status", "")),
    )


def _moment(text: Any) -> float | None:
    """Unix seconds of an RFC 2822 date, or None."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        return None


def _next_page(page: Mapping[str, Any], base_url: str) -> str | None:
    """Path and query of the next page, or None at the end. A page on another host is not asked for,
    since the request carries credentials; the list is then not known whole.
    """
    uri = page.get("next_page_uri")
    if not uri:
        return None
    path = str(uri).removeprefix(base_url.rstrip("/"))
    if not path.startswith("/") or path.startswith("//"):
        raise CarrierError("the carrier's list goes on elsewhere", outcome="not_sent")
    return path
