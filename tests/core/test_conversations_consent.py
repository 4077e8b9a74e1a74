"""Refusals and consent as conversations: who is turned away, who is told, and what STOP and START do."""

from __future__ import annotations

import pytest

from orchestrator.core import events, items
from tests.core.play import Play, text
from tests.core.scenes import asked_for_text, greeted


def test_refused_text_opens_nothing() -> None:
    """With initiate off a text out of the blue is refused as `no_live_call`: no session, no turn, on record."""
    play = Play(initiate_from_inbound=False)
    play.texts("Hi")
    play.saw("refuse no_live_call")
    assert play.state == "idle"
    assert play.session.opened_at == 0


def test_refusal_message_goes_once_in_the_quiet_period() -> None:
    """The refusal message goes out at most once in `refusal_quiet_period`, then again."""
    play = Play(initiate_from_inbound=False, refusal_message="Please call.", refusal_quiet_period=3600.0)
    play.texts("Hi")
    play.wait(3599)
    play.texts("Hi?")
    play.wait(1)
    play.texts("Hi??")
    play.saw(
        "refuse no_live_call",
        "text (refusal): Please call.",
        "refuse no_live_call",
        "refuse no_live_call",
        "text (refusal): Please call.",
    )
    assert play.state == "idle"


def test_refusal_of_an_opted_out_customer_is_silent() -> None:
    """An opted-out customer is refused as `opted_out` and gets nothing, whatever is configured."""
    play = Play(refusal_message="Please call.")
    play.texts("STOP")
    play.texts("Hi")
    play.saw("refuse opted_out")
    play.texts("START")
    play.texts("Hi")
    play.saw("ask input: Hi")


def test_opted_out_customer_may_call_but_gets_no_text() -> None:
    """An opted-out customer's call is served; a text for them is blocked and not announced, and `allowed` holds none."""
    play = Play()
    play.texts("Stop.")
    play.calls()
    assert play.asked()["channels"]["sms"]["can_send"] is False
    assert not {"send_text", "ask_for_text"} & set(play.asked()["allowed"])
    play.answers(text("Hello."), items.AskForText(text="Address?", say="I will text you."))
    play.saw("ask call_started", "blocked opted_out: Address?", "say: Hello. | listen")
    assert play.state == "in_call"
    play.carrier_refuses(0, "opted_out")
    play.answers()
    play.saw("ask text_failed", "interrupt")
    play.texts("Hi")
    play.saw("refuse opted_out")


def test_stop_while_a_text_is_awaited() -> None:
    """STOP during a wait closes the thread, and the call gets `text_failed` with reason `opted_out`."""
    play = asked_for_text()
    play.texts("stop")
    assert play.asked()["event_data"]["reason"] == "opted_out"
    assert (play.session.thread_state, play.timers, play.state) == ("closed", {}, "in_call")
    play.answers(text("You will get no more texts."))
    play.fetches()
    play.saw("ask text_failed", "interrupt", "say: You will get no more texts. | listen")


def test_stop_by_an_operator_while_a_text_is_awaited() -> None:
    """An opt-out set through the API does the same, also when the customer is opted out again."""
    play = asked_for_text()
    play.acts("opt_out")
    assert play.asked()["event_data"]["reason"] == "opted_out"
    assert (play.session.consent, play.session.thread_state) == ("opted_out", "closed")
    play.answers(text("No more texts."))
    play.acts("opt_out")
    play.saw("ask text_failed", "interrupt")
    assert len(play.notes("consent_changed")) == 1
    play.acts("opt_in")
    assert play.session.consent == "opted_in"


def test_stop_on_a_thread_ends_the_session_and_start_begins_again() -> None:
    """STOP on a thread ends its session; START opts in without a turn; the next text opens a new session."""
    play = Play()
    play.texts("Hi")
    play.answers(text("Hello"))
    first = play.session.id
    play.texts("UNSUBSCRIBE")
    play.texts("UNSUBSCRIBE")
    assert play.state == "ended"
    play.texts("Yes!")
    assert play.session.consent == "opted_in"
    play.texts("Yes!")
    play.saw("ask input: Hi", "text: Hello", "ask input: Yes!")
    assert play.session.previous_session_id == first


def test_carrier_says_opted_out() -> None:
    """The carrier's 21610 opts the customer out and closes the thread; another recipient's does not."""
    play = Play()
    play.texts("Hi")
    play.answers(text("Hello"))
    other = events.TextFailed(**play.facts(text_id="T", code=21610, reason="opted_out", to="+15550108888"))
    play.take(other)
    assert (play.session.consent, play.state) == ("opted_in", "text_only")
    play.carrier_refuses(21610, "opted_out")
    assert (play.session.consent, play.state) == ("opted_out", "ended")
    assert play.notes("consent_changed") == [{"consent": "opted_out", "by": "carrier"}]


def test_carrier_says_opted_out_in_a_call() -> None:
    """In a call the wait ends with it: the assistant is asked with `text_failed`."""
    play = asked_for_text()
    play.carrier_refuses(21610, "opted_out")
    assert play.asked()["event_data"]["code"] == 21610
    assert (play.session.consent, play.session.thread_state) == ("opted_out", "closed")
    play.saw("ask text_failed")


def test_consent_that_the_store_brings_closes_the_thread() -> None:
    """A session that is read with an opt-out it did not see closes its thread with the next event."""
    play = Play()
    play.texts("Hi")
    play.answers(text("Hello"))
    play.session = type(play.session)(
        **{name: getattr(play.session, name) for name in play.session.__slots__} | {"consent": "opted_out"}
    )
    play.texts("Hi?")
    play.saw("ask input: Hi", "text: Hello", "refuse opted_out")
    assert play.state == "ended"


@pytest.mark.parametrize("replies", ["carrier", "tandem"])
def test_who_answers_keywords(replies: str) -> None:
    """Keywords are answered by us only with `keyword_replies: tandem`, and an opt-out never."""
    play = Play(keyword_replies=replies)
    for word in ("HELP", "STOP", "HELP", "START"):
        play.texts(word)
    ours = [
        "text (notice): Reply STOP to get no more texts.",
        "text (notice): You will get our texts again. Reply STOP to opt out.",
    ]
    play.saw(*(ours if replies == "tandem" else []))
    assert play.state == "idle"


def test_relaxed_keywords_are_replies_while_one_is_awaited() -> None:
    """With `relaxed` an END is the awaited reply; with `strict`, or when nothing is awaited, it opts out."""
    relaxed = greeted(keywords_in_dialogue="relaxed")
    relaxed.says("Cancel")
    relaxed.answers(items.AskForText(text="END or KEEP?"))
    relaxed.texts("End")
    relaxed.saw("ask input: Cancel", "text: END or KEEP?", "say: | listen", "ask text_reply: End")
    relaxed.answers()
    relaxed.texts("End")
    assert relaxed.session.consent == "opted_out"
    strict = asked_for_text()
    strict.texts("End")
    assert strict.session.consent == "opted_out"


@pytest.mark.parametrize(
    ("grace", "after", "state", "line"),
    [
        (0.0, 0.0, "ended", "refuse no_live_call"),
        (60.0, 60.0, "text_only", "ask input: And?"),
        (60.0, 60.5, "text_only", "refuse no_live_call"),
    ],
)
def test_texts_after_a_call(grace: float, after: float, state: str, line: str) -> None:
    """With initiate off the thread closes behind the call, unless `continue_after_call` still takes texts."""
    play = greeted(initiate_from_inbound=False, continue_after_call=grace)
    play.texts("Hi")
    play.answers()
    play.hangs_up()
    play.answers()
    assert play.state == state
    play.wait(after)
    play.texts("And?")
    play.saw("ask text_reply: Hi", "ask call_ended", line)


def test_grace_holds_from_the_call_even_without_a_thread() -> None:
    """`continue_after_call` takes a text that opens a session anew, when the call left none open."""
    play = greeted(initiate_from_inbound=False, continue_after_call=60.0)
    play.hangs_up()
    play.answers()
    assert play.state == "ended"
    play.texts("One more thing")
    play.saw("ask call_ended", "ask input: One more thing")
    assert play.session.previous_session_id is not None


def test_thread_that_we_began_stays_open_with_initiate_off() -> None:
    """A text sent when no call was live keeps the thread open for answers; one sent in the call does not."""
    after = greeted(initiate_from_inbound=False)
    after.hangs_up()
    after.answers(text("Your ticket is 7."))
    after.texts("Thanks")
    after.saw("ask call_ended", "text: Your ticket is 7.", "ask input: Thanks")
    during = greeted(initiate_from_inbound=False)
    during.says("Ticket?")
    during.answers(items.SendText(text="7"))
    during.hangs_up()
    during.answers()
    assert during.state == "ended"
    during.texts("Thanks")
    during.saw("ask input: Ticket?", "text: 7", "say: | listen", "ask call_ended", "refuse no_live_call")
