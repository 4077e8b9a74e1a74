"""The IncomingPhoneNumbers resource: list, fetch, update."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.simulator.errors import RefusedError
from channels.simulator.records import Number
from channels.simulator.rest import shapes
from channels.simulator.rest.frame import Params, names, page
from channels.simulator.twiml import is_web_address
from channels.simulator.world import World

LIST = names("Beta FriendlyName PhoneNumber Origin PageSize Page PageToken")
UPDATE = names(
    "AccountSid ApiVersion FriendlyName SmsApplicationSid SmsFallbackMethod SmsFallbackUrl SmsMethod SmsUrl "
    "StatusCallback StatusCallbackMethod VoiceApplicationSid VoiceCallerIdLookup VoiceFallbackMethod "
    "VoiceFallbackUrl VoiceMethod VoiceUrl EmergencyStatus EmergencyAddressSid TrunkSid VoiceReceiveMode "
    "IdentitySid AddressSid BundleSid"
)
_FIELDS = {
    "FriendlyName": "friendly_name",
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsFallbackMethod": "sms_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
}


class Numbers:
    """The handlers, over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def list(self, request: Request, params: Params) -> Response:
        """GET IncomingPhoneNumbers.json; `PhoneNumber` matches a part, as Twilio's does."""
        part = params.one("PhoneNumber").strip("*")
        entries = [
            shapes.number(self._world.account_sid, record)
            for record in self._world.numbers.values()
            if part in record.number
            and params.one("FriendlyName") in {"", record.friendly_name or record.number}
        ]
        return page(request, params, "incoming_phone_numbers", entries)

    async def fetch(self, request: Request, _params: Params) -> Response:
        """GET IncomingPhoneNumbers/{sid}.json."""
        return JSONResponse(shapes.number(self._world.account_sid, self._found(request)))

    async def update(self, request: Request, params: Params) -> Response:
        """POST IncomingPhoneNumbers/{sid}.json. An empty address takes it away."""
        record = self._found(request)
        given = {name: value for name, value in params.pairs if name in _FIELDS}
        for name, value in given.items():
            _check(name, value)
        for name, value in given.items():
            setattr(record, _FIELDS[name], value)
        record.updated_at = self._world.clock.now()
        return JSONResponse(shapes.number(self._world.account_sid, record))

    def _found(self, request: Request) -> Number:
        sid = request.path_params["sid"]
        for record in self._world.numbers.values():
            if record.sid == sid:
                return record
        raise RefusedError(20404)


def _check(name: str, value: str) -> None:
    if name.endswith("Method") and value not in {"GET", "POST"}:
        raise RefusedError(20004, f"{name} is neither GET nor POST", status=400)
    if name.endswith(("Url", "Callback")) and value and not is_web_address(value):
        raise RefusedError(21205, f"{name} is not a valid URL")
