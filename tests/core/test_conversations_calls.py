"""Calls as conversations: the main job, silence, fillers, failures and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from orchestrator.core import items
from orchestrator.core.effects import Listen
from tests.core.play import Play, text
from tests.core.scenes import greeted


def test_the_main_job() -> None:
    """Call, text asked in the call, reply spoken in the call, hang-up, on by text: one session."""
    play = greeted()
    play.says("I moved house")
    play.answers(items.AskForText(say="I am texting you.", text="Your new address?", keep_as="address"))
    play.saw("ask input: I moved house", "text: Your new address?", "say: I am texting you. | listen")
    assert play.state == "awaiting_text"
    play.is_silent()
    play.saw("say: | listen")
    play.texts("12 Main St")
    assert play.asked()["context"] == {"address": "12 Main St"}
    play.answers(text("Thank you, 12 Main St."))
    play.saw("ask text_reply: 12 Main St", "interrupt")
    play.fetches()
    play.saw("say: Thank you, 12 Main St. | listen")
    assert play.state == "in_call_and_text"
    play.hangs_up()
    assert (play.state, play.asked()["state"]) == ("in_call", "in_call")
    assert "send_text" in play.asked()["allowed"]
    play.answers()
    play.saw("ask call_ended")
    assert play.state == "text_only"
    play.texts("When?")
    play.answers(text("Tomorrow."), text("In the morning."))
    play.saw("ask input: When?", "text: Tomorrow.\nIn the morning.")
    assert play.session.previous_session_id is None


def test_welcome_goes_before_the_first_answer_only() -> None:
    """The welcome message is said in front of the first document of a call, and of no other."""
    play = Play(welcome_message="Welcome.")
    play.calls()
    play.answers(text("Hello."))
    play.says("Hi")
    play.answers(text("Yes?"))
    play.saw("ask call_started", "say: Welcome. Hello. | listen", "ask input: Hi", "say: Yes? | listen")


def test_slow_assistant_gets_a_filler_then_speaks_when_fetched() -> None:
    """A spent budget answers the request with a filler; the answer is fetched, without an interruption."""
    play = greeted()
    play.says("Hm")
    play.is_slow()
    play.saw("ask input: Hm", "say: One moment, please. | go on")
    play.answers(text("Here."))
    play.saw()
    play.fetches()
    play.saw("say: Here. | listen")


def test_filler_is_said_once() -> None:
    """A caller who was told to wait already, behind another's turn, hears hold audio or silence instead."""
    for audio, heard in (("", "[silence 1]"), ("https://x.example/h.mp3", "[play https://x.example/h.mp3]")):
        play = greeted(hold_audio=audio)
        play.says("Hm")
        play.is_slow(told=True)
        play.saw("ask input: Hm", f"say: {heard} | go on")


def test_filler_belongs_to_an_open_request() -> None:
    """A budget that is spent for a turn without an open request changes nothing."""
    play = greeted()
    play.texts("Hi")
    play.saw("ask text_reply: Hi")
    assert play.is_slow().ignored == "superseded"
    play.saw()


def test_failure_without_a_target_hangs_up() -> None:
    """A failing assistant in a call: the failure message, then the end of the call."""
    play = greeted(failure_message="Sorry.")
    play.says("Hm")
    play.fails()
    play.saw("ask input: Hm", "say: Sorry. | hang up")
    play.hangs_up()
    play.saw("ask call_ended")
    assert play.asked()["event_data"] == {"reason": "hung_up_by_us"}


def test_failure_of_a_text_turn_in_a_call_is_spoken() -> None:
    """A text in a call whose turn fails is answered in the call, by interrupting it."""
    play = greeted(failure_message="Sorry.")
    play.texts("Hi")
    play.fails()
    play.fetches()
    play.saw("ask text_reply: Hi", "interrupt", "say: Sorry. | hang up")


def test_failure_of_a_text_turn_that_answers_by_text() -> None:
    """With `reply_to_text_in_call: sms` the failure is written, and the call goes on."""
    play = greeted(reply_to_text_in_call="sms")
    play.texts("Hi")
    play.fails()
    play.saw("ask text_reply: Hi", "text (failure): We're sorry, but we can't respond to your message.")
    assert play.state == "in_call_and_text"


def test_failure_of_a_text_turn_while_the_call_waits() -> None:
    """A call that fetches by itself gets the floor when a text's turn fails by text."""
    play = greeted(reply_to_text_in_call="sms")
    play.says("Hm")
    play.is_slow()
    play.answers(text("Here."))
    play.texts("Hi")
    play.fails()
    play.saw(
        "ask input: Hm",
        "say: One moment, please. | go on",
        "ask text_reply: Hi",
        "text (failure): We're sorry, but we can't respond to your message.",
    )
    play.fetches()
    play.saw("say: Here. | listen")


def test_late_answers_are_superseded() -> None:
    """An answer, a failure or a spent budget of a turn that is not open changes nothing."""
    play = greeted()
    before = play.session
    assert play.answers(text("Too late"), turn_id="old").ignored == "superseded"
    assert play.fails().ignored == "superseded"
    assert play.is_slow().ignored == "superseded"
    play.saw()
    assert play.session == before


def test_silence_asks_then_says_goodbye() -> None:
    """Silent turns ask the assistant until the last one that the rules allow, which ends the call."""
    play = greeted(max_silent_turns=3)
    for _ in range(2):
        play.is_silent()
        play.answers(text("Still there?"))
        play.saw("ask no_input", "say: Still there? | listen")
    play.is_silent()
    play.saw("say: Goodbye. | hang up")
    play.hangs_up()
    assert play.asked()["event_data"] == {"reason": "hung_up_by_us"}


SIGNS_OF_LIFE: list[Callable[[Play], object]] = [
    lambda play: play.says("1"),
    lambda play: play.presses("1"),
    lambda play: play.texts("1"),
]


@pytest.mark.parametrize("act", SIGNS_OF_LIFE, ids=["speech", "keys", "text"])
def test_a_sign_of_life_starts_the_count_of_silence_again(act: Callable[[Play], object]) -> None:
    """Speech, keys or a text between silences: the call does not end at the next one."""
    play = greeted(max_silent_turns=2)
    play.is_silent()
    play.answers()
    act(play)
    play.answers(text("Yes."))
    if play.session.call and play.session.call.interrupting:
        play.fetches()
    play.seen = len(play.effects)
    play.is_silent()
    play.saw("ask no_input")


def test_keys_are_a_turn_of_digits() -> None:
    """Pressed keys are a turn of type dtmf; how they are gathered follows `dtmf` `collect`."""
    play = greeted()
    play.says("Pay")
    play.answers(text("Card number?"), items.CollectDigits(count=4, termination_key="#", ignore_speech=True))
    assert play.heard is not None
    assert play.heard.ending == Listen(timeout=7.0, speech=False, num_digits=4, finish_on_key="#")
    play.presses("1234")
    assert play.asked()["input"] == {"type": "dtmf", "text": "1234", "confidence": None, "media": []}
