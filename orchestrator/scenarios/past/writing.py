"""A session that happened as the text of a scenario. The customer's number is replaced by one that nobody has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from orchestrator.scenarios.past.acts import Acts
from orchestrator.scenarios.past.answers import DESK, NOTHING, Step
from orchestrator.scenarios.past.history import History

CUSTOMER = "Customer"
NUMBER = "+15550101234"


def scenario(history: History, *, name: str = "", welcome: str = "") -> str:
    """The scenario's text; `welcome` is what the assistant's configuration has said before the first answer."""
    acts = Acts(history, CUSTOMER, welcome)
    return written(history, name or f"Session {history.id}", acts.steps, has_desk=acts.has_desk)


def written(history: History, name: str, steps: Sequence[Step], *, has_desk: bool) -> str:
    """The sections around the steps."""
    began = datetime.fromtimestamp(history.lines[0].at if history.lines else 0, UTC)
    people = {CUSTOMER: NUMBER if history.number else "withheld"} | ({"Desk": DESK} if has_desk else {})
    head = [
        f"scenario: {_json(name)}",
        'about: "Recorded from a session that happened."',
        "tags: [recorded]",
        f"people: {_flow(people)}",
        f"clock: {began:%Y-%m-%d %H:%M:%S} UTC",
        f"assistant: {_json(history.assistant)}",
        "steps:",
    ]
    lines = [f"  - {_line(step)}" for step in steps]
    text = "\n".join([*head, *lines, f"finally: {{ state: {history.state} }}", ""])
    return text.replace(history.number, NUMBER) if history.number else text


def _line(step: Step) -> str:
    does, value = step
    if value is NOTHING:
        return does
    if does in {"wait", "bot takes", "bot fails", "text fails", "text is refused", "bot transfers to"}:
        return f"{does}: {value}"
    return f"{does}: {_flow(value) if isinstance(value, dict) else _json(value)}"


def _flow(value: dict[str, Any]) -> str:
    return (
        "{ "
        + ", ".join(
            f"{key if key.replace(' ', '').isalpha() else _json(key)}: {_json(each)}"
            for key, each in value.items()
        )
        + " }"
    )


def _json(value: Any) -> str:
    """JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)
