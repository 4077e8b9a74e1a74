"""Media of texts: whose credentials go where, what is refused, and what a redirect gets."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from channels.twilio.media import LARGEST, TwilioMedia
from orchestrator.core.errors import CarrierError
from tests.channels.twilio.carrier import integration

pytestmark = pytest.mark.anyio

KNOWN = integration("messaging", base_url="https://carrier.test")
PATH = f"/2010-04-01/Accounts/{KNOWN.account_sid}/Messages/MM1/Media/ME1"
URL = f"https://carrier.test{PATH}"
Answer = Callable[[httpx.Request], httpx.Response]


async def fetched(*answers: httpx.Response, url: str = URL) -> tuple[str, bytes, list[httpx.Request]]:
    """Type and bytes of what is fetched, and the requests that it took."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return answers[len(requests) - 1]

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        opened = TwilioMedia(http, [KNOWN]).fetch(KNOWN.assistant, url)
        assert opened is not None
        async with opened as found:
            body = b"".join([chunk async for chunk in found.chunks])
    return found.content_type, body, requests


async def test_the_accounts_own_media_are_fetched_with_its_credentials() -> None:
    """Bytes and type come through; the type loses its parameters."""
    picture = httpx.Response(200, content=b"jpeg", headers={"content-type": "image/jpeg; x=y"})
    kind, body, (request,) = await fetched(picture)
    assert (kind, body) == ("image/jpeg", b"jpeg")
    assert request.headers["authorization"].startswith("Basic ")


async def test_a_redirect_to_the_store_carries_no_credentials() -> None:
    """The signed address is followed without them."""
    moved = httpx.Response(307, headers={"location": "https://store.example/x?signature=1"})
    picture = httpx.Response(200, content=b"jpeg", headers={"content-type": "image/jpeg"})
    _, body, (_, second) = await fetched(moved, picture)
    assert body == b"jpeg"
    assert str(second.url) == "https://store.example/x?signature=1"
    assert "authorization" not in second.headers


@pytest.mark.parametrize(
    "url",
    [
        f"https://evil.example{PATH}",
        f"http://carrier.test{PATH}",
        f"https://carrier.test@evil.example{PATH}",
        f"https://carrier.test:8443{PATH}",
        URL.replace(KNOWN.account_sid, "AC" + "9" * 32),
        URL.replace("/Media/ME1", ".json"),
        URL.replace("/Messages/MM1/Media/ME1", "/Calls.json"),
        f"{URL}/../../../Calls.json",
        f"{URL}?x=1",
        "file:///etc/passwd",
        "",
    ],
)
async def test_nothing_else_is_asked_for(url: str) -> None:
    """Neither another host nor another resource of the account, nor another assistant's."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as http:
        source = TwilioMedia(http, [KNOWN])
        assert source.fetch(KNOWN.assistant, url) is None
        assert source.fetch("another", URL) is None


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx.Response(404), "refused"),
        (httpx.Response(401), "not_sent"),
        (httpx.Response(500), "not_sent"),
        (httpx.Response(302, headers={"location": "http://store.example/x"}), "not_sent"),
    ],
)
async def test_what_does_not_come_is_a_carrier_error(answer: httpx.Response, outcome: str) -> None:
    """Gone for good, or not now; a redirect to an open line is not followed."""
    with pytest.raises(CarrierError) as raised:
        await fetched(answer)
    assert raised.value.outcome == outcome


async def test_redirects_end() -> None:
    """A carrier that leads in circles is left."""
    with pytest.raises(CarrierError):
        await fetched(*[httpx.Response(302, headers={"location": URL}) for _ in range(5)])


async def test_what_is_too_large_is_cut_off() -> None:
    """No carrier sends so much by text."""
    with pytest.raises(CarrierError):
        await fetched(httpx.Response(200, content=b"x" * (LARGEST + 1)))


async def test_a_strange_type_is_bytes() -> None:
    """A type that is none is told as plain bytes."""
    kind, _, _ = await fetched(httpx.Response(200, content=b"x", headers={"content-type": "<script>"}))
    assert kind == "application/octet-stream"
