"""Texts that come close together: one turn, and nothing of them is lost."""

from __future__ import annotations

import pytest

from orchestrator.core import events, items
from orchestrator.core.effects import AskAssistant
from orchestrator.core.events import InboundMedia
from tests.core.play import OURS, Play, text
from tests.core.scenes import greeted

PICTURE = InboundMedia(url="https://x.example/p.png", content_type="image/png")


def turns(play: Play) -> int:
    """How often the assistant was asked."""
    return sum(isinstance(effect, AskAssistant) for effect in play.effects)


def test_texts_close_together_are_one_turn() -> None:
    """Each text puts the turn off by the window; their bodies are joined by line breaks, in order."""
    play = Play(merge_window=3.0)
    play.texts("I have")
    play.wait(2.0)
    play.texts("two questions", media=(PICTURE,))
    play.saw()
    assert play.session.timers["merge"] == play.now + 3.0
    play.rings("merge")
    play.saw("ask input: I have\ntwo questions")
    assert play.asked()["input"]["type"] == "media"
    assert play.asked()["input"]["media"] == [{"url": PICTURE.url, "content_type": "image/png"}]
    play.answers(text("Ask."))
    play.saw("text: Ask.")
    assert play.state == "text_only"


def test_texts_apart_are_turns_of_their_own() -> None:
    """After the window the next text is another turn."""
    play = Play(merge_window=3.0)
    play.texts("One")
    play.rings("merge")
    play.answers(text("A."))
    play.texts("Two")
    play.rings("merge")
    play.saw("ask input: One", "text: A.", "ask input: Two")


def test_without_a_window_each_text_is_a_turn() -> None:
    """The default: no text waits."""
    play = Play()
    play.texts("One")
    play.saw("ask input: One")
    assert "merge" not in play.session.timers


def test_in_a_call_they_are_one_interruption() -> None:
    """Two texts within the window interrupt the call once; silence meanwhile is no turn."""
    play = greeted(merge_window=3.0)
    play.texts("12 Elm")
    play.texts("Road")
    play.is_silent()
    play.saw("say: | listen")
    play.rings("merge")
    play.answers(text("Thanks."))
    play.saw("ask text_reply: 12 Elm\nRoad", "interrupt")


def test_an_awaited_reply_in_two_texts() -> None:
    """The reply is kept whole; the first text ends the wait, so that it cannot time out."""
    play = greeted(merge_window=3.0)
    play.says("Moved")
    play.answers(items.AskForText(text="Address?", keep_as="address"))
    play.texts("12 Elm")
    assert "text_reply" not in play.session.timers
    play.texts("Road")
    play.rings("merge")
    assert play.asked()["context"] == {"address": "12 Elm\nRoad"}
    assert play.asked()["event"] == "text_reply"


def test_the_second_half_of_a_reply_is_not_refused() -> None:
    """Where only an awaited text is taken, what follows it closely is part of it; a later text is refused."""
    play = greeted(merge_window=3.0, initiate_from_inbound=False)
    play.says("Moved")
    play.answers(items.AskForText(text="Address?", keep_as="address"))
    play.hangs_up()
    play.answers()
    play.texts("12 Elm")
    play.texts("Road")
    play.rings("merge")
    play.answers(text("Thanks."))
    play.texts("Hello?")
    play.saw(
        "ask input: Moved",
        "text: Address?",
        "say: | listen",
        "ask call_ended",
        "ask input: 12 Elm\nRoad",
        "text: Thanks.",
        "refuse no_live_call",
    )


def test_a_reply_that_does_not_match_is_not_held() -> None:
    """Each text is held against the pattern by itself: a mismatch is told at once and the wait goes on."""
    play = greeted(merge_window=3.0)
    play.says("Moved")
    play.answers(items.AskForText(text="Zip?", pattern=r"\d+", on_mismatch="Digits!"))
    play.texts("Hm")
    assert "merge" not in play.session.timers
    assert "text_reply" in play.session.timers


def test_many_texts_are_answered_all_the_same() -> None:
    """The tenth text makes the turn: who writes on and on is not put off for ever."""
    play = Play(merge_window=3.0)
    for number in range(10):
        play.texts(str(number))
    play.saw("ask input: " + "\n".join(map(str, range(10))))
    assert "merge" not in play.session.timers


def test_the_call_ends_while_texts_are_held() -> None:
    """They are a turn all the same, answered by text, where the policy would refuse a text from now on too."""
    play = greeted(merge_window=3.0, initiate_from_inbound=False)
    play.texts("Bye then")
    play.hangs_up()
    play.answers()
    play.saw("ask call_ended")
    assert play.state == "text_only"
    play.rings("merge")
    play.answers(text("Bye."))
    play.saw("ask input: Bye then", "text: Bye.")
    assert play.state == "ended"


def test_the_session_ends_while_texts_are_held() -> None:
    """An assistant that ends the session does not end the text: it is the first turn of the next one."""
    play = greeted(merge_window=3.0)
    first = play.session.id
    play.says("Bye")
    play.texts("One more thing")
    play.answers(items.EndSession(say="Bye."))
    play.hangs_up()
    assert play.state == "ended"
    play.rings("merge")
    assert play.asked()["input"]["text"] == "One more thing"
    assert play.asked()["previous_session_id"] == first
    assert play.session.id != first
    assert play.session.timers.keys() <= {"session"}


def test_stop_drops_what_is_held() -> None:
    """Who opts out gets no answer any more; the texts are on record, and so is that they were dropped."""
    play = Play(merge_window=3.0)
    play.texts("Hello")
    play.texts("STOP")
    play.saw()
    assert play.notes("text_dropped") == [{"texts": 1, "reason": "opted_out"}]
    assert turns(play) == 0
    assert play.session.timers == {}


def test_an_inactive_session_waits_for_its_texts() -> None:
    """A session does not time out over texts that are held."""
    play = Play(merge_window=30.0, session_timeout=5.0)
    play.texts("Hello")
    play.rings("session")
    play.saw()
    play.rings("merge")
    play.saw("ask input: Hello")


def test_the_half_said_comes_with_the_text() -> None:
    """What the caller was saying when the first text came is told with the turn; outside a call it is not."""
    play = greeted(merge_window=3.0)
    play.texts("12 Elm", partial="I would like")
    play.texts("Road")
    play.rings("merge")
    assert play.asked()["event_data"] == {"partial": "I would like"}
    play.answers(text("Thanks."))
    play.hangs_up()
    play.answers()
    play.texts("More", partial="ghost")
    play.rings("merge")
    assert play.asked()["event_data"] == {}


@pytest.mark.parametrize("opening", ["text", "call", "api"])
def test_a_text_that_was_held_when_its_session_was_closed_is_answered_in_the_next_one(opening: str) -> None:
    """What was taken is a turn, whatever opens the next session before the merge window is over."""
    play = Play(merge_window=3)
    play.texts("hello")
    play.take(events.ActionRequested(**play.facts(action="end", item=items.EndSession())))
    if opening == "text":
        play.texts("more")
    elif opening == "call":
        play.take(events.CallStarted(**play.facts(call_sid="CA1", number=OURS)))
    else:
        play.take(events.SessionRequested(**play.facts(text="News")))
    assert play.session.thread.held[0].body == "hello"
    assert "merge" in play.session.timers
