"""When a file changes that scenarios are made of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from orchestrator.scenarios.testing.finding import NothingThereError, find

PAUSE: Final = 0.3
"""Seconds between two looks: files are looked at, since not every system tells of changes."""
Stamps = dict[Path, tuple[int, int]]


def changes(paths: Sequence[Path], pause: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """One None each time that a scenario, or another YAML file beside one, was changed, added or removed.
    Ends with Ctrl-C.
    """
    seen = stamps(paths)
    try:
        while True:
            pause(PAUSE)
            now = stamps(paths)
            if now != seen:
                seen = now
                yield
    except KeyboardInterrupt:
        return


def stamps(paths: Sequence[Path]) -> Stamps:
    """When each file was last written, and its size."""
    try:
        files = set(find([path for path in paths if path.exists()]))
    except NothingThereError:
        files = set()
    beside = {other for folder in {file.parent for file in files} for other in folder.glob("*.y*ml")}
    found: Stamps = {}
    for file in files | beside:
        try:
            stat = file.stat()
        except OSError:
            continue  # it is just being replaced
        found[file] = (stat.st_mtime_ns, stat.st_size)
    return found
