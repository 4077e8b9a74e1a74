"""Plain data of a file: what a mapping of anything holds."""

from __future__ import annotations

import re
from typing import Any, Final

from config.yaml_text import Mapping, Node, Sequence

_NULLS: Final = ("", "null", "Null", "NULL", "~")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?")
"""As JSON writes them; what is longer stays a text."""


def data(node: Node, *, typed: bool = False) -> Any:
    """The plain data of a node; nothing and `null` are None, all texts stay texts unless it is `typed`."""
    if isinstance(node, Mapping):
        return {key.text: data(value, typed=typed) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [data(item, typed=typed) for item in node.items]
    if not node.plain:
        return node.text
    if node.text in _NULLS:
        return None
    return _value(node.text) if typed else node.text


def _value(text: str) -> Any:
    """A number or a truth where the text is one."""
    if text in {"true", "false"}:
        return text == "true"
    number = _NUMBER.fullmatch(text)
    if number is None:
        return text
    return float(text) if number[1] else int(text)
