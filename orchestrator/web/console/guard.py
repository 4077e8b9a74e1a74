"""An address of the console as an ASGI app: who looks, whether they may, and how a refusal looks.

Pages send who is not signed in to the sign-in; data and streams answer with a problem, as the API does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, quote

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from orchestrator.core.errors import BadCursorError, OverloadedError, StoreUnavailable, TandemError
from orchestrator.core.numbers import masked
from orchestrator.web.api.access import READING, reads_only
from orchestrator.web.api.problems import Problem, internal, unavailable, wrong_fields, wrong_method
from orchestrator.web.console.lasting import while_visiting
from orchestrator.web.console.pages import Pages
from orchestrator.web.console.visitors import Visitor, Visitors

log = structlog.get_logger("tandem")
Work = Callable[[Request, Visitor], Awaitable[Response]]
CSRF_HEADER = "x-csrf-token"
SIGN_IN = "/console/sign-in"
FORM_BOUND = 16_384
"""Bytes of a form: a token, a name, and where to go."""
PATH_BOUND = 200
"""Characters of an address that are logged."""
KEPT_FORM = "tandem.form"


class Guarded:
    """The work of one address by method. `looks`: whoever may only look may do all of it, for it changes nothing
    but their own visit.
    """

    def __init__(
        self, visitors: Visitors, pages: Pages, works: Mapping[str, Work], *, looks: bool = False
    ) -> None:
        self._visitors = visitors
        self._pages = pages
        self._works = works
        self._looks = looks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI."""
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        request = Request(scope, receive)
        response = await self._answer(request)
        while_visiting(response, lambda: self._still_visits(request))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        visitor: Visitor | None = None
        try:
            work = self._work(request.method)
            visitor = await self._visitors.who(request)
            if visitor is None:
                return unknown(request)
            await self._check(request, visitor)
            return await work(request, visitor)
        except (Problem, BadCursorError, StoreUnavailable, OverloadedError) as error:
            problem = as_problem(error)
            if visitor is not None and request.method not in READING:
                note_refused(request, visitor, problem)
            return self._refusal(request, problem, visitor)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        except Exception as error:
            log.exception("console.failed", method=request.method, error=type(error).__name__)
            return self._refusal(request, internal(), visitor)

    async def _still_visits(self, request: Request) -> bool:
        return await self._visitors.who(request) is not None

    def _work(self, method: str) -> Work:
        work = self._works.get("GET" if method == "HEAD" else method)
        if work is None:
            raise wrong_method(sorted(self._works))
        return work

    async def _check(self, request: Request, visitor: Visitor) -> None:
        if request.method in READING:
            return
        given = request.headers.get(CSRF_HEADER) or str((await form_of(request)).get("csrf", ""))
        self._visitors.check(request, visitor, given)
        if not visitor.may_act and not self._looks:
            raise reads_only()

    def _refusal(self, request: Request, problem: Problem, visitor: Visitor | None) -> Response:
        if not wants_page(request):
            return problem.response()
        page = self._pages.page(
            "problem.html", problem.status, problem=problem.body, visitor=visitor, here=""
        )
        page.headers.update(problem.headers)
        return page


def note_refused(request: Request, visitor: Visitor, problem: Problem) -> None:
    """What somebody wanted to do and might not stands in the log too: who, where, and why not. An address may name a
    customer by number.
    """
    path = request.scope["path"]
    for number in filter(None, [request.path_params.get("number")]):
        path = path.replace(number, masked(number))
    log.info(
        "console.refused",
        actor=visitor.actor,
        path=path[:PATH_BOUND],
        status=problem.status,
        reason=problem.code,
    )


def as_problem(error: Problem | TandemError) -> Problem:
    """What is told of an error that is no bug."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, BadCursorError):
        return wrong_fields([("cursor", "expected one that a page gave")])
    return unavailable(error)


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a form that a page sent; none where the body is something else. 413 past its bound."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    kept: dict[str, str] | None = request.scope.get(KEPT_FORM)
    if kept is None:
        kept = dict(parse_qsl((await _read(request)).decode("utf-8", "replace"), keep_blank_values=True))
        request.scope[KEPT_FORM] = kept
    return kept


async def _read(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BOUND:
            raise Problem(413, "too_large", "That is too long for a form of the console.")
    return body


def wants_page(request: Request) -> bool:
    """Whether a person reads the answer: the browser asks for a page, and not for data of one."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.endswith(
        (".json", ".csv")
    )


def unknown(request: Request) -> Response:
    """Nobody is signed in: to the sign-in, or 401 where a program asks."""
    is_page = not request.url.path.endswith((".json", ".csv", "/stream", "/parts"))
    if request.method in {"GET", "HEAD"} and is_page:
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{SIGN_IN}?next={quote(asked, safe='')}", 303)
    return Problem(401, "unauthorized", "Nobody is signed in.", hint=f"Sign in at {SIGN_IN}.").response()


def next_page(asked: str) -> str:
    """Where to go after the sign-in: a page of the console, never another site."""
    fits = asked.startswith("/console/") and "\\" not in asked and "//" not in asked
    return asked if fits and asked.isprintable() else "/console/"
