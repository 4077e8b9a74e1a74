"""Calls at their edges, from outside: turns without input, half words, no number, documents that fail."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.blackbox.driver import PUBLIC, Bot, Call, Carrier, Service, running, until

Place = tuple[Service, Bot, Carrier]
MUSIC = "https://x.example/hold.wav"
_numbers = count(2_000_000)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One service for all of them: each has a caller of its own."""
    with running(tmp_path_factory.mktemp("edges")) as found:
        yield found


def said(words: str) -> list[dict[str, Any]]:
    """An answer of one sentence."""
    return [{"response_type": "text", "text": words}]


def called(place: Place, *answers: Any, sender: str = "") -> tuple[Call, int]:
    """A call that was greeted with "Hello", with the answers that are to come; the place of its first turn."""
    service, bot, _ = place
    number = next(_numbers)
    first = len(bot.turns)
    bot.answers[:] = [said("Hello"), *answers]
    caller = Call(service, f"CA{number:032x}", sender=sender or f"+1555{number}")
    caller.start()
    assert caller.heard == ["Hello"]
    return caller, first


def test_a_turn_without_input(place: Place) -> None:
    """The sound plays; the assistant is asked again at once; its answer cuts the sound."""
    _, bot, carrier = place
    command = {"vgwAction": {"command": "vgwActForceNoInputTurn"}}
    loop = {"response_type": "audio", "source": MUSIC, "channel_options": {"voice_telephony": {"loop": True}}}
    again = [{"response_type": "user_defined", "user_defined": command}, loop]
    caller, first = called(place, again, said("You have ten."))
    caller.says("My balance")
    play = caller.document.find("Gather/Play")
    assert play is not None
    assert (play.text, play.get("loop")) == (MUSIC, "0")
    update = until(lambda: [form for sid, form in carrier.updates if sid == caller.sid])[0]
    caller.fetch(update["Url"])
    assert caller.heard == ["Hello", "You have ten."]
    assert [turn["event"] for turn in bot.turns[first:]] == ["call_started", None, "resume"]


def test_half_words_come_with_the_text_that_cuts_them(place: Place) -> None:
    """What the carrier had recognised so far is told with the text's turn."""
    service, bot, carrier = place
    caller, _ = called(place, said("Got it"))
    gather = caller.document.find("Gather")
    assert gather is not None
    half = {"UnstableSpeechResult": "I would like", "SequenceNumber": "3"}
    assert service.post(gather.attrib["partialResultCallback"], {**caller.form, **half}).status_code == 204
    service.text("12 Elm Road", sid="SM" + caller.sid[2:], sender=caller.form["From"])
    until(lambda: [sid for sid, _ in carrier.updates if sid == caller.sid])
    assert bot.turns[-1]["event_data"] == {"partial": "I would like"}


@pytest.mark.parametrize("sender", ["anonymous", "client:kiosk", "sip:desk@office.example"])
def test_a_caller_without_a_number(place: Place, sender: str) -> None:
    """Nothing is promised by text; the assistant learns why, and a text to a number that is named is sent."""
    service, bot, carrier = place
    asks = [{"response_type": "ask_for_text", "text": "Address?", "say": "I am texting you."}]
    named = {"response_type": "send_text", "text": "the link", "to": "+15550107777"}
    caller, first = called(place, asks, said("What is your number?"), [named, *said("Sent.")], sender=sender)
    caller.says("I moved")
    update = until(lambda: [form for sid, form in carrier.updates if sid == caller.sid])[0]
    caller.fetch(update["Url"])
    assert caller.heard == ["Hello", "What is your number?"]
    failed = bot.turns[first + 2]
    assert (failed["event"], failed["event_data"]["reason"]) == ("text_failed", "no_number")
    refused = service.api(
        "POST",
        f"/sessions/{failed['session_id']}/actions",
        json={"action": "ask_for_text", "text": "Address?"},
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "no_number")
    caller.says("555 010 7777")
    assert caller.heard[-1] == "Sent."
    until(lambda: carrier.messages and carrier.messages[-1]["To"] == "+15550107777")


def test_a_second_call_cannot_ask_for_a_text(place: Place) -> None:
    """The API says `thread_busy`, and what may be done instead."""
    service, bot, _ = place
    first, _ = called(place)
    _, turn = called(place, sender=first.form["From"])
    session = bot.turns[turn]["session_id"]
    body = {"action": "ask_for_text", "text": "Address?"}
    refused = service.api("POST", f"/sessions/{session}/actions", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "thread_busy")
    assert "send_text" in refused.json()["allowed"]


@pytest.mark.parametrize(
    ("code", "heard"),
    [("11200", ["Hello", "Tomorrow"]), ("11205", ["Hello", "Tomorrow"]), ("13520", ["Hello"])],
)
def test_a_document_that_failed(place: Place, code: str, heard: list[str]) -> None:
    """What did not arrive is served again, what cannot be played is not; the caller has the floor either way."""
    service, _, _ = place
    caller, _ = called(place, said("Tomorrow"), said("Yes?"))
    gather = caller.document.find("Gather")
    assert gather is not None
    action = gather.attrib["action"]
    service.post(action, {**caller.form, "SpeechResult": "When?"})  # answered, and lost on the way
    caller.request("/twilio/voice/fallback", ErrorCode=code, ErrorUrl=action)
    assert caller.heard == heard
    caller.says("Hello?")
    assert caller.heard[-1] == "Yes?"


def test_a_fallback_that_makes_no_sense_is_answered(place: Place) -> None:
    """A call that we do not know, or an address that is none, ends politely."""
    service, _, _ = place
    stranger = Call(service, "CA" + "e" * 32)
    for failed in (f"{PUBLIC}/twilio/voice/turn?document=9", "nonsense", ""):
        stranger.request("/twilio/voice/fallback", ErrorCode="13224", ErrorUrl=failed)
        assert stranger.ended
