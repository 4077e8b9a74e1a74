"""The account's own side over REST: what its numbers point at, and which Messaging Service they are in.

Messages and calls are in `rest.py`. Nothing here is on the path of a conversation: operators' commands
look at it and change it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from channels.twilio.api import TOTAL_TIMEOUT, Api
from channels.twilio.integration import Integration
from orchestrator.core.errors import CarrierError

FIELDS: Mapping[str, str] = {
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "VoiceApplicationSid": "voice_application_sid",
    "TrunkSid": "trunk_sid",
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsFallbackMethod": "sms_fallback_method",
    "SmsApplicationSid": "sms_application_sid",
}
"""The settings of a number that say where its calls and texts go: name to write, name to read."""

PAGE_SIZE = 100
MAX_PAGES = 20
"""Two thousand services, or numbers of one: more is a list that does not end."""
AT_ONCE = 4
"""Requests under way at once; the carrier answers 429 to bursts."""


@dataclass(frozen=True, slots=True)
class OwnedNumber:
    """A number of the account. `settings` holds every name of `FIELDS`, empty where nothing is set.

    `voice` and `sms` say what the number can do; None where the carrier does not tell.
    """

    sid: str
    number: str
    settings: Mapping[str, str]
    voice: bool | None
    sms: bool | None


@dataclass(frozen=True, slots=True)
class MessagingService:
    """A Messaging Service. Its `inbound_url` takes the texts of its numbers; with none they are dropped,
    unless it `uses_number_url`: then each number's own `SmsUrl` counts (Twilio, Services resource).
    """

    sid: str
    name: str
    inbound_url: str
    uses_number_url: bool


class Account:
    """One integration's account. `http` is shared and closed by its owner.

    Methods raise `CarrierError`; its `status` is 401 for wrong credentials and 0 where no answer came.
    """

    def __init__(
        self, http: httpx.AsyncClient, integration: Integration, *, total_timeout: float = TOTAL_TIMEOUT
    ) -> None:
        self.sid = integration.account_sid
        self.base_url = integration.base_url
        beside = replace(integration, base_url=messaging_base(integration.base_url))
        self._api = Api(http, integration, total_timeout=total_timeout)
        self._messaging = Api(http, beside, total_timeout=total_timeout)
        self._messaging_base = beside.base_url

    async def status(self) -> str:
        """`active`, `suspended` or `closed`; empty where this endpoint does not tell."""
        try:
            return str((await self._api.get(f"{self._api.account}.json")).get("status") or "")
        except CarrierError as error:
            if error.status in {httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED}:
                return ""
            raise

    async def number(self, number: str) -> OwnedNumber | None:
        """Our number, or None if the account has none such. The carrier's filter matches parts too."""
        path = f"{self._api.account}/IncomingPhoneNumbers.json"
        page = await self._api.get(path, {"PhoneNumber": number})
        entries = [entry for entry in _list(page, "incoming_phone_numbers") if isinstance(entry, dict)]
        return next((_owned(entry) for entry in entries if entry.get("phone_number") == number), None)

    async def update(self, sid: str, settings: Mapping[str, str]) -> None:
        """Set these of `FIELDS` of a number; an empty value takes one away."""
        path = f"{self._api.account}/IncomingPhoneNumbers/{quote(sid, safe='')}.json"
        await self._api.post(path, dict(settings))

    async def memberships(self) -> Mapping[str, MessagingService]:
        """Which service each number of the account is in; a number is in one at most."""
        services = [_service(entry) for entry in await self._all("/v1/Services", "services")]
        gate = asyncio.Semaphore(AT_ONCE)

        async def members(service: MessagingService) -> list[str]:
            path = f"/v1/Services/{quote(service.sid, safe='')}/PhoneNumbers"
            async with gate:
                return [str(entry.get("phone_number")) for entry in await self._all(path, "phone_numbers")]

        found = await asyncio.gather(*map(members, services))
        return {
            number: service for service, numbers in zip(services, found, strict=True) for number in numbers
        }

    async def _all(self, path: str, name: str) -> list[dict[str, Any]]:
        """Every entry of a list of the messaging API, which pages by absolute addresses."""
        found: list[dict[str, Any]] = []
        params: dict[str, str] | None = {"PageSize": str(PAGE_SIZE)}
        for _ in range(MAX_PAGES):
            page = await self._messaging.get(path, params)
            found += [entry for entry in _list(page, name) if isinstance(entry, dict)]
            meta = page.get("meta")
            following = meta.get("next_page_url") if isinstance(meta, dict) else None
            if not following:
                return found
            path, params = self._own_path(str(following)), None
        raise CarrierError("the carrier's list does not end", outcome="not_sent")

    def _own_path(self, address: str) -> str:
        """The path of a following page. Another host is not asked: the request carries credentials."""
        path = address.removeprefix(self._messaging_base.rstrip("/"))
        if not path.startswith("/") or path.startswith("//"):
            raise CarrierError("the carrier's list goes on elsewhere", outcome="not_sent")
        return path


def messaging_base(base_url: str) -> str:
    """Where the Messaging Services of a REST endpoint are: at Twilio on a host of their own, also in
    its regions (`api.dublin.ie1.twilio.com`); elsewhere on the same one.
    """
    parts = urlsplit(base_url)
    host = parts.netloc
    if host.startswith("api.") and host.endswith(".twilio.com"):
        host = "messaging." + host.removeprefix("api.")
    return urlunsplit(parts._replace(netloc=host))


def _owned(entry: Mapping[str, Any]) -> OwnedNumber:
    able = entry.get("capabilities")
    able = able if isinstance(able, dict) else {}
    return OwnedNumber(
        sid=str(entry.get("sid") or ""),
        number=str(entry["phone_number"]),
        settings={name: str(entry.get(read) or "") for name, read in FIELDS.items()},
        voice=_flag(able, "voice"),
        sms=_flag(able, "sms"),
    )


def _flag(able: Mapping[str, Any], name: str) -> bool | None:
    """A capability; its name is in small or capital letters, by the age of the answer's format."""
    value = able.get(name, able.get(name.upper()))
    return value if isinstance(value, bool) else None


def _service(entry: Mapping[str, Any]) -> MessagingService:
    return MessagingService(
        sid=str(entry.get("sid") or ""),
        name=str(entry.get("friendly_name") or ""),
        inbound_url=str(entry.get("inbound_request_url") or ""),
        uses_number_url=entry.get("use_inbound_webhook_on_number") is True,
    )


def _list(page: Mapping[str, Any], name: str) -> list[Any]:
    """The entries of a page. An answer without them comes from something else than the carrier."""
    entries = page.get(name)
    if not isinstance(entries, list):
        raise CarrierError(f"the carrier's answer has no {name}", outcome="not_sent")
    return entries
