"""Turns that the assistant asks for itself (`resume`): at once, in a call and on a thread."""

from __future__ import annotations

import pytest

from orchestrator.core import items
from orchestrator.core.effects import Continue, Listen, Say
from orchestrator.core.manner import Manner
from orchestrator.core.settings import PhoneRules
from orchestrator.core.steps.forcing import MOST
from tests.core.play import OURS, Play, text
from tests.core.scenes import asked_for_text, greeted

AGAIN = items.ForceTurn()
MUSIC = items.Media(kind="audio", source="https://x.example/hold.mp3", loop=True)


def floor(play: Play) -> Listen:
    """How the last document listens."""
    assert play.heard is not None
    ending = play.heard.ending
    assert isinstance(ending, Listen)
    return ending


def test_music_plays_until_the_turn_is_answered() -> None:
    """Before an endless sound: it plays, the assistant is asked at once, and its answer cuts the sound."""
    play = greeted()
    play.says("My balance")
    play.answers(AGAIN, MUSIC)
    play.saw("ask input: My balance", "say: [play https://x.example/hold.mp3] | listen", "ask resume")
    assert (play.session.call_state, play.state) == ("thinking", "in_call")
    assert (play.asked()["channel"], play.asked()["reply_on"]) == ("voice", ["voice"])
    play.answers(text("You have ten."))
    play.fetches()
    play.saw("interrupt", "say: You have ten. | listen")
    assert play.session.turn is None


def test_an_empty_answer_stops_the_music() -> None:
    """The sound ends with the turn, whatever it says: the caller has the floor."""
    play = greeted()
    play.says("My balance")
    play.answers(MUSIC, AGAIN)
    play.answers()
    play.fetches()
    play.saw(
        "ask input: My balance",
        "say: [play https://x.example/hold.mp3] | listen",
        "ask resume",
        "interrupt",
        "say: | listen",
    )


def test_words_are_said_while_the_call_fetches() -> None:
    """Behind words the call asks for the next document by itself: nothing is interrupted."""
    play = greeted()
    play.says("My balance")
    play.answers(text("Let me look."), AGAIN)
    play.saw("ask input: My balance", "say: Let me look. | go on", "ask resume")
    play.answers(text("You have ten."))
    play.fetches()
    play.saw("say: You have ten. | listen")
    assert floor(play).timeout == 7.0


def test_a_text_in_a_call_is_followed_by_another_turn() -> None:
    """It is answered on the same channel, and an empty answer gives the floor."""
    play = asked_for_text()
    play.texts("12 Elm Road")
    play.answers(text("Thank you."), AGAIN)
    play.fetches()
    assert isinstance(play.heard and play.heard.ending, Continue)
    play.answers()
    play.fetches()
    play.saw(
        "ask text_reply: 12 Elm Road", "interrupt", "ask resume", "say: Thank you. | go on", "say: | listen"
    )


def test_a_thread_has_such_turns_too() -> None:
    """Both answers are texts; the thread is none that we began."""
    play = Play(initiate_from_inbound=True)
    play.texts("Hello")
    play.answers(text("Looking."), AGAIN)
    play.answers(text("Found."))
    play.saw("ask input: Hello", "text: Looking.", "ask resume", "text: Found.")
    assert not play.session.thread.started_by_us
    assert play.session.thread.number == OURS


def test_a_turn_that_fails_is_told_as_the_one_before() -> None:
    """The customer who wrote gets the failure text; the caller the failure message."""
    thread = Play()
    thread.texts("Hello")
    thread.answers(AGAIN)
    thread.fails()
    assert thread.last_text().purpose == "failure"
    call = greeted()
    call.says("Hello")
    call.answers(MUSIC, AGAIN)
    call.fails()
    call.fetches()
    assert call.heard is not None
    assert call.heard.verbs == (Say(text=PhoneRules(numbers=()).failure_message),)


def test_what_holds_once_holds_over_it() -> None:
    """The turn is not the caller's: a `*_once` setting is still there when the caller speaks."""
    play = greeted()
    play.says("One")
    play.answers(
        items.Configure(changes=Manner(language="de-DE"), part="hearing", strategy="merge_once"), MUSIC, AGAIN
    )
    play.answers(text("Bitte."))
    play.fetches()
    assert floor(play).language == "de-DE"
    play.says("Zwei")
    play.answers(text("Two."))
    assert floor(play).language == ""


@pytest.mark.parametrize("last", [items.HangUp(), items.EndSession(), items.Transfer(to="+15550109999")])
def test_nothing_follows_the_end(last: items.Item) -> None:
    """Where the answer ends the call, or hands it over, the command is skipped, and noted."""
    play = greeted()
    play.says("Bye")
    play.answers(AGAIN, last)
    assert play.session.turn is None
    assert play.notes("item_skipped") == [{"response_type": "force_turn", "reason": "call_ending"}]


def test_it_cannot_go_on_for_ever() -> None:
    """After ten such turns in a row the caller has the floor."""
    play = greeted()
    play.says("Go")
    for _ in range(MOST + 1):
        play.answers(AGAIN)
    assert play.session.turn is None
    assert play.session.call_state == "listening"
    assert play.notes("item_skipped") == [{"response_type": "force_turn", "reason": "too_many_turns"}]


def test_an_action_asks_for_none() -> None:
    """An item out of turn is no turn that could be followed."""
    play = greeted()
    play.acts("say", AGAIN)
    assert play.session.turn is None
