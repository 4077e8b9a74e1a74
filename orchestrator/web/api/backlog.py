"""The backlog: what waits in the store, and in the queue of each of our numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.outbox.queues import Length
from orchestrator.ports import Operators
from orchestrator.web.api import answers
from orchestrator.web.api.problems import answer
from orchestrator.web.api.resource import Operation

Lengths = Callable[[], Mapping[str, Length]]


class Backlogs:
    """Looks. `lengths` are the queues of our numbers as this process filled them."""

    def __init__(self, operators: Operators, lengths: Lengths) -> None:
        self._operators = operators
        self._lengths = lengths

    async def show(self, _: Request, __: None) -> Response:
        """All of it."""
        waits = await self._operators.backlog()
        numbers = [
            {
                "number": number,
                "segments": length.segments,
                "seconds": round(length.seconds),
                "texts_here": length.texts_here,
            }
            for number, length in sorted(self._lengths().items())
        ]
        counts = {"scheduled": waits.scheduled, "overdue": waits.overdue, "dead_letters": waits.dead}
        return answer({**counts, "numbers": numbers})


def operations(backlogs: Backlogs) -> list[Operation]:
    """The operations of this file."""
    return [
        Operation(
            method="GET",
            path="/api/v1/backlog",
            name="get_backlog",
            summary="What waits: due work, dead letters, and the queue of each of our numbers",
            perform=backlogs.show,
            gives=answers.Backlog,
        )
    ]
