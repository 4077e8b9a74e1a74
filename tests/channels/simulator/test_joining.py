"""The verbs that join a call to someone else: Dial, Refer, Connect."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest

from channels.simulator import Call
from tests.channels.simulator.customer import OURS, PUBLIC, House, settled

pytestmark = pytest.mark.anyio
AGENT = "+15550107777"

DIAL = f'<Dial action="/dialed" timeout="20">{AGENT}</Dial><Say>Unreached.</Say>'


async def test_a_dialed_phone_answers(house: House) -> None:
    """A dialed phone rings; when it has talked and hung up, the action learns how it went."""
    agent = house.sim.handset(AGENT)
    house.customer.answers = {"/voice": DIAL, "/dialed": "<Say>Welcome back.</Say>"}
    call = await house.phone.call(OURS)
    leg = await agent.answer()
    assert (leg.parent_sid, leg.direction) == (call.sid, "outbound-dial")
    await house.clock.advance(30)
    assert agent.call_state == house.phone.call_state == "in-progress"
    await agent.hang_up()
    assert await house.phone.is_over() == "completed"
    (form,) = house.customer.forms("/dialed")
    assert (form["DialCallStatus"], form["DialCallDuration"], form["DialBridged"]) == (
        "completed",
        "30",
        "true",
    )
    assert form["DialCallSid"] == leg.sid
    assert house.phone.spoken == ["Welcome back."]


async def test_a_dial_that_is_over_is_told_once(house: House) -> None:
    """A hang-up in a later document does not request the action of a Dial that has ended."""
    agent = house.sim.handset(AGENT)
    house.customer.answers = {"/voice": DIAL, "/dialed": "<Gather/>"}
    await house.phone.call(OURS)
    await agent.decline()
    await house.phone.is_asked()
    await house.phone.hang_up()
    await settled()
    assert [form["DialCallStatus"] for form in house.customer.forms("/dialed")] == ["busy"]


async def test_the_caller_hangs_up_on_a_dialed_phone(house: House) -> None:
    """When the caller hangs up, the other leg ends and the action is told, its answer unused."""
    agent = house.sim.handset(AGENT)
    house.customer.answers = {"/voice": DIAL, "/dialed": "<Say>Nobody hears this.</Say>"}
    await house.phone.call(OURS)
    await agent.answer()
    await house.phone.hang_up()
    await settled()
    assert (agent.call_state, house.phone.call_state) == ("completed", "completed")
    assert house.customer.forms("/dialed")[0]["CallStatus"] == "completed"
    assert house.phone.spoken == []


async def test_a_dropped_call_requests_only_the_status(house: House) -> None:
    """A dropped connection tells the status callback alone."""
    agent = house.sim.handset(AGENT)
    house.customer.answers = {"/voice": DIAL}
    await house.phone.call(OURS)
    await agent.answer()
    await house.phone.drop()
    await settled()
    assert [asked.path for asked in house.customer.asked] == ["/voice", "/status"]


@pytest.mark.parametrize("outcome", ["busy", "no-answer", "failed"])
async def test_a_dial_to_elsewhere(house: House, outcome: str) -> None:
    """A target without a handset ends as it was set, by the SIP code for a SIP address."""
    house.sim.set_outcome("sip:desk@pbx.test", outcome)
    sip = '<Dial action="/dialed"><Sip>sip:desk@pbx.test?X-Session=1</Sip></Dial>'
    house.customer.answers = {"/voice": sip}
    await house.phone.call(OURS)
    await house.phone.is_over()
    (form,) = house.customer.forms("/dialed")
    assert (form["DialCallStatus"], form["DialBridged"]) == (outcome, "false")
    assert form["DialSipResponseCode"] in {"486", "487", "404"}
    assert "DialCallDuration" not in form


async def test_a_dial_nobody_answers(house: House) -> None:
    """A dialed phone rings for the Dial's timeout; without action the next verb is played."""
    house.sim.handset(AGENT)
    house.customer.answers = {"/voice": f'<Dial timeout="20">{AGENT}</Dial><Say>Nobody there.</Say>'}
    await house.phone.call(OURS)
    await house.clock.advance(19)
    assert house.phone.spoken == []
    await house.clock.advance(1)
    assert house.phone.spoken == ["Nobody there."]
    assert house.sim.handset(AGENT).call_state == "no-answer"


async def test_a_dial_is_interrupted(house: House) -> None:
    """An update takes the caller out of a Dial and ends the other leg; the action is not requested."""
    agent = house.sim.handset(AGENT)
    house.customer.answers = {"/voice": DIAL, "/next": "<Say>Back.</Say>"}
    call = await house.phone.call(OURS)
    await agent.answer()
    await house.update(call.sid, Url=f"{PUBLIC}/next")
    await house.phone.is_over()
    await settled()
    assert agent.call_state == "completed"
    assert house.phone.spoken == ["Back."]
    assert house.customer.forms("/dialed") == []


async def test_a_refer(house: House) -> None:
    """Refer tells its action how it went."""
    refer = '<Refer action="/referred"><Sip>sip:desk@pbx.test</Sip></Refer>'
    house.customer.answers = {"/voice": refer, "/referred": "<Hangup/>"}
    await house.phone.call(OURS)
    await house.phone.is_over()
    form = house.customer.forms("/referred")[0]
    assert (form["ReferCallStatus"], form["NotifySipResponseCode"]) == ("completed", "200")


CONNECT = '<Connect action="/connected"><ConversationRelay url="wss://app.test/relay" dtmfDetection="true"/></Connect>'


async def test_a_connect_is_told_and_holds_the_caller(house: House) -> None:
    """Without anyone to play its socket, Connect is observed and the caller stays until an update."""
    house.customer.answers = {"/voice": CONNECT, "/next": "<Hangup/>"}
    call = await house.phone.call(OURS)
    await settled()
    (seen,) = [event for event in house.sim.events if event.kind == "connect"]
    assert seen.data["noun"] == "ConversationRelay"
    assert seen.data["attributes"] == {"url": "wss://app.test/relay", "dtmfDetection": "true"}
    await house.update(call.sid, Url=f"{PUBLIC}/next")
    assert await house.phone.is_over() == "completed"


async def test_a_connect_is_played_by_whoever_is_set(house: House) -> None:
    """What plays the noun gives the fields of the action."""

    async def relay(call: Call, noun: Element) -> dict[str, str]:
        return {"SessionStatus": "ended", "SessionId": f"VX{noun.tag}{call.status}"}

    house.sim.set_connected(relay)
    house.customer.answers = {"/voice": CONNECT}
    await house.phone.call(OURS)
    await house.phone.is_over()
    assert house.customer.forms("/connected")[0]["SessionId"] == "VXConversationRelayin-progress"


async def test_closing_in_a_dial_tells_nobody(house: House) -> None:
    """Closing while two phones talk ends both legs without webhooks."""
    agent = house.sim.handset(AGENT)
    house.customer.answers = {"/voice": DIAL}
    await house.phone.call(OURS)
    await agent.answer()
    await house.sim.aclose()
    assert house.sim._world._tasks == set()
    await settled()
    assert [asked.path for asked in house.customer.asked] == ["/voice"]
