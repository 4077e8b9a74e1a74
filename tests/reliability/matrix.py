"""Playing a scenario with a trouble, and every case of one."""

from __future__ import annotations

import os
from collections.abc import Iterable

from tests.reliability import virtual
from tests.reliability.gate import Mode, Trouble
from tests.reliability.invariants import broken
from tests.reliability.people import Person
from tests.reliability.scenarios import SCENARIOS, Scenario
from tests.reliability.stage import Stage
from tests.reliability.virtual import StuckError

TELLING: tuple[Mode, ...] = ("die_after", "repeat", "freeze_after")
SUBSET = tuple(
    scenario
    for scenario in SCENARIOS
    if scenario.name
    in {
        "text in a call",
        "voice turn",
        "burst of texts",
        "asked for a text in vain",
        "opted out while waiting",
        "unknown outcome, absent",
        "status before the answer",
    }
)


async def _play(scenario: Scenario, trouble: Trouble | None) -> tuple[list[str], list[str]]:
    stage = Stage(trouble, messaging=dict(scenario.messaging))
    stage.carrier.script = list(scenario.script)
    stage.carrier.statuses = scenario.statuses
    stage.carrier.status_first = scenario.status_first
    stage.bot.slow = dict(scenario.slow)
    person = Person(stage)
    try:
        await scenario.play(stage, person)
        await stage.work_off()
        faults = broken(stage, [person])
    except (Exception, StuckError) as error:  # noqa: BLE001 - a run that breaks off is a fault, told with its case
        faults = [f"the run broke off: {type(error).__name__}: {error}"]
    finally:
        stage.bury()
    return stage.troubled.calls, faults


def play(scenario: Scenario, trouble: Trouble | None = None) -> tuple[list[str], list[str]]:
    """The calls that the troubled process made, and the faults that were found."""
    return virtual.run(_play(scenario, trouble))


def applies(mode: Mode, call: str) -> bool:
    """Whether a trouble is one at that call: only what goes to Redis is repeated by its client."""
    return mode != "repeat" or call.startswith("store.")


def places(calls: list[str]) -> list[int]:
    """Where trouble is made: everywhere with `TANDEM_MATRIX=whole`, else at the first two and the last
    of each call. Those between repeat what the first two did; played whole, they found nothing else.
    """
    everywhere = range(1, len(calls) + 1)
    if os.environ.get("TANDEM_MATRIX") == "whole":
        return list(everywhere)
    at: dict[str, list[int]] = {}
    for place in everywhere:
        at.setdefault(calls[place - 1], []).append(place)
    return sorted({place for found in at.values() for place in (*found[:2], found[-1])})


def faults_of(scenario: Scenario, mode: Mode) -> tuple[int, list[str]]:
    """How many cases there are of one scenario and mode, and what went wrong in them."""
    calls, faults = play(scenario)
    found = [f"without trouble: {fault}" for fault in faults]
    cases = [place for place in places(calls) if applies(mode, calls[place - 1])]
    for place in cases:
        _, faults = play(scenario, Trouble(place, mode))
        case = f"{scenario.name} / {mode} at call {place}, {calls[place - 1]}"
        found += [f"{case}: {fault}" for fault in faults]
    return len(cases), found


def first_fault(scenarios: Iterable[Scenario] = SUBSET) -> str:
    """The first fault of a fast subset: each call once, with the troubles that tell most. Empty if none."""
    for scenario in scenarios:
        calls, faults = play(scenario)
        if faults:
            return f"{scenario.name}: {faults[0]}"
        for place in sorted({calls.index(call) + 1 for call in calls}):
            for mode in TELLING:
                if applies(mode, calls[place - 1]) and (faults := play(scenario, Trouble(place, mode))[1]):
                    return f"{scenario.name} / {mode} at {calls[place - 1]}: {faults[0]}"
    return ""
