"""Every kind of session and every kind of event, for tests of what holds for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, get_args

from orchestrator.core import events, items
from orchestrator.core.effects import Dial, Document, Ending, HangUpCall, Listen, Say
from orchestrator.core.events import Event
from orchestrator.core.manner import Manner
from orchestrator.core.session import (
    LIVE_CALL,
    Call,
    CallState,
    Consent,
    HeldText,
    Question,
    Session,
    Spoken,
    SpokenQuestion,
    Switch,
    Thread,
    ThreadState,
    Turn,
)
from tests.core.play import ANA, OURS

NOW = 5000.0
DUE = 4990.0
STATES: dict[str, tuple[Any, ...]] = {
    "consent": get_args(Consent),
    "thread": get_args(ThreadState),
    "call": get_args(CallState),
}


def call_in(state: CallState, *, waits: bool) -> Call | None:
    """A call as it is in this state; `waits` puts words at risk and leaves a document unserved."""
    if state == "none":
        return None
    endings: dict[str, Ending] = {"transferring": Dial(to="sip:a@b.example")}
    ending = endings.get(state) or (HangUpCall() if waits else Listen(timeout=7.0))
    newest = Document(call_sid="CA1", number=2, ending=ending, verbs=(Say(text="Two"),))
    spoken = Spoken(document=2, verbs=newest.verbs, as_text="Two")
    return Call(
        call_sid="" if state == "dialing" and waits else "CA1",
        number=OURS,
        started_at=1.0,
        direction="outbound" if state == "dialing" else "inbound",
        documents=2,
        newest=newest,
        unheard=(spoken,) if waits else (),
        interrupting=2 if waits else 0,
        ended_at=4000.0 if state == "ended" else None,
        with_human=waits,
        question=SpokenQuestion(keep_as="it", pattern=r"\d+", on_mismatch="Digits!") if waits else None,
    )


def session(call: CallState, thread: ThreadState, consent_: Consent, *, busy: bool, waits: bool) -> Session:
    """A session in these states. `busy`: a turn, a question, a switch and all timers are open; in one that is
    not, but `waits`, a human answers.
    """
    human = waits and not busy
    turn = Turn(
        id="T1",
        cause="text_reply",
        channel="sms",
        reply_on=("voice",),
        asked_at=1.0,
        request={},
        waiting=waits,
    )
    question = Question(
        text_id="Q1",
        keep_as="it",
        pattern=r"\d+",
        on_mismatch="Digits!",
        reminder_say="Well?",
        fallback=items.Fallback(say="Say it", collect=items.CollectDigits(count=2)) if waits else None,
    )
    return Session(
        id="S1",
        assistant="support",
        customer=ANA,
        opened_at=1.0,
        call_state=call,
        thread_state=thread,
        consent=consent_,
        call=call_in(call, waits=waits),
        thread=Thread(
            number=OURS,
            question=question if busy and thread == "awaiting_reply" else None,
            queue=(items.AskForText(text="Next?"),) if busy and waits else (),
            held=(HeldText(body="Held", keep_as="it"),) if busy and waits else (),
        ),
        timers={"text_reply": DUE, "reminder": DUE, "session": DUE, "lost_call": DUE, "merge": DUE}
        if busy
        else {},
        turn=turn if busy else None,
        handler="human" if human else "assistant",
        meanwhile=({"by": "customer", "channel": "sms", "text": "Hm"},) if human else (),
        switch=Switch(text_id="X1") if busy and call in LIVE_CALL else None,
        choices=(items.Choice(label="Red", value="red"),) if busy else (),
    )


def sessions() -> Iterator[Session]:
    """Every combination of states, each plain, busy, and with words that wait."""
    for call, thread, consented in product(*(STATES[name] for name in ("call", "thread", "consent"))):
        for busy, waits in product((False, True), repeat=2):
            yield session(call, thread, consented, busy=busy, waits=waits)
    yield Session(id="S0", assistant="support", customer=ANA)
    yield Session(id="S0", assistant="support", customer=None)


def every_event() -> Iterator[Event]:
    """Events of every class: matching, foreign, and of each kind that a guard tells apart."""
    base: dict[str, Any] = {"id": "E", "at": NOW}
    for sid in ("CA1", "CA-foreign"):
        of_call = {**base, "call_sid": sid}
        for direction in get_args(events.Direction):
            yield events.CallStarted(**of_call, number=OURS, direction=direction)
            yield events.CallStarted(**of_call, number=OURS, direction=direction, machine=True)
        for document in (1, 2):
            yield events.SpeechHeard(**of_call, document=document, utterance="Hello")
            yield events.DigitsPressed(**of_call, document=document, digits="1")
            yield events.SilenceHeard(**of_call, document=document)
            yield events.DocumentSpoken(**of_call, document=document)
            yield events.DocumentRequested(**of_call, document=document, round=document - 1)
        for reason in get_args(events.TransferFailReason):
            yield events.TransferEnded(**of_call, document=2, reason=reason)
        for why in get_args(events.CallEndReason):
            yield events.CallEnded(**of_call, reason=why)
        yield events.CallFailed(**of_call, reason="busy")
        yield events.CallPlaced(**of_call)
    yield from text_events(base)
    yield from turn_events(base)


def text_events(base: dict[str, Any]) -> Iterator[Event]:
    """Texts in, and what becomes of texts out."""
    for body in ("Hello", "42", "STOP", "START", "HELP", ""):
        yield events.TextReceived(**base, message_sid="SM", number=OURS, body=body)
    for text_id, code in product(("Q1", "X1", "T9"), (30006, 21610)):
        yield events.TextFailed(**base, text_id=text_id, code=code, reason="no")
        yield events.TextAccepted(**base, text_id=text_id, message_sid="SM")


def turn_events(base: dict[str, Any]) -> Iterator[Event]:
    """The assistant, timers and the API."""
    for turn_id in ("T1", "T-old"):
        yield events.AssistantReplied(**base, turn_id=turn_id, items=EVERY_ITEM, context={"a": None, "b": 1})
        yield events.AssistantReplied(**base, turn_id=turn_id)
        yield events.AssistantReplied(**base, turn_id=turn_id, items=(items.ForceTurn(),))
        yield events.AssistantFailed(**base, turn_id=turn_id, reason="timeout")
        yield events.BudgetSpent(**base, turn_id=turn_id)
    for name, due in product(
        ("text_reply", "reminder", "session", "merge", "lost_call", "unknown"), (DUE, DUE - 1)
    ):
        yield events.TimerFired(**base, name=name, due_at=due)
    for action in ("send_text", "ask_for_text", "say", "switch_channel", "transfer", "hang_up", "end"):
        yield events.ActionRequested(**base, action=action, item=ITEM_OF[action])
    for action in ("set_context", "opt_out", "opt_in", "take_over", "release", "nonsense"):
        yield events.ActionRequested(**base, action=action, context={"a": 1})
    yield events.SessionRequested(**base, text="Hi")
    yield events.SessionRequested(**base)
    yield events.CallRequested(**base)


ITEM_OF: dict[str, items.Item] = {
    "send_text": items.SendText(text="A text", to="+15550000000"),
    "ask_for_text": items.AskForText(text="Address?", reminder_after=5.0, reminder_say="Well?"),
    "say": items.Text(text="Hello"),
    "switch_channel": items.SwitchChannel(to="voice"),
    "transfer": items.Transfer(to="sip:a@b.example"),
    "hang_up": items.HangUp(say="Bye"),
    "end": items.EndSession(say="Bye"),
}
EVERY_ITEM: tuple[items.Item, ...] = (
    items.Text(text="Hello"),
    items.Text(text="Both", channels=("voice", "sms")),
    items.Pause(seconds=0.2),
    items.Options(title="Which?", choices=(items.Choice(label="Red", value="red"),)),
    items.Media(kind="audio", source="https://x.example/a.mp3"),
    items.Search(header="Found", body="This"),
    items.CollectDigits(count=4),
    items.SendDigits(digits="1w2"),
    items.Configure(changes=Manner(language="de-DE"), part="hearing", strategy="merge_once"),
    items.SessionTimeout(seconds=60.0),
    items.ListManner(kind="option", prefix="Say %s for ", words=("one",), keys_only=True),
    items.Unsupported(response_type="iframe", why="unknown_type"),
    items.SwitchChannel(to="sms", text="On by text"),
    items.Transfer(to="", say="A colleague takes over.", agent=True),
    *ITEM_OF.values(),
)
EVENTS = list(every_event())
