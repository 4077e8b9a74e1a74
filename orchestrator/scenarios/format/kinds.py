"""Kinds of scalars that only scenarios have: words, keys, moments, timers, numbers of segments."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from config.kinds import Kind, MistakeError, closest
from config.numbers import number as phone_number
from config.numbers import read_number
from config.values import time_zone

WITHHELD: Final = "anonymous"
"""The carrier's word for a caller who shows no number."""
_TEXT: Final = {"type": ["string", "number", "boolean"]}
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d?:\d\d(?::\d\d)?)\s*(\S.*)?",
    re.ASCII,
)
_MOMENT_EXPECTED: Final = (
    "a date and time such as 2026-03-02 18:00, with a zone if it is not UTC: Europe/Berlin"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and time of day, and the zone that stands behind it, empty for none."""

    time: dt.datetime
    zone: str = ""

    def seconds(self, zone: str) -> float:
        """Unix seconds; `zone` counts where none was written."""
        return self.time.replace(tzinfo=_zone(self.zone or zone)).timestamp()


def words(name: str = "words") -> Kind[str]:
    """Words that are said or written; never none."""

    def read(given: str) -> str:
        if not given.strip():
            raise MistakeError("is empty", f'{name}; quotes around what begins with # or is ""')
        return given

    return Kind(name, read, _TEXT)


def caller() -> Kind[str]:
    """A phone number, or `withheld`: then as the carrier writes it."""

    def read(given: str) -> str:
        if given.strip() == "withheld":
            return WITHHELD
        return str(read_number(given))

    schema = {"anyOf": [phone_number().schema, {"const": "withheld"}]}
    return Kind("phone number, or withheld", read, schema)


def keys() -> Kind[str]:
    """Keys of a phone; blanks between them are for the eye."""

    def read(given: str) -> str:
        pressed = "".join(given.split())
        if not re.fullmatch(r"[0-9*#]+", pressed, re.ASCII):
            raise MistakeError("not keys of a phone", "digits, * and #; quotes where # begins it")
        return pressed

    return Kind("keys", read, {"type": ["string", "integer"], "pattern": "^[0-9*# ]+$"})


def number(name: str, low: int, high: int) -> Kind[int]:
    """A whole number that has a name of its own."""
    expected = f"{name}: a whole number from {low} to {high}"

    def read(given: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", given.strip(), re.ASCII):
            raise MistakeError("not a whole number", expected)
        if not low <= int(given) <= high:
            raise MistakeError("out of range", expected)
        return int(given)

    bounds = {"type": "integer", "minimum": low, "maximum": high}
    return Kind(name, read, {"anyOf": [bounds, {"type": "string", "pattern": "^[0-9]+$"}]})


def segments() -> Kind[int]:
    """`2 segments`, or the number alone."""

    def read(given: str) -> int:
        found = re.fullmatch(r"([1-9][0-9]?)(\s+segments?)?", given.strip(), re.ASCII)
        if not found:
            raise MistakeError("not a number of segments", "2 segments, up to 99")
        return int(found[1])

    return Kind("segments", read, {"type": ["string", "integer"], "pattern": "^[0-9]+( segments?)?$"})


def one_of(name: str, *known: str, others: Mapping[str, str] = MappingProxyType({})) -> Kind[str]:
    """One of the words `known`; `others` says which of them another word means."""

    def read(given: str) -> str:
        word = given.strip()
        if word not in known:
            meant = others.get(word.lower()) or closest(word, known)
            raise MistakeError(f"not {name}", f"one of {', '.join(known)}", meant)
        return word

    return Kind(" | ".join(known), read, {"enum": list(known)})


def encoding() -> Kind[str]:
    """GSM-7 or UCS-2, also as `gsm7` and `UCS2`."""
    known = ("GSM-7", "UCS-2")

    def read(given: str) -> str:
        compact = re.sub(r"[\s_-]", "", given).upper()
        for each in known:
            if each.replace("-", "") == compact:
                return each
        raise MistakeError("not an encoding of texts", "GSM-7 or UCS-2", closest(given, known))

    return Kind("GSM-7 | UCS-2", read, {"type": "string", "pattern": "^[A-Za-z]+[ _-]?[0-9]$"})


def firing(*timers: str) -> Kind[str]:
    """`text_reply fires`, or the timer alone."""

    def read(given: str) -> str:
        timer = given.strip().removesuffix("fires").strip()
        if timer not in timers:
            near = closest(timer, timers)
            raise MistakeError(
                "not a timer that people see",
                f"one of {', '.join(timers)}, and fires",
                near and f"{near} fires",
            )
        return timer

    return Kind("timer fires", read, {"enum": [f"{timer} fires" for timer in timers]})


def moment() -> Kind[Moment]:
    """A date and time, with or without a zone."""

    def read(given: str) -> Moment:
        found = _MOMENT.fullmatch(given.strip())
        if not found:
            raise MistakeError("not a date and time", _MOMENT_EXPECTED)
        date, time, zone = found.groups()
        hour = time if len(time.partition(":")[0]) == 2 else f"0{time}"
        try:
            read_time = dt.datetime.fromisoformat(f"{date}T{hour}")
        except ValueError:
            raise MistakeError("no such date or time", _MOMENT_EXPECTED) from None
        return Moment(read_time, _named_zone(zone or ""))

    return Kind("date, time and zone", read, {"type": "string"})


def _named_zone(written: str) -> str:
    word = written.strip()
    return "UTC" if word.upper() in {"UTC", "Z", "GMT"} else time_zone().read(word) if word else ""


def _zone(name: str) -> dt.tzinfo:
    return dt.UTC if name == "UTC" else zoneinfo.ZoneInfo(name)
