"""Parts made from the core's vocabulary: events, effects, errors, the policy of inbound texts."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any, get_args

from orchestrator.core import effects as core_effects
from orchestrator.core import errors as core_errors
from orchestrator.core import events as core_events
from orchestrator.core.policy import INBOUND_POLICY
from tools.reference.markdown import code, codes, first_sentence, table

COMMON = ("id", "at")
"""Fields that every event has."""


def events() -> str:
    """What can happen, in the order of the source."""
    kinds = get_args(core_events.Event)
    rows = [[code(kind.__name__), codes(_names(kind)), first_sentence(kind.__doc__)] for kind in kinds]
    return table(["event", "fields, besides `id` and `at`", "meaning"], rows)


def effects() -> str:
    """What can be ordered: in the answer of a voice request, or by the outbox."""
    groups = {
        "verb of a document": core_effects.Verb,
        "ending of a document": core_effects.Ending,
        "leaves by the outbox": core_effects.Outbound,
    }
    rows = [
        [code(kind.__name__), group, codes(_names(kind)), first_sentence(kind.__doc__)]
        for group, union in groups.items()
        for kind in get_args(union)
    ]
    return table(["effect", "kind", "fields", "meaning"], rows)


def errors() -> str:
    """The errors of the house."""
    kinds = [kind for kind in vars(core_errors).values() if _is_error(kind)]
    rows = [[code(kind.__name__), str(kind.status_hint), first_sentence(kind.__doc__)] for kind in kinds]
    return table(["error", "HTTP status", "meaning"], rows)


def inbound_policy() -> str:
    """Which inbound text is taken: the first row that applies."""
    rows = [
        [str(verdict.row), condition, verdict.outcome, code(verdict.reason)]
        for condition, _, verdict in INBOUND_POLICY
    ]
    return table(["#", "an inbound text, and", "outcome", "reason"], rows)


def _is_error(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, core_errors.TandemError)


def _names(kind: Any) -> list[str]:
    return [_shown(entry) for entry in fields(kind) if entry.name not in COMMON]


def _shown(entry: Field[Any]) -> str:
    optional = entry.default is not MISSING or entry.default_factory is not MISSING
    return f"{entry.name}?" if optional else entry.name
