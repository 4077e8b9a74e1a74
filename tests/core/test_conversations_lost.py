"""Calls that fall silent: looked up at the carrier, and ended where it knows nothing of them."""

from __future__ import annotations

from orchestrator.core import events, items
from orchestrator.core.effects import Dial, Document, HangUpCall, Listen, Play, Say, Silence
from orchestrator.core.steps.watching import GRACE, LONGEST, RINGS, UTTERANCE, longest_run
from tests.core.play import CALL, text
from tests.core.play import Play as Conversation
from tests.core.scenes import greeted


def document(*verbs: Say | Play | Silence, ending: Listen | HangUpCall | Dial) -> Document:
    """A document."""
    return Document(call_sid=CALL, number=1, verbs=verbs, ending=ending)


def test_the_longest_run_of_a_document() -> None:
    """Words, sounds and silence count, then the caller's floor with an utterance, or a talk."""
    listening = Listen(timeout=7.0)
    assert longest_run(document(ending=listening)) == 7.0 + UTTERANCE
    assert longest_run(document(Say(text="x" * 80), ending=HangUpCall())) == 10.0
    assert longest_run(document(Silence(seconds=3), ending=HangUpCall())) == 3.0
    assert longest_run(document(Play(url="u"), ending=HangUpCall())) == LONGEST
    assert longest_run(document(ending=Dial(to="+15550000000"))) == LONGEST


def test_a_call_that_falls_silent_is_looked_up() -> None:
    """Behind the longest run of its document the carrier is asked; the call goes on, and is asked about again."""
    play = greeted()
    due = play.session.timers["lost_call"]
    assert due == play.now + len("Hello.") / 8 + 7.0 + UTTERANCE + GRACE
    play.rings("lost_call")
    play.saw("look up")
    assert play.state == "in_call"
    assert play.session.timers["lost_call"] > due
    play.rings("lost_call")
    play.saw("look up")


def test_each_request_of_the_call_moves_the_look_up() -> None:
    """A call that is heard of is not looked up: the timer runs anew with each document."""
    play = greeted()
    early = play.session.timers["lost_call"]
    play.wait(60)
    play.says("Hello")
    play.answers(text("Yes?"))
    assert play.session.timers["lost_call"] > early
    late = events.TimerFired(**play.facts(name="lost_call", due_at=early))
    assert play.take(late).ignored == "timer_cancelled"


def test_a_lost_call_ends_like_any_other() -> None:
    """`call_ended` has the reason `lost`, and the conversation goes on by text."""
    play = greeted()
    play.rings("lost_call")
    play.hangs_up("lost")
    assert play.asked()["event_data"] == {"reason": "lost"}
    play.answers(text("We were cut off."))
    play.saw("look up", "ask call_ended", "text: We were cut off.")
    assert play.state == "text_only"
    assert "lost_call" not in play.session.timers


def test_a_call_of_ours_is_looked_up_once_it_has_rung() -> None:
    """A call that rings is looked up behind its ringing, one without an id not at all: the outbox has it."""
    play = Conversation()
    play.take(events.CallRequested(**play.facts()))
    assert play.session.timers == {}
    play.take(events.CallPlaced(**play.facts(call_sid="CA7")))
    assert play.session.timers == {"lost_call": play.now + RINGS + GRACE}
    play.rings("lost_call")
    play.saw("place call", "look up")


def test_a_talk_with_a_human_is_looked_up_now_and_then() -> None:
    """A transferred call is asked about at least every ten minutes, without disturbing it."""
    play = greeted()
    play.says("A human")
    play.answers(items.Transfer(to="+15550000000"))
    assert play.session.timers["lost_call"] == play.now + LONGEST + GRACE
    play.rings("lost_call")
    assert play.state == "transferring"
