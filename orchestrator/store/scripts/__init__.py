"""The atomic steps, in Lua, and how they are read: the shared parts first, then the step.

Scripts are called by their digest, so that two releases run side by side during a rolling deploy.
Nothing of Redis is spoken here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Script:
    """One atomic step: its name, source and the digest that EVALSHA takes."""

    name: str
    source: str
    sha: str


def _read(name: str, *parts: str) -> Script:
    folder = files(__name__)
    source = "\n".join((folder / f"{part}.lua").read_text(encoding="utf-8") for part in (*parts, name))
    digest = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()
    return Script(name, source, digest)


_PARTS: dict[str, tuple[str, ...]] = {
    "accept": ("prelude",),
    "begin": ("prelude",),
    "commit": ("prelude", "entries"),
    "lease": ("prelude",),
    "claim": ("prelude", "entries"),
    "settle": ("prelude", "entries"),
    "delivery": ("prelude", "entries"),
    "revive": ("prelude",),
    "poll": (),
    "behind": (),
    "search": (),
    "time": (),
}
NAMES = tuple(_PARTS)


@cache
def script(name: str) -> Script:
    """The script called `name`."""
    return _read(name, *_PARTS[name])
