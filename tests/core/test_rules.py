"""The tables are total: every session and every event give a change or a reason, and nothing raises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from inspect import getsource
from itertools import product
from typing import get_args

import pytest

from orchestrator.core import events, joints, rules
from orchestrator.core.decide import decide
from orchestrator.core.effects import Answer
from orchestrator.core.events import Event
from orchestrator.core.machinery import Row
from orchestrator.core.steps import (
    answers,
    by_voice,
    calls,
    carrying,
    consent,
    forcing,
    guards,
    instead,
    lapses,
    messages,
    placing,
    questions,
    sending,
    silence,
    takeover,
    transferring,
    watching,
)
from tests.core.everything import EVENTS, NOW, STATES, sessions
from tests.core.play import rules as settings_of

TABLES = {"consent": rules.CONSENT, "thread": rules.THREAD, "call": rules.CALL}
STEPS = (
    answers,
    calls,
    carrying,
    consent,
    forcing,
    guards,
    instead,
    lapses,
    messages,
    by_voice,
    placing,
    questions,
    sending,
    silence,
    takeover,
    transferring,
    watching,
)


def test_events_of_every_class_are_tried() -> None:
    """The events of these tests cover the union, so that a new event is tried as well."""
    assert {type(event) for event in EVENTS} == set(get_args(Event))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_session_decides_every_event(event: Event) -> None:
    """In every combination of states an event gives a change, or leaves the session with a named reason."""
    reasons = {reason for reasons in rules.IGNORED.values() for reason in reasons.values()}
    for settings in (settings_of(), settings_of(disconnect_on_transfer_failure=False, hold_audio="u")):
        for before in sessions():
            decision = decide(before, event, NOW, settings)
            if decision.ignored:
                assert decision.session is before
                assert (decision.effects, decision.fired) == ((), ())
                assert decision.ignored in reasons
            else:
                assert decision.fired


@pytest.mark.parametrize("event", [e for e in EVENTS if getattr(e, "call_sid", "") == "CA-foreign"])
def test_a_foreign_call_moves_no_call(event: Event) -> None:
    """An event of another call never changes a call that is known; a call of ours without an id takes its own."""
    for before in sessions():
        if before.call is None or before.call_state == "ended" or not before.call.call_sid:
            continue
        decision = decide(before, event, NOW, settings_of())
        assert decision.ignored
        assert decision.session == before


def test_an_open_request_is_answered_by_requests_and_waiting_turns_only() -> None:
    """Only a voice request, or what closes a turn for which one is open, makes an answer."""
    requests = get_args(events.VoiceRequest)
    for event, before in product(EVENTS, sessions()):
        decision = decide(before, event, NOW, settings_of())
        if any(isinstance(effect, Answer) for effect in decision.effects):
            waiting = before.turn is not None and before.turn.waiting
            assert isinstance(event, requests) or waiting


def rows() -> Iterator[tuple[str, str, Row]]:
    """Machine, state and row, one for each state that a row holds in."""
    for name, table in TABLES.items():
        for row in table:
            for source in [row["source"]] if isinstance(row["source"], str) else row["source"]:
                yield name, source, row


def test_every_pair_of_a_machine_has_a_row_or_a_reason() -> None:
    """Each (machine, state, trigger) has a row that always holds, or a reason to be ignored."""
    sure = {(name, state, row["trigger"]) for name, state, row in rows() if not row["conditions"]}
    triggers = {(name, row["trigger"]) for name, _, row in rows()}
    triggers |= {(name, event) for event, machines in rules.SEEN_BY.items() for name in machines}
    for name, trigger in triggers:
        for state in STATES[name]:
            assert (name, state, trigger) in sure or trigger in rules.IGNORED[name]


def test_every_row_can_happen() -> None:
    """Each row names states that exist, and none stands behind an earlier one that always holds."""
    decided: set[tuple[str, str, str]] = set()
    for name, state, row in rows():
        key = (name, state, row["trigger"])
        assert state in STATES[name]
        assert row["dest"] is None or row["dest"] in STATES[name]
        assert key not in decided, f"a row for {key} is never reached"
        if not row["conditions"]:
            decided.add(key)


def test_orders_are_closed() -> None:
    """Each order (a lower-case trigger) is fired by some action, and each that is fired has rows."""
    fired = {row["trigger"] for _, _, row in rows() if row["trigger"].islower()}
    named = "".join(getsource(module) for module in (*STEPS, joints))
    assert {order for order in fired if f'"{order}")' in named} == fired


def test_every_state_is_reached_by_events_and_left() -> None:
    """From its first state each machine reaches all others, and no state is a dead end."""
    for name, states in STATES.items():
        moves = {(source, row["dest"]) for machine, source, row in rows() if machine == name and row["dest"]}
        reached = {states[0]}
        for _ in states:
            reached |= {dest for source, dest in moves if source in reached}
        assert reached == set(states)
        assert {source for source, dest in moves if source != dest} == set(states)


def test_guards_and_actions_are_public() -> None:
    """Each guard and action that a row names is a public function of `orchestrator.core.steps`."""
    for _, _, row in rows():
        for function in (*row["conditions"], *row["after"]):
            module = next(module for module in STEPS if module.__name__ == function.__module__)
            assert getattr(module, function.__name__) is function
            assert not function.__name__.startswith("_")


def test_a_decision_touches_nothing_but_its_own_copy() -> None:
    """The session that was given stays as it was, whatever is decided."""
    for event, before in product(EVENTS[:20], list(sessions())[:40]):
        copy = replace(before, context=dict(before.context), timers=dict(before.timers))
        decide(before, event, NOW, settings_of())
        assert before == copy
