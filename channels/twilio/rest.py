"""The carrier port over Twilio's REST API: messages and calls. How a request ends is in `api.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from channels.twilio import codes, urls
from channels.twilio.api import TOTAL_TIMEOUT, Api
from channels.twilio.integration import Integration
from channels.twilio.listing import listed
from orchestrator.core.errors import CarrierError
from orchestrator.ports import CallStanding, FoundCall, FoundMessage


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

    def blames_sender(self, code: int) -> bool:
        """Whether another number of ours may send what was refused with this code. A messaging service
        chooses by itself.
        """
        return codes.classify(code).kind == "sender" and not self._integration.messaging_service_sid

    def blames_account(self, code: int, status: int = 0) -> bool:
        """Whether another account may send what was refused with this code, or this HTTP status without one."""
        return codes.blames_account(code, status)

    def shuts_account(self, code: int, status: int = 0) -> bool:
        """Whether the account sends to nobody."""
        return codes.shuts_account(code, status)

    def may_pass_later(self, code: int) -> bool:
        """Whether it fell out of a full queue, or out of a limit, which will have room again."""
        return codes.classify(code).kind == "retry"

    async def find_messages(self, *, to: str, sender: str, since: float) -> Sequence[FoundMessage]:
        """Our messages to `to` created since then, newest first.

        The carrier's `DateSent` filter is not used: it leaves out what still waits in a queue.
        """
        senders = {} if self._integration.messaging_service_sid or not sender else {"From": sender}
        found = await listed(self._api, "messages", {"To": to, **senders}, since)
        return [_message(entry, at) for entry, at in found]

    async def find_calls(self, *, to: str, sender: str, since: float) -> Sequence[FoundCall]:
        """Our calls from `sender` to `to` created since then, newest first, those in the queue among
        them. The carrier's `StartTime` filter is not used: a call that has not begun has none.
        """
        found = await listed(self._api, "calls", {"To": to, "From": sender}, since)
        return [FoundCall(carrier_id=str(entry.get("sid", "")), created_at=at) for entry, at in found]

    async def call_status(self, call_sid: str) -> CallStanding:
        """How a call stands; one that the carrier does not know is `unknown`."""
        try:
            status = (await self._api.get(self._call(call_sid))).get("status")
        except CarrierError as error:
            if error.code == codes.NOT_FOUND or error.status == httpx.codes.NOT_FOUND:
                return "unknown"
            raise
        standing = codes.STANDINGS.get(str(status))
        if standing is None:
            raise CarrierError("the carrier names no status of the call", outcome="not_sent")
        return standing

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
        if self._integration.machine_detection:
            fields["MachineDetection"] = self._integration.machine_detection
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


def _message(entry: Mapping[str, Any], created_at: float) -> FoundMessage:
    return FoundMessage(
        carrier_id=str(entry.get("sid", "")),
        body=str(entry.get("body") or ""),
        created_at=created_at,
        status=str(entry.get("status", "")),
        sender=str(entry.get("from") or ""),
    )
