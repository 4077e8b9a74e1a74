"""Identifiers that are the same however often the same event is decided.

They look like ULIDs (26 characters, sorted by time), but the random half is a hash of what they
name, so that a turn asked again after a crash keeps its id.
"""

from __future__ import annotations

import hashlib

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32


def stable_id(at: float, *parts: str) -> str:
    """The id of what `parts` name, stamped with `at` (Unix seconds)."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    value = (int(at * 1000) & (2**48 - 1)) << 80 | int.from_bytes(digest[:10], "big")
    return _base32(value, 26)


def session_id(at: float, assistant: str, customer: str | None, event_id: str) -> str:
    """The id that a session takes which this event opens; its last two characters are the store's."""
    return stable_id(at, "session", assistant, customer or "", event_id)


def call_reference(at: float, session: str, event_id: str) -> str:
    """The name of the call that the event of this id, taken at `at`, places in a session."""
    return stable_id(at, session, event_id, "call")


def with_partition(identifier: str, partition: int) -> str:
    """The id with its last two characters naming the store's partition (0 to 1023)."""
    return identifier[:-2] + _base32(partition, 2)


def partition_of(identifier: str) -> int | None:
    """The partition that an id names, or None if it is not such an id."""
    if len(identifier) != 26 or any(char not in _ALPHABET for char in identifier):
        return None
    return _ALPHABET.index(identifier[-2]) * 32 + _ALPHABET.index(identifier[-1])


def _base32(value: int, width: int) -> str:
    return "".join(_ALPHABET[value >> 5 * place & 31] for place in reversed(range(width)))
