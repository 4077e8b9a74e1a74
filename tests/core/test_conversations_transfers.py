"""Transfers as conversations: taken, not taken, and what happens meanwhile."""

from __future__ import annotations

from orchestrator.core import items
from tests.core.play import text
from tests.core.scenes import greeted


def test_failure_with_a_target_transfers() -> None:
    """A failing assistant in a call with `failure_transfer_to`: the message, then the transfer."""
    play = greeted(failure_message="Sorry.", failure_transfer_to="+15550109999")
    play.says("Hm")
    play.fails()
    play.saw("ask input: Hm", "say: Sorry. | dial +15550109999")
    assert play.state == "transferring"


def test_transfer_that_is_answered() -> None:
    """A transfer that somebody takes ends the call as `transferred`."""
    play = greeted()
    play.says("Human")
    play.answers(items.Transfer(to="sip:desk@example.com", say="Connecting.", timeout=20.0))
    play.saw("ask input: Human", "say: Connecting. | dial sip:desk@example.com")
    assert play.state == "transferring"
    play.dialled()
    play.saw("say: | hang up")
    play.hangs_up()
    assert play.asked()["event_data"] == {"reason": "transferred"}


def test_transfer_that_nobody_takes_ends_the_call() -> None:
    """With `disconnect_on_transfer_failure` the caller is told, and the call ends by us."""
    play = greeted(transfer_failure_message="Nobody there.")
    play.says("Human")
    play.answers(items.Transfer(to="+15550109999"))
    play.dialled("busy")
    play.saw("ask input: Human", "say: | dial +15550109999", "say: Nobody there. | hang up")
    play.hangs_up()
    assert play.asked()["event_data"] == {"reason": "hung_up_by_us"}


def test_transfer_that_nobody_takes_goes_on() -> None:
    """Without it the assistant is asked with `transfer_failed` and its reason, on the open request."""
    play = greeted(disconnect_on_transfer_failure=False)
    play.says("Human")
    play.answers(items.Transfer(to="+15550109999"))
    play.dialled("no_answer")
    assert play.asked()["event_data"] == {"reason": "no_answer"}
    play.answers(text("Then let me help."))
    play.saw(
        "ask input: Human",
        "say: | dial +15550109999",
        "ask transfer_failed",
        "say: Then let me help. | listen",
    )


def test_while_transferring_texts_are_answered_by_text() -> None:
    """Nothing interrupts a transfer: a text is answered by SMS, `hang_up` and `say` have no call to act in."""
    play = greeted()
    play.says("Human")
    play.answers(items.Transfer(to="+15550109999"))
    play.texts("Still waiting")
    assert play.asked()["reply_on"] == ["sms"]
    play.answers(text("Any moment."), items.HangUp(say="Bye."), text("Aloud.", "voice"))
    play.saw(
        "ask input: Human",
        "say: | dial +15550109999",
        "ask text_reply: Still waiting",
        "text: Any moment.",
    )
    assert play.state == "transferring"
    assert [note["reason"] for note in play.notes("item_skipped")] == ["no_live_call", "no_live_call"]
    assert play.acts("say", text("Hello")).ignored == "not_allowed"


def test_speech_that_crosses_a_transfer_is_transferred() -> None:
    """What the caller says just before a transfer ordered by a text's turn gets the transfer, not a farewell."""
    play = greeted()
    play.texts("A human please")
    play.answers(items.Transfer(to="+15550109999", say="Connecting."))
    play.says("Hello?")
    play.saw("ask text_reply: A human please", "interrupt", "say: Connecting. | dial +15550109999")


def test_ending_the_session_ends_a_transferred_call() -> None:
    """`end` while transferring hangs up from outside, and the session is over with the call."""
    play = greeted()
    play.says("Human")
    play.answers(items.Transfer(to="+15550109999"))
    play.acts("end", items.EndSession())
    play.saw("ask input: Human", "say: | dial +15550109999", "end call")
    play.hangs_up()
    assert play.state == "ended"
