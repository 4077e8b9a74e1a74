"""The doctor's probe of the public address: what stands in the way is named, with its fix."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette

from channels.twilio.integration import CallStyle, Integration, Kind
from channels.twilio.routes import routes
from orchestrator.cli.doctor import probe
from orchestrator.cli.doctor.report import Finding
from tests.cli.twilio import NUMBER, SID, TOKEN
from tests.fakes.handle import RecordingHandle

PUBLIC = "https://voice.example.com/tandem"
Answer = Callable[[httpx.Request], httpx.Response]


def integration(kind: Kind = "phone", **changes: object) -> Integration:
    """What the configuration says."""
    made = Integration(
        assistant="support",
        kind=kind,
        numbers=(NUMBER,),
        account_sid=SID,
        auth_tokens=(TOKEN,),
        style=CallStyle(public_url=PUBLIC),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a test names the fields it changes


def probed(transport: httpx.AsyncBaseTransport, entry: Integration) -> Finding:
    """The finding of one probe."""

    async def go() -> Finding:
        async with httpx.AsyncClient(transport=transport) as http:
            return await probe.check_public_url(http, entry)

    return asyncio.run(go())


class Proxy(httpx.AsyncBaseTransport):
    """Takes /tandem off, as a proxy with a path does, and passes on to a service that knows these."""

    def __init__(self, *known: Integration) -> None:
        self.handle = RecordingHandle()
        app = Starlette(routes=list(routes(self.handle, known)))
        self._inner = httpx.ASGITransport(app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass on."""
        assert request.url.path.startswith("/tandem/")
        request.url = request.url.copy_with(path=request.url.path.removeprefix("/tandem"))
        return await self._inner.handle_async_request(request)


@pytest.mark.parametrize("kind", ["phone", "messaging"])
def test_a_service_takes_the_probe_and_nothing_comes_of_it(kind: Kind) -> None:
    """A service behind a path takes the signed probe and refuses the forged one; its house hears of neither."""
    proxy = Proxy(integration(kind))
    found = probed(proxy, integration(kind))
    assert found.state == "ok", found
    assert (proxy.handle.taken, proxy.handle.voiced, proxy.handle.delivered) == ([], [], [])


def test_a_service_with_another_public_url_or_token_says_403() -> None:
    """403 of our own is told as another address or another token."""
    elsewhere = CallStyle(public_url="https://old.example.com")
    for serves in (integration(style=elsewhere), integration(auth_tokens=("another",))):
        found = probed(Proxy(serves), integration())
        assert found.state == "fail"
        assert "another address or another token" in found.told
        assert "path and query unchanged" in found.fix
        assert TOKEN not in str(found)


def test_a_service_that_lacks_the_number_is_told() -> None:
    """404 of our own is told as a service with another configuration."""
    found = probed(Proxy(integration(numbers=("+19585550199",))), integration())
    assert "does not have this number" in found.told
    assert "tandem serve" in found.fix


@pytest.mark.parametrize(
    ("answer", "told", "fix"),
    [
        (
            httpx.Response(301, headers={"location": "https://www.example.com/x?secret=1"}),
            "redirects (301) to https://www.example.com/x:",
            "public_url",
        ),
        (httpx.Response(403, text="<html>Blocked"), "something before the service", "firewall"),
        (httpx.Response(401), "something before the service", "pass the proxy"),
        (httpx.Response(404, text="nginx"), "something else than this service", "/twilio/"),
        (httpx.Response(200, text="hello"), "answers 200 where 204 is right", "proxy"),
        (httpx.Response(405), "answers 405", "proxy"),
        (httpx.Response(502), "the service behind it is not", "tandem serve"),
        (httpx.Response(503, text="<html>no upstream"), "the service behind it is not", "tandem serve"),
        (httpx.Response(503, text="Not stored. Try again."), "cannot store", "Redis"),
        (httpx.Response(204), "whose signature is wrong", "no service of Tandem"),
    ],
    ids=lambda value: str(value.status_code) if isinstance(value, httpx.Response) else None,
)
def test_each_wrong_answer_has_its_fix(answer: httpx.Response, told: str, fix: str) -> None:
    """Each answer that a service of ours would not give is told as what it is."""
    found = probed(httpx.MockTransport(lambda _: answer), integration())
    assert found.state == "fail"
    assert told in found.told
    assert fix in found.fix
    assert "secret=1" not in found.told


def broken(error: Exception, cause: Exception | None = None) -> Answer:
    """A request that ends in this error."""

    def answer(_: httpx.Request) -> httpx.Response:
        raise error from cause

    return answer


@pytest.mark.parametrize(
    ("error", "cause", "told"),
    [
        (httpx.ConnectError("x"), ssl.SSLCertVerificationError(1, "self-signed"), "fails in TLS"),
        (httpx.ConnectError("x"), OSError("no such host"), "cannot be reached"),
        (httpx.ReadTimeout("x"), None, "does not answer within 6 s"),
        (httpx.ConnectTimeout("x"), None, "does not answer within 6 s"),
        (httpx.RemoteProtocolError("x"), None, "breaks off (RemoteProtocolError)"),
    ],
)
def test_no_answer_is_told_by_its_cause(error: Exception, cause: Exception | None, told: str) -> None:
    """TLS, connection, time-out and a broken answer are told apart."""
    found = probed(httpx.MockTransport(broken(error, cause)), integration())
    assert (found.state, bool(found.fix)) == ("fail", True)
    assert told in found.told
