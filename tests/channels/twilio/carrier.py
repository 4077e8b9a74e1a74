"""The carrier's side of the tests: two accounts, signed forms, and an app with the channel's routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import httpx
from starlette.applications import Starlette

from channels.twilio.integration import CallStyle, Integration
from channels.twilio.routes import routes
from channels.twilio.signature import compute
from tests.fakes.handle import RecordingHandle

PUBLIC_URL = "https://voice.example.com/tandem"
CUSTOMER = "+15550101234"
SUPPORT, SALES = "+19585550123", "+19585550199"
TOKEN, OLD_TOKEN, OTHER_TOKEN = "token-new", "token-old", "token-other"
NOW = 1_790_000_000.5

Fields = Sequence[tuple[str, str]]


def integration(kind: str, **changes: object) -> Integration:
    """The support assistant's integration of a kind."""
    fields: dict[str, object] = {
        "assistant": "support",
        "kind": kind,
        "numbers": (SUPPORT,),
        "account_sid": "AC0",
        "auth_tokens": (TOKEN, OLD_TOKEN),
        "style": CallStyle(public_url=PUBLIC_URL, failure_message="We failed."),
    }
    return Integration(**(fields | changes))  # type: ignore[arg-type]  # the fields are named above


def integrations() -> list[Integration]:
    """Support and sales, of two accounts."""
    other: dict[str, object] = {
        "assistant": "sales",
        "numbers": (SALES,),
        "account_sid": "AC1",
        "auth_tokens": (OTHER_TOKEN,),
    }
    return [
        integration("phone"),
        integration("messaging"),
        integration("phone", **other),
        integration("messaging", **other),
    ]


def call_form(**changes: str | None) -> Fields:
    """The form of an inbound call; None takes a field out."""
    return _form(
        {
            "CallSid": "CA1",
            "AccountSid": "AC0",
            "From": CUSTOMER,
            "To": SUPPORT,
            "CallStatus": "in-progress",
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
            "FromCity": "",
        },
        changes,
    )


def text_form(**changes: str | None) -> Fields:
    """The form of a text that came in."""
    return _form(
        {
            "MessageSid": "SM1",
            "AccountSid": "AC0",
            "From": CUSTOMER,
            "To": SUPPORT,
            "Body": "Hello",
            "NumMedia": "0",
            "NumSegments": "1",
        },
        changes,
    )


def status_form(**changes: str | None) -> Fields:
    """The form of a message status."""
    return _form(
        {
            "MessageSid": "SM9",
            "AccountSid": "AC0",
            "From": SUPPORT,
            "To": CUSTOMER,
            "MessageStatus": "delivered",
        },
        changes,
    )


def _form(fields: Mapping[str, str], changes: Mapping[str, str | None]) -> Fields:
    return [(name, value) for name, value in {**fields, **changes}.items() if value is not None]


class Carrier:
    """Posts webhooks to the channel, over ASGI, signed as the real carrier signs them."""

    def __init__(self, handle: RecordingHandle, *known: Integration) -> None:
        self.handle = handle
        self._app = Starlette(routes=routes(handle, known or integrations(), now=lambda: NOW))

    async def post(
        self,
        target: str,
        form: Fields,
        *,
        token: str = TOKEN,
        headers: Mapping[str, str] | None = None,
        public_url: str = PUBLIC_URL,
    ) -> httpx.Response:
        """Post a signed form; `headers` are added, and win."""
        signature = compute(public_url + target, form, token)
        sent = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": signature,
            **(headers or {}),
        }
        return await self.raw(target, urlencode(form).encode(), sent)

    async def raw(
        self, target: str, body: bytes, headers: Mapping[str, str] | Sequence[tuple[bytes, bytes]] = ()
    ) -> httpx.Response:
        """Post bytes; an exception in the app fails the test."""
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=True)
        given = headers if isinstance(headers, Mapping) else list(headers)
        async with httpx.AsyncClient(transport=transport, base_url="http://inside:8080") as client:
            return await client.post(target, content=body, headers=given)


def verbs(text: str) -> list[str]:
    """The verbs of a document, in order."""
    return [element.tag for element in ET.fromstring(text)]  # noqa: S314 - our own document
