"""A human in the assistant's place: who answers when, and what is kept for the assistant."""

from __future__ import annotations

from orchestrator.core import events, items
from orchestrator.core.states import handler_of
from tests.core.play import Play, text
from tests.core.scenes import asked_for_text, taken_call, taken_thread, writes


# ---- texts --------------------------------------------------------------------------------------
def test_the_assistant_is_silent_until_it_is_given_the_thread_back() -> None:
    """Texts stand on the timeline and ask nothing; `released` tells the assistant all that was said."""
    play = taken_thread()
    play.texts("Is there a human?")
    play.acts("send_text", writes("Yes, this is Eve."))
    play.texts("Great", media=())
    play.saw("text: Yes, this is Eve.")
    assert (play.state, handler_of(play.session)) == ("text_only", "human")
    assert [note["pii.text"] for note in play.notes("text_received")] == ["Hi", "Is there a human?", "Great"]
    assert play.notes("turn_withheld") == [{"event": None, "input_type": "text"}] * 2
    play.acts("release")
    asked = play.asked()
    assert (asked["event"], asked["channel"], asked["reply_on"]) == ("released", "sms", ["sms"])
    assert asked["input"]["type"] == "none"
    assert asked["event_data"] == {
        "said": [
            {"by": "customer", "channel": "sms", "type": "text", "text": "Is there a human?", "media": []},
            {"by": "operator", "channel": "sms", "type": "text", "text": "Yes, this is Eve.", "media": []},
            {"by": "customer", "channel": "sms", "type": "text", "text": "Great", "media": []},
        ]
    }
    play.answers(text("Can I do more for you?"))
    play.texts("No")
    play.saw("ask released", "text: Can I do more for you?", "ask input: No")
    assert play.session.meanwhile == ()


def test_what_the_assistant_waited_for_is_not_awaited_any_more() -> None:
    """An open question, those behind it and choices are dropped: a text is for the human."""
    play = Play()
    play.texts("Hi")
    play.answers(
        items.Options(title="Which?", choices=(items.Choice(label="Red", value="red"),)),
        items.AskForText(text="Zip?", pattern=r"\d+", on_mismatch="Digits!", keep_as="zip"),
        items.AskForText(text="Town?"),
    )
    play.acts("take_over")
    assert (play.state, set(play.timers)) == ("text_only", {"session"})
    play.texts("1")
    play.saw("ask input: Hi", "text: Which?\n1. Red", "text: Zip?")
    assert play.session.context == {}
    assert play.session.meanwhile[0]["text"] == "1"


def test_a_human_asks_as_the_assistant_would() -> None:
    """An operator's `ask_for_text` waits, and keeps the reply, without a turn."""
    play = taken_thread()
    play.acts("ask_for_text", items.AskForText(text="Your order?", keep_as="order"))
    assert play.session.thread_state == "awaiting_reply"
    play.texts("4711")
    assert play.session.context == {"order": "4711"}
    play.saw("text: Your order?")


def test_silence_ends_a_session_that_a_human_has() -> None:
    """After `session_timeout` it is over, with the closing line if there is one, and no turn."""
    for notice in ("", "Closed."):
        play = taken_thread(notify_on_session_timeout=notice)
        play.rings("session")
        play.saw(*(["text (notice): Closed."] if notice else []))
        assert (play.state, play.session.handler) == ("ended", "assistant")
        play.texts("Hello?")
        play.saw("ask input: Hello?")


def test_a_stop_ends_it_and_nothing_is_sent() -> None:
    """An opted-out customer has no thread, so nobody has it."""
    play = taken_thread()
    play.texts("STOP")
    assert (play.state, play.session.handler) == ("ended", "assistant")
    play.acts("send_text", writes("Sorry"))
    play.saw()


def test_only_what_is_open_is_taken_over_and_only_once() -> None:
    """No session, one that is over, one that a human has: the action changes nothing, and so does a release."""
    nobody, over = Play(), Play()
    over.texts("Hi")
    over.answers(items.EndSession())
    for play in (nobody, over):
        assert play.acts("take_over").ignored == "not_allowed"
        assert play.acts("release").ignored == "not_allowed"
    taken = taken_thread()
    assert taken.acts("take_over").ignored == "not_allowed"
    taken.acts("release")
    taken.answers()
    assert taken.acts("release").ignored == "not_allowed"


def test_of_what_was_said_the_newest_is_told() -> None:
    """Fifty entries are kept."""
    play = taken_thread(max_texts=0)
    for number in range(60):
        play.texts(f"text {number}")
    play.acts("release")
    said = play.asked()["event_data"]["said"]
    assert [entry["text"] for entry in said] == [f"text {number}" for number in range(10, 60)]


def test_texts_held_for_one_another_are_the_humans() -> None:
    """A merge window that ends after the take-over asks nothing."""
    play = Play(merge_window=5.0)
    play.texts("Hi")
    play.acts("take_over")
    play.rings("merge")
    play.saw()
    assert play.session.meanwhile[0]["text"] == "Hi"


# ---- calls --------------------------------------------------------------------------------------
def test_a_call_that_is_live_is_taken_over_as_well() -> None:
    """Speech, keys and silence are no turns: the caller is held, and hears what the operator says."""
    play = taken_call(hold_audio="https://x.example/hold.mp3")
    play.says("Anybody there?")
    for _ in range(9):
        play.is_silent()
    hold = "say: [play https://x.example/hold.mp3] | listen"
    play.saw(*[hold] * 10)
    play.acts("say", items.Text(text="This is Eve.", channels=("voice",)))
    play.fetches()
    play.presses("5")
    play.saw("interrupt", "say: This is Eve. | listen", hold)
    play.acts("release")
    assert (play.asked()["channel"], play.asked()["reply_on"]) == ("voice", ["voice"])
    assert play.asked()["event_data"]["said"] == [
        {"by": "customer", "channel": "voice", "type": "speech", "text": "Anybody there?", "media": []},
        {"by": "operator", "channel": "voice", "type": "speech", "text": "This is Eve.", "media": []},
        {"by": "customer", "channel": "voice", "type": "dtmf", "text": "5", "media": []},
    ]
    play.answers(text("I am back."))
    play.fetches()
    play.says("Good")
    play.saw("ask released", "interrupt", "say: I am back. | listen", "ask input: Good")


def test_texts_in_a_call_that_a_human_has_are_theirs() -> None:
    """A text neither interrupts the call nor asks; a text of ours that fails is on record."""
    play = taken_call()
    play.texts("My address")
    play.acts("send_text", writes("Thanks"))
    play.carrier_refuses()
    play.saw("text: Thanks")
    assert play.state == "in_call_and_text"
    assert [entry["by"] for entry in play.session.meanwhile] == ["customer", "operator", "tandem"]
    assert play.session.meanwhile[2]["event"] == "text_failed"


def test_it_survives_the_end_of_the_call() -> None:
    """The thread stays with the human; the end of the call is told on release."""
    play = taken_call()
    play.texts("Hi")
    play.hangs_up()
    play.texts("Still there?")
    play.saw()
    assert (play.state, handler_of(play.session)) == ("text_only", "human")
    play.acts("release")
    ended = {"by": "tandem", "channel": "voice", "event": "call_ended", "event_data": {"reason": "ended"}}
    assert ended in play.asked()["event_data"]["said"]


def test_a_call_that_begins_is_the_assistants_and_the_thread_the_humans_again_behind_it() -> None:
    """Nobody who writes can answer a phone: the assistant is told, has the call and its texts, then is silent."""
    play = taken_thread()
    play.calls()
    assert play.asked()["event_data"] == {"direction": "inbound", "handler": "human"}
    assert handler_of(play.session) == "assistant"
    play.answers(text("Hello."))
    play.texts("By the way")
    play.answers(text("Yes?"))
    play.fetches()
    play.saw(
        "ask call_started",
        "say: Hello. | listen",
        "ask text_reply: By the way",
        "interrupt",
        "say: Yes? | listen",
    )
    play.hangs_up()
    play.texts("Eve?")
    play.saw()
    assert handler_of(play.session) == "human"


def test_a_call_that_began_later_can_be_taken_over_too() -> None:
    """The operator who sees it on the console takes it."""
    play = taken_thread()
    play.calls()
    play.answers(text("Hello."))
    play.acts("take_over")
    play.says("Eve?")
    play.saw("ask call_started", "say: Hello. | listen", "say: | listen")
    assert handler_of(play.session) == "human"


def test_a_call_of_ours_is_the_assistants_once_it_is_answered() -> None:
    """Whoever takes over while it rings has the texts; who answers the phone speaks with the assistant."""
    play = Play()
    play.take(events.CallRequested(**play.facts()))
    play.acts("take_over")
    play.texts("I cannot talk")
    play.saw("place call")
    play.calls(direction="outbound")
    play.saw("ask call_started")


def test_a_transfer_of_the_human_that_fails_leaves_the_caller_with_them() -> None:
    """The caller is told, and is held again; the assistant is not asked."""
    play = taken_call(disconnect_on_transfer_failure=False)
    play.acts("transfer", items.Transfer(to="+15550109999"))
    play.fetches()
    play.dialled("busy")
    play.saw("interrupt", "say: | dial +15550109999", "say: Sorry, nobody could take the call. | listen")
    play.says("Hello?")
    play.saw("say: | listen")


def test_a_human_hangs_up_and_ends() -> None:
    """The actions of a session work as ever; the end of a session is the end of the take-over."""
    play = taken_call()
    play.acts("hang_up", items.HangUp(say="Goodbye."))
    play.fetches()
    play.says("Wait")
    play.saw("interrupt", "say: Goodbye. | hang up", "say: | hang up")
    play.hangs_up()
    assert (play.state, play.session.handler) == ("ended", "assistant")


def test_waiting_for_a_text_ends_in_a_call_that_is_taken_over() -> None:
    """The time-out of the wait, and the way by voice, are not the human's business."""
    play = asked_for_text(fallback=items.Fallback(say="Say it."))
    play.acts("take_over")
    assert (play.state, play.timers) == ("in_call_and_text", {})
    play.is_silent()
    play.saw("say: | listen")


def test_in_quiet_hours_only_an_answer_to_a_customer_who_is_there_is_sent() -> None:
    """Given back soon after the customer's words, the assistant answers at once; long after, its words wait."""
    for pause, waits in ((60.0, False), (3600.0, True)):
        play = taken_thread(quiet_hours=(13 * 60, 15 * 60))  # the play begins at 13:46
        play.texts("Still there?")
        play.wait(pause)
        play.acts("release")
        play.answers(text("I am back."))
        assert (play.last_text().not_before > 0) is waits
