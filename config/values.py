"""Plain kinds of values: text, yes and no, whole numbers, durations, words of a set, names of zones and tongues."""

from __future__ import annotations

import json
import re
import zoneinfo
from typing import Any, Final

from config.kinds import Kind, MistakeError, closest

YES: Final = ("true", "on", "yes")
NO: Final = ("false", "off", "no")
UNITS: Final = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
DURATION_SHAPE: Final = (
    r"(?=.)(\d+(\.\d+)?d)?(\d+(\.\d+)?h)?(\d+(\.\d+)?m(?!s))?(\d+(\.\d+)?s)?(\d+(\.\d+)?ms)?"
)
DURATION_EXPECTED: Final = "a duration such as 500ms, 45s, 2m, 1h30m or 7d"
_DURATION = re.compile(DURATION_SHAPE, re.ASCII)
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[dhms])", re.ASCII)
_LONGEST = 10 * 365 * 86_400.0  # ten years: beyond it a unit was mistaken


def text() -> Kind[str]:
    """Any text, also none."""
    return Kind("text", lambda given: given, {"type": ["string", "number", "boolean"]}, write=quoted)


def word(name: str = "text") -> Kind[str]:
    """Text that must not be empty."""

    def read(given: str) -> str:
        if not given.strip():
            raise MistakeError("is empty", name)
        return given.strip()

    return Kind(name, read, {"type": ["string", "number"], "minLength": 1}, write=quoted)


def quoted(given: str) -> str:
    """A text as a double-quoted YAML scalar."""
    escaped = given.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def json_value() -> Kind[Any]:
    """A value as JSON writes it; what is no JSON is a text."""

    def read(given: str) -> Any:
        try:
            return json.loads(given)
        except (ValueError, RecursionError):
            return given

    schema = {"type": ["string", "number", "boolean", "null"]}
    return Kind("text, or a value in JSON", read, schema, write=json.dumps)


def flag() -> Kind[bool]:
    """true/on/yes or false/off/no, any case."""

    def read(given: str) -> bool:
        lowered = given.strip().lower()
        if lowered in (*YES, *NO):
            return lowered in YES
        raise MistakeError("not a yes or no", "true, false, on, off, yes or no", closest(given, (*YES, *NO)))

    words = "|".join("".join(f"[{c}{c.upper()}]" for c in each) for each in (*YES, *NO))
    schema = {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": f"^({words})$"}]}
    return Kind("true or false", read, schema, write=lambda value: "true" if value else "false")


def whole(low: int, high: int) -> Kind[int]:
    """A whole number from `low` to `high`."""
    expected = f"a whole number from {low} to {high}"

    def read(given: str) -> int:
        stripped = given.strip()
        if not re.fullmatch(r"[0-9]{1,12}", stripped):
            raise MistakeError("not a whole number", expected)
        if not low <= int(stripped) <= high:
            raise MistakeError("out of range", expected)
        return int(stripped)

    schema = {
        "anyOf": [
            {"type": "integer", "minimum": low, "maximum": high},
            {"type": "string", "pattern": "^[0-9]+$"},
        ]
    }
    return Kind(expected, read, schema)


def fraction() -> Kind[float]:
    """A number from 0 to 1."""
    expected = "a number from 0 to 1"

    def read(given: str) -> float:
        stripped = given.strip()
        if not re.fullmatch(r"[0-9]+(\.[0-9]*)?|\.[0-9]+", stripped):
            raise MistakeError("not a number", expected)
        if float(stripped) > 1:
            raise MistakeError("out of range", expected)
        return float(stripped)

    schema = {
        "anyOf": [
            {"type": "number", "minimum": 0, "maximum": 1},
            {"type": "string", "pattern": r"^([0-9]+(\.[0-9]*)?|\.[0-9]+)$"},
        ]
    }
    return Kind(expected, read, schema, write=lambda value: f"{value:g}")


def seconds(given: str) -> float:
    """A duration in seconds. Raises MistakeError."""
    compact = given.strip()
    if re.fullmatch(r"0+", compact, re.ASCII):
        return 0.0
    if not _DURATION.fullmatch(compact):
        raise MistakeError("not a duration", DURATION_EXPECTED, _meant_duration(compact))
    parts = [(float(number), unit) for number, unit in _PART.findall(compact)]
    total = sum(number / 1000 if unit == "ms" else number * UNITS[unit] for number, unit in parts)
    if total > _LONGEST:
        raise MistakeError("longer than ten years", DURATION_EXPECTED)
    return total


def _meant_duration(given: str) -> str:
    """What a near miss was probably meant to be: `30`, `2 min`, `1:30`, `5 M`."""
    if re.fullmatch(r"\d{1,9}", given, re.ASCII):
        return f"{given}s"
    if clock := re.fullmatch(r"(\d{1,3}):([0-5]\d)", given, re.ASCII):
        return f"{int(clock[1])}m{int(clock[2])}s"
    lowered = re.sub(r"[\s_]", "", given.lower())
    for long, short in (
        ("milliseconds?|msecs?", "ms"),
        ("seconds?|secs?", "s"),
        ("minutes?|mins?", "m"),
        ("hours?|hrs?", "h"),
        ("days?", "d"),
    ):
        lowered = re.sub(rf"(?<=\d)({long})(?![a-z])", short, lowered)
    return lowered if _DURATION.fullmatch(lowered) else ""


def written_duration(value: float) -> str:
    """Seconds as a configuration writes them: `1h30m`, `500ms`, `0s`."""
    rest, parts = round(value * 1000), []
    has_days = value >= 2 * UNITS["d"]  # 24h reads better than 1d
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, rest = divmod(rest, size) if unit != "d" or has_days else (0, rest)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"


def duration(low: str = "0s", high: str = "365d") -> Kind[float]:
    """A duration from `low` to `high`, read into seconds."""
    least, most = seconds(low), seconds(high)

    def read(given: str) -> float:
        value = seconds(given)
        if not least <= value <= most:
            raise MistakeError("out of range", f"a duration from {low} to {high}")
        return value

    schema = {"anyOf": [{"type": "string", "pattern": f"^({DURATION_SHAPE}|0+)$"}, {"const": 0}]}
    return Kind("duration", read, schema, write=written_duration)


def choice(*words: str) -> Kind[str]:
    """One of a few words."""

    def read(given: str) -> str:
        stripped = given.strip()
        if stripped not in words:
            raise MistakeError(
                "not one of the words it may be", f"one of {', '.join(words)}", closest(given, words)
            )
        return stripped

    as_yaml = [False] if "off" in words else []  # what YAML makes of a bare `off`
    return Kind(" | ".join(words), read, {"enum": [*words, *as_yaml]})


def time_zone() -> Kind[str]:
    """An IANA zone name. UTC works without a zone database."""

    def read(given: str) -> str:
        stripped = given.strip()
        if stripped != "UTC" and stripped not in (known := zoneinfo.available_timezones()):  # a slow look
            raise MistakeError(
                "no such time zone", "an IANA name such as Europe/Berlin or UTC", _zone(stripped, known)
            )
        return stripped

    return Kind("time zone", read, {"type": "string"})


def _zone(given: str, known: set[str]) -> str:
    """The zone meant, also by its city alone (`Berlin`)."""
    city = given.rpartition("/")[2].replace(" ", "_").lower()
    by_city = sorted(name for name in known if name.rpartition("/")[2].lower() == city)
    return by_city[0] if by_city else closest(given, known)


def language_tag() -> Kind[str]:
    """A BCP 47 tag such as en-US."""
    shape = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*"

    def read(given: str) -> str:
        stripped = given.strip()
        if not re.fullmatch(shape, stripped, re.ASCII):
            fixed = stripped.replace("_", "-")
            raise MistakeError(
                "not a language tag",
                "a BCP 47 tag such as en-US",
                fixed if re.fullmatch(shape, fixed, re.ASCII) else "",
            )
        return stripped

    return Kind("language tag", read, {"type": "string", "pattern": f"^{shape}$"})
