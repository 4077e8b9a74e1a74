"""An open voice request in this process, and the two ways in which a shift may leave it unanswered."""

from __future__ import annotations

import asyncio

from orchestrator.core.effects import Document
from orchestrator.core.events import Event


class FencedError(Exception):
    """The lease is someone else's by now: nothing of this shift was written."""


class BesideError(Exception):
    """The session serves no such call: if there is one, it is a session of its own, beside."""


class Request:
    """An open voice request in this process: its event, its deadline, and its answer to come."""

    def __init__(self, event: Event, deadline: float) -> None:
        self.event = event
        self.deadline = deadline
        self.answer: asyncio.Future[Document] = asyncio.get_running_loop().create_future()

    def resolve(self, document: Document) -> None:
        """Answer it, once."""
        if not self.answer.done():
            self.answer.set_result(document)

    def fail(self, error: BaseException) -> None:
        """Let the request learn why it gets no answer."""
        if not self.answer.done():
            self.answer.set_exception(error)
            self.answer.exception()  # the request may have left: not an unhandled failure then
