"""Which stretches of a configuration are never shown: found by the names of the keys above them.

It goes by names alone, so that it also holds where the mapping is wrong, a key is misspelt, or the text
is no YAML at all. In doubt a text is hidden.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from config.kinds import closest
from config.problems import Place, Source
from config.schema import Named, Section, Variants, keys_of
from config.secret import HIDDEN
from config.settings import Settings
from config.yaml_text import Mapping, Node, Scalar, Sequence

_TELLTALE = re.compile(r"token|secret|passw|passphrase|pwd|api.?key|auth|credential|bearer", re.IGNORECASE)
_TOKEN_LIKE = re.compile(
    r"whsec_[^\s\"',}\]]*|(?<![\w+=])(?=(?:[^\W\d_]*\d){3})(?=(?:[\d_+=-]*[A-Za-z]){3})[\w+=-]{10,}", re.ASCII
)
_NO_TOKEN = re.compile(r"(AC|MG)[0-9a-fA-F]*")
_PLAIN = re.compile(r"[\w-]{1,48}")
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


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


def safe_name(name: str) -> str:
    """A key as it may be told. Of one that is no plain word only the first word: `token:secret` is one key too."""
    if _is_token_like(name):
        return HIDDEN
    word = _PLAIN.match(name)
    shown = word[0] if word else ""
    return shown if shown == name else f"{shown}{HIDDEN}"


def _is_token_like(text: str) -> bool:
    return bool(_TOKEN_LIKE.search(text)) and not _NO_TOKEN.fullmatch(text)


def hide_tree(node: Node | None, source: Source) -> None:
    """Mark what is not to be shown of a text that is YAML."""
    _hide_looks(source)
    _walk(node, source, "", is_hidden=False)


def _walk(node: Node | None, source: Source, name: str, *, is_hidden: bool) -> None:
    if isinstance(node, Scalar):
        if (is_hidden or (name and hides(name, node.text))) and not _is_reference(node.text):
            _hide_scalar(node, source)
    elif isinstance(node, Sequence):
        for item in node.items:
            _walk(item, source, name, is_hidden=is_hidden)
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            is_free = name == "assistants" and not is_hidden
            _hide_key(key, source)
            is_secret = is_hidden or (not is_free and key.text != "account_sid" and hides(key.text, ""))
            _walk(value, source, "" if is_free else key.text, is_hidden=is_secret)


def _hide_key(key: Scalar, source: Source) -> None:
    """Hide what of a key is not told either."""
    shown = safe_name(key.text)
    if shown != key.text:
        place = key.place
        source.hidden.append(replace(place, column=place.column + len(shown.removesuffix(HIDDEN))))


def _is_reference(text: str) -> bool:
    """Whether a text is one `${...}`, which may be shown: the secret is elsewhere."""
    return text.startswith("${") and text.endswith("}") and text.count("}") == 1


def _hide_scalar(node: Scalar, source: Source) -> None:
    """Hide a text; where none is, what stands in its line instead: an anchor, a tag, a comment."""
    place = node.place
    if node.text:
        source.hidden.append(place)
    else:
        _hide(source, place.line, place.column - 1, len(source.lines[place.line - 1]))


def _hide_looks(source: Source) -> None:
    """Hide what looks like a token, wherever it stands; account and service ids are none."""
    for number, line in enumerate(source.lines, 1):
        for found in _TOKEN_LIKE.finditer(line):
            if not _NO_TOKEN.fullmatch(found[0]) and line[found.start() - 2 : found.start()] != "${":
                _hide(source, number, found.start(), found.end())


def hide_lines(source: Source) -> None:
    """Mark what is not to be shown of a text that is no YAML, line by line."""
    _hide_looks(source)
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
    """Where a line begins to be secret, if it does. A control character may have torn a key: what follows it counts as one."""
    if torn := _CONTROL.search(line):
        return torn.start()
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
