"""Random people, answers and faults: what holds after every decision, whatever came before."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from orchestrator.core import events, items
from orchestrator.core.decide import decide
from orchestrator.core.effects import (
    Answer,
    AskAssistant,
    EndCall,
    HangUpCall,
    InterruptCall,
    PlaceCall,
    Refusal,
    SendMessage,
    TellDesk,
)
from orchestrator.core.session import LIVE_CALL
from orchestrator.core.states import JOINT, in_human_hands, is_open, joint_state
from tests.core.everything import EVERY_ITEM
from tests.core.play import CALL, Play
from tests.core.play import rules as settings_of

WORDS = st.sampled_from(["hello", "1", "12345", "yes", "STOP", "START", "HELP", "end", ""])
MORE_ITEMS: tuple[items.Item, ...] = (
    items.AskForText(
        text="Digits?", pattern=r"\d+", on_mismatch="Digits!", reminder_after=5.0, reminder_say="Well?"
    ),
    items.AskForText(text="Or say it?", pattern=r"\d+", keep_as="it", fallback=items.Fallback(say="Say it.")),
    items.SwitchChannel(to="sms", text="By text", say="Bye", keep_call=True),
    items.Text(text="Aloud", channels=("voice",)),
    items.Text(text="Written", channels=("sms",)),
    items.SendText(text="Other", to="+15550108888"),
)
ANSWERS = st.lists(st.sampled_from(EVERY_ITEM + MORE_ITEMS), max_size=3)
CONTEXTS = st.dictionaries(st.sampled_from("abc"), st.one_of(st.none(), st.integers()), max_size=2)
SETTINGS = st.fixed_dictionaries(
    {
        "initiate_from_inbound": st.booleans(),
        "continue_after_call": st.sampled_from([0.0, 60.0]),
        "reply_to_text_in_call": st.sampled_from(["voice", "sms", "both"]),
        "refusal_message": st.sampled_from(["", "Please call."]),
        "notify_on_session_timeout": st.sampled_from(["", "Bye."]),
        "keywords_in_dialogue": st.sampled_from(["strict", "relaxed"]),
        "keyword_replies": st.sampled_from(["carrier", "tandem"]),
        "failure_transfer_to": st.sampled_from(["", "+15550109999"]),
        "disconnect_on_transfer_failure": st.booleans(),
        "help_desk": st.booleans(),
        "allowed_recipients": st.sampled_from([(), ("+15550108888",)]),
        "phone": st.sampled_from([True, True, True, False]),
        "messaging": st.sampled_from([True, True, True, False]),
    }
)
WITHOUT_ITEM = frozenset({"set_context", "opt_out", "opt_in", "take_over", "release"})
MICROSECONDS: list[float] = []


class Conversation(RuleBasedStateMachine):
    """A customer and an assistant with whims. Turns are answered before other events, as the lease has it."""

    @initialize(settings=SETTINGS, known=st.sampled_from([True, True, False]))
    def begin(self, settings: dict[str, Any], *, known: bool) -> None:
        """A customer with or without a number meets an assistant."""
        self.play = Play(**settings) if known else Play(customer=None, **settings)
        self.ids: dict[str, int] = {}
        self.calls = 0

    def do(self, verb: Any, *args: Any, **more: Any) -> None:
        """One event, and what must be true of its decision alone."""
        before, known = self.play.session, len(self.play.effects)
        start = time.perf_counter()
        verb(*args, **more)
        MICROSECONDS.append((time.perf_counter() - start) * 1e6)
        after, new = self.play.session, self.play.effects[known:]
        self.nothing_to_who_opted_out(new)
        self.numbers_grow(before, after, new)
        self.only_this_call(new)
        for effect in new:
            if isinstance(effect, SendMessage):
                assert effect.text_id not in self.ids
                assert effect.body or effect.media
                self.ids[effect.text_id] = 1
        assert sum(isinstance(effect, AskAssistant) for effect in new) <= 1
        if in_human_hands(before) and in_human_hands(after) and before.id == after.id:
            assert not any(isinstance(effect, AskAssistant) for effect in new)
        if any(isinstance(effect, TellDesk) for effect in new):
            assert self.play.rules.messaging is not None
            assert self.play.rules.messaging.help_desk
        assert sum(isinstance(effect, Answer) for effect in new) <= 1

    def nothing_to_who_opted_out(self, new: list[Any]) -> None:
        """What goes to an opted-out customer is blocked; a refusal is never answered to one."""
        session = self.play.session
        for effect in new:
            if isinstance(effect, SendMessage) and effect.to == session.customer and not effect.blocked:
                assert session.consent == "opted_in"
            if isinstance(effect, SendMessage) and not effect.blocked:
                assert self.play.rules.messaging is not None
            if isinstance(effect, PlaceCall):
                assert session.consent == "opted_in"
            if isinstance(effect, Refusal):
                assert effect.reason in {"opted_out", "no_live_call"}

    def numbers_grow(self, before: Any, after: Any, new: list[Any]) -> None:
        """Documents of one call are numbered upwards; what was proven or fetched stays so."""
        if before.call and after.call and before.call.call_sid == after.call.call_sid:
            assert after.call.documents >= before.call.documents
            assert after.call.proven >= before.call.proven
        if after.call:
            numbers = [spoken.document for spoken in after.call.unheard]
            assert numbers == sorted(set(numbers))
            assert after.call.proven <= after.call.documents

    def only_this_call(self, new: list[Any]) -> None:
        """No effect names a call that is not the session's."""
        for effect in new:
            if isinstance(effect, Answer):
                assert effect.document.call_sid == self.play.sid
            if isinstance(effect, InterruptCall | EndCall):
                assert effect.call_sid == self.play.sid

    # ---- the assistant -----------------------------------------------------------------------------
    def waits(self) -> bool:
        """No turn is open, so that something else may happen."""
        return self.play.session.turn is None

    @precondition(lambda self: not self.waits())
    @rule(given=ANSWERS, context=CONTEXTS)
    def assistant_answers(self, given: list[items.Item], context: dict[str, Any]) -> None:
        """The open turn is answered, with anything."""
        self.do(self.play.answers, *given, context=context)
        assert self.waits()

    @precondition(lambda self: not self.waits())
    @rule()
    def assistant_fails(self) -> None:
        """The open turn fails."""
        self.do(self.play.fails)
        assert self.waits()

    @precondition(lambda self: not self.waits())
    @rule()
    def assistant_is_slow(self) -> None:
        """The open request cannot wait; a second time there is none."""
        self.do(self.play.is_slow)
        assert self.play.is_slow().ignored == "superseded"

    @rule(given=ANSWERS)
    def stranger_answers(self, given: list[items.Item]) -> None:
        """A superseded turn never speaks."""
        before = self.play.session
        self.do(self.play.answers, *given, turn_id="superseded")
        assert self.play.session == before

    # ---- the customer ------------------------------------------------------------------------------
    @precondition(waits)
    @rule(direction=st.sampled_from(["inbound", "inbound", "outbound"]))
    def a_call_starts(self, direction: events.Direction) -> None:
        """A call comes in, or one of ours is answered."""
        self.calls += 1
        if self.play.rules.phone is not None:
            self.do(self.play.calls, f"{CALL}.{self.calls}", direction=direction)

    @precondition(waits)
    @rule(words=WORDS, back=st.integers(0, 2), act=st.sampled_from(["says", "is_silent", "presses"]))
    def the_caller_acts(self, words: str, back: int, act: str) -> None:
        """The caller does something, to the document heard last or one before."""
        if self.play.heard is None:
            return
        document = max(1, self.play.heard.number - back)
        if act == "says":
            self.do(self.play.says, words, document=document)
        elif act == "presses":
            self.do(self.play.presses, words)
        else:
            self.do(self.play.is_silent, document=document)

    @precondition(waits)
    @rule(reason=st.sampled_from(["", "busy", "failed"]))
    def a_transfer_ends(self, reason: events.TransferFailReason) -> None:
        """The dialling is over."""
        self.do(self.play.dialled, reason)

    @precondition(waits)
    @rule()
    def the_carrier_fetches(self) -> None:
        """The carrier fetches the next document."""
        self.do(self.play.fetches)

    @precondition(waits)
    @rule(how=st.sampled_from(["ended", "lost", "failed", "busy", "placed"]))
    def the_call_changes(self, how: Any) -> None:
        """The call ends, is named, or reaches nobody."""
        sid = self.play.sid
        if how == "placed":
            self.do(self.play.take, events.CallPlaced(**self.play.facts(call_sid=f"{CALL}.p")))
        elif how == "busy":
            self.do(self.play.take, events.CallFailed(**self.play.facts(call_sid=sid, reason="busy")))
        else:
            self.do(self.play.hangs_up, how)

    @precondition(waits)
    @rule(body=WORDS, typed=st.sampled_from(["", "", "", "STOP", "START", "HELP"]))
    def a_text_comes(self, body: str, typed: str) -> None:
        """The customer texts."""
        self.do(self.play.texts, body, opt_out_type=typed)

    # ---- the carrier, time, operators --------------------------------------------------------------
    @precondition(waits)
    @rule(code=st.sampled_from([0, 30006, 21610]))
    def a_text_of_ours_ends(self, code: int) -> None:
        """Our last text was taken, or refused."""
        if any(isinstance(effect, SendMessage) for effect in self.play.effects):
            self.do(*((self.play.carrier_refuses, code) if code else (self.play.carrier_takes,)))

    @precondition(waits)
    @rule(name=st.sampled_from(["text_reply", "reminder", "session"]))
    def a_timer_rings(self, name: str) -> None:
        """A timer comes due; the same once more changes nothing."""
        due = self.play.session.timers.get(name)
        if due is not None:
            self.do(self.play.rings, name)
            again = events.TimerFired(**self.play.facts(name=name, due_at=due - 0.5))
            assert self.play.take(again).ignored == "timer_cancelled"

    @precondition(waits)
    @rule(seconds=st.sampled_from([1.0, 61.0, 90_000.0]))
    def time_passes(self, seconds: float) -> None:
        """Time passes."""
        self.play.wait(seconds)

    @precondition(waits)
    @rule(
        action=st.sampled_from(
            [
                "send_text",
                "ask_for_text",
                "say",
                "switch_channel",
                "hang_up",
                "end",
                "set_context",
                "opt_out",
                "opt_in",
                "take_over",
                "release",
            ]
        ),
        item=st.sampled_from(EVERY_ITEM + MORE_ITEMS),
    )
    def an_operator_acts(self, action: str, item: items.Item) -> None:
        """The API asks for something; what the state does not permit changes nothing."""
        self.do(self.play.acts, action, None if action in WITHOUT_ITEM else item)

    @precondition(waits)
    @rule(kind=st.sampled_from([events.SessionRequested, events.CallRequested]))
    def we_begin(self, kind: type[events.SessionRequested | events.CallRequested]) -> None:
        """The API opens a session, or calls."""
        if self.play.session.customer is not None:
            self.do(self.play.take, kind(**self.play.facts()))

    # ---- what always holds -------------------------------------------------------------------------
    @invariant()
    def the_session_is_of_one_piece(self) -> None:
        """Question, timers, turn, switch and call agree with the states; the word is one of the table."""
        play = getattr(self, "play", None)
        if play is None:
            return
        session = play.session
        assert (session.thread.question is not None) == (session.thread_state == "awaiting_reply")
        assert (session.call_state == "thinking") <= (session.turn is not None)
        assert (session.switch is not None) <= (session.call_state in LIVE_CALL)
        assert (session.call_state != "none") <= (session.call is not None)
        assert joint_state(session) in {word for word, _ in JOINT}
        if session.thread.queue:
            spoken = session.live_call and session.call is not None and session.call.question is not None
            assert session.thread.question or session.turn or spoken
        if session.consent == "opted_out":
            assert session.thread_state not in {"open", "awaiting_reply"}
        if session.call and session.call_state == "ended":
            assert (session.call.unheard, session.call.newest) == ((), None)
        self.timers_run_where_they_may()

    def timers_run_where_they_may(self) -> None:
        """Two timers while a text is awaited, one in a text-only session, one while a call is up."""
        session = self.play.session
        allowed = {"text_reply", "reminder"} if session.thread_state == "awaiting_reply" else set()
        if joint_state(session) == "text_only" and session.turn is None:
            assert "session" in session.timers
            allowed = allowed | {"session"}
        is_up = session.live_call and session.call is not None and bool(session.call.call_sid)
        assert ("lost_call" in session.timers) == is_up
        assert set(session.timers) - {"lost_call"} <= allowed
        if not is_open(session):
            assert session.timers == {}
            assert (session.handler, session.meanwhile) == ("assistant", ())
        if session.handler == "assistant":
            assert session.meanwhile == ()

    @invariant()
    def a_call_that_is_left_is_ended(self) -> None:
        """A live call of a session that the assistant closed is on its way out, or not answered yet."""
        play = getattr(self, "play", None)
        if play is None or not play.session.closed_by_assistant:
            return
        if play.session.call_state == "listening":
            assert isinstance(play.session.call.newest.ending, HangUpCall)


TestConversation = Conversation.TestCase
TestConversation.settings = hypothesis_settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_a_decision_is_quick() -> None:
    """A decision takes far less than half a millisecond; the figure is printed."""
    play = Play()
    play.calls()
    event = events.AssistantReplied(**play.facts(turn_id=play.turn_id, items=(items.Text(text="Hello"),)))
    rules = settings_of()
    taken = []
    for _ in range(300):
        start = time.perf_counter()
        decide(play.session, event, play.now, rules)
        taken.append((time.perf_counter() - start) * 1e6)
    print(f"decide: median {median(taken):.0f} us")
    if MICROSECONDS:
        print(
            f"decide twice and store, in {len(MICROSECONDS)} random events: median {median(MICROSECONDS):.0f} us"
        )
    assert median(taken) < 500
