"""Several numbers of ours: the customer keeps the one that they know, over sessions and in either direction."""

from __future__ import annotations

from orchestrator.core import events, items
from orchestrator.core.effects import Note
from orchestrator.core.numbers import E164
from tests.core.play import ANA, OURS, Play, text

SECOND = E164("+19585550124")
BOTH = (OURS, SECOND)


def end_by_silence(play: Play) -> None:
    """The thread falls silent until the session is over."""
    play.rings("session")
    play.answers()


def opened(play: Play) -> None:
    """We open a text session."""
    play.take(events.SessionRequested(**play.facts(text="News!")))


def test_an_answer_comes_from_the_number_that_was_written_to() -> None:
    """A text to the second number is answered from there."""
    play = Play(numbers=BOTH)
    play.texts("hello", number=SECOND)
    play.answers(text("Hi"))
    assert play.last_text().sender == SECOND


def test_the_number_outlives_the_session() -> None:
    """After a session's end we write first from the number that the customer last wrote to."""
    play = Play(numbers=BOTH, notify_on_session_timeout="Bye.")
    play.texts("hello", number=SECOND)
    play.answers(text("Hi"))
    play.rings("session")
    assert play.state == "ended"
    opened(play)
    assert (play.last_text().sender, play.session.thread.number) == (SECOND, SECOND)


def test_our_own_last_text_counts_as_well() -> None:
    """A text that the assistant sent `from` the second number makes it the one that the customer knows."""
    play = Play(numbers=BOTH, notify_on_session_timeout="Bye.")
    play.texts("hello")
    play.answers(items.SendText(text="From elsewhere", sender=SECOND))
    play.rings("session")
    opened(play)
    assert play.last_text().sender == SECOND


def test_a_refused_text_makes_its_number_known() -> None:
    """Who wrote to the second number, and was refused, is later written to from there."""
    play = Play(numbers=BOTH, initiate_from_inbound=False)
    play.texts("hello", number=SECOND)
    opened(play)
    assert play.last_text().sender == SECOND


def test_a_new_customer_is_written_to_from_the_called_number_or_the_first() -> None:
    """Without any text so far, the called number counts, if it takes texts; else our first."""
    caller = Play(numbers=BOTH)
    caller.take(events.CallStarted(**caller.facts(call_sid="CA1", number=SECOND)))
    caller.answers(items.SendText(text="In writing"))
    assert caller.last_text().sender == SECOND
    stranger = Play(numbers=BOTH)
    opened(stranger)
    assert stranger.last_text().sender == OURS


def test_a_number_that_is_not_ours_any_more_is_left() -> None:
    """The number was taken out of the configuration: our first takes its place."""
    before = Play(numbers=BOTH)
    before.texts("hello", number=SECOND)
    after = Play(numbers=(OURS,), session=before.session)
    after.answers(text("Hi"))
    assert after.last_text().sender == OURS


def test_a_text_that_left_from_another_number_makes_that_one_known() -> None:
    """The carrier took it from the second number only: the thread goes on there, and the timeline says so."""
    play = Play(numbers=BOTH)
    play.texts("hello")
    play.answers(text("Hi"))
    sent = play.last_text()
    play.take(events.TextAccepted(**play.facts(text_id=sent.text_id, message_sid="SM1", number=SECOND)))
    assert play.notes("sender_changed") == [{"text_id": sent.text_id, "number": SECOND}]
    play.texts("and now?")
    play.texts("?", number=OURS)
    assert play.session.known_number == OURS


def test_we_call_from_the_number_that_the_customer_knows() -> None:
    """A call of ours rings from the number of the last text, in a new session too."""
    play = Play(numbers=BOTH, notify_on_session_timeout="Bye.")
    play.texts("hello", number=SECOND)
    play.answers(text("Hi"))
    play.rings("session")
    play.take(events.CallRequested(**play.facts()))
    assert play.session.call is not None
    assert play.session.call.number == SECOND
    assert play.session.customer == ANA


def test_a_text_that_was_found_after_all_is_no_error_any_more() -> None:
    """The timeline tells of it, its number is the one that the customer knows, and the error of another text stays."""
    play = Play(numbers=BOTH)
    play.texts("hello")
    play.answers(text("Hi"))
    first = play.last_text().text_id
    play.take(events.TextFailed(**play.facts(text_id=first, code=0, reason="unresolved")))
    play.take(events.TextAccepted(**play.facts(text_id="other", message_sid="SM8", given_up=True)))
    still = play.session.last_text_error
    assert still is not None
    said = play.facts(text_id=first, message_sid="SM9", number=SECOND, given_up=True)
    noted = [note.type for note in play.take(events.TextAccepted(**said)).effects if isinstance(note, Note)]
    assert noted == ["text_found", "sender_changed"]
    assert (play.session.last_text_error, play.session.known_number) == (None, SECOND)
