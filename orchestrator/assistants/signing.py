"""Signatures of the Standard Webhooks scheme: a turn request proves who sent it, and when.

`webhook-signature` is `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`, keyed with the bytes
that the secret holds in base64 after `whsec_` (standardwebhooks.com, "Signature scheme").
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

TOLERANCE = 300.0
"""Seconds that a timestamp may be off: the scheme's own libraries allow five minutes."""


def key_of(secret: str) -> bytes:
    """The key in a secret; ValueError if it is none. The message never holds the secret."""
    encoded = secret.removeprefix("whsec_")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise ValueError("not a signing secret: write whsec_ and base64")
    return key


def sign(key: bytes, turn_id: str, at: float, body: bytes) -> dict[str, str]:
    """The three headers for `body`, sent at `at` (Unix seconds)."""
    timestamp = str(int(at))
    return {
        "webhook-id": turn_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{_digest(key, turn_id, timestamp, body)}",
    }


def verify(key: bytes, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether any signature in `headers` (lower-case names) is right and not older than `TOLERANCE`."""
    turn_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not turn_id or not timestamp.isdecimal() or abs(now - int(timestamp)) > TOLERANCE:
        return False
    wanted = f"v1,{_digest(key, turn_id, timestamp, body)}".encode()
    given = headers.get("webhook-signature", "").encode().split()
    return any(hmac.compare_digest(wanted, signature) for signature in given)


def _digest(key: bytes, turn_id: str, timestamp: str, body: bytes) -> str:
    signed = f"{turn_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
