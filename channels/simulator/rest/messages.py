"""The Messages resource: create, list, fetch, redact, delete."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.simulator.errors import RefusedError
from channels.simulator.records import Message
from channels.simulator.rest import shapes
from channels.simulator.rest.frame import Params, names, page
from channels.simulator.texting import BODY_LIMIT, MEDIA_LIMIT, Texting
from channels.simulator.twiml import is_web_address
from channels.simulator.world import World

CREATE = names(
    "To StatusCallback ApplicationSid MaxPrice ProvideFeedback Attempt ValidityPeriod ForceDelivery "
    "ContentRetention AddressRetention SmartEncoded PersistentAction TrafficType ShortenUrls ScheduleType "
    "SendAt SendAsMms ContentVariables RiskCheck From FallbackFrom MessagingServiceSid Body MediaUrl "
    "ContentSid"
)
LIST = names("To From DateSent DateSent< DateSent> PageSize Page PageToken")
UPDATE = frozenset({"Body", "Status"})
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class Messages:
    """The handlers, over one world."""

    def __init__(self, world: World, texting: Texting) -> None:
        self._world = world
        self._texting = texting

    async def create(self, _request: Request, params: Params) -> Response:
        """POST Messages.json. Refusals in the order that Twilio is known to check: To, From, content."""
        try:
            return await self._create(params)
        except RefusedError as refused:
            self._world.emit("refused", number=params.one("To"), code=refused.code, text=params.one("Body"))
            raise

    async def _create(self, params: Params) -> Response:
        planned = self._world.trouble.take_refusal()
        if planned:
            raise RefusedError(planned, planned=True)
        to, service = _recipient(params), params.one("MessagingServiceSid")
        sender = self._sender(params, service)
        body, media = _content(params)
        if not service:
            self._check_sender(sender, media)
        callback = params.one("StatusCallback")
        if callback and not is_web_address(callback):
            raise RefusedError(21609)
        message = self._texting.new(
            "MM" if media else "SM",
            sender,
            to,
            body,
            "outbound-api",
            "accepted" if service else "queued",
            media=media,
            status_callback=callback,
            service_sid=service,
        )
        answer = shapes.message(self._world.account_sid, message)
        await self._texting.send(message)
        return JSONResponse(answer, 201)

    def _sender(self, params: Params, service: str) -> str:
        if service:
            pool = self._world.services.get(service)
            if not pool:
                raise RefusedError(21701)
            return params.one("From") or pool[0]
        sender = params.one("From")
        if not sender:
            raise RefusedError(21603)
        if not _E164.fullmatch(sender):
            raise RefusedError(21212)
        number = self._world.numbers.get(sender)
        if number is None:
            raise RefusedError(21606)
        if not number.capabilities.get("sms"):
            raise RefusedError(21601)
        return sender

    def _check_sender(self, sender: str, media: tuple[str, ...]) -> None:
        if media and not self._world.numbers[sender].capabilities.get("mms"):
            raise RefusedError(21621)
        if self._world.trouble.is_full(sender):
            raise RefusedError(21611, planned=True)

    async def list(self, request: Request, params: Params) -> Response:
        """GET Messages.json, newest first, with the filters To, From and DateSent."""
        found = [message for message in reversed(self._world.messages) if _matches(message, params)]
        entries = [shapes.message(self._world.account_sid, message) for message in found]
        return page(request, params, "messages", entries)

    async def fetch(self, request: Request, _params: Params) -> Response:
        """GET Messages/{sid}.json."""
        return JSONResponse(shapes.message(self._world.account_sid, self._found(request)))

    async def update(self, request: Request, params: Params) -> Response:
        """POST Messages/{sid}.json: an empty Body redacts."""
        message = self._found(request)
        if "Body" in params:
            if params.one("Body"):
                raise RefusedError(20001, "A message's Body can only be emptied")
            message.body, message.updated_at = "", self._world.clock.now()
        return JSONResponse(shapes.message(self._world.account_sid, message))

    async def delete(self, request: Request, _params: Params) -> Response:
        """DELETE Messages/{sid}.json."""
        self._world.messages.remove(self._found(request))
        return Response(status_code=204)

    def _found(self, request: Request) -> Message:
        message = self._world.message(request.path_params["sid"])
        if message is None:
            raise RefusedError(20404)
        return message


def _recipient(params: Params) -> str:
    to = params.one("To")
    if not to:
        raise RefusedError(21604)
    if not _E164.fullmatch(to):
        raise RefusedError(21211)
    return to


def _content(params: Params) -> tuple[str, tuple[str, ...]]:
    body, media = params.one("Body"), params.all("MediaUrl")
    if not body and not media and not params.one("ContentSid"):
        raise RefusedError(21602)
    if len(body) > BODY_LIMIT:
        raise RefusedError(21617)
    if len(media) > MEDIA_LIMIT:
        raise RefusedError(21623)
    if not all(is_web_address(url) for url in media):
        raise RefusedError(21620)
    return body, media


def _matches(message: Message, params: Params) -> bool:
    if params.one("To") not in {"", message.to} or params.one("From") not in {"", message.sender}:
        return False
    at = datetime.fromtimestamp(int(message.sent_at or message.created_at), UTC)
    since, until, day = params.one("DateSent>"), params.one("DateSent<"), params.one("DateSent")
    if since and at < _moment(since):
        return False
    if until and at > _moment(until):
        return False
    return not day or _moment(day) <= at < _moment(day) + timedelta(days=1)


def _moment(text: str) -> datetime:
    """A date, or a date and time, in UTC; Twilio's moments are whole seconds."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RefusedError(20001, "DateSent is not a date of the form YYYY-MM-DD") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
