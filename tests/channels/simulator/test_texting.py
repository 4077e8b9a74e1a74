"""Texts: their way out with status callbacks, their way in, keywords, and TwiML answers."""

from __future__ import annotations

import itertools

import pytest
from starlette.responses import Response

from channels.simulator.segments import segments
from tests.channels.simulator.customer import ACCOUNT, OURS, PHONE, PUBLIC, Asked, House, settled

pytestmark = pytest.mark.anyio
DELIVERY = f"{PUBLIC}/delivery?entry=t1"


def statuses(house: House) -> list[str]:
    """The statuses that were called back, in order of arrival."""
    return [form["MessageStatus"] for form in house.customer.forms("/delivery")]


async def test_a_text_arrives_and_is_reported(house: House) -> None:
    """The phone receives the text; `sent` and `delivered` are called back, `queued` is not."""
    answer = await house.send(Body="Your code is 42", StatusCallback=DELIVERY)
    await settled()
    (text,) = house.phone.received
    assert (text.sender, text.to, text.body, text.segments) == (OURS, PHONE, "Your code is 42", 1)
    assert text.sid == answer.json()["sid"]
    assert statuses(house) == ["sent", "delivered"]
    form = house.customer.forms("/delivery")[-1]
    assert (form["MessageSid"], form["SmsSid"], form["SmsStatus"]) == (text.sid, text.sid, "delivered")
    assert (form["From"], form["To"], form["AccountSid"]) == (OURS, PHONE, ACCOUNT)
    assert len(form["RawDlrDoneDate"]) == 10
    assert "ErrorCode" not in form


async def test_a_text_without_a_callback_is_reported_nowhere(house: House) -> None:
    """Without a StatusCallback nothing is called back, and the text arrives."""
    await house.send()
    await settled()
    assert house.phone.texts == ["hello"]
    assert house.customer.asked == []


async def test_media_make_an_mms(house: House) -> None:
    """MediaUrl may be repeated; the message is an MM of one segment."""
    form = {"To": PHONE, "From": OURS, "MediaUrl": ["https://m.test/1.png", "https://m.test/2.png"]}
    answer = await house.api.post(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", data=form)
    await settled()
    assert answer.json()["sid"].startswith("MM")
    assert (answer.json()["num_media"], answer.json()["num_segments"]) == ("2", "1")
    assert house.phone.received[0].media == ("https://m.test/1.png", "https://m.test/2.png")


@pytest.mark.parametrize(
    ("status", "reported"), [("undelivered", ["sent", "undelivered"]), ("failed", ["failed"])]
)
async def test_a_text_that_fails_later(house: House, status: str, reported: list[str]) -> None:
    """An accepted text may be reported undelivered or failed, with its code, and does not arrive."""
    house.sim.trouble.fail_next_message(30003, status)
    answer = await house.send(StatusCallback=DELIVERY)
    assert answer.status_code == 201
    await settled()
    assert statuses(house) == reported
    assert house.customer.forms("/delivery")[-1]["ErrorCode"] == "30003"
    assert house.phone.received == []
    fetched = (await house.api.get(answer.json()["uri"])).json()
    assert (fetched["status"], fetched["error_code"]) == (status, 30003)


async def test_statuses_in_disorder(house: House) -> None:
    """Statuses can be made to come last first, and twice."""
    house.sim.trouble.shuffle_statuses()
    house.sim.trouble.duplicate_statuses()
    await house.send(StatusCallback=DELIVERY)
    await settled()
    assert statuses(house) == ["delivered", "delivered", "sent", "sent"]
    await house.send(StatusCallback=DELIVERY)
    await settled()
    assert statuses(house)[4:] == ["sent", "delivered"]


async def test_statuses_before_the_answer(house: House) -> None:
    """A status callback can come before the API has answered."""
    house.sim.trouble.status_before_answer()
    await house.send(StatusCallback=DELIVERY)
    assert statuses(house) == ["sent", "delivered"]


async def test_a_messaging_service_accepts_first(house: House) -> None:
    """A Messaging Service answers `accepted` without sender and segments, then calls back `queued` too."""
    house.sim.add_messaging_service("MG1", [OURS])
    created = (await house.send(From="", MessagingServiceSid="MG1", StatusCallback=DELIVERY)).json()
    assert (created["status"], created["from"], created["num_segments"]) == ("accepted", None, "0")
    await settled()
    assert statuses(house) == ["queued", "sent", "delivered"]
    fetched = (await house.api.get(created["uri"])).json()
    assert (fetched["from"], fetched["messaging_service_sid"], fetched["num_segments"]) == (OURS, "MG1", "1")


async def test_an_inbound_text_has_twilio_s_fields(house: House) -> None:
    """The webhook of a text carries ids, parties, body, counts and geography."""
    message = await house.phone.text("hello there", to=OURS)
    (form,) = house.customer.forms("/sms")
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"] == message.sid
    assert (form["From"], form["To"], form["Body"]) == (PHONE, OURS, "hello there")
    assert (form["NumMedia"], form["NumSegments"], form["SmsStatus"]) == ("0", "1", "received")
    assert (form["FromCountry"], form["FromCity"]) == ("US", "")
    assert "OptOutType" not in form
    assert message.sid.startswith("SM")


async def test_an_inbound_picture(house: House) -> None:
    """Media come with their address and type, counted from 0."""
    await house.phone.text("", to=OURS, media=("https://m.test/cat.jpg", "https://m.test/noise.mp3"))
    (form,) = house.customer.forms("/sms")
    assert form["NumMedia"] == "2"
    assert (form["MediaUrl0"], form["MediaContentType0"]) == ("https://m.test/cat.jpg", "image/jpeg")
    assert form["MediaContentType1"] == "audio/mpeg"
    assert form["MessageSid"].startswith("MM")


async def test_stop_blocks_until_start(house: House) -> None:
    """After STOP the webhook still fires, the carrier confirms by itself, sends are refused with 21610;
    START lifts it.
    """
    await house.phone.text(" stop ", to=OURS)
    assert house.customer.forms("/sms")[0]["Body"] == " stop "
    assert [text.by_carrier for text in house.phone.received] == [True]
    refused = await house.send()
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)
    assert house.sim.faults == ["21610 POST Messages.json: Attempt to send to unsubscribed recipient"]
    assert house.sim.is_opted_out(PHONE, OURS)
    await house.phone.text("START", to=OURS)
    assert (await house.send()).status_code == 201
    await settled()
    assert house.phone.texts == ["hello"]
    assert [message.direction for message in house.sim.messages] == ["inbound", "inbound", "outbound-api"]


async def test_stop_is_for_one_number(house: House) -> None:
    """STOP to one number blocks that pair only."""
    other = "+19585550124"
    house.sim.add_number(other, sms_url=f"{PUBLIC}/sms")
    await house.phone.text("STOP", to=OURS)
    assert (await house.send(From=other)).status_code == 201


@pytest.mark.parametrize("body", ["Stop it", "STOP.", "yes", "no", "cancel my order"])
async def test_what_is_no_keyword(house: House, body: str) -> None:
    """Only the whole body is a keyword, and YES only for who had stopped."""
    await house.phone.text(body, to=OURS)
    assert house.phone.received == []
    assert not house.sim.is_opted_out(PHONE, OURS)


@pytest.mark.parametrize("body", ["STOPALL", "unsubscribe", "Cancel", "END", "quit", "REVOKE", "OptOut"])
async def test_every_default_word_stops(house: House, body: str) -> None:
    """Each of Twilio's default words opts out, in any case."""
    await house.phone.text(body, to=OURS)
    assert house.sim.is_opted_out(PHONE, OURS)


async def test_help_is_answered_by_the_carrier(house: House) -> None:
    """HELP gets the carrier's text, but not for who has stopped; a second STOP gets none either."""
    for body in ("HELP", "STOP", "HELP", "STOP"):
        await house.phone.text(body, to=OURS)
    assert len(house.phone.received) == 2
    assert all(text.by_carrier for text in house.phone.received)


async def test_advanced_opt_out_says_what_it_took(house: House) -> None:
    """With Advanced Opt-Out the webhook names the keyword's kind."""
    house.sim.add_number(OURS, sms_url=f"{PUBLIC}/sms", advanced_opt_out=True)
    for body in ("yes", "stop", "yes", "info", "hello"):
        await house.phone.text(body, to=OURS)
    assert [form.get("OptOutType") for form in house.customer.forms("/sms")] == [
        None,
        "STOP",
        "START",
        "HELP",
        None,
    ]


async def test_a_messaging_service_refuses_opted_out_later(house: House) -> None:
    """By a Messaging Service a text to an opted-out number is accepted, then failed with 21610."""
    house.sim.add_messaging_service("MG1", [OURS])
    await house.phone.text("STOP", to=OURS)
    answer = await house.send(From="", MessagingServiceSid="MG1", StatusCallback=DELIVERY)
    await settled()
    assert answer.status_code == 201
    assert statuses(house) == ["queued", "failed"]
    assert house.customer.forms("/delivery")[-1]["ErrorCode"] == "21610"
    assert house.phone.texts == []
    assert house.sim.faults[0].startswith("21610")


async def test_a_twiml_answer_is_sent(house: House) -> None:
    """Message verbs of the answer go to the sender, after a Redirect too; an empty answer sends nothing."""
    house.customer.answers = {
        "/sms": "<Redirect>/more</Redirect>",
        "/more": "<Message>One</Message><Message><Body>Two</Body><Media>https://m.test/a.png</Media></Message>",
    }
    await house.phone.text("hi", to=OURS)
    await settled()
    assert house.phone.texts == ["One", "Two"]
    assert house.phone.received[1].media == ("https://m.test/a.png",)
    assert house.customer.forms("/more")[0]["Body"] == "hi"
    house.customer.answers = {"/sms": Response(status_code=204)}
    await house.phone.text("hi", to=OURS)
    assert house.sim.faults == []
    assert len(house.phone.texts) == 2


@pytest.mark.parametrize(
    ("verbs", "fault"),
    [
        ("<Message></Message>", "14103"),
        (f"<Message>{'x' * 1601}</Message>", "14103"),
        ("<Say>hello</Say>", "12200"),
        ("<Redirect>/sms</Redirect>", "11215"),
    ],
)
async def test_twiml_answers_that_are_faults(house: House, verbs: str, fault: str) -> None:
    """Empty and long messages, verbs of calls, and endless redirects are told, and nothing is sent."""
    house.customer.answers = {"/sms": verbs}
    await house.phone.text("hi", to=OURS)
    assert house.sim.faults[0].startswith(fault)
    assert house.phone.received == []


async def test_an_answer_to_stop_is_refused(house: House) -> None:
    """A TwiML answer to STOP is 21610: the carrier has answered already."""
    house.customer.answers = {"/sms": "<Message>Sorry to see you go</Message>"}
    await house.phone.text("STOP", to=OURS)
    assert house.sim.faults == ["21610 Attempt to send to unsubscribed recipient"]
    assert house.phone.texts == []


async def test_a_failed_text_webhook_asks_the_fallback(house: House) -> None:
    """Where there is a fallback it is asked with the error; without one the text is only a fault."""
    house.sim.add_number(OURS, sms_url=f"{PUBLIC}/sms", sms_fallback_url=f"{PUBLIC}/fallback")
    house.customer.answers = {"/sms": 503, "/fallback": "<Message>Later, please.</Message>"}
    await house.phone.text("hi", to=OURS)
    await house.phone.receives("Later, please.")
    form = house.customer.forms("/fallback")[0]
    assert (form["ErrorCode"], form["ErrorUrl"], form["Body"]) == ("11200", f"{PUBLIC}/sms", "hi")


async def test_a_text_to_nobody(house: House) -> None:
    """A text to a number without a messaging URL is a fault, and on record."""
    await house.phone.text("hi", to="+19585550999")
    assert house.sim.faults[0].startswith("11100")
    assert house.sim.messages[0].body == "hi"


async def test_a_slow_text_webhook_is_given_up(house: House) -> None:
    """The answer to a text is waited for 15 s."""

    async def slow(_asked: Asked) -> str:
        await house.clock.sleep(20)
        return "<Message>late</Message>"

    house.customer.answers = {"/sms": slow}
    texting = house.sim._world.spawn(house.phone.text("hi", to=OURS))
    await house.clock.advance(15)
    await texting
    assert house.sim.faults == ["11200 POST /sms (sms) not retrieved: no answer in time"]


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("è" * 160, 1),
    ],
)
async def test_segments(body: str, count: int) -> None:
    """GSM-7 has 160 or 153 places a segment, UCS-2 70 or 67; extended and emoji characters take two."""
    assert segments(body) == count


async def test_ids_are_never_repeated(house: House) -> None:
    """Ids are 34 characters with their prefix, and unique."""
    sids = [house.sim._world.sid("SM") for _ in range(100)]
    assert all(len(sid) == 34 and sid.startswith("SM") for sid in sids)
    assert all(one != other for one, other in itertools.combinations(sids, 2))
