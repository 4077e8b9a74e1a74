"""What voice and messaging endpoints share: reading a request within its limit, and refusing it.

Answers to refused requests say which check failed, never anything about a customer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from channels.twilio.webhooks import MAX_BODY, SIGNATURE_HEADER, Arrived, Refused

Endpoint = Callable[[Request], Awaitable[Response]]

log = structlog.get_logger("tandem.twilio")

_TEXTS = {
    400: "A field that the carrier sends is missing.",
    403: "The signature does not match. Is service.public_url what the carrier calls, and the token current?",
    404: "No integration has this number.",
    413: "The body is larger than 64 KiB.",
    415: "The body must be application/x-www-form-urlencoded.",
}


async def arrive(request: Request, path: str) -> Arrived:
    """Read the request, at most one byte past the limit. `path` is the one it is served under."""
    return Arrived(
        path=path,
        query=request.scope.get("query_string", b"").decode("latin-1"),
        content_type=request.headers.get("content-type"),
        signature=request.headers.get(SIGNATURE_HEADER),
        body=await _body(request),
    )


def refuse(refused: Refused, path: str) -> Response:
    """The answer to a request that failed a check."""
    log.warning("webhook refused", path=path, status=refused.status, reason=refused.reason)
    return PlainTextResponse(_TEXTS[refused.status], refused.status)


def unavailable(error: Exception, path: str) -> Response:
    """503: nothing was stored, the carrier may try again."""
    log.error("webhook not stored", path=path, error=type(error).__name__)
    return PlainTextResponse("Not stored. Try again.", 503, headers={"Retry-After": "1"})


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise Refused(413, "body_too_large")
    except ClientDisconnect as error:
        raise Refused(400, "incomplete_body") from error
    return bytes(body)
