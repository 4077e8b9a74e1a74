"""Calls out, calls joined to others, what a phone does and sees, and what observers are told."""

from __future__ import annotations

import asyncio

import pytest

from channels.simulator import HandsetError, Observation
from tests.channels.simulator.customer import API, OURS, PHONE, PUBLIC, House, settled

pytestmark = pytest.mark.anyio
AGENT = "+15550107777"


async def place(house: House, **fields: str | list[str]) -> str:
    """Call the phone by the API; the call's id."""
    form = {"To": PHONE, "From": OURS, "Url": f"{PUBLIC}/out"} | fields
    answer = await house.api.post(f"{API}/Calls.json", data=form)
    assert answer.status_code == 201, answer.text
    sid: str = answer.json()["sid"]
    return sid


async def test_an_answered_call_plays_its_document(house: House) -> None:
    """A call out rings, is answered, and then fetches its Url; every event asked for is told in order."""
    house.customer.answers = {"/out": "<Say>We call you back.</Say>"}
    await place(
        house,
        StatusCallback=f"{PUBLIC}/progress",
        StatusCallbackEvent=["initiated", "ringing", "answered", "completed"],
    )
    await settled()
    assert house.phone.call_state == "ringing"
    assert house.customer.forms("/out") == []
    await house.phone.answer()
    assert await house.phone.is_over() == "completed"
    await settled()
    progress = house.customer.forms("/progress")
    assert [form["CallStatus"] for form in progress] == ["queued", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in progress] == ["0", "1", "2", "3"]
    assert "CallDuration" not in progress[2]
    assert progress[3]["CallDuration"] == "0"
    form = house.customer.forms("/out")[0]
    assert (form["Direction"], form["CallStatus"]) == ("outbound-api", "in-progress")
    assert (form["From"], form["To"]) == (OURS, PHONE)
    assert house.phone.spoken == ["We call you back."]


async def test_calls_are_answered_one_after_the_other(house: House) -> None:
    """A call that was answered rings no more: the next `answer` waits for the next call."""
    first = await place(house)
    assert (await house.phone.answer()).sid == first
    await house.phone.is_over()
    answering = asyncio.ensure_future(house.phone.answer())
    await settled()
    assert not answering.done()
    second = await place(house)
    assert (await answering).sid == second


async def test_only_the_end_is_told_by_default(house: House) -> None:
    """Without StatusCallbackEvent only `completed` is called back."""
    await place(house, StatusCallback=f"{PUBLIC}/progress")
    await house.phone.answer()
    await house.phone.is_over()
    await settled()
    assert [form["CallStatus"] for form in house.customer.forms("/progress")] == ["completed"]


async def test_a_declined_call_is_busy(house: House) -> None:
    """A declined call ends busy, fetches no document, and tells the SIP code."""
    await place(house, StatusCallback=f"{PUBLIC}/progress")
    await house.phone.decline()
    assert await house.phone.is_over() == "busy"
    await settled()
    (form,) = house.customer.forms("/progress")
    assert (form["CallStatus"], form["SipResponseCode"], form["CallDuration"]) == ("busy", "486", "0")
    assert house.customer.forms("/out") == []


async def test_a_call_that_nobody_answers(house: House) -> None:
    """A call rings for its Timeout, then it is no-answer."""
    await place(house, Timeout="20", StatusCallback=f"{PUBLIC}/progress")
    await house.clock.advance(19)
    assert house.phone.call_state == "ringing"
    await house.clock.advance(1)
    assert house.phone.call_state == "no-answer"
    assert house.customer.forms("/progress")[0]["SipResponseCode"] == "487"


@pytest.mark.parametrize(("is_machine", "answered_by"), [(False, "human"), (True, "machine_start")])
async def test_machine_detection(house: House, answered_by: str, *, is_machine: bool) -> None:
    """Where it is asked for, the first request says whether a human or a machine answered."""
    house.phone.set_answers(True, is_machine=is_machine)
    await place(house, MachineDetection="Enable")
    await house.phone.is_over()
    assert house.customer.forms("/out")[0]["AnsweredBy"] == answered_by


async def test_a_call_is_ended_by_the_api(house: House) -> None:
    """Status=completed hangs up a call in progress; canceled is refused there."""
    house.customer.answers = {"/voice": '<Pause length="60"/>'}
    call = await house.phone.call(OURS)
    await settled()
    assert (await house.update(call.sid, Status="canceled")).json()["code"] == 21220
    assert (await house.update(call.sid, Status="completed")).json()["status"] == "completed"
    assert house.phone.call_state == "completed"


async def test_hanging_up_before_the_answer(house: House) -> None:
    """A caller who hangs up while the first document is fetched leaves an unanswered call."""
    held = asyncio.Event()

    async def slow(_asked: object) -> str:
        await held.wait()
        return "<Say>Hello?</Say>"

    house.customer.answers = {"/voice": slow}
    await house.phone.call(OURS)
    await settled()
    await house.phone.hang_up()
    held.set()
    await settled()
    assert house.phone.call_state == "no-answer"
    assert house.phone.heard == []
    assert [form["CallStatus"] for form in house.customer.forms("/status")] == ["no-answer"]


async def test_two_calls_of_one_number(house: House) -> None:
    """A number may have two calls at once, as an office's main number has; the phone drives the newest."""
    house.customer.answers = {"/voice": '<Gather input="speech" action="/turn"/>'}
    first = await house.phone.call(OURS)
    second = await house.phone.call(OURS)
    await settled()
    await house.phone.say("hello")
    await settled()
    assert [form["CallSid"] for form in house.customer.forms("/turn")] == [second.sid]
    assert first.status == "in-progress"


async def test_a_withheld_number(house: House) -> None:
    """A caller who withholds the number is `anonymous`, without geography."""
    house.customer.answers = {"/voice": "<Say>Hello.</Say>"}
    phone = house.sim.handset("anonymous")
    await phone.call(OURS)
    await phone.is_over()
    form = house.customer.forms("/voice")[0]
    assert form["From"] == form["Caller"] == "anonymous"
    assert "FromCountry" not in form


async def test_a_call_to_nobody(house: House) -> None:
    """A call to a number without a voice URL fails with a fault."""
    await house.phone.call("+19585550999")
    assert await house.phone.is_over() == "failed"
    assert house.sim.faults[0].startswith("11100")


async def test_observers_are_told_in_order(house: House) -> None:
    """Every observer gets each observation once, in order, with phone and call."""
    seen: list[Observation] = []

    async def observe(observation: Observation) -> None:
        await asyncio.sleep(0)
        seen.append(observation)

    house.sim.observe(observe)
    house.customer.answers = {"/voice": '<Gather input="speech" action="/turn"><Say>Hi.</Say></Gather>'}
    call = await house.phone.call(OURS)
    await house.phone.say("bye")
    await house.phone.is_over()
    await settled()
    kinds = [observation.kind for observation in seen]
    assert kinds == [
        "call_started", "webhook", "call_answered", "heard", "listening", "said", "webhook", "call_ended", "webhook",
    ]  # fmt: skip
    assert {observation.call_sid for observation in seen} == {call.sid}
    assert {observation.number for observation in seen} == {PHONE}
    answered = seen[1].data
    assert (answered["status"], answered["path"], answered["milliseconds"]) == (200, "/voice", 0)
    assert [observation for observation in house.sim.events if observation not in seen] == []


async def test_speech_with_a_length_can_be_cut(house: House) -> None:
    """With a pace, words take time, and the caller can cut in before the end of a prompt."""
    house.sim._switchboard._seconds_per_word = 0.5
    ask = '<Gather input="speech" action="/turn"><Say>one two three four</Say><Say>never heard</Say></Gather>'
    house.customer.answers = {"/voice": ask}
    await house.phone.call(OURS)
    await house.clock.advance(1.5)
    await house.phone.say("stop")
    await house.phone.is_over()
    assert house.phone.spoken == ["one two three four"]


async def test_waiting_in_vain_says_what_was_seen(house: House) -> None:
    """A wait that is not met fails with what the phone has heard and received."""
    await house.send(Body="the only text")
    with pytest.raises(HandsetError, match=r"in vain for 'another'.*the only text"):
        await house.phone.receives("another", within=0.01)


async def test_doing_things_in_no_call(house: House) -> None:
    """A phone in no call cannot hang up, speak or press, and knows no odd keys."""
    with pytest.raises(HandsetError, match="in no call"):
        await house.phone.hang_up()
    with pytest.raises(HandsetError, match="in no call"):
        await house.phone.say("hello")
    with pytest.raises(HandsetError, match="no such keys"):
        await house.phone.press("A")
    assert house.phone.call_state == "idle"


async def test_closing_ends_what_runs(house: House) -> None:
    """After `aclose` nothing of the simulator is left running."""
    house.customer.answers = {"/voice": '<Pause length="60"/>'}
    await house.phone.call(OURS)
    await settled()
    await house.sim.aclose()
    assert house.sim._world._tasks == set()


async def test_closing_ends_a_webhook_under_way(house: House) -> None:
    """After `aclose` the application waits for nobody: its unanswered request is ended."""
    ended = asyncio.Event()

    async def hanging(_asked: object) -> str:
        try:
            await house.clock.sleep(3600)
        finally:
            ended.set()
        return ""

    house.customer.answers = {"/voice": hanging}
    await house.phone.call(OURS)
    await settled()
    await house.sim.aclose()
    assert ended.is_set()


async def test_nothing_waits_on_the_clock_after_a_call(house: House) -> None:
    """A call that is over leaves no limit or silence running."""
    house.customer.answers = {"/voice": '<Gather input="speech" action="/turn"/>'}
    await house.phone.call(OURS)
    await house.phone.say("bye")
    await house.phone.is_over()
    await settled()
    assert house.clock._sleepers == []


async def test_a_failing_simulator_is_told(house: House) -> None:
    """A mistake of the simulator's own ends the call as a fault, and leaves nobody waiting."""

    async def broken(seconds: float) -> None:
        raise LookupError("clock")

    house.customer.answers = {"/voice": '<Pause length="1"/>'}
    await house.phone.call(OURS)
    house.clock.sleep = broken  # type: ignore[method-assign]  # the clock breaks in the middle of a call
    assert await house.phone.is_over() == "failed"
    assert house.sim.faults[0].startswith("the simulator itself failed: LookupError")
