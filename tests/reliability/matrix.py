"""Playing a scenario with a trouble, and every case of one."""

from __future__ import annotations

from collections.abc import Iterator

from tests.reliability import virtual
from tests.reliability.gate import MODES, Mode, Trouble
from tests.reliability.invariants import broken
from tests.reliability.people import Person
from tests.reliability.scenarios import Scenario
from tests.reliability.stage import Stage


async def _play(scenario: Scenario, trouble: Trouble | None) -> tuple[list[str], list[str]]:
    stage = Stage(trouble, messaging=dict(scenario.messaging))
    stage.carrier.script = list(scenario.script)
    stage.carrier.statuses = scenario.statuses
    stage.carrier.status_first = scenario.status_first
    stage.bot.slow = dict(scenario.slow)
    person = Person(stage)
    await scenario.play(stage, person)
    await stage.work_off()
    faults = broken(stage, [person])
    stage.bury()
    return stage.troubled.calls, faults


def play(scenario: Scenario, trouble: Trouble | None = None) -> tuple[list[str], list[str]]:
    """The calls that the troubled process made, and the faults that were found."""
    return virtual.run(_play(scenario, trouble))


def applies(mode: Mode, call: str) -> bool:
    """Whether a trouble is one at that call: only what goes to Redis is repeated by its client."""
    return mode != "repeat" or call.startswith("store.")


def faults_of(scenario: Scenario, mode: Mode) -> tuple[int, list[str]]:
    """How many cases there are of one scenario and mode, and what went wrong in them."""
    calls, faults = play(scenario)
    found = [f"without trouble: {fault}" for fault in faults]
    cases = 0
    for place, call in enumerate(calls, 1):
        if applies(mode, call):
            cases += 1
            _, faults = play(scenario, Trouble(place, mode))
            found += [f"{scenario.name} / {mode} at call {place}, {call}: {fault}" for fault in faults]
    return cases, found


def cases_of(scenario: Scenario) -> Iterator[Trouble]:
    """Every trouble of a scenario."""
    calls, _ = play(scenario)
    for place, call in enumerate(calls, 1):
        yield from (Trouble(place, mode) for mode in MODES if applies(mode, call))
