"""Values as they are stored: documents behind a one-byte codec mark, times as whole milliseconds."""

from __future__ import annotations

import zlib

from orchestrator.core.errors import ContractError
from orchestrator.ports.records import Inboxed

PLAIN, DEFLATED = b"p", b"z"
SMALL = 512  # bytes; below this deflating costs more than it saves


def pack(text: str) -> bytes:
    """A document as it is stored."""
    raw = text.encode()
    return PLAIN + raw if len(raw) < SMALL else DEFLATED + zlib.compress(raw, 6)


def unpack(stored: bytes | None) -> str | None:
    """The document that `pack` stored; None where there is none."""
    if not stored:
        return None
    mark, body = stored[:1], stored[1:]
    if mark == PLAIN:
        return body.decode()
    if mark == DEFLATED:
        return zlib.decompress(body).decode()
    raise ContractError(f"a stored document begins with the unknown codec mark {mark!r}")


def ms(seconds: float) -> int:
    """Unix seconds, or a duration, in whole milliseconds."""
    return round(seconds * 1000)


def seconds(stored: bytes | str | float) -> float:
    """Stored milliseconds in seconds."""
    return float(stored) / 1000


def field(text: str) -> str:
    """A word that stands between the bars of an outbox entry's state."""
    return text.replace("|", "/")


def inboxed(entry: bytes, attempt: int = 1) -> Inboxed:
    """An inbox entry, which is `<length of id>:<id><payload>`."""
    size, _, rest = entry.partition(b":")
    return Inboxed(rest[: int(size)].decode(), rest[int(size) :].decode(), attempt)
