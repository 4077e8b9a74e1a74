"""The API: what it takes, refuses and lists."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import httpx
import pytest

from tests.channels.simulator.customer import ACCOUNT, API, OURS, PHONE, PUBLIC, House, settled

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "0155 123"}, 21211),
        ({"From": ""}, 21603),
        ({"From": "nonsense"}, 21212),
        ({"From": "+19585550999"}, 21606),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"MediaUrl": "picture.jpg"}, 21620),
        ({"MediaUrl": "http://[picture"}, 21620),
        ({"StatusCallback": "/relative"}, 21609),
        ({"From": "", "MessagingServiceSid": "MGunknown"}, 21701),
    ],
)
async def test_messages_that_are_refused(house: House, fields: dict[str, str], code: int) -> None:
    """What Twilio would refuse gets its code and error body, is a fault, and reaches no phone."""
    answer = await house.send(**fields)
    body = answer.json()
    assert (answer.status_code, body["code"], body["status"]) == (400, code, 400)
    assert set(body) == {"code", "message", "more_info", "status"}
    assert house.sim.faults[0].startswith(f"{code} POST Messages.json")
    assert house.sim.messages == []


async def test_the_longest_message_is_taken(house: House) -> None:
    """1600 characters are sent, as eleven segments."""
    answer = await house.send(Body="x" * 1600)
    assert (answer.status_code, answer.json()["num_segments"]) == (201, "11")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": ""}, 21201),
        ({"To": "12"}, 21211),
        ({"From": ""}, 21213),
        ({"From": PHONE}, 21210),
        ({"Url": "/voice"}, 21205),
        ({"Url": "https://[voice"}, 21205),
        ({"Url": ""}, 21205),
        ({"StatusCallback": "status"}, 21205),
        ({"Method": "PUT"}, 20001),
        ({"Timeout": "soon"}, 20001),
    ],
)
async def test_calls_that_are_refused(house: House, fields: dict[str, str], code: int) -> None:
    """A call without a valid To, a From of ours and an absolute address is refused."""
    form = {"To": PHONE, "From": OURS, "Url": f"{PUBLIC}/voice"} | fields
    answer = await house.api.post(f"{API}/Calls.json", data={k: v for k, v in form.items() if v})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert house.sim.faults[0].startswith(str(code))
    assert house.sim.calls == []


async def test_events_in_one_parameter_are_a_fault(house: House) -> None:
    """StatusCallbackEvent is repeated for each event; several in one value ask for none."""
    form = {
        "To": PHONE,
        "From": OURS,
        "Url": f"{PUBLIC}/voice",
        "StatusCallback": f"{PUBLIC}/progress",
        "StatusCallbackEvent": "ringing completed",
    }
    await house.api.post(f"{API}/Calls.json", data=form)
    await house.phone.answer()
    await settled()
    assert house.sim.faults[0].startswith("21626")
    assert house.customer.forms("/progress") == []


async def test_an_update_of_an_ended_call_is_no_alarm(house: House) -> None:
    """A call that has ended answers 21220, which a correct application meets as well: no fault."""
    house.customer.answers = {"/voice": "<Say>Closed.</Say>"}
    call = await house.phone.call(OURS)
    await house.phone.is_over()
    for fields in ({"Url": f"{PUBLIC}/next"}, {"Status": "completed"}):
        answer = await house.update(call.sid, **fields)
        assert (answer.status_code, answer.json()["code"]) == (400, 21220)
    assert house.sim.faults == []


async def test_a_ringing_call_cannot_be_redirected(house: House) -> None:
    """Before it is answered a call takes no new document."""
    house.customer.answers = {"/voice": "<Pause/>"}
    call = await house.phone.call(OURS)
    answer = await house.update(call.sid, Url=f"{PUBLIC}/next")
    assert answer.json()["code"] == 21220


async def test_an_update_takes_one_document(house: House) -> None:
    """Url and Twiml exclude each other on update, and one of them or Status is needed."""
    house.customer.answers = {"/voice": '<Pause length="9"/>'}
    call = await house.phone.call(OURS)
    await settled()
    both = await house.update(call.sid, Url=f"{PUBLIC}/x", Twiml="<Response/>")
    none = await house.update(call.sid, Method="POST")
    odd = await house.update(call.sid, Status="busy")
    bad = await house.update(call.sid, Url=f"{PUBLIC}/x", FallbackUrl="/x")
    assert [answer.json()["code"] for answer in (both, none, odd, bad)] == [20001, 21205, 20001, 21205]
    assert house.phone.call_state == "in-progress"


@pytest.mark.parametrize(
    "resource", ["Messages/SMnone.json", "Calls/CAnone.json", "IncomingPhoneNumbers/PNno.json"]
)
async def test_unknown_ids(house: House, resource: str) -> None:
    """An id that the account does not have is 404, code 20404."""
    answer = await house.api.get(f"{API}/{resource}")
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


async def test_an_update_of_an_unknown_call(house: House) -> None:
    """A call that the account does not have cannot be updated: 20404, not 21220."""
    answer = await house.update("CAnone", Status="completed")
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer x",
        "Basic !!!",
        "Basic " + base64.b64encode(b"ACother:not-a-secret").decode(),
        "Basic " + base64.b64encode(f"{ACCOUNT}:wrong".encode()).decode(),
    ],
)
async def test_wrong_credentials(house: House, authorization: str) -> None:
    """Without the account's own credentials every request is 401, code 20003."""
    answer = await house.api.get(f"{API}/Messages.json", headers={"Authorization": authorization})
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


async def test_another_account(house: House) -> None:
    """Another account's resources are not found."""
    answer = await house.api.get("/2010-04-01/Accounts/AC999/Messages.json")
    assert answer.json()["code"] == 20404


async def test_json_bodies_and_unknown_parameters_are_faults(house: House) -> None:
    """Twilio reads forms only, and ignores what it does not know: both are told."""
    as_json = await house.api.post(f"{API}/Messages.json", json={"To": PHONE})
    assert as_json.json()["code"] == 21604
    misspelt = await house.send(StatusCallbak="https://x.test/")
    assert misspelt.status_code == 201
    assert house.sim.faults[0] == "20001 Messages.json: the body is application/json, not a form"
    assert house.sim.faults[-1] == "20001 POST Messages.json: no parameter is called StatusCallbak"


async def test_the_list_is_filtered_newest_first(house: House) -> None:
    """To, From and DateSent pick messages; a moment counts in whole seconds, bounds included."""
    start = house.clock.now()
    for second in range(4):
        await house.send(Body=f"m{second}", To=PHONE if second != 2 else "+15550109999")
        await house.clock.advance(1)

    async def bodies(**params: str) -> list[str]:
        answer = await house.api.get(f"{API}/Messages.json", params=params)
        return [message["body"] for message in answer.json()["messages"]]

    since = datetime.fromtimestamp(start + 1, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    day = datetime.fromtimestamp(start, UTC).strftime("%Y-%m-%d")
    assert await bodies() == ["m3", "m2", "m1", "m0"]
    assert await bodies(To=PHONE) == ["m3", "m1", "m0"]
    assert await bodies(From=PHONE) == []
    assert await bodies(**{"To": PHONE, "DateSent>": since}) == ["m3", "m1"]
    assert await bodies(**{"DateSent<": since}) == ["m1", "m0"]
    assert await bodies(DateSent=day) == ["m3", "m2", "m1", "m0"]
    wrong = await house.api.get(f"{API}/Messages.json", params={"DateSent": "today"})
    assert wrong.json()["code"] == 20001


async def test_a_long_list_comes_in_pages(house: House) -> None:
    """Following next_page_uri shows every message once, with the filters kept."""
    for number in range(5):
        await house.send(Body=f"m{number}")
    seen: list[str] = []
    uri = f"{API}/Messages.json?PageSize=2&To=%2B15550101234"
    while uri:
        page = (await house.api.get(uri)).json()
        seen += [message["body"] for message in page["messages"]]
        assert len(page["messages"]) == page["end"] - page["start"] + 1
        uri = page["next_page_uri"]
    assert seen == ["m4", "m3", "m2", "m1", "m0"]
    assert house.sim.faults == []


async def test_messages_are_redacted_and_deleted(house: House) -> None:
    """An empty Body redacts a message, another one is refused, DELETE removes it."""
    uri = (await house.send()).json()["uri"]
    assert (await house.api.post(uri, data={"Body": "other"})).json()["code"] == 20001
    assert (await house.api.post(uri, data={"Body": ""})).json()["body"] == ""
    assert (await house.api.delete(uri)).status_code == 204
    assert (await house.api.get(uri)).status_code == 404


async def test_planned_answers_process_nothing(house: House) -> None:
    """A planned 429 or 500 answers in Twilio's shape, sends nothing, and is nobody's fault."""
    house.sim.trouble.answer_next_request(429)
    house.sim.trouble.answer_next_request(500, path="Messages")
    house.sim.trouble.refuse_next_message(30034)
    codes = [(await house.send()).json()["code"] for _ in range(3)]
    assert codes == [20429, 20500, 30034]
    assert house.sim.messages == []
    assert house.sim.faults == []
    assert (await house.send()).status_code == 201


async def test_a_number_without_texts(house: House) -> None:
    """A number that cannot text refuses to; one that cannot talk takes no call."""
    house.sim.add_number(OURS, voice_url=f"{PUBLIC}/voice", capabilities={"voice": False, "sms": False})
    assert (await house.send()).json()["code"] == 21601
    await house.phone.call(OURS)
    assert house.phone.call_state == "failed"


async def test_numbers_take_valid_addresses_only(house: House) -> None:
    """A relative address or an odd method changes nothing of a number."""
    (number,) = (await house.api.get(f"{API}/IncomingPhoneNumbers.json")).json()["incoming_phone_numbers"]
    relative = await house.api.post(number["uri"], data={"SmsMethod": "GET", "VoiceUrl": "/voice"})
    odd = await house.api.post(number["uri"], data={"VoiceMethod": "PUT"})
    assert [answer.json()["code"] for answer in (relative, odd)] == [21205, 20004]
    assert (await house.api.get(number["uri"])).json() == number


@pytest.mark.parametrize(("done", "sent"), [(True, 1), (False, 0)])
async def test_a_dropped_connection(house: House, *, done: bool, sent: int) -> None:
    """The connection breaks without an answer, after the message was taken or before."""
    house.sim.trouble.drop_next_request("Messages", done=done)
    with pytest.raises(httpx.RemoteProtocolError):
        await house.send()
    await settled()
    assert len(house.sim.messages) == len(house.phone.texts) == sent


async def test_a_trouble_waits_for_its_request(house: House) -> None:
    """A trouble meant for one resource leaves requests of others alone."""
    house.sim.trouble.answer_next_request(500, path="Messages")
    assert (await house.api.get(f"{API}/Calls.json")).status_code == 200
    assert (await house.send()).status_code == 500


async def test_a_delayed_request(house: House) -> None:
    """A delayed request is done once the clock has come that far."""
    house.sim.trouble.delay_next_request(5)
    sending = house.sim._world.spawn(house.send())
    await house.clock.advance(4)
    assert house.sim.messages == []
    await house.clock.advance(1)
    assert (await sending).status_code == 201
