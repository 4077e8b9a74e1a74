"""Speed as ratios to a baseline of the same run: a slow machine slows both. Nothing here is a pass mark."""

from __future__ import annotations

import json
import logging
import statistics
from collections.abc import Awaitable, Callable
from time import perf_counter

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from channels.twilio.signature import compute, is_valid
from orchestrator.app import logs
from orchestrator.core.decide import decide
from orchestrator.core.events import CallStarted
from orchestrator.core.session import Session
from tests.core.play import Play
from tests.fakes.world import ANA, BASE, NUMBER, SID, TOKEN, World

pytestmark = [pytest.mark.bench, pytest.mark.anyio]
ROUNDS = 300


@pytest.fixture(autouse=True)
def _quiet() -> None:
    """A line of log for each text would be measured, and read, with it."""
    logs.configure(level=logging.ERROR)


FORM = {f"Field{number}": f"value {number}" for number in range(18)} | {"From": ANA, "To": NUMBER}


def median_of(act: Callable[[], object]) -> float:
    """Seconds of one call, the median of many."""
    spans = []
    for _ in range(ROUNDS):
        began = perf_counter()
        act()
        spans.append(perf_counter() - began)
    return statistics.median(spans)


async def awaited_median(act: Callable[[int], Awaitable[object]]) -> float:
    """The same for something to wait for; it is told its round."""
    spans = []
    for number in range(ROUNDS):
        began = perf_counter()
        await act(number)
        spans.append(perf_counter() - began)
    return statistics.median(spans)


def tell(what: str, span: float, baseline: str, base: float) -> None:
    """One line of the figures."""
    print(f"\n{what}: {span * 1e6:,.0f} us = {span / base:.2f} x {baseline} ({base * 1e6:,.0f} us)")
    assert span > 0 < base


async def test_a_decision_against_writing_its_document() -> None:
    """Deciding that a call started, in units of writing and reading 1.5 kB of JSON."""
    rules = Play().rules
    session = Session(id="0" * 26, assistant="support", customer=ANA)
    event = CallStarted(id="CA1:start", at=1.0, call_sid="CA1", number=NUMBER)
    document = {f"key {number}": "some words of a session" for number in range(40)}
    base = median_of(lambda: json.loads(json.dumps(document)))
    tell("decide", median_of(lambda: decide(session, event, 1.0, rules)), "a JSON round of 1.5 kB", base)


async def test_a_signature_against_the_carriers_own_check() -> None:
    """Checking a signature of 20 fields, in units of the published validator."""
    url = f"{BASE}/twilio/sms"
    signed = compute(url, FORM, TOKEN)
    validator = RequestValidator(TOKEN)
    base = median_of(lambda: validator.validate(url, FORM, signed))
    tell("signature", median_of(lambda: is_valid(url, FORM, signed, TOKEN)), "the carrier's validator", base)


async def test_a_text_webhook_against_a_bare_endpoint() -> None:
    """A text taken durably on the embedded store, the turns of those before running beside, in units of a form
    posted to an empty Starlette app.
    """

    async def bare(request: Request) -> Response:
        await request.body()
        return Response("<Response/>", media_type="text/xml")

    empty = httpx.ASGITransport(app=Starlette(routes=[Route("/twilio/sms", bare, methods=["POST"])]))
    async with World() as world, httpx.AsyncClient(transport=empty) as alone:
        served = httpx.AsyncClient(transport=httpx.ASGITransport(app=world.service.app))

        async def post(client: httpx.AsyncClient, number: int) -> None:
            form = {
                "MessageSid": f"SM{number:032x}",
                "AccountSid": SID,
                "From": f"+1555{number:07d}",
                "To": NUMBER,
                "Body": "hi",
                "NumMedia": "0",
            }
            signed = compute(f"{BASE}/twilio/sms", form, TOKEN)
            answer = await client.post(
                f"{BASE}/twilio/sms", data=form, headers={"X-Twilio-Signature": signed}
            )
            assert answer.status_code == 200

        base = await awaited_median(lambda number: post(alone, number))
        tell(
            "text webhook", await awaited_median(lambda number: post(served, number)), "a bare endpoint", base
        )
        await served.aclose()
