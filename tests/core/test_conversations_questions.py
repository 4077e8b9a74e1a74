"""Questions by text as conversations: several of one answer in order, and those that go over to the call."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.core import items
from orchestrator.core.effects import Listen
from tests.core.play import Play, text
from tests.core.scenes import asked_for_text, greeted

KEYS = items.CollectDigits(count=5, termination_key="#", ignore_speech=True)
BY_VOICE = items.Fallback(say="Then say it, please.")


def asks(what: str, **fields: Any) -> items.AskForText:
    """A question that is kept under its own name."""
    return items.AskForText(text=f"{what}?", keep_as=what.lower(), **fields)


def asked_by_voice(**fields: Any) -> Play:
    """A call whose awaited text did not come: the question was asked by voice."""
    play = asked_for_text(fallback=BY_VOICE, **fields)
    play.rings("text_reply")
    play.fetches()
    play.saw("interrupt", "say: Then say it, please. | listen")
    return play


# ---- several questions of one answer ------------------------------------------------------------
def test_questions_of_one_answer_follow_one_another() -> None:
    """The second is said and sent when the first has its reply, behind the answer to that; each reply is a
    turn, and is kept under its own name.
    """
    play = greeted()
    play.says("I moved")
    play.answers(asks("Street", say="One."), asks("Town", say="Two."))
    play.saw("ask input: I moved", "text: Street?", "say: One. | listen")
    assert play.state == "awaiting_text"
    play.texts("12 Mill Lane")
    assert play.session.context == {"street": "12 Mill Lane"}
    play.answers(text("Thanks."))
    play.fetches()
    play.saw("ask text_reply: 12 Mill Lane", "text: Town?", "interrupt", "say: Thanks. Two. | listen")
    assert (play.state, set(play.timers)) == ("awaiting_text", {"text_reply"})
    play.texts("Springfield")
    assert play.session.context == {"street": "12 Mill Lane", "town": "Springfield"}
    play.answers(text("All done."))
    play.fetches()
    play.saw("ask text_reply: Springfield", "interrupt", "say: All done. | listen")
    assert (play.state, play.timers) == ("in_call_and_text", {})


def test_the_next_question_is_asked_behind_an_empty_answer_and_on_a_thread() -> None:
    """An assistant that says nothing to a reply is asked nothing more; without a call all goes by text."""
    play = Play()
    play.texts("Hi")
    play.answers(asks("Name", say="Your name?"), asks("Town"), asks("Colour"))
    play.texts("Ana")
    play.answers()
    play.texts("Springfield")
    play.answers(text("Nice town."))
    play.saw(
        "ask input: Hi",
        "text: Name?",
        "ask input: Ana",
        "text: Town?",
        "ask input: Springfield",
        "text: Nice town.",
        "text: Colour?",
    )
    assert play.session.context == {"name": "Ana", "town": "Springfield"}


def test_an_answer_that_asks_by_itself_replaces_what_was_still_to_be_asked() -> None:
    """The assistant has the last word on what is asked."""
    play = greeted()
    play.says("I moved")
    play.answers(asks("Street"), asks("Town"))
    play.texts("12 Mill Lane")
    play.answers(asks("Country"))
    play.texts("Wales")
    play.answers()
    play.fetches()
    play.saw(
        "ask input: I moved",
        "text: Street?",
        "say: | listen",
        "ask text_reply: 12 Mill Lane",
        "text: Country?",
        "ask text_reply: Wales",
        "say: | listen",
    )
    assert play.session.thread.queue == ()


def test_a_reply_that_does_not_come_drops_the_questions_behind_it() -> None:
    """After the time-out, a failed text and the end of the session nothing more is asked; it is on record."""
    for how in ("time", "failure", "end"):
        play = greeted()
        play.says("I moved")
        play.answers(asks("Street"), asks("Town"))
        if how == "time":
            play.rings("text_reply")
            play.answers()
        elif how == "failure":
            play.carrier_refuses(30006)
            play.answers()
        else:
            play.acts("end", items.EndSession())
        assert play.session.thread.queue == ()
        assert play.notes("questions_dropped") == [{"questions": 1}]
        assert [note["keep_as"] for note in play.notes("text_asked")] == ["street"]


def test_questions_without_end_are_not_kept() -> None:
    """Ten wait; more are skipped, on record."""
    play = greeted()
    play.says("Go")
    play.answers(*(asks(f"Q{n}") for n in range(13)))
    assert len(play.session.thread.queue) == 10
    skipped = {"response_type": "ask_for_text", "reason": "too_many_questions"}
    assert play.notes("item_skipped") == [skipped, skipped]


# ---- going over to the call ---------------------------------------------------------------------
def test_a_text_that_does_not_come_is_asked_for_by_voice() -> None:
    """The assistant is not asked about the time-out; what the caller says is kept as the text would be."""
    play = asked_by_voice()
    assert (play.state, play.timers) == ("in_call_and_text", {})
    play.says("12 Mill Lane")
    asked = play.asked()
    assert (asked["event"], asked["channel"], asked["input"]["type"]) == ("reply_by_voice", "voice", "speech")
    assert asked["event_data"] == {"keep_as": "address", "reason": "text_reply_timeout", "matched": True}
    assert asked["context"] == {"address": "12 Mill Lane"}
    play.answers(text("Thanks."))
    play.says("And now?")
    play.saw("ask reply_by_voice: 12 Mill Lane", "say: Thanks. | listen", "ask input: And now?")


def test_a_text_that_fails_is_asked_for_by_voice() -> None:
    """A refused text, and a STOP, go over to the call, with the reason; no `text_failed` turn is asked."""
    for reason in ("landline", "opted_out"):
        play = asked_for_text(fallback=BY_VOICE)
        if reason == "opted_out":
            play.texts("STOP")
        else:
            play.carrier_refuses(30006, reason)
        play.fetches()
        play.saw("interrupt", "say: Then say it, please. | listen")
        play.says("12 Mill Lane")
        assert play.asked()["event_data"]["reason"] == reason
        assert play.asked()["context"] == {"address": "12 Mill Lane"}


def test_a_text_that_cannot_be_sent_is_not_tried() -> None:
    """Opted out, without a number or without messaging the answer itself asks by voice, and sends nothing."""
    stopped = greeted()
    stopped.texts("STOP")
    nobody, voice_only = greeted(customer=None), greeted(messaging=False)
    for play, reason in ((stopped, "opted_out"), (nobody, "no_number"), (voice_only, "no_messaging")):
        play.saw()
        play.says("I moved")
        play.answers(asks("Street", say="I am texting you.", fallback=BY_VOICE), text("Take your time."))
        play.saw("ask input: I moved", "say: Then say it, please. Take your time. | listen")
        play.says("Mill Lane")
        assert play.asked()["event_data"] == {"keep_as": "street", "reason": reason, "matched": True}
        assert play.session.context == {"street": "Mill Lane"}


def test_keys_are_gathered_as_the_question_says() -> None:
    """`collect` holds for the fallback, also after silence, and ends with the answer."""
    play = asked_for_text(fallback=items.Fallback(say="Key it in.", collect=KEYS), pattern=r"\d{5}")
    play.rings("text_reply")
    play.fetches()
    assert play.heard is not None
    assert isinstance(play.heard.ending, Listen)
    assert (play.heard.ending.num_digits, play.heard.ending.speech) == (5, False)
    play.is_silent()
    assert play.asked()["event"] == "no_input"
    play.answers(text("Still there?"))
    assert isinstance(play.heard.ending, Listen)
    assert play.heard.ending.num_digits == 5
    play.presses("12345")
    assert play.asked()["event_data"] == {
        "dtmf_collection_succeeded": True,
        "keep_as": "address",
        "reason": "text_reply_timeout",
        "matched": True,
    }
    assert play.session.context == {"address": "12345"}
    play.answers(text("Thanks."))
    assert isinstance(play.heard.ending, Listen)
    assert play.heard.ending.num_digits == 0


@pytest.mark.parametrize(
    ("said", "kept"), [("1 2 3 4 5", "12345"), ("12345.", "12345"), ("123-45", "12345"), (" 12345 ", "12345")]
)
def test_what_a_recogniser_writes_fits_the_pattern(said: str, kept: str) -> None:
    """Blanks, dashes and full stops that nobody said do not keep an answer from fitting."""
    play = asked_by_voice(pattern=r"\d{5}")
    play.says(said)
    assert play.session.context == {"address": kept}


def test_a_spoken_answer_that_does_not_fit_is_told_and_asked_on() -> None:
    """`on_mismatch` is said, no turn; the third that does not fit is a turn, and nothing is kept."""
    play = asked_by_voice(pattern=r"\d{5}", on_mismatch="Five digits, please.")
    play.says("none")
    play.presses("12")
    play.saw("say: Five digits, please. | listen", "say: Five digits, please. | listen")
    play.says("no idea")
    assert play.asked()["event_data"]["matched"] is False
    assert play.session.context == {}
    play.saw("ask reply_by_voice: no idea")
    play.answers(text("Never mind."))
    play.says("12345")
    play.saw("say: Never mind. | listen", "ask input: 12345")


def test_the_text_may_come_after_all() -> None:
    """A text that fits, while the question is asked by voice, is the reply; the voice's question is over."""
    play = asked_by_voice(pattern=r"\d{5}")
    play.texts("hello")
    assert play.session.context == {}
    play.answers()
    play.texts("12345")
    assert play.session.context == {"address": "12345"}
    play.answers()
    play.says("Bye")
    play.saw("ask text_reply: hello", "ask text_reply: 12345", "ask input: Bye")


def test_without_a_caller_there_is_no_other_way() -> None:
    """A question whose call is over, or about to end, times out and fails as any other."""
    play = asked_for_text(fallback=BY_VOICE)
    play.hangs_up()
    play.answers()
    play.rings("text_reply")
    play.saw("ask call_ended", "ask text_reply_timeout")
    leaving = asked_for_text(fallback=BY_VOICE)
    leaving.acts("hang_up", items.HangUp(say="Bye."))
    leaving.rings("text_reply")
    leaving.saw("interrupt", "ask text_reply_timeout")


def test_the_questions_behind_wait_for_the_spoken_answer() -> None:
    """The next question of the answer follows the one that went over to the call."""
    play = greeted()
    play.says("I moved")
    play.answers(asks("Street", fallback=BY_VOICE), asks("Town", say="I text you again."))
    play.rings("text_reply")
    play.fetches()
    play.says("Mill Lane")
    play.answers(text("Thanks."))
    play.saw(
        "ask input: I moved",
        "text: Street?",
        "say: | listen",
        "interrupt",
        "say: Then say it, please. | listen",
        "ask reply_by_voice: Mill Lane",
        "text: Town?",
        "say: Thanks. I text you again. | listen",
    )
    assert play.state == "awaiting_text"
