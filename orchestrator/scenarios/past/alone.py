"""The process in which one session is played again for the console, apart from the service that asks for it.

It is asked by one JSON object on its input and answers by one on its output (`apart` is the other side):

| asked | answered |
|---|---|
| `{"session": {...}, "events": [...], "configuration": {"text", "name", "environ"}}` | `Difference.as_json()` |
| a session that cannot be played | `{"trouble": "unplayable", "why": "..."}` |
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

from config import ConfigError
from orchestrator.scenarios.past.comparing import replay, welcome_of
from orchestrator.scenarios.past.history import History
from orchestrator.scenarios.stage import Configuration

LONGEST = 60
"""Seconds after which it ends by itself: nobody may be left who would end it."""
NICE = 5
"""How far it stands back behind the service, which has callers."""


def main() -> None:
    """Answer, and end. What is printed on the way goes to the errors, not into the answer."""
    signal.alarm(LONGEST)
    os.nice(NICE)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with answers:
        json.dump(answered(json.load(sys.stdin.buffer)), answers)


def answered(asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to one question."""
    configuration = Configuration(**asked["configuration"])
    history = History.of(asked["session"], asked["events"])
    try:
        welcome = welcome_of(configuration, history.assistant)
        return replay(history, configuration, welcome=welcome).as_json()
    except (ValueError, ConfigError) as error:
        return {"trouble": "unplayable", "why": str(error)}
