"""Response items: an assistant's JSON answer as core items, and the table of what it may hold."""

from orchestrator.assistants.items.actions import read_actions
from orchestrator.assistants.items.answer import parse_answer, parse_entries, read_answer, read_item
from orchestrator.assistants.items.fields import MalformedError
from orchestrator.assistants.items.table import TYPES, Row, reference

__all__ = [
    "TYPES",
    "MalformedError",
    "Row",
    "parse_answer",
    "parse_entries",
    "read_actions",
    "read_answer",
    "read_item",
    "reference",
]
