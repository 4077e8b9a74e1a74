"""The fields of a response item: how each kind of value is read from JSON, and what is refused.

A refusal is a `MalformedError` whose text goes to the timeline: it names the field and what was
expected, never what was given.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestrator.core.numbers import E164
from orchestrator.core.patterns import is_usable

MAX_MEDIA = 100  # ten messages of ten, as many as a long text may be
MAX_SECONDS = 86_400.0  # a day: no wait of a conversation is longer
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_SIP = re.compile(r"sips?:[^\s<>\"']{1,250}", re.IGNORECASE)
Values = dict[str, Any]


class MalformedError(ValueError):
    """An item, or a whole answer, is not what it should be."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: its name in the reference, and how it is read."""

    name: str
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a response type; `path` leads through nested objects, parts joined by dots.

    `called` is its name once read, where the last part of the path does not say enough.
    """

    path: str
    kind: Kind
    meaning: str
    required: bool = False
    called: str = ""

    @property
    def name(self) -> str:
        """How the value is called once read."""
        return self.called or self.path.rpartition(".")[2]


def read_fields(raw: Mapping[str, Any], fields: tuple[Field, ...]) -> Values:
    """The values of `fields` that are given; a null counts as not given."""
    values: Values = {}
    for entry in fields:
        found = at(raw, entry.path)
        if found is None:
            if entry.required:
                raise MalformedError(f"`{entry.path}` is missing")
            continue
        try:
            values.setdefault(entry.name, entry.kind.read(found))
        except MalformedError as error:
            raise MalformedError(f"`{entry.path}`: expected {error}") from None
    return values


def at(raw: Any, path: str) -> Any:
    """The value at a dotted path, or None where the way breaks off."""
    for part in path.split("."):
        if not isinstance(raw, Mapping):
            return None
        raw = raw.get(part)
    return raw


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        raise MalformedError("a string")
    return value


def _lines(value: Any) -> str:
    return "\n".join(map(_words, value)) if isinstance(value, list) else _words(value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in {"true", "yes", "on"}:
        return True
    if word in {"false", "no", "off"}:
        return False
    raise MalformedError("true or false")


def _seconds(value: Any) -> float:
    seconds = math.nan
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = float(value) if abs(value) <= MAX_SECONDS else math.inf
    elif isinstance(value, str):
        seconds = _spelt(value.strip().lower().replace(" ", ""))
    if not 0 <= seconds <= MAX_SECONDS:
        raise MalformedError("seconds, or a duration such as 45s, of at most a day")
    return seconds


def _spelt(text: str) -> float:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return math.nan
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def _milliseconds(value: Any) -> float:
    if isinstance(value, str) and value.strip()[-1:].isalpha():
        return _seconds(value)
    number = _number(value)
    return _seconds(number / 1000)


def _number(value: Any) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not 0 <= number <= 1e9:
        raise MalformedError("a number that is not negative")
    return number


def _count(value: Any) -> int:
    number = _number(value)
    if number != int(number) or number > 100:  # Watson's limit of collected keys
        raise MalformedError("a whole number up to 100")
    return int(number)


def _key(value: Any) -> str:
    key = _words(value).strip()
    if key not in set("0123456789*#"):
        raise MalformedError("one key: 0 to 9, * or #")
    return key


def _address(value: Any) -> str:
    """A web address that a carrier can fetch."""
    text = _words(value).strip()
    if not re.fullmatch(r"https?://[^\s/?#]+[^\s]*", text, re.IGNORECASE):
        raise MalformedError("an http or https address")
    return text


def _addresses(value: Any) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    if len(entries) > MAX_MEDIA:
        raise MalformedError(f"at most {MAX_MEDIA} addresses")
    return tuple(_address(entry) for entry in entries)


def _phone(value: Any) -> str:
    number = E164.maybe("".join(_words(value).removeprefix("tel:").split()))
    if number is None:
        raise MalformedError("a number such as +15550101234")
    return number


def _target(value: Any) -> str:
    text = _words(value).strip()
    return text if _SIP.fullmatch(text) else _phone(text)


def _pattern(value: Any) -> str:
    text = _words(value)
    if len(text) > 500:
        raise MalformedError("a pattern of at most 500 characters")
    if not is_usable(text):
        raise MalformedError("a regular expression without references back or lookbehind")
    return text


def _channel(value: Any) -> str:
    word = CHANNEL_NAMES.get(value.strip().lower()) if isinstance(value, str) else None
    if word is None:
        raise MalformedError("sms or voice")
    return word


def _headers(value: Any) -> dict[str, str]:
    """Headers as an object, or as Watson's list of name and value."""
    pairs = (
        value.items()
        if isinstance(value, Mapping)
        else ((at(e, "name"), at(e, "value")) for e in _list(value))
    )
    headers = {_words(name): _words(content) for name, content in pairs}
    if any(set("\r\n") & set(name + content) for name, content in headers.items()):
        raise MalformedError("headers of one line each")
    return headers


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise MalformedError("a list")
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedError("an object")
    return value


CHANNEL_NAMES = {
    "sms": "sms", "text": "sms", "text_messaging": "sms",
    "voice": "voice", "phone": "voice", "voice_telephony": "voice",
}  # fmt: skip
WORDS = Kind("text", _words)
LINES = Kind("text, or a list of lines", _lines)
FLAG = Kind("true or false", _flag)
SECONDS = Kind("duration", _seconds)
MILLISECONDS = Kind("milliseconds", _milliseconds)
COUNT = Kind("count", _count)
KEY = Kind("key", _key)
ADDRESS = Kind("address", _address)
ADDRESSES = Kind("addresses", _addresses)
PHONE = Kind("phone number", _phone)
TARGET = Kind("phone number or sip: address", _target)
PATTERN = Kind("pattern", _pattern)
CHANNEL = Kind("channel", _channel)
HEADERS = Kind("headers", _headers)
LIST = Kind("list", _list)
OBJECT = Kind("object", _object)
