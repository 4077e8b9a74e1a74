"""The player: what a caller hears, how Gather listens, and what interrupts it."""

from __future__ import annotations

import asyncio

import pytest
from starlette.responses import Response

from channels.simulator import HandsetError
from tests.channels.simulator.customer import OURS, PUBLIC, House, settled

pytestmark = pytest.mark.anyio
ASK = '<Gather input="dtmf speech" action="/turn" timeout="7"><Say>How can I help?</Say></Gather>'


async def test_the_first_request_finds_the_call_ringing(house: House) -> None:
    """An inbound call is ringing until its first document is played."""
    house.customer.answers = {"/voice": ASK}
    await house.phone.call(OURS)
    assert house.phone.call_state == "ringing"
    await house.phone.is_asked()
    assert house.customer.forms("/voice")[0]["CallStatus"] == "ringing"
    assert house.phone.call_state == "in-progress"


async def test_the_end_is_told_to_the_number_s_status_callback(house: House) -> None:
    """When a call ends, the number's status callback learns it once, with its length."""
    house.customer.answers = {"/voice": '<Pause length="61"/>'}
    await house.phone.call(OURS)
    await house.clock.advance(61)
    assert await house.phone.is_over() == "completed"
    await settled()
    (form,) = house.customer.forms("/status")
    assert (form["CallStatus"], form["CallDuration"], form["Duration"]) == ("completed", "61", "2")
    assert form["CallbackSource"] == "call-progress-events"
    assert form["Timestamp"].endswith("+0000")


async def test_speaking_after_the_end_is_an_error(house: House) -> None:
    """A test that speaks into an ended call fails at once and says what the phone saw."""
    house.customer.answers = {"/voice": "<Say>Closed.</Say>"}
    await house.phone.call(OURS)
    await house.phone.is_over()
    with pytest.raises(HandsetError, match="Closed"):
        await house.phone.say("hello")


async def test_loops_and_sounds(house: House) -> None:
    """Say repeats, Play tells its absolute address, SSML is spoken as its words."""
    verbs = '<Say loop="2">A <emphasis level="strong">b</emphasis></Say><Play>tones/hold.mp3</Play>'
    house.customer.answers = {"/voice": verbs}
    await house.phone.call(OURS)
    await house.phone.is_over()
    assert [line.text for line in house.phone.heard] == ["A b", "A b", f"{PUBLIC}/tones/hold.mp3"]
    assert [line.kind for line in house.phone.heard] == ["say", "say", "play"]


async def test_an_endless_sound_plays_until_the_call_is_taken_elsewhere(house: House) -> None:
    """`loop="0"` plays on until an update takes the call to another document."""
    house.customer.answers = {"/voice": '<Play loop="0">/hold.mp3</Play>', "/next": "<Say>Here.</Say>"}
    call = await house.phone.call(OURS)
    await house.clock.advance(3600)
    assert house.phone.call_state == "in-progress"
    await house.update(call.sid, Url=f"{PUBLIC}/next")
    await house.phone.is_over()
    assert house.phone.spoken == ["Here."]


async def test_redirects_without_end_are_a_fault(house: House) -> None:
    """A document that only redirects to itself is reported and ends the call."""
    house.customer.answers = {"/voice": "<Redirect>/voice</Redirect>"}
    await house.phone.call(OURS)
    assert await house.phone.is_over() == "failed"
    assert house.sim.faults[0].startswith("11215")


async def test_redirects_with_a_sound_take_its_time(house: House) -> None:
    """Hold music between redirects is no fault: the player lets time pass instead of running hot."""
    house.customer.answers = {"/voice": "<Play>/hold.mp3</Play><Redirect>/voice</Redirect>"}
    await house.phone.call(OURS)
    await house.clock.advance(10)
    assert house.sim.faults == []
    assert len(house.customer.asked) < 300
    assert house.phone.call_state == "in-progress"


BAD = [
    ("<Say>a</Say", "12100"),
    ("<Shout>a</Shout>", "12200"),
    ('<Gather actoin="/x"/>', "12200"),
    ('<Gather timeout="7.5"/>', "12200"),
    ('<Gather input="voice"/>', "12200"),
    ("<Gather><Redirect>/x</Redirect></Gather>", "12200"),
    ("<Gather>hello</Gather>", "12200"),
    ("hello", "12200"),
    ("<Record/>", "12200"),
    ("<Redirect>ftp://x/y</Redirect>", "11100"),
    ("<Dial/>", "13225"),
    ("<Say>a</Say><Reject/>", "12200"),
    ("<say>a</say>", "12200"),
]


@pytest.mark.parametrize(("verbs", "code"), BAD)
async def test_bad_documents_end_the_call_loudly(house: House, verbs: str, code: str) -> None:
    """A document against Twilio's rules is a fault with its code, and the caller hears an apology."""
    house.customer.answers = {"/voice": verbs}
    await house.phone.call(OURS)
    assert await house.phone.is_over() == "failed"
    assert house.sim.faults[0].startswith(code)
    assert house.phone.heard[-1].kind == "carrier"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response("<Response/>", media_type="application/json"), "12300"),
        (Response("<Hello/>", media_type="text/xml"), "12100"),
        (Response("", media_type="text/xml"), "12100"),
        (Response('<!DOCTYPE x [<!ENTITY a "b">]><Response/>', media_type="text/xml"), "12100"),
        (Response(status_code=302, headers={"Location": "/voice2"}), "11200"),
        (Response("<!DOCTYPE Response><Response/>", media_type="text/xml"), "12100"),
        (404, "11200"),
        (503, "11200"),
    ],
)
async def test_answers_that_are_no_document(house: House, answer: Response | int, code: str) -> None:
    """Wrong content type, root, status or a redirect is a fault, and no document."""
    house.customer.answers = {"/voice": answer}
    await house.phone.call(OURS)
    assert await house.phone.is_over() == "failed"
    assert house.sim.faults[0].startswith(code)
    assert house.customer.forms("/voice2") == []


async def test_a_failed_document_asks_the_fallback(house: House) -> None:
    """The fallback is asked with the error and the failed address, and its document is played."""
    house.sim.add_number(OURS, voice_url=f"{PUBLIC}/voice", voice_fallback_url=f"{PUBLIC}/fallback")
    house.customer.answers = {"/voice": 500, "/fallback": "<Say>We are back.</Say>"}
    await house.phone.call(OURS)
    assert await house.phone.is_over() == "completed"
    assert house.phone.spoken == ["We are back."]
    form = house.customer.forms("/fallback")[0]
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{PUBLIC}/voice")


async def test_a_document_that_cannot_be_played(house: House) -> None:
    """A test may have the next document fail: nothing of it is heard, and the fallback learns why."""
    house.sim.add_number(OURS, voice_url=f"{PUBLIC}/voice", voice_fallback_url=f"{PUBLIC}/fallback")
    house.customer.answers = {"/voice": "<Say>Hello.</Say>", "/fallback": "<Say>We are back.</Say>"}
    house.sim.trouble.fail_next_document(13520)
    await house.phone.call(OURS)
    assert await house.phone.is_over() == "completed"
    assert house.phone.spoken == ["We are back."]
    assert house.customer.forms("/fallback")[0]["ErrorCode"] == "13520"


async def test_inline_twiml_needs_absolute_addresses(house: House) -> None:
    """A relative action in TwiML given by the API is error 15004."""
    house.customer.answers = {"/voice": ASK}
    call = await house.phone.call(OURS)
    await house.phone.is_asked()
    await house.update(call.sid, Twiml='<Response><Gather action="/turn"/></Response>')
    assert await house.phone.is_over() == "failed"
    assert house.sim.faults[0].startswith("15004")


async def test_inline_twiml_with_absolute_addresses_is_played(house: House) -> None:
    """TwiML given by the API is played without a fetch."""
    house.customer.answers = {"/voice": ASK}
    call = await house.phone.call(OURS)
    await house.phone.is_asked()
    twiml = f'<Response><Gather input="speech" action="{PUBLIC}/turn"><Say>Inline.</Say></Gather></Response>'
    await house.update(call.sid, Twiml=twiml)
    await house.phone.say("yes")
    await house.phone.is_over()
    assert house.phone.spoken == ["How can I help?", "Inline."]
    assert house.customer.forms("/turn")[0]["SpeechResult"] == "yes"


async def test_a_rejected_call_is_never_answered(house: House) -> None:
    """Reject ends the call unanswered, with the reason that it gives."""
    house.customer.answers = {"/voice": '<Reject reason="busy"/>'}
    call = await house.phone.call(OURS)
    assert await house.phone.is_over() == "busy"
    assert call.started_at is None


async def test_redirects_between_turns_are_no_loop(house: House) -> None:
    """Redirects count as a loop only without a caller's turn in between."""
    house.customer.answers = {
        "/voice": '<Gather action="/turn" numDigits="1"/>',
        "/turn": "<Redirect>/voice</Redirect>",
    }
    await house.phone.call(OURS)
    for _ in range(40):
        await house.phone.press("1")
    assert house.sim.faults == []


async def test_a_call_that_ends_while_a_caller_waits_to_speak(house: House) -> None:
    """Who waits for the floor is told when the call ends without giving it."""
    house.customer.answers = {"/voice": '<Pause length="5"/><Say>Goodbye.</Say>'}
    await house.phone.call(OURS)
    saying = asyncio.ensure_future(house.phone.say("wait"))
    await house.clock.advance(5)
    with pytest.raises(HandsetError, match="the call ended before it listened"):
        await saying
