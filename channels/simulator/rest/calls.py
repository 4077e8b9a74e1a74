"""The Calls resource: create, list, fetch, update."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.simulator.errors import RefusedError
from channels.simulator.live import Fetch, Inline, Source
from channels.simulator.records import Call
from channels.simulator.rest import shapes
from channels.simulator.rest.frame import Params, names, page
from channels.simulator.switchboard import Switchboard
from channels.simulator.twiml import is_web_address
from channels.simulator.world import World

CREATE = names(
    "To From Method FallbackUrl FallbackMethod StatusCallback StatusCallbackEvent StatusCallbackMethod "
    "SendDigits Timeout Record RecordingChannels RecordingStatusCallback RecordingStatusCallbackMethod "
    "SipAuthUsername SipAuthPassword MachineDetection MachineDetectionTimeout RecordingStatusCallbackEvent "
    "Trim CallerId MachineDetectionSpeechThreshold MachineDetectionSpeechEndThreshold "
    "MachineDetectionSilenceTimeout AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod Byoc "
    "CallReason CallToken RecordingTrack TimeLimit ClientNotificationUrl Url Twiml ApplicationSid"
)
LIST = names(
    "To From ParentCallSid Status StartTime StartTime< StartTime> EndTime EndTime< EndTime> PageSize Page "
    "PageToken"
)
UPDATE = names(
    "Url Method Status FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod Twiml TimeLimit"
)
EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
TWIML_LIMIT = 4000  # characters of a Twiml parameter: Calls resource
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class Calls:
    """The handlers, over one world."""

    def __init__(self, world: World, switchboard: Switchboard) -> None:
        self._world = world
        self._switchboard = switchboard

    async def create(self, _request: Request, params: Params) -> Response:
        """POST Calls.json: queue a call from a number of the account."""
        to, sender = params.one("To"), params.one("From")
        if not to:
            raise RefusedError(21201)
        if not _E164.fullmatch(to) and not to.startswith(("sip:", "client:")):
            raise RefusedError(21211)
        if not sender:
            raise RefusedError(21213)
        if sender not in self._world.numbers:
            raise RefusedError(21210)
        source = _source(params, creates=True)
        _check(params)
        call = self._switchboard.new_call(sender, to, direction="outbound-api", status="queued")
        call.number_sid = self._world.numbers[sender].sid
        call.machine_detection = params.one("MachineDetection")
        call.ring_seconds = float(params.one("Timeout") or call.ring_seconds)
        self._addresses(call, params)
        answer = shapes.call(self._world.account_sid, call)
        self._switchboard.place(call, source)
        return JSONResponse(answer, 201)

    def _addresses(self, call: Call, params: Params) -> None:
        call.fallback_url = params.one("FallbackUrl") or call.fallback_url
        call.fallback_method = params.one("FallbackMethod") or call.fallback_method
        call.status_callback = params.one("StatusCallback") or call.status_callback
        call.status_callback_method = params.one("StatusCallbackMethod") or call.status_callback_method
        events = params.all("StatusCallbackEvent")
        for event in sorted(set(events) - EVENTS):
            # One parameter an event: several in one, separated by blanks, ask for none of them.
            self._world.fault(f"21626 StatusCallbackEvent {event!r} is none of {', '.join(sorted(EVENTS))}")
        call.status_events = events or call.status_events

    async def list(self, request: Request, params: Params) -> Response:
        """GET Calls.json, newest first, with the filters To, From, Status and ParentCallSid."""
        found = [call for call in reversed(self._world.calls) if _matches(call, params)]
        entries = [shapes.call(self._world.account_sid, call) for call in found]
        return page(request, params, "calls", entries)

    async def fetch(self, request: Request, _params: Params) -> Response:
        """GET Calls/{sid}.json."""
        call = self._world.call(request.path_params["sid"])
        if call is None:
            raise RefusedError(20404)
        return JSONResponse(shapes.call(self._world.account_sid, call))

    async def update(self, request: Request, params: Params) -> Response:
        """POST Calls/{sid}.json: end the call, or take it to another document at once."""
        sid, status = request.path_params["sid"], params.one("Status")
        _check(params)
        if status:
            if status not in {"completed", "canceled"}:
                raise RefusedError(20001, "Status is neither completed nor canceled")
            call = self._switchboard.end(sid, status)
        else:
            call = self._switchboard.redirect(sid, _source(params, creates=False))
            self._addresses(call, params)
        return JSONResponse(shapes.call(self._world.account_sid, call))


def _source(params: Params, *, creates: bool) -> Source:
    """Where the document comes from. Url wins on create; on update Url and Twiml exclude each other."""
    url, text = params.one("Url"), params.one("Twiml")
    if url and text and not creates:
        raise RefusedError(20001, "Url and Twiml exclude each other")
    if not url and text:
        if len(text) > TWIML_LIMIT:
            raise RefusedError(20001, "Twiml is longer than 4000 characters")
        return Inline(text)
    if not is_web_address(url):
        raise RefusedError(21205)
    return Fetch(url, params.one("Method") or "POST")


def _check(params: Params) -> None:
    """The fields that both create and update have."""
    for name in ("FallbackUrl", "StatusCallback"):
        if params.one(name) and not is_web_address(params.one(name)):
            raise RefusedError(21205, f"{name} is not a valid URL")
    for name in ("Method", "FallbackMethod", "StatusCallbackMethod"):
        if params.one(name) not in {"", "GET", "POST"}:
            raise RefusedError(20001, f"{name} is neither GET nor POST")
    if params.one("MachineDetection") not in {"", "Enable", "DetectMessageEnd"}:
        raise RefusedError(20001, "MachineDetection is neither Enable nor DetectMessageEnd")
    if not params.one("Timeout").isdecimal() and params.one("Timeout"):
        raise RefusedError(20001, "Timeout is not a whole number of seconds")


def _matches(call: Call, params: Params) -> bool:
    wanted = (
        ("To", call.to),
        ("From", call.caller),
        ("Status", call.status),
        ("ParentCallSid", call.parent_sid),
    )
    return all(params.one(name) in {"", value} for name, value in wanted)
