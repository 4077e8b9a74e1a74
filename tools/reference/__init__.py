"""The generated parts of the documents, by name: where the function stands that returns its Markdown.

Looked up when a part is made, so that a broken room spoils its own parts only.
"""

from __future__ import annotations

from importlib import import_module

PARTS: dict[str, tuple[str, str]] = {
    "api-actions": ("http", "api_actions"),
    "api-codes": ("http", "api_codes"),
    "api-fields": ("http", "api_fields"),
    "api-operations": ("http", "api_operations"),
    "answer-items": ("edges", "answer_items"),
    "call-machine": ("machines", "call"),
    "carrier-codes": ("edges", "carrier_codes"),
    "commands": ("commands", "commands"),
    "configuration": ("configuration", "configuration"),
    "assistant-faults": ("contract", "faults"),
    "consent-machine": ("machines", "consent"),
    "effects": ("facts", "effects"),
    "errors": ("facts", "errors"),
    "events": ("facts", "events"),
    "ignored": ("machines", "ignored"),
    "inbound-policy": ("facts", "inbound_policy"),
    "joint-states": ("machines", "joint_states"),
    "metrics": ("http", "metrics"),
    "sample-bot": ("contract", "sample_bot"),
    "gallery": ("gallery", "gallery"),
    "scenario-checks": ("scenarios", "checks"),
    "scenario-events": ("scenarios", "events"),
    "scenario-given": ("scenarios", "given"),
    "scenario-matchers": ("scenarios", "matchers"),
    "scenario-rules": ("scenarios", "rules"),
    "scenario-sections": ("scenarios", "sections"),
    "scenario-verbs": ("scenarios", "verbs"),
    "thread-machine": ("machines", "thread"),
}


FILES: dict[str, tuple[str, str]] = {
    "docs/reference/assistant.openapi.json": ("contract", "openapi"),
    "docs/reference/turn-answer.schema.json": ("contract", "answer_schema"),
    "docs/reference/turn-request.schema.json": ("contract", "request_schema"),
    "docs/reference/scenario.schema.json": ("scenarios", "schema"),
}
"""Whole files, by their paths in the project, and where the function stands that returns each."""


class PartError(Exception):
    """A part has no maker, or its source cannot be read; the message names it."""


def make(name: str) -> str:
    """The Markdown of a part."""
    if name not in PARTS:
        raise PartError(f"no part is called {name!r}; there are {', '.join(PARTS)}")
    return _made(name, *PARTS[name])


def make_file(path: str) -> str:
    """The text of a file."""
    return _made(path, *FILES[path])


def _made(name: str, module: str, function: str) -> str:
    try:
        made: str = getattr(import_module(f"tools.reference.{module}"), function)()
    except Exception as error:  # a room that cannot be read spoils its own parts only
        raise PartError(f"{name} cannot be made: {type(error).__name__}: {error}") from error
    return made
