"""Too many texts of one customer: where the limit lies, what follows, and how it ends."""

from __future__ import annotations

from typing import Any

from orchestrator.core import items
from orchestrator.core.session import from_document, to_document
from tests.core.play import Play, text


def flooded(most: int = 3, **settings: Any) -> Play:
    """A customer who has written as often as is taken, and was answered each time."""
    play = Play(max_texts=most, max_texts_window=60.0, **settings)
    for number in range(most):
        play.texts(f"text {number}")
        play.answers(text("Aye"))
    play.saw(*(line for number in range(most) for line in (f"ask input: text {number}", "text: Aye")))
    return play


def test_one_too_many_is_refused() -> None:
    """The text past `max_texts` is refused as `rate_limited`: no turn, no answer, no refusal message."""
    play = flooded(refusal_message="Please call.")
    play.texts("text 4")
    play.saw("refuse rate_limited")
    assert play.session.turn is None


def test_a_flood_is_noted_once() -> None:
    """Each refused text is listed; the timeline holds one line for all of them."""
    play = flooded()
    for number in range(5):
        play.texts(f"more {number}")
    play.saw(*["refuse rate_limited"] * 5)
    assert [note["reason"] for note in play.notes("text_refused")] == ["rate_limited"]


def test_it_ends_by_itself_once_the_sender_pauses() -> None:
    """After a pause texts are taken again, and the next flood is noted again."""
    play = flooded()
    play.texts("too many")
    play.wait(61)
    for number in range(3):
        play.texts(f"again {number}")
        play.answers()
    play.texts("too many again")
    assert [note["reason"] for note in play.notes("text_refused")] == ["rate_limited"] * 2


def test_who_goes_on_stays_refused() -> None:
    """What was turned away counts too: a machine that repeats itself gets no answer every now and then."""
    play = flooded()
    play.seen = len(play.effects)
    for _ in range(30):
        play.wait(10)
        play.texts("more")
    play.saw(*["refuse rate_limited"] * 30)


def test_two_machines_that_answer_each_other_fall_silent() -> None:
    """Answered text by text, the exchange ends at the limit, over the sessions that it opens."""
    play, exchanged = Play(max_texts=20), 0
    while not play.notes("text_refused"):
        play.texts("Beep")
        if play.session.turn is not None:
            play.answers(text("Boop"), *([items.EndSession()] if exchanged % 3 == 0 else []))
        exchanged += 1
        play.wait(1)
    assert exchanged == 21


def test_stop_is_heard_in_a_flood() -> None:
    """Keywords are no turns: STOP and START work however many texts came."""
    play = flooded()
    play.texts("too many")
    play.texts("STOP")
    play.texts("more")
    play.saw("refuse rate_limited", "refuse opted_out")
    play.texts("START")
    assert [note["consent"] for note in play.notes("consent_changed")] == ["opted_out", "opted_in"]


def test_zero_is_no_limit() -> None:
    """With `max_texts` 0 any number of texts is taken, and only the last is remembered."""
    play = Play(max_texts=0)
    for _ in range(300):
        play.texts("more")
        play.answers()
    assert not play.notes("text_refused")
    assert len(play.session.texts_in) == 1


def test_what_is_remembered_is_bounded() -> None:
    """A flood makes the stored session no larger than the limit does."""
    play = flooded(most=5)
    for _ in range(50):
        play.texts("more")
    assert len(play.session.texts_in) == 5
    assert from_document(to_document(play.session)) == play.session
