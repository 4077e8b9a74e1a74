"""Small damages to the rules of the house: each must be noticed by a scenario.

A row of a machine is taken away, moves nowhere, or loses its condition; a condition is always, or never, true; a
row of a policy is taken away or says the contrary; a joint rule is gone; an entry of the outbox is sent twice.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from channels.twilio.rest import TwilioCarrier
from orchestrator.core import joints, policy, rules, states
from orchestrator.core.machinery import Row, guard_of, machine
from orchestrator.core.session import CallState, Consent, ThreadState
from orchestrator.core.step import Step

STATES: dict[str, Any] = {"consent": Consent, "thread": ThreadState, "call": CallState}
TABLES: dict[str, list[Row]] = {"consent": rules.CONSENT, "thread": rules.THREAD, "call": rules.CALL}
Damage = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One damage. `trace` is what a play must have come by to be able to notice it (`traces.py`)."""

    name: str
    trace: str
    damage: Damage


def mutants() -> list[Mutant]:
    """All that may be noticed, in the order of the tables: what `HARMLESS` names is left out."""
    return [each for each in damages() if each.name not in HARMLESS]


def damages() -> list[Mutant]:
    """All of them."""
    return [*_of_machines(), *_of_guards(), *_of_policies(), *_of_joints(), *_of_outbox()]


HARMLESS = {
    "consent: opted_in|opted_out --consent_set [wants_opt_in]--> opted_in: always": "the row before takes all else",
    "guard wants_opt_in: True": "the row before takes all else",
    "thread: open|awaiting_reply --TextReceived [is_opt_out]--> closed: moves nowhere": "what it does closes it, too",
    "thread: open|awaiting_reply --TextFailed [says_opted_out]--> closed: gone": "a joint rule closes it, too",
    "thread: open|awaiting_reply --TextFailed [says_opted_out]--> closed: moves nowhere": "as above",
    "thread: none|open|awaiting_reply|closed --TextAccepted [is_news_of_text]--> same: always": "no news to note",
    "guard is_news_of_text: True": "no news to note",
    "thread: awaiting_reply|closed --text_sent--> same: gone": "it neither moves nor does anything",
    "thread: none|open|closed --taken_over--> same: gone": "it neither moves nor does anything",
    "call: dialing --CallStarted [is_let_go]--> listening: moves nowhere": "the call ends in the same moment",
    "call: transferring --TransferEnded [lets_go_after_transfer]--> listening: moves nowhere": "as above",
    "joint rule gone: an opted-out customer has no thread": "what opts out closes the thread itself",
    "joint rule gone: a wait has timers only while it lasts": "what ends a wait stops its timers itself",
    "joint rule gone: only a text-only session has that timer": "in a call it is not shown, and does nothing",
    "inbound policy: no 'it is a keyword'": "the thread's own rows take keywords before the policy is asked",
    "inbound policy: 'it is a keyword' flipped": "as above",
}
"""Damages that change nothing that anybody could see, and why."""


@contextmanager
def tables(name: str, rows: list[Row]) -> Iterator[None]:
    """A machine with other rows."""
    whole = rules.MACHINES[name]
    rules.MACHINES[name] = machine(name, STATES[name], rows)
    try:
        yield
    finally:
        rules.MACHINES[name] = whole


@contextmanager
def attribute(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Another value of a module or class."""
    whole = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, whole)


# ---- the machines -------------------------------------------------------------------------------
def row_name(name: str, place: int) -> str:
    """A row for people."""
    row = TABLES[name][place]
    guard = guard_of(row)
    sources = row["source"] if isinstance(row["source"], str) else "|".join(row["source"])
    return f"{name}: {sources} --{row['trigger']}{f' [{guard}]' if guard else ''}--> {row['dest'] or 'same'}"


def _of_machines() -> Iterator[Mutant]:
    for name, rows in TABLES.items():
        for place, row in enumerate(rows):
            told, taken = row_name(name, place), f"taken {name} {place}"
            without = [*rows[:place], *rows[place + 1 :]]
            yield Mutant(f"{told}: gone", taken, partial(tables, name, without))
            if row["dest"] and {row["dest"]} != set(_sources(row)):
                still = [*rows[:place], {**row, "dest": None}, *rows[place + 1 :]]
                yield Mutant(f"{told}: moves nowhere", taken, partial(tables, name, still))
            if row["conditions"]:
                always = [*rows[:place], {**row, "conditions": []}, *rows[place + 1 :]]
                yield Mutant(f"{told}: always", f"refused {name} {place}", partial(tables, name, always))


def _sources(row: Row) -> list[str]:
    return [row["source"]] if isinstance(row["source"], str) else list(row["source"])


# ---- guards: wherever they are asked ------------------------------------------------------------
def _of_guards() -> Iterator[Mutant]:
    """Each guard of the rows, always and never true, in every row that asks it."""
    asked = {
        guard_of(row): row["conditions"][0] for rows in TABLES.values() for row in rows if row["conditions"]
    }
    for guard in sorted(asked):
        for forced in (True, False):
            damage = partial(_forced, asked[guard], forced)
            yield Mutant(f"guard {guard}: {forced}", f"guard {guard} {not forced}", damage)


@contextmanager
def _forced(guard: Callable[[Step], bool], forced: bool) -> Iterator[None]:
    def always(_: Step) -> bool:
        return forced

    before = dict(rules.MACHINES)
    for name, rows in TABLES.items():
        other = [{**row, "conditions": [always]} if row["conditions"] == [guard] else row for row in rows]
        rules.MACHINES[name] = machine(name, STATES[name], other)
    try:
        with attribute(sys.modules[guard.__module__], guard.__name__, always):
            yield
    finally:
        rules.MACHINES.update(before)


# ---- the policies -------------------------------------------------------------------------------
def _of_policies() -> Iterator[Mutant]:
    rows = policy.INBOUND_POLICY
    for place, (told, applies, verdict) in enumerate(rows):
        trace = f"inbound {place}"
        if place < len(rows) - 1:  # the last one is for all that is left
            without = (*rows[:place], *rows[place + 1 :])
            yield Mutant(
                f"inbound policy: no {told!r}", trace, partial(attribute, policy, "INBOUND_POLICY", without)
            )
        flipped = policy.Verdict(
            verdict.row, "taken" if verdict.outcome == "refused" else "refused", "no_live_call"
        )
        other = (*rows[:place], (told, applies, flipped), *rows[place + 1 :])
        yield Mutant(
            f"inbound policy: {told!r} flipped", trace, partial(attribute, policy, "INBOUND_POLICY", other)
        )
    yield from _of_words()


def _of_words() -> Iterator[Mutant]:
    """The word for a session, each row taken away."""
    table = states.JOINT
    for place, (word, _) in enumerate(table[:-1]):
        without = (*table[:place], *table[place + 1 :])
        yield Mutant(f"word {word}: gone", f"word {word}", partial(attribute, states, "JOINT", without))


def _of_joints() -> Iterator[Mutant]:
    table = joints.JOINT_RULES
    for place, (told, _, _) in enumerate(table):
        without = (*table[:place], *table[place + 1 :])
        yield Mutant(
            f"joint rule gone: {told}", f"joint {place}", partial(attribute, joints, "JOINT_RULES", without)
        )


# ---- the outbox ---------------------------------------------------------------------------------
def _of_outbox() -> Iterator[Mutant]:
    for sends in ("send_message", "place_call"):
        yield Mutant(f"outbox: {sends} twice", sends, partial(_twice, sends))


@contextmanager
def _twice(sends: str) -> Iterator[None]:
    once = getattr(TwilioCarrier, sends)

    async def twice(self: TwilioCarrier, *given: Any, **fields: Any) -> Any:
        await once(self, *given, **fields)
        return await once(self, *given, **fields)

    with attribute(TwilioCarrier, sends, twice):
        yield
