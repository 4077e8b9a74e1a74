"""Parts made from the machines of `orchestrator/core/rules.py`: diagrams, tables, reasons for doing nothing."""

from __future__ import annotations

from typing import Any, get_args

from orchestrator.core import rules
from orchestrator.core.session import Word
from orchestrator.core.states import JOINT
from tools.reference.markdown import code, codes, table

TABLES = {"call": rules.CALL, "thread": rules.THREAD, "consent": rules.CONSENT}


def call() -> str:
    """The call's machine."""
    return _machine("call")


def thread() -> str:
    """The thread's machine."""
    return _machine("thread")


def consent() -> str:
    """The consent's machine."""
    return _machine("consent")


def ignored() -> str:
    """Why a machine does nothing with an event, where no row of its table holds."""
    rows = [
        [code(machine), code(event), code(reason)]
        for machine, reasons in rules.IGNORED.items()
        for event, reason in reasons.items()
    ]
    return table(["machine", "event", "reason"], rows)


def joint_states() -> str:
    """The words that people see, in the order in which the table is tried."""
    words = list(dict.fromkeys(word for word, _ in JOINT))
    missing = set(get_args(Word)) - set(words)
    if missing:
        raise LookupError(f"no row of JOINT makes the states {sorted(missing)}")
    return codes(words)


def _machine(name: str) -> str:
    return f"{_diagram(name)}\n\n{_rows(name)}"


def _sources(row: dict[str, Any]) -> list[str]:
    return [row["source"]] if isinstance(row["source"], str) else list(row["source"])


def _diagram(name: str) -> str:
    labels: dict[tuple[str, str], list[str]] = {}
    for row in TABLES[name]:
        for source in _sources(row):
            if row["dest"] is not None:
                labels.setdefault((source, row["dest"]), []).append(row["trigger"])
    edges = [
        f"    {source} --> {dest}: {', '.join(dict.fromkeys(triggers))}"
        for (source, dest), triggers in sorted(labels.items())
    ]
    start = f"    [*] --> {rules.MACHINES[name].initial}"
    return "\n".join(["```mermaid", "stateDiagram-v2", start, *edges, "```"])


def _rows(name: str) -> str:
    rows = [
        [
            codes(_sources(row)),
            code(row["trigger"]),
            codes(guard.__name__ for guard in row["conditions"]),
            code(row["dest"]) if row["dest"] else "stays",
            codes(action.__name__ for action in row["after"]),
        ]
        for row in TABLES[name]
    ]
    return table(["in", "event", "if", "goes to", "and does"], rows)
