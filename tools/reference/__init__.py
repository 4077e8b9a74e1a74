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
    "consent-machine": ("machines", "consent"),
    "effects": ("facts", "effects"),
    "errors": ("facts", "errors"),
    "events": ("facts", "events"),
    "ignored": ("machines", "ignored"),
    "inbound-policy": ("facts", "inbound_policy"),
    "joint-states": ("machines", "joint_states"),
    "metrics": ("http", "metrics"),
    "thread-machine": ("machines", "thread"),
}


class PartError(Exception):
    """A part has no maker, or its source cannot be read; the message names it."""


def make(name: str) -> str:
    """The Markdown of a part."""
    if name not in PARTS:
        raise PartError(f"no part is called {name!r}; there are {', '.join(PARTS)}")
    module, function = PARTS[name]
    try:
        made: str = getattr(import_module(f"tools.reference.{module}"), function)()
    except Exception as error:  # a room that cannot be read spoils its own parts only
        raise PartError(f"{name} cannot be made: {type(error).__name__}: {error}") from error
    return made
