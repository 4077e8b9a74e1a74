"""Signing in and out, and asking to see numbers whole."""

from __future__ import annotations

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from orchestrator.core.errors import OverloadedError, StoreUnavailable
from orchestrator.web.api.problems import Problem, unavailable
from orchestrator.web.console.guard import SIGN_IN, form_of, next_page
from orchestrator.web.console.pages import Pages
from orchestrator.web.console.visitors import Visitor, Visitors

log = structlog.get_logger("tandem")


class Entrance:
    """The sign-in page, and what ends or changes a visit."""

    def __init__(self, visitors: Visitors, pages: Pages) -> None:
        self._visitors = visitors
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The sign-in page, as ASGI: the only one that is open to all."""
        request = Request(scope, receive)
        try:
            response = await self._sign_in(request) if request.method == "POST" else await self._show(request)
        except Problem as problem:
            response = self._page(next_page(request.query_params.get("next", "")), problem)
        except (StoreUnavailable, OverloadedError) as error:
            response = self._page("/console/", unavailable(error))
        await response(scope, receive, send)

    async def _show(self, request: Request) -> Response:
        """The form; whoever is in already goes on."""
        asked = next_page(request.query_params.get("next", ""))
        if await self._visitors.who(request) is not None:
            return RedirectResponse(asked, 303)
        return self._page(asked)

    async def _sign_in(self, request: Request) -> Response:
        form = await form_of(request)
        asked = next_page(form.get("next", ""))
        client = request.client.host if request.client else None
        try:
            visitor = await self._visitors.sign_in(
                request, form.get("token", "").strip(), form.get("name", "")
            )
        except Problem as problem:
            log.warning("console.sign_in_refused", reason=problem.code, client=client)
            return self._page(asked, problem)
        log.info("console.signed_in", actor=visitor.actor, client=client)
        response = RedirectResponse(asked, 303)
        self._visitors.set_cookie(request, response, visitor.cookie)
        return response

    def _page(self, asked: str, problem: Problem | None = None) -> Response:
        body, status = (problem.body, problem.status) if problem else (None, 200)
        page = self._pages.page("sign_in.html", status, asked=asked, problem=body, visitor=None, here="")
        page.headers.update(problem.headers if problem else {})
        return page

    async def sign_out(self, request: Request, visitor: Visitor) -> Response:
        """The end of a visit."""
        await self._visitors.sign_out(request)
        log.info("console.signed_out", actor=visitor.actor)
        response = RedirectResponse(SIGN_IN, 303)
        self._visitors.drop_cookies(response)
        return response

    async def reveal(self, request: Request, visitor: Visitor) -> Response:
        """Numbers whole, or masked again: on record, for they are people's."""
        form = await form_of(request)
        reveals = form.get("reveals") == "1"
        await self._visitors.reveal(visitor, reveals=reveals)
        log.info("console.numbers_revealed" if reveals else "console.numbers_masked", actor=visitor.actor)
        return RedirectResponse(next_page(form.get("next", "")), 303)
