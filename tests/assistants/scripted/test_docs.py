"""The examples of docs/scripted.md, played."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from orchestrator.assistants.items import TYPES
from orchestrator.assistants.scripted import lint, parse_script
from orchestrator.assistants.scripted.compile import VERBS
from orchestrator.assistants.scripted.model import EVENTS
from orchestrator.assistants.scripted.read_conditions import KEYS
from orchestrator.assistants.scripted.slots import CHECKS
from tests.assistants.scripted.talk import PAGE, SCRIPTS, Talk

TALKS = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("script", "talk"), list(zip(SCRIPTS, TALKS, strict=True)))
def test_examples(script: str, talk: str) -> None:
    """Each script of the page answers as the conversation under it says."""
    player, expected, heard = Talk.about(script), list[str](), list[str]()
    speakers: dict[str, Callable[[str], list[str]]] = {
        "event": player.event,
        "caller": player.says,
        "keys": player.presses,
        "reply": player.replies,
    }
    for line in talk.splitlines():
        speaker, _, words = line.partition(": ")
        if speaker == "bot":
            expected.append(words)
        else:
            assert heard == expected
            expected, heard = [], [line for line in speakers[speaker](words) if line != "(CollectDigits)"]
    assert heard == expected


@pytest.mark.parametrize("script", SCRIPTS)
def test_examples_are_clean(script: str) -> None:
    """The lint finds nothing in them."""
    assert lint(parse_script(script)) == []


def test_everything_is_described() -> None:
    """Every verb of ours, kind of answer, condition and event is on the page."""
    ours = [verb for verb in VERBS if verb not in TYPES]
    assert not [word for word in (*ours, *CHECKS, *EVENTS, *KEYS) if not re.search(rf"\b{word}\b", PAGE)]
