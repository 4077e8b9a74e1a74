"""Who looks at the console: signing in with a token of the API, the cookie, and what shows that a request
comes from a page of ours.

The cookie is a random word. The store keeps, under its digest, what proves the token by which its owner
signed in, so that a visit ends in every process when it is signed out of, and when its token is taken away.
"""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.ports import Visits
from orchestrator.web.api.access import Role, Tokens, is_same_site
from orchestrator.web.api.problems import Problem

SECURE_COOKIE = "__Host-tandem"  # the prefix: browsers take it over https only, for this host only
COOKIE = "tandem_console"
LASTS = 12 * 3600.0
"""Seconds a visit lasts: a working day."""
TRIES, WINDOW = 10, 60.0
"""Wrong tokens of one address in a minute, after which no token of it is looked at."""
NAME_BOUND = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A person at a browser. `csrf` must come with whatever acts; `reveals`: numbers are shown whole."""

    role: Role
    name: str = ""
    csrf: str = ""
    reveals: bool = False
    cookie: str = ""

    @property
    def may_act(self) -> bool:
        """Whether it signed in with the full token."""
        return self.role == "full"

    @property
    def actor(self) -> str:
        """What stands on timelines and in logs: the name given at sign-in, and the token's."""
        token = "api_token" if self.role == "full" else "api_read_token"
        return f"console: {self.name} ({token})" if self.name else f"console: {token}"


class Visitors:
    """Visits of this service. `public_host` is the host of `public_url`, `https` whether that is secure."""

    def __init__(self, visits: Visits, tokens: Tokens, *, public_host: str = "", https: bool = False) -> None:
        self._visits = visits
        self._tokens = tokens
        self._public_host = public_host
        self._https = https
        self._open = Visitor(role="full", name="this machine", csrf=secrets.token_urlsafe(24))

    async def who(self, request: Request) -> Visitor | None:
        """The visitor that a request comes from; None where nobody is signed in."""
        if "authorization" in request.headers:
            return self._bearer(request)
        cookie = self._cookie(request)
        kept = await self._visits.visit(_digest(cookie)) if cookie else None
        if kept is not None:
            return self._known(cookie, json.loads(kept))
        return self._open if self._tokens.is_open_to(request) else None

    def _bearer(self, request: Request) -> Visitor | None:
        scheme, _, token = request.headers["authorization"].partition(" ")
        role = self._tokens.role(token.strip()) if scheme.lower() == "bearer" else None
        return Visitor(role=role, name="bearer") if role else None

    def _known(self, cookie: str, kept: dict[str, Any]) -> Visitor | None:
        role = self._role_by(cookie, kept["proof"])
        if role is None:
            return None
        csrf = _proof("csrf", cookie)
        return Visitor(role=role, name=kept["name"], csrf=csrf, reveals=kept["reveals"], cookie=cookie)

    def _role_by(self, cookie: str, proof: str) -> Role | None:
        known = {"full": self._tokens.full, "read_only": self._tokens.read_only}
        for role in ("full", "read_only"):
            if any(hmac.compare_digest(_proof(token, cookie), proof) for token in known[role]):
                return "full" if role == "full" else "read_only"
        return None

    async def sign_in(self, request: Request, token: str, name: str) -> Visitor:
        """A new visit; 429 after too many wrong tokens of this address, 403 for a wrong one."""
        self.check_origin(request)
        who = request.client.host if request.client else "unknown"
        if await self._visits.count_try(who, WINDOW, more=0) >= TRIES:
            raise _too_many()
        role = self._tokens.role(token) if token else None
        if role is None:
            await self._visits.count_try(who, WINDOW)
            raise Problem(403, "unauthorized", "That is not a token of this service.")
        cookie = secrets.token_urlsafe(32)
        plain = "".join(char for char in name if char.isprintable()).strip()[:NAME_BOUND]
        visitor = Visitor(role=role, name=plain, csrf=_proof("csrf", cookie), cookie=cookie)
        await self._keep(visitor, _proof(token, cookie))
        return visitor

    async def _keep(self, visitor: Visitor, proof: str) -> None:
        kept = json.dumps({"proof": proof, "name": visitor.name, "reveals": visitor.reveals})
        await self._visits.keep_visit(_digest(visitor.cookie), kept, LASTS)

    async def reveal(self, visitor: Visitor, *, reveals: bool) -> None:
        """From now on this visitor sees numbers whole, or masked again."""
        if not visitor.cookie:
            self._open = replace(self._open, reveals=reveals)
            return
        kept = await self._visits.visit(_digest(visitor.cookie))
        if kept is not None:
            await self._keep(replace(visitor, reveals=reveals), json.loads(kept)["proof"])

    async def sign_out(self, request: Request) -> None:
        """The visit is over, in every process; its cookie is worth nothing."""
        cookie = self._cookie(request)
        if cookie:
            await self._visits.drop_visit(_digest(cookie))

    def check_origin(self, request: Request) -> None:
        """403 for a request that another site's page sent."""
        origin_host = request.headers.get("origin", "").partition("://")[2]
        if not is_same_site(request) and not (origin_host and origin_host == self._public_host):
            raise Problem(403, "cross_site", "This request comes from a page of another site.")

    def check(self, request: Request, visitor: Visitor, given: str) -> None:
        """403 unless the request comes from a page of ours, with the word that only those know."""
        self.check_origin(request)
        if "authorization" in request.headers:
            return  # no browser adds that by itself
        if not visitor.csrf or not hmac.compare_digest(given.encode(), visitor.csrf.encode()):
            raise Problem(403, "cross_site", "The page is too old: load it again.")

    def set_cookie(self, request: Request, response: Response, cookie: str) -> None:
        """Give the browser its word; over https to be sent over https only."""
        secure = self._is_secure(request)
        response.set_cookie(
            SECURE_COOKIE if secure else COOKIE,
            cookie,
            max_age=int(LASTS),
            path="/",
            secure=secure,
            httponly=True,
            samesite="strict",
        )

    def drop_cookies(self, response: Response) -> None:
        """Have the browser forget it."""
        response.delete_cookie(SECURE_COOKIE, path="/", secure=True, httponly=True, samesite="strict")
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")

    def _is_secure(self, request: Request) -> bool:
        through = request.headers.get("x-forwarded-proto", "")
        by_name = self._https and request.headers.get("host", "") == self._public_host
        return request.url.scheme == "https" or through == "https" or by_name

    @staticmethod
    def _cookie(request: Request) -> str:
        return request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE) or ""


def _digest(cookie: str) -> str:
    return sha256(cookie.encode("utf-8", "surrogatepass")).hexdigest()


def _proof(key: str, cookie: str) -> str:
    return hmac.new(key.encode(), cookie.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def _too_many() -> Problem:
    return Problem(
        429,
        "too_many_tries",
        "Too many wrong tokens came from this address. Wait a minute.",
        headers={"Retry-After": str(int(WINDOW))},
    )
