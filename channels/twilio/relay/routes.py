"""The socket's address and the action of its <Connect>: who is let in, and how a call goes on after it."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from channels.twilio import twiml, urls, voice_facts
from channels.twilio.edge import Endpoint, arrive, log, refuse, unavailable
from channels.twilio.integration import Directory, Integration
from channels.twilio.relay import frames
from channels.twilio.relay.connect import connect
from channels.twilio.relay.frames import Setup
from channels.twilio.relay.reader import Reader
from channels.twilio.relay.session import Observe, Session
from channels.twilio.signature import is_valid
from channels.twilio.voice import document_of, xml
from channels.twilio.webhooks import SIGNATURE_HEADER, Refused, Webhook, check_voice, customer_of
from orchestrator.core.effects import Continue, Listen
from orchestrator.core.errors import StoreUnavailable
from orchestrator.core.events import CallEnded, DocumentRequested, VoiceRequest
from orchestrator.ports import Clock, Handle
from orchestrator.ports.relay import CallLine, CallNow, Relays

NOT_OURS, AWAY = 1008, 1011
"""WebSocket close codes (RFC 6455, 7.4.1): policy, unexpected condition. After the latter the action of the
<Connect> goes on with the call by a new socket, or says the failure message.
"""


def unobserved(_: float) -> None:
    """Nobody counts."""


def relay_routes(
    handle: Handle,
    relays: Relays,
    integrations: Sequence[Integration],
    *,
    clock: Clock,
    observe: Observe = unobserved,
) -> list[BaseRoute]:
    """Both routes. `observe` is told how long callers wait for the first word of an answer, in seconds."""
    directory = Directory(integrations)
    return [
        Route(urls.VOICE_RELAY_ACTION, _action(handle, relays, directory, clock), methods=["POST"]),
        WebSocketRoute(f"{urls.VOICE_RELAY}/{{assistant}}", Sockets(relays, directory, clock, observe).serve),
    ]


# The socket ----------------------------------------------------------------------------------------
class Sockets:
    """Serves the sockets of one process."""

    def __init__(self, relays: Relays, directory: Directory, clock: Clock, observe: Observe) -> None:
        self._relays = relays
        self._directory = directory
        self._clock = clock
        self._observe = observe

    async def serve(self, socket: WebSocket) -> None:
        """Check before accepting; then the frames until one side has enough."""
        assistant = socket.path_params["assistant"]
        integration = self._directory.by_assistant("phone", assistant)
        if integration is None or integration.style.engine != "relay":
            await _deny(socket, 404, "No assistant of this name takes calls over a socket.")
            return
        if not _is_signed(socket, integration):
            await _deny(socket, 403, "The signature does not match.")
            return
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # a send to a socket that is gone
            try:
                await self._converse(socket, integration)
            except StoreUnavailable:
                log.warning("socket left", reason="store_unavailable")
                await socket.close(AWAY, "the service cannot go on just now")

    async def _converse(self, socket: WebSocket, integration: Integration) -> None:
        reader = Reader(socket)
        setup = await reader.setup()
        if setup is None:
            return
        line = await self._line(integration, setup)
        if line is None:
            log.warning("socket refused", reason="no_such_call")
            await socket.close(NOT_OURS, "not a live call of this service")
            return
        session = Session(
            line,
            setup.call_sid,
            secrets.token_hex(4),
            send=socket.send_text,
            clock=self._clock,
            observe=self._observe,
            style=integration.style,
        )
        await _both(session, reader)

    async def _line(self, integration: Integration, setup: Setup) -> CallLine | None:
        """The call that `setup` names; the customer is the side of it that is none of our numbers."""
        theirs = setup.sender if setup.to.strip() in integration.numbers else setup.to
        if not setup.call_sid:
            return None
        return await self._relays.line(integration.assistant, customer_of(theirs), setup.call_sid)


async def _both(session: Session, reader: Reader) -> None:
    """Speak and hear, until the socket closes. A call that is over, or was handed back, is not heard."""
    speaking = asyncio.ensure_future(session.speak())
    hearing = asyncio.ensure_future(reader.feed(session))
    try:
        await asyncio.wait({speaking, hearing}, return_when=asyncio.FIRST_COMPLETED)
        if hearing.done():
            hearing.result()
        else:
            speaking.result()
            await reader.drain(hearing)
    finally:
        for task in (speaking, hearing):
            task.cancel()
        await asyncio.gather(speaking, hearing, return_exceptions=True)


def _is_signed(socket: WebSocket, integration: Integration) -> bool:
    """The carrier signs the address as it stands in the document, now and then with a slash behind it."""
    url = urls.relay(integration.style.public_url, integration.assistant)
    query = socket.scope.get("query_string", b"").decode("latin-1")
    signature = socket.headers.get(SIGNATURE_HEADER)
    tail = f"?{query}" if query else ""
    return any(
        is_valid(address + tail, (), signature, integration.auth_tokens) for address in (url, f"{url}/")
    )


async def _deny(socket: WebSocket, status: int, text: str) -> None:
    log.warning("socket refused", status=status)
    if "websocket.http.response" in socket.scope.get("extensions", {}):
        await socket.send_denial_response(PlainTextResponse(text, status))
    else:
        await socket.close()  # a server without that extension answers 403 itself


# The action ----------------------------------------------------------------------------------------
def _action(handle: Handle, relays: Relays, directory: Directory, clock: Clock) -> Endpoint:
    """The endpoint that says how a call goes on after its socket."""
    path = urls.VOICE_RELAY_ACTION

    async def endpoint(request: Request) -> Response:
        try:
            webhook = check_voice(await arrive(request, path), directory)
        except Refused as refused:
            return refuse(refused, path)
        over = voice_facts.over(webhook, clock.now())
        if isinstance(over, CallEnded):
            return await _take_end(handle, webhook, over)
        now = await _goes_on(relays, webhook)
        if now is not None:
            return xml(connect(webhook.integration.style, now.newest.ending, now.manner.voice or ""))
        return xml(await document_of(webhook, _read, handle, clock.now()))

    return endpoint


async def _take_end(handle: Handle, webhook: Webhook, over: CallEnded) -> Response:
    """The caller hung up: taken as the status callback would be, by the same id."""
    try:
        await handle.take(webhook.integration.assistant, webhook.customer, over, call_sid=over.call_sid)
    except Exception as error:  # noqa: BLE001 - what was not stored is asked for again
        return unavailable(error, webhook.path)
    return xml(twiml.EMPTY)


async def _goes_on(relays: Relays, webhook: Webhook) -> CallNow | None:
    """The call, if it is to be talked on in, by a new socket: the old one was lost."""
    if frames.handed_off(webhook.form.get("HandoffData")) is not None:
        return None
    integration, sid = webhook.integration, voice_facts.call_sid(webhook)
    try:
        line = await relays.line(integration.assistant, webhook.customer, sid)
        now = await line.look() if line is not None else None
    except Exception:  # noqa: BLE001 - the store is away: the next request for a document says so
        return None
    return now if now is not None and isinstance(now.newest.ending, Listen | Continue) else None


def _read(webhook: Webhook, at: float) -> tuple[VoiceRequest, bool]:
    """The document that ended the socket is over; what it asked for is fetched."""
    sid = voice_facts.call_sid(webhook)
    document = frames.handed_off(webhook.form.get("HandoffData"))
    event = DocumentRequested(
        id=f"{sid}:h{document or 0}",
        at=at,
        call_sid=sid,
        document=document or 0,
        round=0 if document is None else 1,
    )
    return event, False
