"""`switch_channel`: to SMS with and without the call, refused, and with nothing to send."""

from __future__ import annotations

from orchestrator.core import items
from tests.core.play import Play, text
from tests.core.scenes import greeted


def test_switch_ends_the_call_once_the_text_was_taken() -> None:
    """`switch_channel` to SMS: the text leaves, and only when the carrier took it are the words said and the call ended."""
    play = greeted(initiate_from_inbound=False)
    play.says("By text please")
    play.answers(items.SwitchChannel(to="sms", text="Here we go on.", say="See you there."))
    play.saw("ask input: By text please", "text: Here we go on.", "say: | go on")
    play.fetches()
    play.carrier_takes()
    play.fetches()
    play.saw("say: | listen", "interrupt", "say: See you there. | hang up")
    play.hangs_up()
    assert play.asked()["event_data"] == {"reason": "hung_up_by_us"}
    play.answers()
    assert play.state == "text_only"
    play.texts("Here")
    play.saw("ask call_ended", "ask input: Here")


def test_switch_that_keeps_the_call() -> None:
    """With `keep_call` the words are said and the caller has the floor."""
    play = greeted()
    play.says("Both")
    play.answers(items.SwitchChannel(to="sms", text="A link.", say="Look at it.", keep_call=True))
    play.carrier_takes()
    play.fetches()
    play.saw("ask input: Both", "text: A link.", "say: | go on", "say: Look at it. | listen")
    assert play.state == "in_call_and_text"


def test_switch_whose_text_is_refused_keeps_the_call() -> None:
    """A refused text of a switch leaves the call up; a late word of its acceptance ends nothing."""
    play = greeted()
    play.says("By text")
    play.answers(items.SwitchChannel(to="sms", text="Here.", say="Bye."))
    play.fetches()
    play.carrier_refuses()
    play.answers(text("Then let us talk."))
    play.fetches()
    play.saw(
        "ask input: By text",
        "text: Here.",
        "say: | go on",
        "say: | listen",
        "ask text_failed",
        "interrupt",
        "say: Then let us talk. | listen",
    )
    assert play.carrier_takes().ignored == "nothing_waits"
    assert play.state == "in_call_and_text"


def test_switch_without_a_text_and_without_a_call() -> None:
    """A switch that has nothing to send is skipped; on a thread its text is written."""
    play = greeted()
    play.says("Text me")
    play.answers(items.SwitchChannel(to="sms"))
    play.saw("ask input: Text me", "say: | listen")
    assert play.notes("item_skipped") == [{"response_type": "switch_channel", "reason": "no_text"}]
    other = Play()
    other.texts("Hi")
    other.answers(items.SwitchChannel(to="sms", text="We are here already."))
    other.saw("ask input: Hi", "text: We are here already.")
    play.says("Call me")
    play.answers(items.SwitchChannel(to="voice"))
    assert play.notes("item_skipped")[-1] == {"response_type": "switch_channel", "reason": "not_allowed"}
