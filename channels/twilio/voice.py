"""The voice endpoints. Whatever happens, a caller gets a document and not a carrier's error message."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from channels.twilio import twiml, urls, voice_facts
from channels.twilio.edge import Endpoint, arrive, log, refuse, unavailable
from channels.twilio.integration import Directory
from channels.twilio.webhooks import Refused, Webhook, check_voice
from orchestrator.core.errors import StoreUnavailable
from orchestrator.core.events import VoiceRequest
from orchestrator.ports import Handle

Read = Callable[[Webhook, float], tuple[VoiceRequest, bool]]
"""A webhook and the time: the event, and whether its call is beside the one that owns the number."""

_NO_STORE = {"Cache-Control": "no-store"}


def read_start(webhook: Webhook, at: float) -> tuple[VoiceRequest, bool]:
    """A call came in, or was answered."""
    return voice_facts.started(webhook, at), webhook.query.beside


def read_turn(webhook: Webhook, at: float) -> tuple[VoiceRequest, bool]:
    """The caller spoke, pressed keys, or was silent."""
    return voice_facts.turn(webhook, at), webhook.query.beside


def read_resume(webhook: Webhook, at: float) -> tuple[VoiceRequest, bool]:
    """The next document is fetched."""
    return voice_facts.requested(webhook, at), webhook.query.beside


def read_transfer(webhook: Webhook, at: float) -> tuple[VoiceRequest, bool]:
    """A dialling ended."""
    return voice_facts.transferred(webhook, at), webhook.query.beside


def read_fallback(webhook: Webhook, at: float) -> tuple[VoiceRequest, bool]:
    """A document of ours could not be had or played; the carrier says why."""
    path, _ = urls.failed_path(webhook.form.get("ErrorUrl"), webhook.integration.style.public_url)
    log.warning(
        "voice fallback",
        call_sid=voice_facts.call_sid(webhook),
        error_code=webhook.form.integer("ErrorCode") or 0,
        failed_path=path if path.startswith(urls.VOICE) else "",
    )
    return voice_facts.fallen_back(webhook, at)


def answering(
    path: str, read: Read, handle: Handle, directory: Directory, now: Callable[[], float]
) -> Endpoint:
    """An endpoint that answers with the document of the event which `read` makes."""

    async def endpoint(request: Request) -> Response:
        try:
            webhook = check_voice(await arrive(request, path), directory)
        except Refused as refused:
            return refuse(refused, path)
        return xml(await document_of(webhook, read, handle, now()))

    return endpoint


def informing(handle: Handle, directory: Directory, now: Callable[[], float]) -> Endpoint:
    """The call status endpoint: an end is taken, a report on the way is not."""
    path = urls.VOICE_STATUS

    async def endpoint(request: Request) -> Response:
        try:
            webhook = check_voice(await arrive(request, path), directory)
            event = voice_facts.over(webhook, now())
        except Refused as refused:
            return refuse(refused, path)
        if event is None:
            return Response(status_code=204)
        try:
            assistant, customer = webhook.integration.assistant, webhook.customer
            await handle.take(assistant, customer, event, call_sid=event.call_sid)
        except Exception as error:  # noqa: BLE001 - what was not stored is asked for again
            return unavailable(error, path)
        return Response(status_code=204)

    return endpoint


def overhearing(handle: Handle, directory: Directory) -> Endpoint:
    """The endpoint of words on the way, which come several times a second and want no answer."""
    path = urls.VOICE_PARTIAL

    async def endpoint(request: Request) -> Response:
        try:
            webhook = check_voice(await arrive(request, path), directory)
        except Refused as refused:
            return refuse(refused, path)
        half, customer = voice_facts.unfinished(webhook), webhook.customer
        if half.words and customer and not webhook.query.beside:  # texts belong to the number's own call
            with contextlib.suppress(StoreUnavailable):  # nobody was promised these words
                await handle.overhear(webhook.integration.assistant, customer, half)
        return Response(status_code=204)

    return endpoint


async def document_of(webhook: Webhook, read: Read, handle: Handle, at: float) -> str:
    """The document that answers a checked webhook; whatever fails, one that says so to the caller."""
    integration = webhook.integration
    try:
        event, beside = read(webhook, at)
        document = await handle.voice(integration.assistant, webhook.customer, event, beside=beside)
        return twiml.render(document, integration.style)
    except Exception as error:  # noqa: BLE001 - a caller hears our failure message, never the carrier's
        log.error(  # no traceback: it may hold what the caller said
            "voice request failed",
            path=webhook.path,
            call_sid=voice_facts.call_sid(webhook),
            error=type(error).__name__,
        )
        return twiml.failure(integration.style, caller_id=webhook.ours)


def xml(text: str) -> Response:
    """A document as an answer."""
    return Response(text, media_type="text/xml", headers=_NO_STORE)
