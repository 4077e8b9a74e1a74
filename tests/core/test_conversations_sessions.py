"""Sessions as conversations: opened by us, silent for long, acted on from outside, closed; and the turn request."""

from __future__ import annotations

import json
from typing import Any

from orchestrator.core import events, items
from tests.core.play import ANA, OURS, Play, text
from tests.core.scenes import greeted


def opened(play: Play, **fields: Any) -> Play:
    """We open a text session."""
    play.take(events.SessionRequested(**play.facts(**fields)))
    return play


def test_business_first_with_a_text() -> None:
    """A session opened with a text sends it, asks nothing, and takes answers with initiate off."""
    play = opened(Play(initiate_from_inbound=False), text="Your parcel is here.", context={"parcel": 7})
    play.saw("text: Your parcel is here.")
    assert (play.state, play.session.context) == ("text_only", {"parcel": 7})
    play.texts("When?")
    play.saw("ask input: When?")
    assert play.asked()["context"] == {"parcel": 7}


def test_business_first_without_a_text() -> None:
    """Without a text the assistant speaks first, by `session_started`."""
    play = opened(Play())
    play.answers(text("Hello from us."))
    play.saw("ask session_started", "text: Hello from us.")


def test_session_is_not_opened_twice() -> None:
    """A session that is open stays as it is."""
    play = opened(Play(), text="One")
    before = play.session
    again = play.take(events.SessionRequested(**play.facts(text="Two")))
    assert (again.ignored, again.session) == ("session_open", before)


def test_session_for_an_opted_out_customer_sends_nothing_and_ends() -> None:
    """A request that races an opt-out leaves a blocked text on record and no open session."""
    play = Play()
    play.texts("STOP")
    opened(play, text="Offer!")
    play.saw("blocked opted_out: Offer!")
    assert play.state == "ended"
    assert len(play.notes("session_ended")) == 1


def test_media_alone_opens_a_session() -> None:
    """A session may be opened with a picture and no words."""
    play = opened(Play(), media=("https://x.example/a.png",))
    play.saw("text:  [https://x.example/a.png]")


def test_long_silence_asks_the_assistant_for_a_last_word() -> None:
    """After `session_timeout` the assistant is asked with `session_timeout`; its words go out, then the session ends."""
    play = Play(session_timeout=100.0)
    play.texts("Hi")
    assert play.timers == {}
    play.answers(text("Hello"))
    assert play.timers == {"session": play.now + 100.0}
    play.rings("session")
    play.answers(text("Bye for now."))
    play.saw("ask input: Hi", "text: Hello", "ask session_timeout", "text: Bye for now.")
    assert (play.state, play.session.timers) == ("ended", {})


def test_long_silence_ends_the_session_though_the_assistant_fails() -> None:
    """A last word that is not to be had ends the session all the same, without an apology."""
    play = Play()
    play.texts("Hi")
    play.answers()
    play.rings("session")
    play.fails()
    play.saw("ask input: Hi", "ask session_timeout")
    assert play.state == "ended"


def test_long_silence_with_a_notice() -> None:
    """With `notify_on_session_timeout` the customer gets it, and nobody is asked."""
    play = Play(notify_on_session_timeout="Closed for today.")
    play.texts("Hi")
    play.answers(items.AskForText(text="Name?"))
    play.rings("session")
    play.saw("ask input: Hi", "text: Name?", "text (notice): Closed for today.")
    assert (play.state, play.session.thread.question, play.session.timers) == ("ended", None, {})


def test_activity_and_calls_hold_the_session_timer() -> None:
    """The timer runs from the last event of a text-only session, and not during a call."""
    play = Play(session_timeout=100.0)
    play.texts("Hi")
    play.answers()
    play.wait(50)
    play.texts("Still here")
    play.answers()
    assert play.timers == {"session": play.now + 100.0}
    play.calls()
    assert play.timers == {}
    late = events.TimerFired(**play.facts(name="session", due_at=play.now + 100.0))
    assert play.take(late).ignored == "timer_cancelled"


def test_a_call_joins_the_open_thread() -> None:
    """A call during a text session is the same session; one after its end is a new one that names it."""
    play = Play()
    play.texts("Hi")
    play.answers()
    first = play.session.id
    play.calls()
    assert (play.session.id, play.state) == (first, "in_call_and_text")
    play.answers(items.EndSession())
    play.hangs_up()
    play.calls("CA2")
    assert play.session.id != first
    assert play.asked()["previous_session_id"] == first
    assert play.session.thread_state == "none"


def test_context_is_merged_at_the_top_and_null_deletes() -> None:
    """The answer's context is merged key by key; null deletes; `set_context` does the same from outside."""
    play = greeted()
    play.says("Hi")
    play.answers(context={"a": {"x": 1}, "b": 2})
    play.says("Hi")
    play.answers(context={"a": {"y": 1}, "b": None, "c": None})
    assert play.session.context == {"a": {"y": 1}}
    play.acts("set_context", a=None, d=4)
    assert play.session.context == {"d": 4}
    play.saw("ask input: Hi", "say: | listen", "ask input: Hi", "say: | listen")


def test_actions_out_of_turn() -> None:
    """Actions do at once what an answer's item would: said in the call, written on the thread."""
    play = greeted()
    play.acts("say", text("A moment."))
    play.fetches()
    play.acts("send_text", items.SendText(text="A link"))
    play.acts("ask_for_text", items.AskForText(text="Address?", say="Look at your phone."))
    play.saw("interrupt", "say: A moment. | listen", "text: A link", "text: Address?", "interrupt")
    assert play.state == "awaiting_text"
    play.hangs_up()
    play.answers()
    play.acts("send_text", items.SendText(text="Written"))
    play.saw("ask call_ended", "text: Written")
    assert play.acts("transfer", items.Transfer(to="+15550109999")).ignored == "not_allowed"


def test_action_leaves_the_open_turn_open() -> None:
    """An action while a turn is being answered does not close it: its answer is still spoken."""
    play = greeted()
    play.says("Hm")
    play.is_slow()
    play.acts("set_context", a=1)
    play.answers(text("Here."))
    play.fetches()
    play.saw("ask input: Hm", "say: One moment, please. | go on", "say: Here. | listen")


def test_actions_need_a_session() -> None:
    """Without an open session no action is taken."""
    play = Play()
    for action in ("send_text", "end", "set_context", "nonsense"):
        assert play.acts(action).ignored == "not_allowed"
    play.saw()


def test_the_turn_request_key_for_key() -> None:
    """The request has the keys of the contract, with the values of the conversation, and is plain JSON."""
    play = greeted()
    play.says("I moved house")
    request = play.asked()
    assert json.loads(json.dumps(request)) == {
        "version": 1,
        "turn_id": play.turn_id,
        "session_id": play.session.id,
        "previous_session_id": None,
        "assistant": "support",
        "channel": "voice",
        "reply_on": ["voice"],
        "input": {"type": "speech", "text": "I moved house", "confidence": 0.9, "media": []},
        "event": None,
        "event_data": {},
        "customer": {"phone_number": ANA},
        "assistant_number": OURS,
        "state": "in_call",
        "channels": {
            "voice": {"live": True, "call_sid": "CA1", "direction": "inbound"},
            "sms": {"open": False, "can_send": True},
        },
        "allowed": [
            "send_text",
            "ask_for_text",
            "say",
            "switch_channel",
            "transfer",
            "hang_up",
            "set_context",
            "end",
        ],
        "context": {},
        "last_text_error": None,
    }


def test_the_turn_request_of_a_text_in_a_call() -> None:
    """A text in a call: `text_reply`, channel sms, answered on voice, whether awaited or not."""
    play = greeted()
    play.texts("Hi")
    request = play.asked()
    assert (request["event"], request["channel"], request["reply_on"]) == ("text_reply", "sms", ["voice"])
    assert request["input"] == {"type": "text", "text": "Hi", "confidence": None, "media": []}
    assert (request["state"], request["channels"]["sms"]) == (
        "in_call_and_text",
        {"open": True, "can_send": True},
    )


def test_the_turn_request_of_a_thread() -> None:
    """A plain text has no event; there is no call, and our number is the one written to."""
    play = Play(phone=False)
    play.texts("Hi", number="+19585550199")
    request = play.asked()
    assert (request["event"], request["state"]) == (None, "text_only")
    assert request["channels"]["voice"] == {"live": False, "call_sid": None, "direction": None}
    assert request["assistant_number"] == "+19585550199"
    assert request["allowed"] == ["send_text", "ask_for_text", "set_context", "end"]


def test_our_number_without_messaging() -> None:
    """An assistant without messaging has its called number, before and after the end of the call."""
    play = Play(messaging=False)
    play.calls()
    assert play.asked()["assistant_number"] == OURS
    assert not {"send_text", "ask_for_text"} & set(play.asked()["allowed"])
    play.answers(items.SendText(text="Hi", to=ANA), items.SendText(text="Hi"))
    play.saw("ask call_started", "blocked no_messaging: Hi", "blocked no_messaging: Hi", "say: | listen")
    play.hangs_up()
    assert play.asked()["assistant_number"] == OURS
    assert play.asked()["reply_on"] == []
