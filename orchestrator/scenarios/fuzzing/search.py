"""The search: many plays from one seed, and the shortest that breaks something, as a scenario's text."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from orchestrator.scenarios.fuzzing.driver import MadeUp, Script
from orchestrator.scenarios.fuzzing.moves import PEOPLE
from orchestrator.scenarios.stage import Configuration
from orchestrator.scenarios.stage.words import span

SETTINGS: Final[tuple[dict[str, str], ...]] = (
    {},
    {"messaging.initiate_from_inbound": "false", "messaging.refusal_message": "Please call us."},
    {"messaging.reply_to_text_in_call": "both"},
    {"messaging.reply_to_text_in_call": "sms", "messaging.continue_after_call": "5m"},
    {"messaging.merge_window": "2s"},
    {"messaging.session_timeout": "15m", "messaging.notify_on_session_timeout": "Goodbye."},
    {"phone.welcome_message": "Welcome."},
)
LONGEST: Final = 20
"""Moves of a play."""
CHUNK: Final = 20
"""Plays between two looks at the time."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a search: how many plays were made up, and of a failure the reason, the seed that finds it
    again, and the scenario.
    """

    runs: int
    reason: str = ""
    seed: int = 0
    text: str = ""


class BrokenError(Exception):
    """Something that always holds did not."""


def search(
    configuration: Configuration,
    *,
    seed: int,
    runs: int,
    seconds: float = float("inf"),
    told: Callable[[int], None] = lambda _: None,
) -> Found:
    """Make up plays until one breaks something, `runs` are made, or the time is over. The same seed makes up
    the same plays. Raises ImportError where Hypothesis is missing.
    """
    until, done = time.monotonic() + seconds, 0
    while done < runs and time.monotonic() < until:
        count = min(CHUNK, runs - done)
        found = _chunk(configuration, seed + done, count)
        if found.reason:
            return Found(done + found.runs, found.reason, seed + done, found.text)
        done += count
        told(done)
    return Found(done)


def _chunk(configuration: Configuration, seed: int, runs: int) -> Found:
    import hypothesis  # noqa: PLC0415 - an extra that only this command needs
    from hypothesis import strategies as st  # noqa: PLC0415 - as above

    last: list[tuple[str, Script]] = []
    made = 0

    def made_up(data: Any) -> None:
        nonlocal made
        made += 1

        def pick(choices: Sequence[Any]) -> Any:
            return choices[data.draw(st.integers(0, len(choices) - 1))]

        script = Script(pick(SETTINGS))
        play = MadeUp(configuration, script, data.draw(st.integers(1, LONGEST)), pick)
        reason = play.play_it()
        if reason:
            last[:] = [(reason, script)]
            raise BrokenError(reason)

    test = hypothesis.given(st.data())(made_up)
    test = hypothesis.settings(
        max_examples=runs,
        database=None,
        deadline=None,
        print_blob=False,
        verbosity=hypothesis.Verbosity.quiet,
        suppress_health_check=list(hypothesis.HealthCheck),
        report_multiple_bugs=False,
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
    )(test)
    try:
        hypothesis.seed(seed)(test)()
    except (BrokenError, hypothesis.errors.Flaky) as error:
        reason, script = last[0] if last else (str(error), Script({}))
        return Found(made, reason, seed, written(script, reason, seed))
    return Found(made)


def written(script: Script, reason: str, seed: int) -> str:
    """The play as a scenario."""
    head = [
        f"scenario: {json.dumps(f'Found by seed {seed}')}",
        f"about: {json.dumps(reason, ensure_ascii=False)}",
        "tags: [fuzz]",
        f"people: {_flow(PEOPLE)}",
    ]
    if script.settings:
        head.append(f"settings: {_flow(script.settings)}")
    lines = [f"  - {does}{_value(does, value)}" for does, value in script.lines] or ["  - wait: 1s"]
    never = ["never:", "  - two calls are live"] if "calls at once" in reason else []
    return "\n".join([*head, "steps:", *lines, *never, ""])


def _value(does: str, value: Any) -> str:
    if value is None:
        return ""
    if does == "wait" or does.endswith("is down"):
        return f": {span(float(value))}"
    return f": {json.dumps(value, ensure_ascii=False)}"


def _flow(value: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{key}: {json.dumps(each)}" for key, each in value.items()) + " }"
