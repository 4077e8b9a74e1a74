"""Gather: how the caller is listened to, and what interrupts it."""

from __future__ import annotations

import asyncio
from xml.etree.ElementTree import Element

import pytest

from channels.simulator.floor import Floor, Speech
from tests.channels.simulator.customer import OURS, PUBLIC, Asked, House, settled

pytestmark = pytest.mark.anyio
ASK = '<Gather input="dtmf speech" action="/turn" timeout="7"><Say>How can I help?</Say></Gather>'


async def test_spoken_words_reach_the_action(house: House) -> None:
    """What the caller says is posted to the Gather's action, whose answer is played."""
    house.customer.answers = {"/voice": ASK, "/turn": "<Say>Goodbye.</Say><Hangup/>"}
    call = await house.phone.call(OURS)
    await house.phone.say("I moved house", confidence=0.91)
    assert await house.phone.is_over() == "completed"
    assert house.phone.spoken == ["How can I help?", "Goodbye."]
    form = house.customer.forms("/turn")[0]
    assert (form["SpeechResult"], form["Confidence"]) == ("I moved house", "0.91")
    assert (form["CallSid"], form["CallStatus"], form["Direction"]) == (call.sid, "in-progress", "inbound")
    assert "Digits" not in form
    assert house.sim.faults == []


async def test_a_missing_confidence_is_left_out(house: House) -> None:
    """A recogniser that gives no confidence sends no such field."""
    house.customer.answers = {"/voice": ASK}
    await house.phone.call(OURS)
    await house.phone.say("yes", confidence=None)
    await house.phone.is_over()
    assert "Confidence" not in house.customer.forms("/turn")[0]


@pytest.mark.parametrize(
    ("attributes", "keys", "digits", "finished_on"),
    [
        ("", "12", "12", ""),
        ("", "12#34", "12", "#"),
        ('numDigits="3"', "12345", "123", ""),
        ('numDigits="3"', "12#", "12", "#"),
        ('finishOnKey="*"', "1#2*", "1#2", "*"),
        ('finishOnKey=""', "12#", "12#", ""),
    ],
)
async def test_keys_end_as_the_gather_says(
    house: House, attributes: str, keys: str, digits: str, finished_on: str
) -> None:
    """Keys end at numDigits, at finishOnKey (# unless said otherwise), or when no more come."""
    house.customer.answers = {"/voice": f'<Gather action="/turn" {attributes}/>'}
    await house.phone.call(OURS)
    await house.phone.press(keys)
    await house.phone.is_over()
    form = house.customer.forms("/turn")[0]
    assert (form["Digits"], form["FinishedOnKey"]) == (digits, finished_on)
    assert "SpeechResult" not in form


async def test_the_finishing_key_alone_falls_through(house: House) -> None:
    """Pressing only # is no input: the next verb is played and nothing is posted."""
    house.customer.answers = {"/voice": '<Gather action="/turn"/><Say>Nothing came.</Say>'}
    await house.phone.call(OURS)
    await house.phone.press("#")
    await house.phone.is_over()
    assert house.phone.spoken == ["Nothing came."]
    assert house.customer.forms("/turn") == []


async def test_silence_falls_through_after_the_timeout(house: House) -> None:
    """A Gather that hears nothing for its timeout gives way to the next verb, not before."""
    house.customer.answers = {"/voice": ASK + "<Say>Nobody there.</Say>"}
    await house.phone.call(OURS)
    await house.phone.is_asked()
    await house.clock.advance(6.9)
    assert house.phone.spoken == ["How can I help?"]
    await house.clock.advance(0.1)
    assert await house.phone.is_over() == "completed"
    assert house.phone.spoken[-1] == "Nobody there."
    assert house.customer.forms("/turn") == []


async def test_silence_is_posted_where_the_gather_asks_for_it(house: House) -> None:
    """With actionOnEmptyResult the action is requested without words or keys."""
    house.customer.answers = {"/voice": '<Gather action="/turn" input="speech" actionOnEmptyResult="true"/>'}
    await house.phone.call(OURS)
    await house.phone.stay_silent()
    await house.phone.is_over()
    form = house.customer.forms("/turn")[0]
    assert form.get("SpeechResult", "") == ""
    assert form["Digits"] == ""


async def test_speech_waits_for_a_gather_that_takes_it(house: House) -> None:
    """Words are not given to a Gather that takes keys only."""
    house.customer.answers = {
        "/voice": '<Gather action="/keys" timeout="3"/><Gather input="speech" action="/turn"/>',
    }
    await house.phone.call(OURS)
    saying = asyncio.ensure_future(house.phone.say("hello"))
    await house.clock.advance(2)
    assert not saying.done()
    await house.clock.advance(1)
    assert await saying
    await house.phone.is_over()
    assert [asked.path for asked in house.customer.asked][:2] == ["/voice", "/turn"]


async def test_words_that_nobody_listens_to_are_lost(house: House) -> None:
    """Speech during a pause outside a Gather goes nowhere."""
    house.customer.answers = {"/voice": '<Pause length="5"/>'}
    await house.phone.call(OURS)
    await settled()
    assert not await house.phone.say("hello?", wait=False)


@pytest.mark.parametrize(("barge_in", "taken"), [("true", True), ("false", False)])
async def test_barge_in(house: House, barge_in: str, *, taken: bool) -> None:
    """The caller may cut into a prompt that takes time, unless bargeIn is false."""
    prompt = '<Pause length="4"/><Say>Late.</Say>'
    house.customer.answers = {
        "/voice": f'<Gather input="speech" action="/turn" bargeIn="{barge_in}">{prompt}</Gather>'
    }
    await house.phone.call(OURS)
    await settled()
    assert await house.phone.say("now", wait=False) is taken
    await house.clock.advance(4)
    assert ("Late." in house.phone.spoken) is not taken


async def test_words_on_the_way(house: House) -> None:
    """Speech that has begun is reported where the Gather asks for it, each report with its place."""
    ask = '<Gather input="speech" action="/turn" partialResultCallback="/partial" timeout="7"/>'
    house.customer.answers = {"/voice": ask, "/turn": "<Hangup/>", "/partial": ""}
    await house.phone.call(OURS)
    await house.phone.begin_to_say("I")
    await house.phone.begin_to_say("I moved")
    await house.phone.say("I moved house")
    await house.phone.is_over()
    forms = house.customer.forms("/partial")
    told = [(form["UnstableSpeechResult"], form["SequenceNumber"]) for form in forms]
    assert told == [("I", "0"), ("I moved", "1")]


async def test_words_on_the_way_are_told_to_nobody(house: House) -> None:
    """A Gather that does not ask for them gets none."""
    house.customer.answers = {"/voice": ASK}
    await house.phone.call(OURS)
    await house.phone.is_asked()
    asked = len(house.customer.asked)
    await house.phone.begin_to_say("I")
    assert len(house.customer.asked) == asked


async def test_a_gather_without_action_asks_its_own_document(house: House) -> None:
    """Without an action the input goes to the address of the present document."""
    house.customer.answers = {"/voice": '<Redirect method="GET">/menu?x=1</Redirect>', "/menu": "<Gather/>"}
    await house.phone.call(OURS)
    await house.phone.press("1")
    await house.phone.is_asked()
    again = house.customer.asked[-1]
    assert (again.method, again.url) == ("POST", f"{PUBLIC}/menu?x=1")


async def test_an_update_interrupts_a_gather(house: House) -> None:
    """After an update the new document is fetched, and the interrupted Gather's action is not."""
    house.customer.answers = {"/voice": ASK, "/resume": "<Say>Your text came.</Say>" + ASK}
    call = await house.phone.call(OURS)
    await house.phone.is_asked()
    answer = await house.update(call.sid, Url=f"{PUBLIC}/resume?document=2")
    assert (answer.status_code, answer.json()["status"]) == (200, "in-progress")
    await house.phone.hears("Your text came.")
    await house.phone.is_asked()
    await house.clock.advance(1)
    assert [asked.path for asked in house.customer.asked] == ["/voice", "/resume"]
    assert house.customer.asked[-1].url == f"{PUBLIC}/resume?document=2"


async def test_an_update_crosses_speech_under_way(house: House) -> None:
    """Speech already posted is answered to nobody: the update's document is played instead, and the
    application's work on the speech is not cancelled.
    """
    go, done = asyncio.Event(), asyncio.Event()

    async def slow(_asked: Asked) -> str:
        await go.wait()
        done.set()
        return "<Say>Answer to speech.</Say>"

    house.customer.answers = {"/voice": ASK, "/turn": slow, "/resume": "<Say>Answer to text.</Say>" + ASK}
    call = await house.phone.call(OURS)
    await house.phone.say("hello")
    await settled()
    assert len(house.customer.forms("/turn")) == 1
    await house.update(call.sid, Url=f"{PUBLIC}/resume")
    await house.phone.hears("Answer to text.")
    go.set()
    await done.wait()
    await settled()
    assert "Answer to speech." not in house.phone.spoken
    assert house.phone.is_listened_to


async def test_speech_right_after_an_update_goes_to_the_new_document(house: House) -> None:
    """Words said after the update are given to the new document's Gather only."""
    house.customer.answers = {
        "/voice": ASK,
        "/resume": '<Gather input="speech" action="/second"/>',
    }
    call = await house.phone.call(OURS)
    await house.phone.is_asked()
    await house.update(call.sid, Url=f"{PUBLIC}/resume")
    assert not await house.phone.say("lost", wait=False)
    await house.phone.say("kept")
    await house.phone.is_over()
    assert house.customer.forms("/turn") == []
    assert [form["SpeechResult"] for form in house.customer.forms("/second")] == ["kept"]


async def test_hanging_up_in_a_gather_requests_nothing_more(house: House) -> None:
    """After the caller hung up only the status callback comes."""
    house.customer.answers = {"/voice": ASK}
    await house.phone.call(OURS)
    await house.phone.is_asked()
    await house.phone.hang_up()
    await settled()
    assert house.phone.call_state == "completed"
    assert [asked.path for asked in house.customer.asked] == ["/voice", "/status"]


async def test_a_prompt_that_takes_time_opens_the_floor_once(house: House) -> None:
    """However a prompt goes on, the floor of one Gather is opened once."""
    prompt = '<Pause length="1"/><Say>And</Say><Pause length="1"/>'
    house.customer.answers = {"/voice": f'<Gather input="speech" action="/turn">{prompt}</Gather>'}
    await house.phone.call(OURS)
    await house.clock.advance(3)
    assert [event.kind for event in house.sim.events].count("listening") == 1


async def test_the_first_input_counts(house: House) -> None:
    """What comes after the first input of a Gather changes nothing."""
    floor = Floor(Element("Gather", input="dtmf speech"))
    floor.speak("first", 0.5)
    floor.press("2")
    floor.run_out()
    assert await floor.given == Speech("first", 0.5)


async def test_a_recogniser_takes_its_time(house: House) -> None:
    """Words that are still being recognised hold the floor: no time-out, nothing else is heard, then they are posted."""
    house.customer.answers = {"/voice": ASK, "/turn": "<Say>Thank you.</Say>"}
    await house.phone.call(OURS)
    await house.phone.say("to Berlin", recognised_in=9.0)
    assert not house.phone.is_listened_to
    await house.clock.advance(8)
    assert house.customer.forms("/turn") == []
    await house.clock.advance(2)
    await house.phone.hears("Thank you.")
    assert house.customer.forms("/turn")[0]["SpeechResult"] == "to Berlin"


async def test_an_update_takes_away_what_is_being_recognised(house: House) -> None:
    """The document that listened is gone: nobody hears of the words."""
    house.customer.answers = {"/voice": ASK, "/new": "<Say>News.</Say><Pause length='30'/>"}
    call = await house.phone.call(OURS)
    await house.phone.say("to Berlin", recognised_in=3.0)
    await house.update(call.sid, Url=f"{PUBLIC}/new")
    await house.phone.hears("News.")
    await house.clock.advance(5)
    assert house.customer.forms("/turn") == []
