"""Who may use the API: bearer tokens, compared in constant time."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from starlette.requests import Request

from orchestrator.web.api.problems import Problem

Role = Literal["full", "read_only"]
READING = frozenset({"GET", "HEAD", "OPTIONS"})
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""A request with one of these came through a proxy: its peer's address says nothing about who asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The tokens that are known: `full` may do everything, `read_only` may look.

    `open_to_loopback` lets requests of this machine in without a token, for the demo. Without any
    token and without it, nobody is let in.
    """

    full: tuple[str, ...] = ()
    read_only: tuple[str, ...] = ()
    open_to_loopback: bool = False

    def admit(self, request: Request) -> None:
        """Return if this request may be served; else the problem 401 or 403 is raised."""
        given = request.headers.get("authorization")
        if given is None and self.is_open_to(request):
            return
        scheme, _, token = (given or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise _unknown("invalid_request" if given else "")
        role = self.role(token)
        if role is None:
            raise _unknown("invalid_token")
        if role == "read_only" and request.method not in READING:
            raise reads_only()

    def role(self, token: str) -> Role | None:
        """What the holder of this token may do."""
        full, read_only = _is_one_of(token, self.full), _is_one_of(token, self.read_only)
        return "full" if full else "read_only" if read_only else None

    def is_open_to(self, request: Request) -> bool:
        """Whether this request needs no token: the demo's, of this machine, and of no other site's page."""
        return self.open_to_loopback and from_this_machine(request) and is_same_site(request)


def reads_only() -> Problem:
    """A token that may only read was used to act."""
    return Problem(403, "read_only", "This token may only read.", hint="Use the full token.")


def is_same_site(request: Request) -> bool:
    """Whether the browser that sent this, if one did, sent it for a page of ours (or of nobody). Browsers of
    today say so themselves; older ones tell the origin, which a proxy that renames the host makes foreign.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


def from_this_machine(request: Request) -> bool:
    """Whether the peer is this machine, asked for by a name of it (a page of another site that
    points its own name here is none), and no proxy stands between.
    """
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    host = request.url.hostname or ""
    return _is_loopback(request.client.host) and (host == "localhost" or _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_one_of(given: str, known: tuple[str, ...]) -> bool:
    """Looks at every token, and at digests, so that time tells neither content nor length."""
    digest = _digest(given)
    found = [hmac.compare_digest(digest, _digest(token)) for token in known]
    return any(found)


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def _unknown(error: str) -> Problem:
    challenge = 'Bearer realm="tandem"' + (f', error="{error}"' if error else "")
    return Problem(
        401,
        "unauthorized",
        "A bearer token is needed, and this request brings none that is known.",
        hint="Send `Authorization: Bearer TOKEN` with the service's api_token.",
        headers={"WWW-Authenticate": challenge},
    )
