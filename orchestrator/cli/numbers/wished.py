"""What Tandem wants a number to point at, and how what it points at now compares with that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from channels.twilio import urls
from channels.twilio.integration import Kind

Mark = Literal["same", "different", "foreign", "none"]
"""Against what is wished: exactly it; ours but not exactly; somebody else's; nothing set."""

PATHS: Mapping[Kind, Mapping[str, str]] = {
    "phone": {
        "VoiceUrl": urls.VOICE,
        "VoiceFallbackUrl": urls.VOICE_FALLBACK,
        "StatusCallback": urls.VOICE_STATUS,
    },
    "messaging": {"SmsUrl": urls.SMS, "SmsFallbackUrl": urls.SMS_FALLBACK},
}
"""The addresses of each kind. A message's status address is sent along with each message."""

IGNORING: Mapping[Kind, tuple[str, ...]] = {
    "phone": ("VoiceApplicationSid", "TrunkSid"),
    "messaging": ("SmsApplicationSid",),
}
"""What makes the carrier ignore the addresses of a kind while it is set (Twilio, IncomingPhoneNumbers)."""

_TELLTALE = re.compile(r"(?i)([^&=]*(?:token|secret|passw|pwd|key|auth|sig|credential)[^&=]*)=[^&]*")
HIDDEN = "•••"


def method_of(field: str) -> str:
    """The setting that holds the HTTP method of an address."""
    return field.removesuffix("Url") + "Method"


def addresses(public_url: str, kind: Kind) -> dict[str, str]:
    """The addresses of one kind, ready to copy."""
    return {field: urls.absolute(public_url, path) + urls.OVERRIDES for field, path in PATHS[kind].items()}


def settings(public_url: str, kinds: Iterable[Kind]) -> dict[str, str]:
    """The addresses and methods of these kinds, and of no other: they stay whose they are."""
    wished: dict[str, str] = {}
    for kind in sorted(kinds, reverse=True):
        for field, address in addresses(public_url, kind).items():
            wished |= {field: address, method_of(field): "POST"}
    return wished


def mark(have: Mapping[str, str], field: str, wished: str, public_url: str) -> Mark:
    """How an address that the carrier has compares with ours."""
    if not have[field]:
        return "none"
    if have[field] == wished and (have[method_of(field)] or "POST") == "POST":
        return "same"
    return "different" if is_ours(have[field], public_url) else "foreign"


def is_ours(address: str, public_url: str) -> bool:
    """Whether an address lies under the public one."""
    return address.partition("#")[0].startswith(public_url.rstrip("/") + "/twilio/")


def shown(value: str) -> str:
    """A value for the eyes: without the password, or what looks like a token, of another's address."""
    if "://" not in value:
        return value
    try:
        parts = urlsplit(value)
    except ValueError:  # an address with a broken IPv6 host
        return HIDDEN
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{HIDDEN}@{host}" if "@" in parts.netloc else host
    query = _TELLTALE.sub(rf"\1={HIDDEN}", parts.query)
    return urlunsplit((parts.scheme, netloc, parts.path, query, parts.fragment))
