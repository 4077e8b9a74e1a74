"""The messaging endpoints. A text is acknowledged only once it is stored; its answer leaves later."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from channels.twilio import text_facts, urls
from channels.twilio.edge import Endpoint, arrive, log, refuse, unavailable
from channels.twilio.integration import Directory
from channels.twilio.twiml import EMPTY
from channels.twilio.webhooks import Refused, Webhook, check_delivery, check_text
from orchestrator.ports import Handle


def taking(path: str, handle: Handle, directory: Directory, now: Callable[[], float]) -> Endpoint:
    """The endpoint of texts, and of texts that the carrier brings to the fallback address."""

    async def endpoint(request: Request) -> Response:
        try:
            webhook = check_text(await arrive(request, path), directory)
        except Refused as refused:
            return refuse(refused, path)
        try:
            await _take(webhook, handle, now())
        except Exception as error:  # noqa: BLE001 - what was not stored is asked for again
            return unavailable(error, path)
        return Response(EMPTY, media_type="text/xml")

    return endpoint


def informing(handle: Handle, directory: Directory) -> Endpoint:
    """The message status endpoint."""
    path = urls.SMS_STATUS

    async def endpoint(request: Request) -> Response:
        try:
            webhook = check_delivery(await arrive(request, path), directory)
        except Refused as refused:
            return refuse(refused, path)
        try:
            await _deliver(webhook, handle)
        except Exception as error:  # noqa: BLE001 - what was not stored is asked for again
            return unavailable(error, path)
        return Response(status_code=204)

    return endpoint


async def _take(webhook: Webhook, handle: Handle, at: float) -> None:
    event = text_facts.received(webhook, at)
    if "ErrorCode" in webhook.form:
        code = webhook.form.integer("ErrorCode") or 0
        log.warning("sms fallback", message_sid=event.message_sid, error_code=code)
    if webhook.customer is None:
        # A short code or a name: machines, which no session can be kept with and nothing sent to.
        log.info("text without a phone number ignored", message_sid=event.message_sid)
        return
    await handle.take(webhook.integration.assistant, webhook.customer, event)


async def _deliver(webhook: Webhook, handle: Handle) -> None:
    """Hand over a status that names an outbox entry of the assistant whose token signed it."""
    said = text_facts.delivery(webhook)
    if said.assistant != webhook.integration.assistant or not said.customer_key or not said.entry:
        log.info("status of a message that is not ours ignored", message_sid=said.message_sid)
        return
    await handle.delivery(
        customer_key=said.customer_key,
        entry=said.entry,
        message_sid=said.message_sid,
        status=said.status,
        code=said.code,
    )
