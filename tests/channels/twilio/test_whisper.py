"""Transfers on the wire: what is dialled, what a human hears first, and how a REFER ended."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from channels.twilio.twiml import render
from channels.twilio.urls import MAX_WHISPER, Query, whisper, whispered
from orchestrator.core.effects import Dial
from orchestrator.core.events import TransferEnded
from tests.channels.twilio.carrier import CUSTOMER, PUBLIC_URL, SUPPORT, Carrier, call_form
from tests.channels.twilio.test_twiml import STYLE, document, one, parsed
from tests.fakes.handle import RecordingHandle

WORDS = "Ana moved house & wants a new contract: ñ, 12 Main St."
LEG = [("CallSid", "CA9"), ("Direction", "outbound-dial"), ("From", CUSTOMER), ("To", "+19585550999")]


@pytest.mark.parametrize("to", ["+19585550999", "sip:desk@example.com"])
def test_whoever_is_dialled_may_be_told_something_first(to: str) -> None:
    """The noun names the address that tells it; without words there is none."""
    dial = one(parsed(render(document(Dial(to=to, whisper=WORDS, number=SUPPORT)), STYLE)), "Dial")
    noun = dial[0]
    assert noun.get("url", "").startswith("https://voice.example.com/tandem/twilio/voice/whisper?")
    assert noun.get("method") == "POST"
    assert "Main" not in noun.get("url", "")
    plain = one(parsed(render(document(Dial(to=to)), STYLE)), "Dial")[0]
    assert plain.attrib == {}


def test_a_call_is_referred() -> None:
    """With `refer` the address is handed to the other side, headers, User-to-User and action with it."""
    headers = {"User-to-User": "3132;encoding=hex", "ticket": "7"}
    dial = Dial(to="sip:desk@example.com", headers=headers, refer=True)
    refer = one(parsed(render(document(dial), STYLE)), "Refer")
    assert "/twilio/voice/transfer?" in refer.get("action", "")
    assert refer.findtext("Sip") == "sip:desk@example.com?User-to-User=3132%3Bencoding%3Dhex&x-ticket=7"


def test_words_survive_their_address() -> None:
    """What goes into the address comes out of it, cut to what an address may hold; broken words are none."""
    for words in (WORDS, "\U0001f600" * 10_000):
        url = whisper(PUBLIC_URL, SUPPORT, words)
        assert len(url) < 3000
        assert whispered(Query.read(url.partition("?")[2])) == words[:MAX_WHISPER]
    for broken in ("", "say=%", "say=A", "say=_w"):
        assert whispered(Query.read(broken)) == ""


@pytest.mark.anyio
async def test_the_human_is_told(carrier: Carrier) -> None:
    """The leg's signed request gets the words, said, and nothing else; no number of ours is in its form."""
    path = whisper(PUBLIC_URL, SUPPORT, WORDS).removeprefix(PUBLIC_URL)
    answer = await carrier.post(path, LEG)
    assert answer.status_code == 200
    assert [(verb.tag, verb.text) for verb in ET.fromstring(answer.text)] == [("Say", WORDS)]  # noqa: S314 - ours


@pytest.mark.anyio
async def test_nobody_else_can_make_us_say_anything(carrier: Carrier) -> None:
    """A changed address has no signature (403); one without a number, or with a foreign one, is no address."""
    path = whisper(PUBLIC_URL, SUPPORT, WORDS).removeprefix(PUBLIC_URL)
    assert (await carrier.post(path, LEG, headers={"X-Twilio-Signature": "forged"})).status_code == 403
    assert (await carrier.post("/twilio/voice/whisper?say=QQ", LEG)).status_code == 400
    assert (await carrier.post("/twilio/voice/whisper?number=%2B15550000000", LEG)).status_code == 404


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"NotifySipResponseCode": "200", "ReferSipResponseCode": "202"}, ""),
        ({"NotifySipResponseCode": "", "ReferSipResponseCode": "202"}, ""),
        ({"NotifySipResponseCode": "486", "ReferSipResponseCode": "202"}, "busy"),
        ({"NotifySipResponseCode": "480", "ReferSipResponseCode": "202"}, "no_answer"),
        ({"ReferSipResponseCode": "405"}, "failed"),
        ({}, "failed"),
    ],
)
async def test_a_refer_ends(
    carrier: Carrier, handle: RecordingHandle, fields: dict[str, str], reason: str
) -> None:
    """The code that the other side reports counts, else the one with which it took the REFER."""
    form = call_form(ReferCallStatus="completed", **fields)
    await carrier.post("/twilio/voice/transfer?call=CA1&document=5", form)
    event = handle.voiced[0].event
    assert isinstance(event, TransferEnded)
    assert event.reason == reason
