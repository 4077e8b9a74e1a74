"""Webhooks: signatures that Twilio's own validator accepts, limits, retries, fallback, troubles."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl

import aiohttp
import httpx
import pytest
from twilio.request_validator import RequestValidator

from channels.simulator.signing import signature, signed_url
from channels.simulator.webhooks import CEILING, Policy
from tests.channels.simulator.customer import OURS, PHONE, PUBLIC, TOKEN, Asked, House, settled

pytestmark = pytest.mark.anyio
validator = RequestValidator(TOKEN)
P = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
U = "https://mycompany.com/myapp.php?foo=1&bar=2"


@pytest.mark.parametrize(
    ("url", "form", "expected"),
    [
        (U, list(P.items()), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", list(P.items()), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (
            U,
            [
                ("Sid", "CA123"),
                ("SidAccount", "AC123"),
                ("Digits", "5678"),
                ("Digits", "1234"),
                ("Digits", "1234"),
            ],
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
    ],
)
async def test_published_vectors(url: str, form: list[tuple[str, str]], expected: str) -> None:
    """The signature equals those published with Twilio's libraries (token 12345)."""
    assert signature("12345", url, form) == expected


@pytest.mark.parametrize(
    ("url", "voice", "expected"),
    [
        ("https://a.test:8443/x?y=1#rc=3", True, "https://a.test/x?y=1"),
        ("https://a.test:8443/x?y=1#rc=3", False, "https://a.test:8443/x?y=1"),
        ("http://a.test:8080/x", True, "http://a.test:8080/x"),
        ("https://user:pass@a.test/x", True, "https://a.test/x"),
    ],
)
async def test_what_of_an_address_is_signed(url: str, expected: str, *, voice: bool) -> None:
    """Fragment and credentials are never signed; the port not for voice over https."""
    assert signed_url(url, voice=voice) == expected


async def test_every_webhook_is_signed(house: House) -> None:
    """Twilio's validator accepts each request that the simulator makes, empty fields among them."""
    ask = '<Gather input="dtmf speech" action="/turn?n=1&amp;m=%20x"/>'
    house.customer.answers = {"/voice": ask, "/turn": '<Redirect method="GET">/last?a=b</Redirect>'}
    await house.phone.call(OURS)
    await house.phone.say("Zürich & co")
    await house.phone.is_over()
    await house.phone.text(" spaces kept ", to=OURS, media=("https://media.test/cat.jpg",))
    await house.send(StatusCallback=f"{PUBLIC}/delivery?entry=t1")
    await settled()
    assert {asked.path for asked in house.customer.asked} == {
        "/voice", "/turn", "/last", "/status", "/sms", "/delivery",
    }  # fmt: skip
    for asked in house.customer.asked:
        form = asked.form if asked.method == "POST" else {}
        assert validator.validate(asked.url, form, asked.headers["x-twilio-signature"]), asked.path
        wrong = form | {"CallSid": "CAother"}
        assert not validator.validate(asked.url, wrong, asked.headers["x-twilio-signature"])


async def test_a_get_carries_the_fields_in_its_address(house: House) -> None:
    """A webhook by GET has its fields in the query, behind what was there."""
    house.customer.answers = {"/voice": '<Redirect method="GET">/next?a=b</Redirect>'}
    call = await house.phone.call(OURS)
    await house.phone.is_over()
    asked = house.customer.asked[1]
    pairs = parse_qsl(asked.url.partition("?")[2], keep_blank_values=True)
    assert pairs[0] == ("a", "b")
    assert ("CallSid", call.sid) in pairs


async def test_a_slow_answer_is_not_waited_for(house: House) -> None:
    """After 15 s an answer is no use: error 11200, and the call fails without a fallback."""

    async def slow(_asked: Asked) -> str:
        await house.clock.sleep(16)
        return "<Say>Too late.</Say>"

    house.customer.answers = {"/voice": slow}
    await house.phone.call(OURS)
    await house.clock.advance(14.9)
    assert house.phone.call_state == "ringing"
    await house.clock.advance(0.1)
    assert await house.phone.is_over() == "failed"
    assert house.sim.faults == ["11200 POST /voice (voice) not retrieved: no answer in time"]
    await house.clock.advance(2)
    assert house.phone.spoken == []


async def test_an_answer_within_the_ceiling_is_played(house: House) -> None:
    """An answer after 14 s is still in time."""

    async def slow(_asked: Asked) -> str:
        await house.clock.sleep(14)
        return "<Say>Just in time.</Say>"

    house.customer.answers = {"/voice": slow}
    await house.phone.call(OURS)
    await house.clock.advance(14)
    await house.phone.hears("Just in time.")
    assert house.sim.faults == []


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("", Policy()),
        ("#rc=3&rp=5xx,ct,rt&rt=4500&tt=15000", Policy(3, frozenset({"5xx", "ct", "rt"}), 5.0, 4.5, 15.0)),
        ("#rc=9&rt=60000&ct=99000", Policy(5, frozenset({"ct"}), 10.0, CEILING, CEILING)),
    ],
)
async def test_connection_overrides(fragment: str, expected: Policy) -> None:
    """The fragment sets retries and times, within Twilio's limits; without it one retry, to connect."""
    assert Policy.of(f"{PUBLIC}/x{fragment}") == expected


@pytest.mark.parametrize(
    ("fragment", "tries"), [("", 1), ("#rc=3&rp=5xx", 4), ("#rc=2&rp=all", 3), ("#rc=3&rp=rt", 1)]
)
async def test_retries_on_an_error(house: House, fragment: str, tries: int) -> None:
    """A 5xx is retried only where the overrides say so, with the same token each time."""
    house.sim.add_number(OURS, sms_url=f"{PUBLIC}/sms{fragment}")
    house.customer.answers = {"/sms": 503}
    await house.phone.text("hello", to=OURS)
    assert len(house.customer.forms("/sms")) == tries
    assert len({asked.headers["i-twilio-idempotency-token"] for asked in house.customer.asked}) == 1
    assert "#" not in house.customer.asked[0].url


@pytest.mark.parametrize("fragment", ["#rp=5xx,sometimes", "#rc=many", "#rt=soon"])
async def test_overrides_that_are_none(house: House, fragment: str) -> None:
    """Overrides against Twilio's rules are fault 11243; the webhook is made by the defaults."""
    house.sim.add_number(OURS, sms_url=f"{PUBLIC}/sms{fragment}")
    await house.phone.text("hello", to=OURS)
    assert len(house.customer.forms("/sms")) == 1
    assert house.sim.faults[0].startswith("11243 connection overrides of /sms")


async def test_a_slow_answer_is_retried_within_the_total(house: House) -> None:
    """With rt=4500 and rp=rt a slow answer is asked for again, and tt ends it all."""

    async def slow(_asked: Asked) -> str:
        await house.clock.sleep(60)
        return ""

    house.sim.add_number(OURS, voice_url=f"{PUBLIC}/voice#rc=5&rp=rt&rt=4500&tt=10000")
    house.customer.answers = {"/voice": slow}
    await house.phone.call(OURS)
    await house.clock.advance(9.9)
    assert house.phone.call_state == "ringing"
    await house.clock.advance(0.1)
    assert house.phone.call_state == "failed"
    assert len(house.customer.forms("/voice")) == 3


@pytest.mark.parametrize(
    ("cause", "tries", "reason"),
    [
        (None, 2, "could not connect"),
        (aiohttp.ConnectionTimeoutError(), 2, "could not connect"),
        (aiohttp.ServerDisconnectedError(), 1, "no answer in time"),
    ],
)
async def test_a_failed_connection_is_tried_twice(
    house: House, cause: Exception | None, tries: int, reason: str
) -> None:
    """By default a connection that cannot be made is tried once more; one that is lost later is not,
    though httpx's aiohttp transport tells both by the same exception.
    """
    tried: list[str] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        tried.append(str(request.url))
        raise httpx.ConnectTimeout("refused") from cause

    async with httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as client:
        house.sim._texting._webhooks._http = client
        await house.phone.text("hello", to=OURS)
    assert tried == [f"{PUBLIC}/sms"] * tries
    assert house.sim.faults == [f"11200 POST /sms (sms) not retrieved: {reason}"]


async def test_a_raising_application_is_a_server_error(house: House) -> None:
    """In process an exception of the application counts as its 500."""

    async def broken(_asked: Asked) -> str:
        raise LookupError("oh")

    house.customer.answers = {"/sms": broken}
    await house.phone.text("hello", to=OURS)
    assert house.sim.faults == ["11200 POST /sms (sms) not retrieved: status 500"]
    assert house.sim.webhooks[-1].body == "LookupError('oh')"


async def test_a_refused_status_callback_is_a_fault(house: House) -> None:
    """A status callback that is not taken is told, and the message stays as it is."""
    house.customer.answers = {"/delivery": 500}
    await house.send(StatusCallback=f"{PUBLIC}/delivery")
    await settled()
    assert house.sim.faults == ["11200 POST /delivery (sms-status) not retrieved: status 500"] * 2
    assert house.sim.messages[0].status == "delivered"


async def test_a_repeated_webhook_is_the_same_again(house: House) -> None:
    """A repeat carries the same form; only the first answer counts."""
    house.sim.trouble.repeat_next_webhook("voice", times=2)
    house.customer.answers = {"/voice": "<Say>Once.</Say>"}
    await house.phone.call(OURS)
    await house.phone.is_over()
    await settled()
    first, *others = house.customer.forms("/voice")
    assert others == [first, first]
    assert house.phone.spoken == ["Once."]


async def test_a_repeat_at_once_runs_beside_the_first(house: House) -> None:
    """A repeat `at_once` does not wait for the first answer."""
    go = asyncio.Event()

    async def held(_asked: Asked) -> str:
        await go.wait()
        return ""

    house.sim.trouble.repeat_next_webhook("sms", at_once=True)
    house.customer.answers = {"/sms": held}
    texting = house.sim._world.spawn(house.phone.text("hello", to=OURS))
    await settled()
    assert len(house.customer.forms("/sms")) == 2
    go.set()
    await texting


async def test_late_and_lost_webhooks(house: House) -> None:
    """A late webhook leaves after its delay, a lost one never does."""
    house.sim.trouble.delay_next_webhook(30, "voice-status")
    house.customer.answers = {"/voice": "<Say>Bye.</Say>"}
    await house.phone.call(OURS)
    await house.phone.is_over()
    await house.clock.advance(29)
    assert house.customer.forms("/status") == []
    await house.clock.advance(1)
    assert len(house.customer.forms("/status")) == 1
    house.sim.trouble.lose_next_webhook("sms")
    await house.phone.text("gone", to=OURS)
    assert house.customer.forms("/sms") == []


async def test_faults_hold_no_content(house: House) -> None:
    """Faults name codes and paths, never what people wrote or their numbers."""
    house.customer.answers = {"/sms": 500}
    await house.phone.text("my secret", to=OURS)
    await house.send(Body="my secret" * 200)
    assert house.sim.faults
    assert not any("secret" in fault or PHONE[-4:] in fault for fault in house.sim.faults)
