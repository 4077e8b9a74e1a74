"""Waiting for a text: silence, reminders, time-outs, patterns, and questions that fail."""

from __future__ import annotations

from orchestrator.core import events, items
from orchestrator.core.effects import Listen
from tests.core.play import text
from tests.core.scenes import asked_for_text, greeted


def test_silence_while_a_text_is_awaited_is_held() -> None:
    """Silence does not end the wait and is no turn: hold audio if there is some, else more silence."""
    quiet = asked_for_text()
    for _ in range(5):
        quiet.is_silent()
        quiet.saw("say: | listen")
    assert quiet.state == "awaiting_text"
    music = asked_for_text(hold_audio="https://x.example/hold.mp3")
    music.is_silent()
    music.saw("say: [play https://x.example/hold.mp3] | listen")
    assert music.heard is not None
    assert music.heard.ending == Listen(timeout=1.0)  # then it is played again


def test_reminder_leaves_the_wait_as_it_is() -> None:
    """The reminder is said once, by interrupting, and the time of the wait is untouched."""
    play = asked_for_text(reminder_after=30.0, reminder_say="Still waiting for your text.")
    due = play.session.timers["text_reply"]
    play.rings("reminder")
    play.fetches()
    play.saw("interrupt", "say: Still waiting for your text. | listen")
    assert play.timers == {"text_reply": due}
    assert play.state == "awaiting_text"


def test_time_out_with_an_answer_and_without() -> None:
    """After `text_reply_timeout` the assistant is asked; an empty answer gives the caller the floor again."""
    play = asked_for_text()
    play.rings("text_reply")
    assert play.state == "in_call_and_text"
    play.answers()
    play.fetches()
    play.saw("ask text_reply_timeout", "interrupt", "say: | listen")
    assert play.timers == {}
    other = asked_for_text(timeout=5.0)
    assert other.session.timers["text_reply"] == other.now + 5.0
    other.rings("text_reply")
    other.answers(text("Shall I wait?"))
    other.fetches()
    other.saw("ask text_reply_timeout", "interrupt", "say: Shall I wait? | listen")


def test_time_out_without_a_call_is_asked_by_text() -> None:
    """A wait that outlives the call times out on the thread."""
    play = asked_for_text()
    play.hangs_up()
    play.answers()
    assert play.state == "text_only"
    play.rings("text_reply")
    assert play.asked()["channel"] == "sms"
    play.answers(text("No hurry."))
    play.saw("ask call_ended", "ask text_reply_timeout", "text: No hurry.")


def test_reminder_without_a_call_goes_by_text() -> None:
    """A reminder that is due after the call is written."""
    play = asked_for_text(reminder_after=30.0, reminder_say="Your address?")
    play.hangs_up()
    play.answers()
    play.rings("reminder")
    play.saw("ask call_ended", "text: Your address?")


def test_cancelled_timer_changes_nothing() -> None:
    """A timer that was set again, or belongs to a wait that is over, is ignored when it fires."""
    play = asked_for_text()
    due = play.session.timers["text_reply"]
    early = events.TimerFired(**play.facts(name="text_reply", due_at=due - 1))
    assert play.take(early).ignored == "timer_cancelled"
    play.texts("12 Main St")
    play.answers(text("Thanks."))
    late = events.TimerFired(**play.facts(name="text_reply", due_at=due))
    assert play.take(late).ignored == "timer_cancelled"
    play.saw("ask text_reply: 12 Main St", "interrupt")


def test_mismatch_is_told_and_the_wait_goes_on() -> None:
    """A text that does not match the whole pattern is no turn, and the timer is untouched; a match is one."""
    play = asked_for_text(pattern=r"\d{5}", on_mismatch="Five digits, please.")
    due = play.session.timers["text_reply"]
    play.wait(10)
    play.texts("about 12345")
    play.fetches()
    play.saw("interrupt", "say: Five digits, please. | listen")
    assert (play.state, play.session.timers["text_reply"]) == ("awaiting_text", due)
    play.texts(" 12345 \n")
    play.saw("ask text_reply:  12345 \n")
    assert play.asked()["context"] == {"address": " 12345 \n"}


def test_mismatch_without_words_is_silent_and_without_a_call_written() -> None:
    """`on_mismatch` may be empty; after the call it is written."""
    play = asked_for_text(pattern=r"\d+")
    play.texts("none")
    play.saw()
    other = asked_for_text(pattern=r"\d+", on_mismatch="Digits, please.")
    other.hangs_up()
    other.answers()
    other.texts("none")
    other.saw("ask call_ended", "text: Digits, please.")


def test_broken_pattern_is_no_pattern() -> None:
    """A pattern that is none is on record, and any text is the reply."""
    play = asked_for_text(pattern="(")
    assert play.notes("item_skipped") == [{"response_type": "ask_for_text", "reason": "bad_pattern"}]
    play.texts("anything")
    play.saw("ask text_reply: anything")


def test_second_question_is_refused_while_one_is_open() -> None:
    """Only one text is asked for at a time; the reason is `already_asked`, and `allowed` says so before."""
    play = asked_for_text()
    play.says("And?")
    assert "ask_for_text" not in play.asked()["allowed"]
    play.answers(items.AskForText(text="Name?"))
    play.saw("ask input: And?", "say: | listen")
    assert play.notes("item_skipped") == [{"response_type": "ask_for_text", "reason": "already_asked"}]


def test_question_without_words_only_waits() -> None:
    """An `ask_for_text` without `text` and `say` sends no empty text."""
    play = greeted()
    play.says("I will text you")
    play.answers(items.AskForText(keep_as="it"))
    play.saw("ask input: I will text you", "say: | listen")
    assert play.state == "awaiting_text"


def test_no_text_is_promised_that_cannot_be_sent() -> None:
    """Opted out, without a number or without messaging: `say` is not said, the assistant learns why, and an
    empty answer tells the caller.
    """
    stopped = greeted()
    stopped.texts("STOP")
    nobody, voice_only = greeted(customer=None), greeted(messaging=False)
    for play, reason in ((stopped, "opted_out"), (nobody, "no_number"), (voice_only, "no_messaging")):
        play.saw()
        play.says("I moved")
        play.answers(items.AskForText(text="Your address?", say="I am texting you now."))
        play.saw("ask input: I moved", f"blocked {reason}: Your address?", "say: | listen")
        assert (play.state, play.timers) == ("in_call", {})
        play.carrier_refuses(0, reason)
        assert play.asked()["event_data"]["reason"] == reason
        play.answers()
        play.fetches()
        play.saw("ask text_failed", "interrupt", "say: I could not send you that text. | listen")


def test_question_that_can_only_wait_is_skipped_where_nothing_can_come() -> None:
    """Without words of its own it cannot fail as a text would: the timeline says why it is skipped."""
    play = greeted(customer=None)
    play.says("I will text you")
    play.answers(items.AskForText(keep_as="it"), text("Sorry?"))
    play.saw("ask input: I will text you", "say: Sorry? | listen")
    assert play.notes("item_skipped") == [{"response_type": "ask_for_text", "reason": "no_number"}]


def test_failed_question_ends_the_wait() -> None:
    """A question that could not be sent: `text_failed` with code and reason; an empty answer is told to the caller."""
    play = asked_for_text()
    text_id = play.last_text().text_id
    play.carrier_refuses(30006, "landline")
    assert play.asked()["event_data"] == {"code": 30006, "reason": "landline", "text_id": text_id}
    assert play.asked()["last_text_error"] == {"code": 30006, "reason": "landline", "text_id": text_id}
    assert play.state == "in_call_and_text"
    play.answers()
    play.fetches()
    play.saw("ask text_failed", "interrupt", "say: I could not send you that text. | listen")
    assert play.timers == {}


def test_other_failed_text_leaves_the_wait() -> None:
    """A failed text that is not the question leaves the wait; nothing is said where the assistant speaks for itself."""
    play = greeted(text_failure_message="")
    play.says("Link please")
    play.answers(items.SendText(text="Link"), items.AskForText(text="Address?"))
    first = next(effect.text_id for effect in play.effects if getattr(effect, "body", "") == "Link")
    play.saw("ask input: Link please", "text: Link", "text: Address?", "say: | listen")
    play.carrier_refuses(text_id=first)
    play.answers()
    play.saw("ask text_failed")
    assert play.state == "awaiting_text"
