"""Calls that we make: out of a thread, for the API, answered, failed, and cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.core import events, items
from tests.core.play import OURS, Play, text
from tests.core.scenes import greeted


def test_call_back_out_of_a_thread() -> None:
    """`switch_channel` to voice calls the customer; the thread stays open, the call is asked when answered."""
    play = Play()
    play.texts("Call me")
    play.answers(items.SwitchChannel(to="voice", text="Calling you."))
    play.saw("ask input: Call me", "text: Calling you.", "place call")
    assert play.state == "dialing"
    play.take(events.CallPlaced(**play.facts(call_sid="CA7")))
    play.calls("CA7", direction="outbound")
    assert play.state == "in_call_and_text"
    assert play.asked()["event_data"] == {"direction": "outbound"}
    play.answers(text("Hello again."))
    play.saw("ask call_started", "say: Hello again. | listen")


def test_call_that_is_answered_before_the_carrier_names_it() -> None:
    """The answer of our call may come before its id: it is taken, and the id's own event changes nothing."""
    play = Play()
    play.take(events.CallRequested(**play.facts(context={"why": "recall"})))
    play.saw("place call")
    assert (play.state, play.session.context) == ("dialing", {"why": "recall"})
    play.calls("CA7", direction="outbound")
    play.saw("ask call_started")
    assert play.take(events.CallPlaced(**play.facts(call_sid="CA7"))).ignored == "not_dialing"


@pytest.mark.parametrize("known", [True, False])
def test_call_that_reaches_nobody(known: bool) -> None:
    """`call_failed` is asked with its reason, whether or not the carrier had named the call; by text."""
    play = Play()
    play.texts("Call me")
    play.answers(items.SwitchChannel(to="voice"))
    if known:
        play.take(events.CallPlaced(**play.facts(call_sid="CA7")))
    play.take(events.CallFailed(**play.facts(call_sid="CA7" if known else "", reason="busy")))
    assert play.asked()["event_data"] == {"reason": "busy"}
    assert play.asked()["reply_on"] == ["sms"]
    play.answers(text("You were busy."))
    play.saw("ask input: Call me", "place call", "ask call_failed", "text: You were busy.")
    assert play.state == "text_only"


def test_call_of_ours_that_fails_without_a_thread_ends_the_session_once() -> None:
    """Nobody answered, nothing was written: the session ends when the turn is answered, once."""
    play = Play()
    play.take(events.CallRequested(**play.facts()))
    play.take(events.CallFailed(**play.facts(call_sid="", reason="no_answer")))
    assert play.notes("session_ended") == []
    assert "send_text" in play.asked()["allowed"]
    play.answers()
    play.saw("place call", "ask call_failed")
    assert play.state == "ended"
    assert len(play.notes("session_ended")) == 1


def test_session_closed_while_our_call_rings() -> None:
    """`end` while dialing cancels the call by its id, or lets the caller go at once where it had none."""
    named = Play()
    named.take(events.CallRequested(**named.facts()))
    named.take(events.CallPlaced(**named.facts(call_sid="CA7")))
    named.acts("end", items.EndSession())
    named.saw("place call", "end call")
    named.take(events.CallFailed(**named.facts(call_sid="CA7", reason="no_answer")))
    named.saw()
    assert named.state == "ended"
    unnamed = Play()
    unnamed.take(events.CallRequested(**unnamed.facts()))
    unnamed.acts("end", items.EndSession())
    unnamed.calls("CA7", direction="outbound")
    unnamed.saw("place call", "say: | hang up")
    unnamed.hangs_up()
    unnamed.saw()
    assert unnamed.state == "ended"


def test_we_do_not_call_whom_we_may_not() -> None:
    """No call of ours to an opted-out customer, to one without a number, or over a live call."""
    for play in (Play(session=Play().session, phone=False), Play(customer=None)):
        assert play.take(events.CallRequested(**play.facts())).ignored == "not_allowed"
    out = Play()
    out.texts("STOP")
    assert out.take(events.CallRequested(**out.facts())).ignored == "not_allowed"
    live = greeted()
    assert live.take(events.CallRequested(**live.facts())).ignored == "not_allowed"


def test_our_number_in_a_call_is_the_one_that_was_called() -> None:
    """A call of ours comes from the number that the customer wrote to, else from the phone's first."""
    play = Play()
    play.take(events.CallRequested(**play.facts()))
    assert play.session.call is not None
    assert play.session.call.number == OURS
    assert play.session.call.call_sid == ""


def dialing(**settings: Any) -> Play:
    """A call of ours that rings."""
    play = Play(**settings)
    play.take(events.CallRequested(**play.facts()))
    play.take(events.CallPlaced(**play.facts(call_sid="CA7")))
    play.saw("place call")
    return play


def met_by_a_machine(play: Play) -> None:
    """A machine takes the call that rings."""
    play.take(
        events.CallStarted(**play.facts(call_sid="CA7", number=OURS, direction="outbound", machine=True))
    )


@pytest.mark.parametrize(
    ("mode", "message", "lines"),
    [
        ("hang_up", "Call us.", ("say: | hang up", "text: We rang.", "ask call_failed")),
        ("message", "Call us.", ("say: Call us. | hang up", "ask call_failed")),
        ("message", "", ("say: | hang up", "text: We rang.", "ask call_failed")),
        ("text", "Call us.", ("say: | hang up", "text: Call us.", "ask call_failed")),
        ("text", "", ("say: | hang up", "text: We rang.", "ask call_failed")),
    ],
)
def test_a_machine_takes_our_call(mode: str, message: str, lines: tuple[str, ...]) -> None:
    """It gets the message, or the customer a text; the assistant learns `machine`, and the call is over."""
    play = dialing(machine_detection=mode, machine_message=message, call_failed_message="We rang.")
    met_by_a_machine(play)
    play.saw(*lines)
    assert play.asked()["event_data"] == {"reason": "machine"}
    play.answers()
    assert play.state == ("ended" if "text" not in str(lines) else "text_only")
    assert play.hangs_up().ignored == "no_live_call"


def test_a_machine_is_talked_to_where_nobody_looks() -> None:
    """With `machine_detection: off` whoever answers is the customer."""
    play = dialing()
    met_by_a_machine(play)
    play.saw("ask call_started")


def test_a_customer_whom_our_call_missed_gets_the_configured_text() -> None:
    """`call_failed_message` goes by text before the assistant is asked, and opens the thread."""
    play = dialing(call_failed_message="We tried to call you.")
    play.take(events.CallFailed(**play.facts(call_sid="CA7", reason="no_answer")))
    play.saw("text: We tried to call you.", "ask call_failed")
    play.answers()
    assert play.state == "text_only"


def test_a_call_that_is_named_after_its_session_was_closed_stops_ringing() -> None:
    """The session was closed while the carrier took our call: it is ended by its id."""
    play = Play()
    play.take(events.CallRequested(**play.facts()))
    play.acts("end", items.EndSession())
    play.take(events.CallPlaced(**play.facts(call_sid="CA7")))
    play.saw("place call", "end call")


@pytest.mark.parametrize("late", [events.CallPlaced, events.CallFailed, events.CallStarted])
def test_news_of_an_earlier_placing_is_not_of_this_call(late: Any) -> None:
    """An event that names another placing leaves the call that rings as it is."""
    play = Play()
    play.take(events.CallRequested(**play.facts()))
    more = {
        events.CallPlaced: {},
        events.CallFailed: {"reason": "busy"},
        events.CallStarted: {"number": OURS, "direction": "outbound"},
    }[late]
    assert play.take(late(**play.facts(call_sid="CA1", reference="other", **more))).ignored
    assert play.session.call is not None
    own = play.session.call.reference
    assert not play.take(late(**play.facts(call_sid="CA7", reference=own, **more))).ignored


@pytest.mark.parametrize(
    ("hours", "allowed"),
    [(None, True), ((13 * 60, 14 * 60), True), ((14 * 60, 20 * 60), False), ((20 * 60, 14 * 60), True)],
)
def test_we_call_in_allowed_hours_only(hours: tuple[int, int] | None, *, allowed: bool) -> None:
    """Outside `call_hours` no call is placed, by request or by answer; the clock is at 13:46 UTC."""
    play = Play(call_hours=hours)
    play.texts("Call me")
    play.answers(items.SwitchChannel(to="voice"))
    assert (play.state == "dialing") is allowed
    if not allowed:
        assert play.notes("item_skipped") == [{"response_type": "switch_channel", "reason": "call_hours"}]
    other = Play(call_hours=hours)
    assert (other.take(events.CallRequested(**other.facts())).ignored == "") is allowed
