"""`settings`: keys of the configuration, relative to the scenario's assistant, that are otherwise in a play.

Names and values are held against the configuration's own schema, so that a mistake is told where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from config.backends import BACKENDS
from config.kinds import Kind, ListOf, MistakeError, Shape, closest
from config.messaging import Messaging
from config.phone import Phone
from config.schema import keys_of
from config.yaml_text import Mapping, Node, Scalar, Sequence
from orchestrator.scenarios.format.notes import Notes, called, is_empty
from orchestrator.scenarios.format.plain import data
from orchestrator.scenarios.format.values import entries
from orchestrator.scenarios.play import Setting

SECTIONS: Final = ("phone", "messaging", "backend")


def known_settings() -> dict[str, list[Shape]]:
    """Every key that may be set, with what it may hold; a key of several backends holds what any of them takes."""
    found: dict[str, list[Shape]] = {}
    parts = [("phone", Phone), ("messaging", Messaging), *(("backend", each) for each in BACKENDS.values())]
    for section, of in parts:
        for name, key in keys_of(of).items():
            if isinstance(key.shape, Kind | ListOf):
                found.setdefault(f"{section}.{name}", []).append(key.shape)
    return found


def read_settings(notes: Notes, node: Node) -> dict[str, Setting]:
    """The overrides by key, sections of mappings written out."""
    if entries(notes, node, "keys and values: {messaging.text_reply_timeout: 2m}") is None:
        return {}
    known = known_settings()
    return {
        key.text: Setting(data(value) if not is_empty(value) else "", notes.at(key.place))
        for key, value in _flat(node)
        if _is_right(notes, key, value, known)
    }


def _flat(node: Node, above: str = "") -> Iterator[tuple[Scalar, Node]]:
    for key, value in node.entries if isinstance(node, Mapping) else ():
        path = Scalar(above + key.text, key.place, plain=key.plain)
        if path.text in SECTIONS and isinstance(value, Mapping):
            yield from _flat(value, f"{path.text}.")
        else:
            yield path, value


def _is_right(notes: Notes, key: Scalar, value: Node, known: dict[str, list[Shape]]) -> bool:
    if key.text not in known:
        inner = key.text.rpartition(".")[2]
        meant = closest(key.text, known) or next((each for each in known if each.endswith(f".{inner}")), "")
        notes.wrong(
            key.place, "no such key of an assistant's configuration", "messaging.KEY or phone.KEY", meant
        )
        return False
    faults = [_fault(shape, value) for shape in known[key.text]]
    if any(fault is None for fault in faults):
        return True
    if faults[0] is not None:
        notes.mistaken(value.place, faults[0])
    return False


def _fault(shape: Any, node: Node) -> MistakeError | None:
    """What is wrong with a value, or None."""
    if isinstance(shape, ListOf):
        items = node.items if isinstance(node, Sequence) else (node,)
        return next((fault for item in items if (fault := _fault(shape.item, item))), None)
    if not isinstance(node, Scalar):
        return MistakeError(f"is {called(node)}, not one value", shape.name)
    try:
        shape.read(node.text)
    except MistakeError as mistake:
        return mistake
    return None
