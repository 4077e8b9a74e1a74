"""Conversations that a person at the console begins: by text, or by phone."""

from __future__ import annotations

import structlog
from starlette.requests import Request
from starlette.responses import Response

from orchestrator.web.api.acting import Acting
from orchestrator.web.api.body import read_json
from orchestrator.web.api.requests import OpenCall, OpenMessage
from orchestrator.web.api.validation import read_form
from orchestrator.web.console.visitors import Visitor

log = structlog.get_logger("tandem")


class Beginning:
    """What the API opens, asked for by a person, on record with who it was."""

    def __init__(self, acting: Acting) -> None:
        self._acting = acting

    async def text(self, request: Request, visitor: Visitor) -> Response:
        """A text session, business first."""
        form = read_form(OpenMessage, await read_json(request))
        return noted("open_text", form.assistant, visitor, await self._acting.open(request, form))

    async def call(self, request: Request, visitor: Visitor) -> Response:
        """A call of ours."""
        form = read_form(OpenCall, await read_json(request))
        return noted("open_call", form.assistant, visitor, await self._acting.call(request, form))


def noted(action: str, assistant: str, visitor: Visitor, answer: Response) -> Response:
    """The answer, with a line in the log of who did what."""
    log.info(
        "console.acted", actor=visitor.actor, action=action, assistant=assistant, status=answer.status_code
    )
    return answer
