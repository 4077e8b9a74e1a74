"""Transfers as conversations: taken, not taken, and what happens meanwhile."""

from __future__ import annotations

from orchestrator.core import items
from orchestrator.core.effects import Dial
from tests.core.play import OURS, Play, text
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


def dialled_by(play: Play, **fields: str) -> Dial:
    """What a transfer of the call dials."""
    play.says("Human")
    play.answers(items.Transfer(to="sip:desk@example.com", **fields))  # type: ignore[arg-type]  # words only
    assert play.heard is not None
    ending = play.heard.ending
    assert isinstance(ending, Dial)
    return ending


def test_the_human_sees_the_customer_s_number_or_ours() -> None:
    """The caller's own number by default; ours where that is configured, or the caller's is withheld."""
    assert dialled_by(greeted()).caller_id == ""
    assert dialled_by(greeted(transfer_caller_id="ours")).caller_id == OURS
    assert dialled_by(greeted(customer=None)).caller_id == OURS


def test_the_human_is_told_why() -> None:
    """The words for the human go with the dialling, without markup."""
    dial = dialled_by(greeted(), whisper="Ana <b>moved</b>.")
    assert (dial.whisper, dial.number) == ("Ana moved.", OURS)


def test_sip_addresses_are_referred_where_that_is_configured() -> None:
    """`sip_transfer: refer` hands SIP addresses over; numbers are dialled all the same."""
    assert dialled_by(greeted(sip_transfer="refer")).refer
    assert not dialled_by(greeted()).refer
    play = greeted(sip_transfer="refer")
    play.says("Human")
    play.answers(items.Transfer(to="+15550109999"))
    assert play.heard is not None
    assert isinstance(play.heard.ending, Dial)
    assert not play.heard.ending.refer


def test_words_that_came_with_the_transfer_are_said_if_nobody_takes_it() -> None:
    """They take the place of `transfer_failure_message`."""
    play = greeted(transfer_failure_message="Nobody there.")
    play.says("Human")
    play.answers(items.Transfer(to="+15550109999", unavailable="The desk is closed."))
    play.dialled("no_answer")
    play.saw("ask input: Human", "say: | dial +15550109999", "say: The desk is closed. | hang up")
