"""How calls end, and calls that are not quite a customer: beside another, without a number."""

from __future__ import annotations

from orchestrator.core import items, policy
from orchestrator.core.session import Session
from tests.core.play import ANA, Play, text
from tests.core.scenes import greeted


def test_hang_up_goes_on_by_text_where_texts_are_taken() -> None:
    """`hang_up` says its words and ends the call; an untouched thread leaves nothing live."""
    play = greeted()
    play.says("Bye")
    play.answers(items.HangUp(say="Goodbye."))
    play.saw("ask input: Bye", "say: Goodbye. | hang up")
    play.hangs_up()
    assert play.asked()["event_data"] == {"reason": "hung_up_by_us"}
    assert play.state == "in_call"
    play.answers()
    play.saw("ask call_ended")
    assert play.state == "ended"


def test_end_session_asks_nothing_at_the_end_of_the_call() -> None:
    """`end_session` closes call and thread, and no `call_ended` turn follows."""
    play = greeted()
    play.texts("Hi")
    play.answers(items.EndSession(say="Bye."))
    play.fetches()
    play.hangs_up()
    play.saw("ask text_reply: Hi", "interrupt", "say: Bye. | hang up")
    assert play.state == "ended"
    assert len(play.notes("session_ended")) == 1


def test_an_ending_session_takes_no_action_and_still_says_its_last_words() -> None:
    """Until the call has hung up, what is written and said with `end_session` goes out, and nothing else is begun."""
    play = greeted()
    play.says("Bye")
    play.answers(text("Your number is 7.", "sms"), items.EndSession(say="Bye."))
    play.saw("ask input: Bye", "text: Your number is 7.", "say: Bye. | hang up")
    assert (play.state, policy.allowed(play.session, play.rules)) == ("in_call", ("set_context", "end"))
    for action, item in (
        ("send_text", items.SendText(text="More.")),
        ("ask_for_text", items.AskForText(text="Where?")),
        ("say", text("More.", "voice")),
        ("switch_channel", items.SwitchChannel(to="sms", text="Here.")),
        ("transfer", items.Transfer(to="+15550109999")),
        ("hang_up", items.HangUp()),
        ("take_over", None),
    ):
        assert play.acts(action, item).ignored == "not_allowed"
    play.saw()
    play.hangs_up()
    play.saw()
    assert play.state == "ended"


def test_only_the_first_way_to_end_a_document_counts() -> None:
    """Of a transfer and a hang-up in one answer the first is carried out, the other is on record."""
    play = greeted()
    play.says("Hm")
    play.answers(items.Transfer(to="+15550109999"), items.HangUp(say="Bye."))
    play.saw("ask input: Hm", "say: | dial +15550109999")
    assert play.notes("item_skipped") == [{"response_type": "hang_up", "reason": "call_ending"}]


def test_a_switch_behind_a_hang_up_sends_nothing() -> None:
    """A `switch_channel` in an answer that hangs up already is skipped, its text as well."""
    play = greeted()
    play.says("Bye")
    play.answers(items.HangUp(say="Bye."), items.SwitchChannel(to="sms", text="Here."))
    play.saw("ask input: Bye", "say: Bye. | hang up")
    assert play.notes("item_skipped") == [{"response_type": "switch_channel", "reason": "call_ending"}]


def test_a_hang_up_stands_whatever_the_caller_does_meanwhile() -> None:
    """Speech that crosses an ordered hang-up gets the goodbye; a text is answered, and the call still ends."""
    play = greeted()
    play.acts("hang_up", items.HangUp(say="Bye."))
    play.saw("interrupt")
    play.says("Wait")
    play.saw("say: Bye. | hang up")
    play.texts("Hello?")
    play.answers(text("Text us any time."))
    play.fetches()
    play.saw("ask text_reply: Hello?", "interrupt", "say: Text us any time. | hang up")


def test_a_second_call_is_not_this_session() -> None:
    """A second call of the number while one is live is ignored here: it is a session beside."""
    play = greeted()
    before = play.session
    assert play.calls("CA2").ignored == "call_live"
    assert play.session == before


def test_call_beside_cannot_ask_for_a_text() -> None:
    """A call that does not own its number may send texts, but not ask for one: `thread_busy`."""
    play = Play()
    play.session = Session(id="S9", assistant="support", customer=ANA, beside=True)
    play.calls()
    assert "ask_for_text" not in play.asked()["allowed"]
    assert "send_text" in play.asked()["allowed"]
    play.answers(items.AskForText(text="Address?"), items.SendText(text="A link."))
    play.saw("ask call_started", "text: A link.", "say: | listen")
    assert play.notes("item_skipped") == [{"response_type": "ask_for_text", "reason": "thread_busy"}]
    assert play.heard is not None
    assert play.heard.beside


def test_a_session_beside_ends_with_its_call() -> None:
    """No text can reach a session beside: it is over with its call, though it sent a text."""
    play = Play()
    play.session = Session(id="S9", assistant="support", customer=ANA, beside=True)
    play.calls()
    play.answers(items.SendText(text="A link."))
    play.hangs_up()
    play.answers()
    assert play.state == "ended"
    assert play.session.timers == {}


def test_withheld_number_cannot_be_texted() -> None:
    """Without a number the customer is null, no text can be sent, and a text item for SMS is skipped."""
    play = Play(customer=None)
    play.calls()
    assert play.asked()["customer"] == {"phone_number": None}
    assert play.asked()["channels"]["sms"] == {"open": False, "can_send": False}
    assert not {"send_text", "ask_for_text"} & set(play.asked()["allowed"])
    play.answers(text("By text.", "sms"), text("Aloud."))
    play.saw("ask call_started", "say: Aloud. | listen")
    play.says("My mobile")
    play.answers(items.SendText(text="Hi", to="+15550107777"))
    play.saw("ask input: My mobile", "text: Hi", "say: | listen")
    play.hangs_up()
    assert play.asked()["reply_on"] == []
    play.answers(text("Nobody reads this."), items.SendText(text="Bye", to="+15550107777"), items.HangUp())
    play.saw("ask call_ended", "text: Bye")
    skipped = [note["reason"] for note in play.notes("item_skipped")]
    assert skipped[-2:] == ["cannot_send", "no_live_call"]


def test_call_end_without_a_way_to_text() -> None:
    """`call_ended` has `reply_on: ["sms"]` where a text can be sent, and none for an opted-out customer."""
    play = greeted()
    play.texts("STOP")
    play.hangs_up()
    assert play.asked()["reply_on"] == []
    assert play.state == "in_call"
    play.answers()
    assert play.state == "ended"
    other = greeted()
    other.hangs_up("lost")
    assert (other.asked()["reply_on"], other.asked()["event_data"]) == (["sms"], {"reason": "lost"})
    assert other.asked()["channel"] == "voice"
