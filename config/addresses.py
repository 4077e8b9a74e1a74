"""Kinds of values that name something outside: URLs, SIDs, files, and secrets. Who is called is in `numbers.py`, the store in
`stores.py`.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from config.kinds import Json, Kind, MistakeError, closest
from config.secret import Secret

SIMULATOR: Final = "simulator"  # `base_url: simulator`: the carrier simulator that Tandem carries
_LOCAL_SUFFIXES: Final = (
    ".localhost",
    ".test",
    ".local",
    ".internal",
)  # RFC 6761, 6762 and ICANN's .internal


def split_url(given: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    """A URL in parts, with one of the schemes and a host. Raises MistakeError."""
    expected = f"a URL such as {example}"
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise MistakeError("not a URL", expected) from None
    if re.search(r"\s", given) or not parts.scheme or "://" not in given:
        raise MistakeError("not a URL", expected)
    if parts.scheme not in schemes:
        meant = closest(parts.scheme, schemes)
        raise MistakeError(
            f"not a URL of the right scheme ({', '.join(schemes)})", expected, meant and f"{meant}://"
        )
    if not parts.hostname or port == 0:
        raise MistakeError("a URL without a host", expected)
    return parts


def web_url(example: str, *, optional: bool = False) -> Kind[str]:
    """An http or https URL, kept as written; with `optional` also empty."""

    def read(given: str) -> str:
        stripped = given.strip()
        if stripped or not optional:
            split_url(stripped, ("https", "http"), example)
        return stripped

    pattern = "^(https?://.+)?$" if optional else "^https?://.+$"
    return Kind("URL", read, {"type": "string", "pattern": pattern})


def api_base(default: str) -> Kind[str]:
    """The base of a REST API, without a trailing slash; `simulator` for the built-in carrier."""

    def read(given: str) -> str:
        stripped = given.strip().rstrip("/")
        if stripped == SIMULATOR:
            return stripped
        if "://" not in stripped:
            meant = closest(stripped, [SIMULATOR])
            raise MistakeError("not a URL", f"a URL such as {default}, or {SIMULATOR}", meant)
        split_url(stripped, ("https", "http"), default)
        return stripped

    return Kind(f"URL, or {SIMULATOR}", read, {"type": "string", "pattern": f"^(https?://.+|{SIMULATOR})$"})


def public_url() -> Kind[str]:
    """Where the carrier reaches us, without a trailing slash: https, or http for a host only this net knows."""
    example = "https://voice.example.com"

    def read(given: str) -> str:
        stripped = given.strip().rstrip("/")
        parts = split_url(stripped, ("https", "http"), example)
        if parts.query or parts.fragment or parts.username is not None:
            raise MistakeError("holds more than scheme, host and path", f"a URL such as {example}")
        if parts.scheme == "http" and not _is_local(parts.hostname or ""):
            raise MistakeError(
                "http:// is for hosts that the internet cannot reach", f"https, as in {example}"
            )
        return stripped

    return Kind("https URL", read, {"type": "string", "pattern": "^https?://[^?#@]+$"})


def _is_local(host: str) -> bool:
    """Whether a host is out of the internet's reach: this machine, a private address, a bare or reserved name."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(_LOCAL_SUFFIXES)


def sid(prefix: str) -> Kind[str]:
    """Nothing, or a carrier id: two letters and 32 hex digits."""

    def read(given: str) -> str:
        stripped = given.strip()
        if stripped and not re.fullmatch(prefix + "[0-9a-fA-F]{32}", stripped):
            raise MistakeError(
                f"not an id of the right form: {prefix} and 32 hex digits", _example_sid(prefix)
            )
        return stripped

    return Kind(
        f"{prefix} + 32 hex digits", read, {"type": "string", "pattern": f"^({prefix}[0-9a-fA-F]{{32}})?$"}
    )


def _example_sid(prefix: str) -> str:
    return (
        f"{prefix}0123456789abcdef0123456789abcdef, or ${{TWILIO_ACCOUNT_SID}}"
        if prefix == "AC"
        else f"{prefix}..."
    )


def secret_text(*, optional: bool = False) -> Kind[Secret]:
    """A token or key: any text that is not empty."""

    def read(given: str) -> Secret:
        stripped = given.strip()
        if not stripped and not optional:
            raise MistakeError("is empty", "a secret, best as ${NAME} or ${file:PATH}")
        return Secret(stripped)

    schema: Json = {"type": ["string", "number"], "minLength": 0 if optional else 1}
    return Kind("secret", read, schema, write=lambda value: '""' if not value else "•••", secret=True)


def webhook_secret(*, optional: bool = False) -> Kind[Secret]:
    """A Standard Webhooks secret: `whsec_` and the key in base64; with `optional` also empty."""
    expected = "whsec_ and base64, as `echo whsec_$(openssl rand -base64 32)` prints"

    def read(given: str) -> Secret:
        stripped = given.strip()
        if optional and not stripped:
            return Secret("")
        prefix, _, coded = stripped.partition("_")
        if prefix != "whsec" or not coded:
            raise MistakeError("does not begin with whsec_", expected)
        try:
            base64.b64decode(coded, validate=True)
        except (binascii.Error, ValueError):
            raise MistakeError("what follows whsec_ is not base64", expected) from None
        return Secret(stripped)

    pattern = "whsec_[A-Za-z0-9+/]+={0,2}"
    schema: Json = {"type": "string", "pattern": f"^({pattern})?$" if optional else f"^{pattern}$"}
    return Kind(
        "whsec_ secret",
        read,
        schema,
        write=lambda value: "•••" if value or not optional else '""',
        secret=True,
    )


def file_path() -> Kind[str]:
    """A file, relative to the configuration's own folder; may be empty."""
    return Kind("path", lambda given: given.strip(), {"type": "string"}, is_path=True)
