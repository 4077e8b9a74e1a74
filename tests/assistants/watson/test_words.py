"""What Watson is sent: the word and the variables of each turn, in both generations."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.assistants.watson import Habits
from orchestrator.core.effects import AskAssistant
from tests.assistants.turns import by_text, turn
from tests.assistants.watson.service import Talk
from tests.fakes.watson import FakeWatson

pytestmark = pytest.mark.anyio
PICTURE = {"url": "https://media.example/ME1", "content_type": "image/jpeg"}
OVER = {
    "voice": {"live": False, "call_sid": "CA1", "direction": "inbound"},
    "sms": {"open": False, "can_send": True},
}
GOES_ON = {**OVER, "sms": {"open": True, "can_send": True}}


async def sent(*turns: AskAssistant, **options: Any) -> FakeWatson:
    """What the service was sent for these turns of one conversation."""
    watson = FakeWatson()
    talk = Talk(watson, **options)
    for each in turns:
        await talk.ask(each)
    return watson


def reply(body: str, **changes: Any) -> AskAssistant:
    """The turn of a text that came during a call."""
    given = {"kind": "text", "channel": "sms", "event": "text_reply", **changes}
    return turn(body, **given)


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (turn(event="call_started"), ""),
        (by_text("", kind="none", event="session_started"), ""),
        (turn("I moved"), "I moved"),
        (turn("123", kind="dtmf"), "123"),
        (by_text("hours?"), "hours?"),
        (reply("12 Elm Road"), "vgwSMSMessage"),
        (turn(event="no_input"), "vgwPostResponseTimeout"),
        (turn(event="text_reply_timeout"), "vgwPostResponseTimeout"),
        (turn(event="text_failed"), "vgwSMSFailed"),
        (turn(event="transfer_failed", event_data={"reason": "busy"}), "vgwCallTransferFailed"),
        (turn(event="resume"), "vgwNoInputTurn"),
        (by_text("", kind="none", event="resume"), "smsNoInputTurn"),
        (turn(event="call_ended", event_data={"reason": "ended"}, channels=OVER), "vgwHangUp"),
        (turn(event="something_new"), "vgwNoInputTurn"),
    ],
    ids=lambda value: (
        value if isinstance(value, str) else value.request["event"] or value.request["input"]["type"]
    ),
)
async def test_each_turn_has_its_word(asked: AskAssistant, word: str) -> None:
    """`input.text` is the customer's words, or the word that IBM's integrations use for the event."""
    assert (await sent(asked)).heard() == [word]


@pytest.mark.parametrize(
    "asked",
    [
        turn(event="call_ended", event_data={"reason": "ended"}, channels=GOES_ON),
        turn(event="call_ended", event_data={"reason": "hung_up_by_us"}, channels=OVER),
        turn(event="call_failed", event_data={"reason": "busy"}, channels=OVER),
        by_text("", kind="none", event="session_timeout"),
    ],
    ids=["texts go on", "we hung up", "nobody answered", "the thread expired"],
)
async def test_what_todays_dialogues_have_no_word_for_is_not_asked(asked: AskAssistant) -> None:
    """Such a turn is answered with nothing at once: its word would be taken for the customer's."""
    assert (await sent(asked)).calls == []


async def test_older_dialogues_can_be_told_of_hang_up_and_expiry() -> None:
    """`hang_up_turn: always` and `expiry_turn: true` ask all the same."""
    habits = Habits(hang_up_turn="always", expiry_turn=True)
    hang_up = turn(event="call_ended", event_data={"reason": "ended"}, channels=GOES_ON)
    expiry = by_text("", kind="none", event="session_timeout")
    assert (await sent(hang_up, expiry, habits=habits)).heard() == ["vgwHangUp", "smsResponseTimeout"]


async def test_a_hang_up_that_was_not_told_is_known_by_the_next_text() -> None:
    """`vgwHangUp` and its reason are variables of the text that follows, and of no later one."""
    hang_up = turn(event="call_ended", event_data={"reason": "ended"}, channels=GOES_ON)
    watson = await sent(turn(event="call_started"), hang_up, by_text("hi"), by_text("more"))
    assert watson.heard() == ["", "hi", "more"]
    assert watson.variables(1)["vgwHangUp"] == "Yes"
    assert watson.variables(1)["vgwHangupReason"] == "caller_hangup"
    assert watson.variables(2)["vgwHangUp"] is None
    handed_over = turn(event="call_ended", event_data={"reason": "transferred"}, channels=GOES_ON)
    watson = await sent(turn(event="call_started"), handed_over, by_text("hi"))
    assert watson.variables(1)["vgwHangupReason"] == "assistant_transfer"
    assert watson.variables(1)["vgwCallTransferred"] == "Yes"


async def test_no_line_break_reaches_watson() -> None:
    """Carriage returns, newlines and tabs become blanks, and a long text is cut at 2048 characters."""
    watson = await sent(by_text("one\r\ntwo\tthree\n"), by_text("x" * 3000))
    assert watson.heard() == ["one two three", "x" * 2048]


async def test_a_text_in_a_call_is_told_in_both_generations() -> None:
    """The word, `sms_message` of today, and every variable of 2020, with the raw text; gone with the next turn."""
    watson = await sent(reply("12 Elm Road\nFlat 3", input=_media("12 Elm Road\nFlat 3")), turn("thanks"))
    body, variables = watson.bodies[0], watson.variables(0)
    assert body["input"]["integrations"]["voice_telephony"]["sms_message"] == "12 Elm Road\nFlat 3"
    assert variables["vgwSMSMessage"] == variables["vgwSmsMessage"] == "12 Elm Road\nFlat 3"
    assert variables["vgwSMSUserPhoneNumber"] == "+15550101234"
    assert variables["vgwReceivedOnChannel"] == "SMS"
    assert variables["vgwSMSMedia"] == [{"mediaURL": PICTURE["url"], "mediaContentType": "image/jpeg"}]
    assert (
        body["context"]["skills"]["actions skill"]["user_defined"]["vgwSMSMessage"] == "12 Elm Road\nFlat 3"
    )
    assert "sms_message" not in watson.bodies[1]["input"]["integrations"]["voice_telephony"]
    for name in ("vgwSMSMessage", "vgwSmsMessage", "vgwSMSMedia", "vgwReceivedOnChannel"):
        assert watson.variables(1)[name] is None


def _media(body: str) -> dict[str, Any]:
    return {"type": "media", "text": body, "confidence": None, "media": [PICTURE]}


async def test_pictures_by_text_are_attachments_and_smsmedia() -> None:
    """`input.attachments`, five at most, and `smsMedia`, which is cleared with the next turn."""
    seven = {**_media("look"), "media": [PICTURE] * 7}
    watson = await sent(by_text("look", input=seven), by_text("next"))
    assert (
        watson.bodies[0]["input"]["attachments"] == [{"media_type": "image/jpeg", "url": PICTURE["url"]}] * 5
    )
    assert len(watson.variables(0)["smsMedia"]) == 7
    assert watson.variables(1)["smsMedia"] is None
    assert "attachments" not in watson.bodies[1]["input"]


@pytest.mark.parametrize("wanted", [True, "true", False, None])
async def test_a_text_can_be_the_input_itself(wanted: object) -> None:
    """`setAsInputText` of the command that texted makes the reply the input, on one line; all else stays."""
    watson = FakeWatson()
    talk = Talk(watson)
    command = {"command": "vgwActSendSMS", "parameters": {"message": "Address?", "setAsInputText": wanted}}
    watson.will([{"response_type": "user_defined", "user_defined": {"vgwAction": command}}])
    await talk.ask(turn("I moved"))
    await talk.ask(reply("12 Elm\nRoad"))
    assert watson.heard()[1] == ("12 Elm Road" if wanted in {True, "true"} else "vgwSMSMessage")
    assert watson.variables(1)["vgwSMSMessage"] == "12 Elm\nRoad"


async def test_speech_and_keys_are_told_in_both_generations() -> None:
    """Keys, barge-in, a collection's success, and what was recognised with which confidence."""
    keys = turn("12", kind="dtmf", event_data={"dtmf_collection_succeeded": False})
    cut = turn("wait", event_data={"heard_until_interrupt": "Good"})
    watson = await sent(keys, cut)
    first, second = (body["input"]["integrations"]["voice_telephony"] for body in watson.bodies)
    assert first == {"is_dtmf": True, "barge_in_occurred": False, "dtmf_collection_succeeded": False}
    assert watson.variables(0)["vgwIsDTMF"] == "Yes"
    assert watson.variables(0)["vgwDTMFCollectionSucceeded"] == "No"
    assert (second["is_dtmf"], second["barge_in_occurred"]) == (False, True)
    assert watson.variables(1)["vgwBargeInOccurred"] == "Yes"
    heard = {"transcript": "wait", "confidence": 0.9}
    assert second["speech_to_text_result"]["results"][0]["alternatives"] == [heard]
    assert watson.variables(1)["vgwSTTResponse"] == second["speech_to_text_result"]


async def test_silence_is_told_in_both_generations() -> None:
    """The word of 2020 and `post_response_timeout_occurred` of today."""
    watson = await sent(turn(event="no_input"))
    assert watson.bodies[0]["input"]["integrations"]["voice_telephony"] == {
        "post_response_timeout_occurred": True
    }


async def test_a_failed_text_is_told_with_its_reason() -> None:
    """`smsError` holds what is known of it, with the turn of a call as with the next text, once."""
    error = {"code": 30006, "reason": "landline", "text_id": "t1"}
    watson = await sent(by_text("hi", last_text_error=error), by_text("again"))
    assert watson.variables(0)["smsError"] == error
    assert watson.variables(1)["smsError"] is None


async def test_a_call_tells_who_calls() -> None:
    """Numbers stand under `private` today, in addresses and variables as in 2020."""
    watson = await sent(turn(event="call_started"))
    context = watson.bodies[0]["context"]
    phone = context["integrations"]["voice_telephony"]
    assert phone["assistant_phone_number"] == "+19585550123"
    assert phone["sip_call_id"] == "CA1"
    assert phone["private"]["user_phone_number"] == "+15550101234"
    assert phone["private"]["sip_from_uri"].startswith("sip:+15550101234@")
    user = {"id": "+15550101234", "phone_number": "+15550101234"}
    assert context["integrations"]["channel"] == {"name": "Phone", "private": {"user": user}}
    variables = watson.variables(0)
    assert variables["vgwSIPFromURI"].startswith("sip:+15550101234@")
    assert variables["vgwSIPCallID"] == "CA1"
    assert variables["vgwIsOutboundCall"] == "No"
    assert variables["vgwSessionID"] == "01JSESSION"
    assert "text_messaging" not in context["integrations"]


async def test_a_text_tells_who_writes() -> None:
    """`text_messaging` with the private number, and the variables of 2020; the user's id for the bill is no number."""
    watson = await sent(by_text("hi"))
    body = watson.bodies[0]
    number = {"user_phone_number": "+15550101234"}
    expected = {"assistant_phone_number": "+19585550123", "private": number}
    assert body["context"]["integrations"]["text_messaging"] == expected
    assert body["context"]["integrations"]["channel"]["name"] == "SMS"
    variables = watson.variables(0)
    assert variables["smsSessionID"] == "01JSESSION"
    assert variables["smsUserPhoneNumber"] == "+15550101234"
    assert variables["smsTenantPhoneNumber"] == "+19585550123"
    assert body["user_id"] == body["context"]["global"]["system"]["user_id"]
    assert "5550101234" not in body["user_id"]


async def test_dialogues_tell_phone_from_text_by_what_is_there() -> None:
    """After a call the variables of the phone are gone, and in a call after texts those of the thread."""
    watson = await sent(turn("hi"), by_text("hi"), turn("hi again"))
    assert watson.bodies[1]["context"]["integrations"]["voice_telephony"] is None
    assert watson.variables(1)["vgwSIPCallID"] is None
    assert watson.bodies[2]["context"]["integrations"]["text_messaging"] is None
    assert watson.variables(2)["smsSessionID"] is None
    assert watson.variables(2)["vgwSIPCallID"] == "CA1"
    assert "smsSessionID" not in watson.variables(0)


async def test_what_a_text_session_was_opened_with_is_smsuserdata() -> None:
    """The context of `POST /api/v1/messages` is told verbatim as `smsUserData`, and as variables."""
    opened = by_text("", kind="none", event="session_started", context={"order": 7})
    watson = await sent(opened, by_text("hi", context={"order": 7}))
    assert watson.variables(0)["smsUserData"] == {"order": 7}
    assert "smsUserData" not in watson.variables(1)
    assert (await sent(by_text("hi", context={"order": 7}))).variables(0)["smsUserData"] == {"order": 7}
    assert watson.variables(0)["order"] == 7
    assert watson.bodies[0]["context"]["skills"]["actions skill"]["skill_variables"] == {"order": 7}


async def test_our_context_is_told_when_it_changes() -> None:
    """A variable goes to Watson once, again when it changes, and as null when it is gone; Watson's own stay its own."""
    watson = FakeWatson()
    talk = Talk(watson)
    for context in ({"order": 7}, {"order": 7}, {"order": 8}):
        await talk.ask(by_text("hi", context=context))
    talk.context = {}
    await talk.ask(by_text("hi"))
    told = [watson.variables(number).get("order", "-") for number in range(4)]
    assert told == [7, "-", 8, None]


async def test_a_chosen_suggestion_carries_its_id() -> None:
    """The input that a list gave for a choice goes back whole, as disambiguation needs it."""
    watson = FakeWatson()
    talk = Talk(watson)
    choice = {
        "label": "Pay",
        "value": {"input": {"text": "pay a bill", "suggestion_id": "s-1", "intents": []}},
    }
    watson.will([{"response_type": "suggestion", "title": "Did you mean", "suggestions": [choice]}])
    await talk.ask(by_text("bill"))
    await talk.ask(by_text("pay a bill"))
    assert watson.bodies[1]["input"]["suggestion_id"] == "s-1"
    assert watson.bodies[1]["input"]["text"] == "pay a bill"
    await talk.ask(by_text("pay a bill"))
    assert "suggestion_id" not in watson.bodies[2]["input"]
