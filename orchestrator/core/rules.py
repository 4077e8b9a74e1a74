"""Every rule that moves a state is in this file, as rows of three small machines.

Theory of operation
-------------------
One session is driven by three flat machines, each with its own state on the `Step`:

* `consent` sees texts (keywords) and the carrier's word that a number is opted out;
* `thread` sees texts in and out, the question that the assistant asked by text, and its timers;
* `call` sees the carrier's voice requests, the assistant's answers, and what becomes of a call.

An event is offered to the machines in the order of `SEEN_BY`; each takes the first of its rows for
(state, event) whose conditions hold. `TextReceived` goes through consent first (a keyword is never
a turn), then thread (the policy takes or refuses it), then call (a taken text is a turn of the call).
Actions (`steps.py`) append effects, and fire the *orders* in lower case (`text_sent`, `text_asked`,
`thread_closed`, `call_placed`, ...), which are rows like any other: an answer of the assistant moves
machines only through them.

A machine that has no row for (state, event) ignores the event; `IGNORED` names the reason. An event
that no machine took is `Ignored` with the reason of the machine that owns it (`OWNER`).

After the rows, the *joint* rules of `joints.py` couple the machines: which timers may run, and when
the thread closes behind a call. What people see is `states.joint_state`, a table over (call, thread).

`thinking` is decided together with `AskAssistant`; it is stored only when the turn outlasts the
voice request that asked it. Turns of one session are asked one after the other, so every event but
`BudgetSpent`, `AssistantReplied` and `AssistantFailed` finds no turn open; the rows for `thinking`
decide the others all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import get_args

from transitions import Machine

from orchestrator.core.events import Event
from orchestrator.core.machinery import Row, fires, machine
from orchestrator.core.session import LIVE_CALL, CallState, Consent, ThreadState
from orchestrator.core.step import Step
from orchestrator.core.steps import (
    answers,
    by_voice,
    calls,
    consent,
    guards,
    instead,
    lapses,
    messages,
    placing,
    silence,
    takeover,
    transferring,
    watching,
)

Guard = Callable[[Step], bool]
Action = Callable[[Step], None]

LIVE = sorted(LIVE_CALL)
IDLE_CALL = ["none", "ended"]
ANY_THREAD = list(get_args(ThreadState))
CALLER_ACTS = ("SpeechHeard", "DigitsPressed", "SilenceHeard")
QUIET = ("SilenceHeard", "SpeechHeard")
"""What may be silence: speech is where the recogniser is less sure than `confidence_threshold`."""
WORDS = ("SpeechHeard", "DigitsPressed")
SAME = None
"""The destination of a row that acts without moving: transitions' internal transition."""


def row(
    trigger: str, source: str | Sequence[str], dest: str | None, *after: Action, when: Guard | None = None
) -> Row:
    """One row of a table: in `source`, `trigger` moves to `dest` if `when` holds, and does `after`."""
    return {
        "trigger": trigger,
        "source": source,
        "dest": dest,
        "conditions": [when] if when else [],
        "after": list(after),
    }


# A table reads by the line.
# fmt: off
CONSENT: list[Row] = [
    row("TextReceived", "opted_in", "opted_out", consent.opt_out, when=guards.is_opt_out),
    row("TextReceived", "opted_out", SAME, consent.answer_keyword, when=guards.is_opt_out),
    row("TextReceived", "opted_out", "opted_in", consent.opt_in, when=guards.is_opt_in),
    row("TextReceived", "opted_in", SAME, consent.opt_in, when=guards.is_opt_in),
    row("TextReceived", ["opted_in", "opted_out"], SAME, consent.answer_keyword, when=guards.is_help),
    row("TextFailed", "opted_in", "opted_out", consent.carrier_opted_out, when=guards.says_opted_out),
    row("consent_set", ["opted_in", "opted_out"], "opted_out", when=guards.wants_opt_out),
    row("consent_set", ["opted_in", "opted_out"], "opted_in", when=guards.wants_opt_in),
]

THREAD: list[Row] = [
    row("TextReceived", ["open", "awaiting_reply"], "closed", consent.close_by_opt_out, when=guards.is_opt_out),
    row("TextReceived", ["none", "closed"], SAME, when=guards.is_keyword),
    row("TextReceived", ["open", "awaiting_reply"], SAME, when=guards.is_keyword),
    row("TextReceived", ANY_THREAD, SAME, messages.refuse_text, when=guards.is_refused),
    row("TextReceived", "awaiting_reply", SAME, messages.say_mismatch, when=guards.is_mismatch),
    row("TextReceived", ANY_THREAD, "open", messages.take_text),
    row("TextFailed", ["open", "awaiting_reply"], "closed", messages.drop_question, lapses.note_text_failed, when=guards.says_opted_out),
    row("TextFailed", "awaiting_reply", "open", messages.drop_question, lapses.note_text_failed, when=guards.is_question),
    row("TextFailed", ANY_THREAD, SAME, lapses.note_text_failed),
    row("TextAccepted", ANY_THREAD, SAME, lapses.note_apology, when=guards.is_apology),
    row("TextAccepted", ANY_THREAD, SAME, lapses.note_taken, when=guards.is_news_of_text),
    row("TimerFired", "awaiting_reply", "open", messages.drop_question, lapses.ask_timeout, when=guards.is_reply_timer),
    row("TimerFired", ["open", "awaiting_reply"], SAME, messages.ask_text, when=guards.is_merge_timer),
    row("TimerFired", ["none", "closed"], "open", messages.go_on, messages.ask_text, when=guards.is_merge_timer),
    row("TimerFired", "awaiting_reply", SAME, lapses.remind, when=guards.is_reminder_timer),
    row("TimerFired", ["open", "awaiting_reply"], SAME, lapses.ask_session_timeout, when=guards.asks_at_session_timer),
    row("TimerFired", ["open", "awaiting_reply"], "closed", messages.drop_question, lapses.expire, when=guards.is_session_timer),
    row("SessionRequested", ANY_THREAD, "open", messages.open_by_us, when=guards.is_over),
    row("ActionRequested", ANY_THREAD, SAME, takeover.take_over, when=instead.takes_over),
    row("ActionRequested", ANY_THREAD, SAME, takeover.release, when=instead.releases),
    row("ActionRequested", ANY_THREAD, SAME, answers.act, when=guards.is_allowed),
    row("text_sent", ["none", "open"], "open"),
    row("text_sent", ["awaiting_reply", "closed"], SAME),
    row("text_asked", ["none", "open", "closed"], "awaiting_reply"),
    row("taken_over", "awaiting_reply", "open", messages.drop_question),
    row("taken_over", ["none", "open", "closed"], SAME),
    row("thread_closed", ["none", "open", "awaiting_reply"], "closed", messages.drop_question),
]

CALL: list[Row] = [
    row("CallStarted", IDLE_CALL, "thinking", calls.open_call, calls.ask_call_started, when=guards.is_inbound),
    row("CallStarted", ["listening", "thinking", "transferring"], SAME, calls.serve, when=guards.is_this_call),
    row("CallStarted", "dialing", "listening", placing.call_answered, placing.let_go, when=guards.is_let_go),
    row("CallStarted", "dialing", "ended", placing.meet_machine, calls.close_call, placing.tell_unreached, placing.ask_machine, when=guards.is_machine),
    row("CallStarted", "dialing", "thinking", placing.call_answered, calls.ask_call_started, when=guards.is_dialed_call),
    row("CallPlaced", "dialing", SAME, placing.know_call, placing.cancel, when=guards.is_let_go),
    row("CallPlaced", "dialing", SAME, placing.know_call, when=guards.is_dialed_call),
    row("CallRequested", IDLE_CALL, "dialing", placing.call_customer, when=guards.may_call),
    *(row(said, "listening", SAME, calls.serve_parting, when=guards.is_leaving) for said in CALLER_ACTS),
    *(row(said, ["thinking", "transferring"], SAME, calls.serve_instead, when=guards.is_this_call) for said in CALLER_ACTS),
    *(row(said, "listening", SAME, calls.serve_waiting, when=guards.is_replaced_silence) for said in QUIET),
    *(row(said, "listening", SAME, calls.prove, takeover.hear, when=instead.is_with_human) for said in CALLER_ACTS),
    *(row(said, "listening", SAME, calls.prove, silence.hold, when=guards.waits_for_text) for said in QUIET),
    *(row(said, "listening", SAME, calls.prove, silence.say_goodbye, when=guards.is_silent_too_often) for said in QUIET),
    row("SpeechHeard", "listening", "thinking", calls.prove, silence.ask_no_input, when=guards.is_not_understood),
    *(row(said, "listening", SAME, calls.prove, by_voice.say_mismatch, when=instead.is_spoken_mismatch) for said in WORDS),
    row("SpeechHeard", "listening", "thinking", calls.prove, calls.ask_speech, when=guards.is_this_call),
    row("DigitsPressed", "listening", "thinking", calls.prove, calls.ask_digits, when=guards.is_this_call),
    row("SilenceHeard", "listening", "thinking", calls.prove, silence.ask_no_input, when=guards.is_this_call),
    row("DocumentRequested", ["listening", "thinking", "transferring"], SAME, calls.serve, when=guards.is_this_call),
    row("DocumentSpoken", ["listening", "thinking", "transferring"], SAME, calls.note_spoken, when=guards.is_this_call),
    row("TextReceived", "listening", "thinking", when=guards.is_asked),
    row("TimerFired", LIVE, SAME, watching.look_up, when=guards.is_lost_timer),
    row("TimerFired", "listening", "thinking", when=guards.is_asked),
    row("ActionRequested", "listening", "thinking", when=guards.is_asked),
    row("TextFailed", "listening", SAME, by_voice.ask_after_failure, when=instead.goes_over_to_call),
    row("TextFailed", "listening", SAME, calls.ask_text_failed, when=instead.has_human),
    row("TextFailed", "listening", "thinking", calls.ask_text_failed),
    row("TextAccepted", ["listening", "thinking"], SAME, calls.finish_switch, when=guards.is_switch),
    row("BudgetSpent", "thinking", SAME, calls.say_filler, when=guards.holds_the_request),
    row("AssistantReplied", "thinking", "listening", answers.carry_out, when=guards.is_this_turn),
    row("AssistantReplied", ["none", "dialing", "listening", "transferring", "ended"], SAME, answers.carry_out, when=guards.is_this_turn),
    row("AssistantFailed", "thinking", "listening", answers.fail_call, when=guards.is_this_turn),
    row("AssistantFailed", ["none", "dialing", "listening", "transferring", "ended"], SAME, answers.fail_text, when=guards.is_this_turn),
    row("TransferEnded", "transferring", SAME, transferring.finish_transfer, when=guards.transfer_answered),
    row("TransferEnded", "transferring", "listening", transferring.give_up_transfer, when=guards.lets_go_after_transfer),
    row("TransferEnded", "transferring", "listening", takeover.go_on_after_transfer, when=instead.is_with_human),
    row("TransferEnded", "transferring", "thinking", transferring.ask_transfer_failed, when=guards.is_this_call),
    row("CallEnded", LIVE, "ended", calls.close_call, calls.ask_call_ended, when=guards.is_this_call),
    row("CallFailed", "dialing", "ended", calls.close_call, placing.tell_unreached, calls.ask_call_failed, when=guards.is_dialed_call),
    row("transfer_ordered", ["listening", "thinking"], "transferring"),
    row("turn_forced", "listening", "thinking"),
    row("call_placed", IDLE_CALL, "dialing"),
]
# fmt: on

IGNORED: dict[str, dict[str, str]] = {
    "consent": {"TextReceived": "no_keyword", "TextFailed": "no_opt_out", "consent_set": "unchanged"},
    "thread": {
        "TextReceived": "refused",
        "TextFailed": "unknown_text",
        "TextAccepted": "nothing_waits",
        "TimerFired": "timer_cancelled",
        "SessionRequested": "session_open",
        "ActionRequested": "not_allowed",
        "text_sent": "closed",
        "text_asked": "already_asked",
        "thread_closed": "already_closed",
    },
    "call": {
        "CallStarted": "call_live",
        "SpeechHeard": "no_live_call",
        "DigitsPressed": "no_live_call",
        "SilenceHeard": "no_live_call",
        "DocumentRequested": "no_live_call",
        "DocumentSpoken": "no_live_call",
        "TextReceived": "no_live_call",
        "TimerFired": "no_live_call",
        "TextFailed": "no_live_call",
        "TextAccepted": "nothing_waits",
        "BudgetSpent": "superseded",
        "AssistantReplied": "superseded",
        "AssistantFailed": "superseded",
        "TransferEnded": "no_transfer",
        "CallEnded": "no_live_call",
        "CallFailed": "not_dialing",
        "CallPlaced": "not_dialing",
        "CallRequested": "not_allowed",
        "ActionRequested": "no_live_call",
        "transfer_ordered": "no_live_call",
        "turn_forced": "no_live_call",
        "call_placed": "call_live",
    },
}
"""Why a machine does nothing with an event, in every state that has no row for it (or none that holds)."""


MACHINES: dict[str, Machine] = {
    "consent": machine("consent", Consent, CONSENT),
    "thread": machine("thread", ThreadState, THREAD),
    "call": machine("call", CallState, CALL),
}

SEEN_BY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((kind.__name__ for kind in get_args(Event)), ("call",)),
    "TextReceived": ("consent", "thread", "call"),
    "TextFailed": ("consent", "thread", "call"),
    "TextAccepted": ("thread", "call"),
    "TimerFired": ("thread", "call"),
    "SessionRequested": ("thread",),
    "ActionRequested": ("thread", "call"),
}
"""Which machines an event is offered to, in order."""

OWNER: dict[str, str] = {
    **dict.fromkeys(SEEN_BY, "call"),
    **dict.fromkeys(
        ("TextReceived", "TextFailed", "TimerFired", "SessionRequested", "ActionRequested"), "thread"
    ),
}
"""The machine whose reason stands on record when no machine takes an event."""


def take(step: Step, trigger: str) -> bool:
    """Offer an event, or an order, to the machines that see it; whether one of them took it."""
    taken = False
    for name in SEEN_BY.get(trigger, _ORDERS.get(trigger, ())):
        made = MACHINES[name]
        if fires(made, getattr(step, name), trigger) and made.events[trigger].trigger(step, step):
            taken = True
    return taken


_ORDERS = {
    "text_sent": ("thread",),
    "text_asked": ("thread",),
    "taken_over": ("thread",),
    "thread_closed": ("thread",),
    "transfer_ordered": ("call",),
    "turn_forced": ("call",),
    "call_placed": ("call",),
    "consent_set": ("consent",),
}
