"""Which stretches of a configuration are never shown: found by the names of the keys above them.

It goes by names alone, so that it also holds where the mapping is wrong, a key is misspelt, or the text
is no YAML at all. In doubt a text is hidden.
"""

from __future__ import annotations

import re
from functools import cache

from config.kinds import closest
from config.problems import Place, Source
from config.schema import Named, Section, Variants, keys_of
from config.settings import Settings
from config.yaml_text import Mapping, Node, Scalar, Sequence

_TELLTALE = re.compile(r"token|secret|passw|passphrase|pwd|api.?key|auth|credential|bearer", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z_][\w-]*")


@cache
def secrecy() -> dict[str, bool]:
    """Every key name of the schema, and whether its values are secrets."""
    found: dict[str, bool] = {}
    waiting: list[type] = [Settings]
    while waiting:
        for key in keys_of(waiting.pop()).values():
            if isinstance(key.shape, Section | Named):
                waiting.append(key.shape.of)
            elif isinstance(key.shape, Variants):
                waiting.extend(key.shape.of.values())
            inner = isinstance(key.shape, Section | Named | Variants)
            found[key.name] = found.get(key.name, False) or (
                not inner and bool(getattr(key.shape, "secret", False))
            )
    return found


def hides(name: str, text: str) -> bool:
    """Whether the text under this key is hidden."""
    known = secrecy()
    if name not in known:
        near = closest(name, known)
        return not near or known[near] or bool(_TELLTALE.search(name))
    if name == "account_sid":  # where a token is pasted by mistake
        return not text.strip().strip("\"'").startswith(("AC", "$"))
    if name.endswith("url"):  # user and password, or a token in the query
        return "@" in text or "?" in text
    return known[name]


def hide_tree(node: Node | None, source: Source) -> None:
    """Mark what is not to be shown of a text that is YAML."""
    _walk(node, source, "", is_hidden=False)


def _walk(node: Node | None, source: Source, name: str, *, is_hidden: bool) -> None:
    if isinstance(node, Scalar):
        referred = node.text.startswith("${") and node.text.endswith("}") and node.text.count("}") == 1
        if (is_hidden or (name and hides(name, node.text))) and not referred and node.text:
            source.hidden.append(node.place)
    elif isinstance(node, Sequence):
        for item in node.items:
            _walk(item, source, name, is_hidden=is_hidden)
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            free = name == "assistants" and not is_hidden
            inside = is_hidden or (not free and hides(key.text, "") and not _is_url(key.text))
            _walk(value, source, "" if free else key.text, is_hidden=inside)


def _is_url(name: str) -> bool:
    """Names that `hides` judges by the text, not by themselves."""
    return name == "account_sid"


def hide_lines(source: Source) -> None:
    """Mark what is not to be shown of a text that is no YAML, line by line."""
    owner_indent: int | None = None  # of the line whose key is secret; what stands deeper belongs to it
    for number, line in enumerate(source.lines, 1):
        indent = len(line) - len(line.lstrip())
        has_key = bool(re.search(r"[\w-]+[\"']?\s*:", line))
        if owner_indent is not None and line.strip() and (indent > owner_indent or not has_key):
            _hide(source, number, indent, len(line))
            continue
        cut = _cut(line)
        owner_indent = indent if cut is not None else None
        if cut is not None:
            _hide(source, number, cut, len(line))


def _hide(source: Source, line: int, start: int, end: int) -> None:
    source.hidden.append(Place(line, start + 1, line, end + 1))


def _cut(line: str) -> int | None:
    """Where a line begins to be secret, if it does."""
    for found in _WORD.finditer(line):
        rest = line[found.end() :]
        is_key = re.match(r"[\"']?\s*:", rest) is not None
        known = found[0] in secrecy()
        if (is_key and found[0] not in ("http", "https", "sip") and _is_secret_key(found[0], rest)) or (
            not is_key and ((known and secrecy()[found[0]]) or (not known and _TELLTALE.search(found[0])))
        ):
            colon = re.match(r"[\"']?\s*:?\s?", rest)
            return found.end() + (colon.end() if colon else 0)
    return None


def _is_secret_key(name: str, rest: str) -> bool:
    """Whether a key of a broken file is secret. A name alone in its line may be an assistant's."""
    value = rest.partition(":")[2]
    return bool(value.strip()) and hides(name, value) if name not in secrecy() else hides(name, value)
