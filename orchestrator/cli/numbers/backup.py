"""The old values of numbers, kept in a file before anything is changed.

Files lie in `.tandem` beside the configuration, readable by their owner only: another application's
addresses may hold its passwords. `numbers-<time>.json` is written by `point`, and is what `restore`
takes by default; `undone-<time>.json` is written by `restore`, and is taken by its name only.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from channels.twilio.account import FIELDS
from orchestrator.cli.numbers.plan import Plan
from orchestrator.cli.numbers.targets import UsageError

FOLDER = ".tandem"
VERSION = 1
Made = Literal["numbers", "undone"]
_NAMES = ("base_url", "account_sid", "number", "sid")


@dataclass(frozen=True, slots=True)
class Kept:
    """The old values of one number, `before`, of just the settings that were about to change."""

    base_url: str
    account_sid: str
    number: str
    sid: str
    before: Mapping[str, str]


def write(folder: Path, plans: Sequence[Plan], made: Made, now: float) -> Path:
    """Keep the old values; on disk when this returns. Raises OSError."""
    kept = [
        Kept(
            plan.target.integration.base_url,
            plan.target.integration.account_sid,
            plan.owned.number,
            plan.owned.sid,
            dict(plan.before),
        )
        for plan in plans
    ]
    document = {"version": VERSION, "numbers": [asdict(entry) for entry in kept]}
    place = folder / FOLDER
    place.mkdir(mode=0o700, exist_ok=True)
    return _create(place, f"{made}-{_stamp(now)}", json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def latest(folder: Path) -> Path:
    """The newest file that `point` wrote. Raises UsageError if there is none."""
    found = sorted((folder / FOLDER).glob("numbers-*.json"))
    if not found:
        raise UsageError(f"no backup in {folder / FOLDER}: give the file, or there is nothing to restore")
    return found[-1]


def read(file: Path) -> list[Kept]:
    """The old values in a file. Raises UsageError that says what is wrong with it."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        if document["version"] != VERSION:
            raise UsageError(f"{file}: made by another version of tandem")
        return [_kept(entry) for entry in document["numbers"]]
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or 'cannot be read'}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(f"{file}: not a backup of numbers") from None


def _kept(entry: Mapping[str, Any]) -> Kept:
    before = dict(entry["before"])
    texts = [entry[name] for name in _NAMES] + list(before.values())
    if not all(isinstance(text, str) for text in texts) or set(before) - set(FIELDS):
        raise ValueError("a value or a name that no backup has")
    return Kept(**{name: entry[name] for name in _NAMES}, before=before)


def _create(place: Path, name: str, text: str) -> Path:
    """A new file, never one that is there: an older backup is not lost."""
    for attempt in range(100):
        file = place / f"{name}{f'-{attempt}' if attempt else ''}.json"
        try:
            handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        return file
    raise FileExistsError(f"{place / name}: a hundred backups of one moment")


def _stamp(now: float) -> str:
    """A time whose order is that of its letters, to the microsecond: the newest file sorts last."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S.%fZ")
