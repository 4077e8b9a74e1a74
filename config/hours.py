"""Times of day between which something may be done: `08:00-21:00`."""

from __future__ import annotations

import re

from config.kinds import Kind, MistakeError

_HOURS = re.compile(r"(\d\d?):(\d\d)\s*-\s*(\d\d?):(\d\d)")


def hours() -> Kind[tuple[int, int] | None]:
    """Two times of day as minutes, `08:00-21:00`; the second may lie before the first, over midnight.
    Empty for the whole day.
    """

    def read(given: str) -> tuple[int, int] | None:
        if not given.strip():
            return None
        found = _HOURS.fullmatch(given.strip())
        parts = [int(part) for part in found.groups()] if found else []
        if not parts or parts[0] > 23 or parts[2] > 24 or max(parts[1], parts[3]) > 59:
            raise MistakeError("not two times of day", "times such as 08:00-21:00, or nothing")
        start, end = parts[0] * 60 + parts[1], parts[2] * 60 + parts[3]
        if start == end or end > 24 * 60:
            raise MistakeError("not two times of day", "a beginning and another end, up to 24:00")
        return start, end

    schema = {"type": "string", "pattern": f"^({_HOURS.pattern})?$"}
    return Kind("times of day", read, schema, write=_written)


def _written(hours: tuple[int, int] | None) -> str:
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in hours or ())
