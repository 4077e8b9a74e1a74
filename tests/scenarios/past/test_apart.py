"""A replay in a process of its own: one at a time, not for ever, and whatever becomes of it is told."""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from orchestrator.scenarios.past import Apart, History, replay
from orchestrator.scenarios.past.alone import answered
from orchestrator.scenarios.stage import Configuration
from orchestrator.scenarios.stage.configuration import BUILT_IN
from tests.scenarios.past.happening import happened

pytestmark = pytest.mark.anyio

SESSION: dict[str, Any] = {"id": "S1"}
SLEEPS = ("sleep", "60")


def apart(*command: str, **more: float) -> Apart:
    """One whose process is this command."""
    return Apart(Configuration(), command=command, **more)


async def test_a_process_that_takes_too_long_is_ended() -> None:
    """It is told as slow, and the next one has its turn at once."""
    plays = apart(*SLEEPS, limit=0.05)
    assert await plays(SESSION, []) == {"trouble": "slow"}
    assert await plays(SESSION, []) == {"trouble": "slow"}


async def test_a_process_ends_with_whoever_waits_for_it(tmp_path: Path) -> None:
    """A service that stops leaves none behind, and the next one has its turn."""
    name = tmp_path / "name"
    plays = apart("sh", "-c", f"echo $$ > {name}; exec sleep 60", limit=20)
    waiting = asyncio.ensure_future(plays(SESSION, []))
    while not (name.exists() and name.read_text(encoding="utf-8").strip()):  # noqa: ASYNC110 - the process tells by the file only
        await asyncio.sleep(0.005)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(ProcessLookupError):
        os.kill(int(name.read_text(encoding="utf-8")), 0)
    assert not plays._turn.locked()


async def test_one_at_a_time() -> None:
    """A second one waits, and is told after a while that it must come again."""
    plays = apart(*SLEEPS, limit=0.2, patience=0.05)
    first, second = await asyncio.gather(plays(SESSION, []), plays(SESSION, []))
    assert (first["trouble"], second["trouble"]) == ("slow", "busy")


@pytest.mark.parametrize(
    "command",
    [("false",), ("/nowhere/at/all",), ("echo", "words"), ("echo", "[]"), ("sh", "-c", "kill -9 $$")],
)
async def test_a_process_that_dies_is_told(command: tuple[str, ...]) -> None:
    """It cannot be started, fails, is killed, or says what is no answer: nothing is raised."""
    assert await apart(*command)(SESSION, []) == {"trouble": "died"}


def test_the_process_answers_as_the_command_does() -> None:
    """What it says of a session is what `tandem replay --json` says, on the configuration that it is given."""
    session = happened('Ana texts: hi\nbot texts: "Hello."')
    off = BUILT_IN.replace("messaging: {", "messaging: {initiate_from_inbound: false, ")
    for text in (BUILT_IN, off):
        configuration = Configuration(text, "tandem.yaml", {})
        asked = {"session": session, "events": session["events"], "configuration": asdict(configuration)}
        by_command = replay(History.of(session, session["events"]), configuration).as_json()
        assert answered(asked) == by_command
        assert by_command["same"] is (text == BUILT_IN)


def test_what_cannot_be_played_is_told_with_its_reason() -> None:
    """A timeline without its beginning, one in which nothing happened, and a configuration with mistakes."""
    session = happened('Ana texts: hi\nbot texts: "Hello."')
    events = session["events"]
    opened = [event for event in events if event["type"] == "session_opened"]
    good = asdict(Configuration())
    for told, cut, configuration in (
        ("beginning is not kept", events[1:], good),
        ("nothing happened", opened, good),
        ("unknown key", events, {**good, "text": BUILT_IN + "sevice: {}\n"}),
    ):
        found = answered({"session": session, "events": cut, "configuration": configuration})
        assert found["trouble"] == "unplayable"
        assert told in found["why"]
