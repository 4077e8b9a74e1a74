"""Dead letters: events that no attempt could finish, and texts that failed.

Operators look, have them tried again, or drop them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.ports import DeadLetter, Operators
from orchestrator.runner.letters import letter_line, whole_letter
from orchestrator.web.api import answers
from orchestrator.web.api.problems import NO_STORE, Problem, answer, not_found
from orchestrator.web.api.queries import ListLetters
from orchestrator.web.api.resource import Operation

_ID = re.compile(r"(?P<partition>\d{1,4})-(?P<name>\d{1,15}-\d{1,10})", re.ASCII)
PATH = "/api/v1/dead-letters"


class Letters:
    """Carries requests about dead letters to the store."""

    def __init__(self, operators: Operators, partitions: Callable[[], int]) -> None:
        self._operators = operators
        self._partitions = partitions

    async def list(self, _: Request, query: ListLetters) -> Response:
        """What was given up, newest first."""
        found = await self._operators.dead_letters(limit=query.limit)
        return answer({"dead_letters": [letter_line(letter) for letter in found]})

    async def show(self, request: Request, _: None) -> Response:
        """One, whole."""
        return answer(whole_letter(await self._find(request)))

    async def retry(self, request: Request, _: None) -> Response:
        """Back to the end of its customer's inbox, where it is due at once."""
        letter = await self._find(request)
        if not await self._operators.retry_dead(letter):
            raise no_letter()
        return answer(letter_line(letter), 202)

    async def drop(self, request: Request, _: None) -> Response:
        """Gone for good."""
        if not await self._operators.drop_dead(await self._find(request)):
            raise no_letter()
        return Response(status_code=204, headers=NO_STORE)

    async def _find(self, request: Request) -> DeadLetter:
        named = _ID.fullmatch(request.path_params["id"])
        if named is None or int(named["partition"]) >= self._partitions():
            raise no_letter()
        letter = await self._operators.dead_letter(int(named["partition"]), named["name"])
        if letter is None:
            raise no_letter()
        return letter


def no_letter() -> Problem:
    """The id names no dead letter."""
    return not_found(
        "There is no dead letter of this id.", "dead_letter_not_found", "It was retried or dropped."
    )


def operations(letters: Letters) -> list[Operation]:
    """The operations of this file."""
    one = partial(Operation, path=f"{PATH}/{{id}}", problems=(404,))
    return [
        Operation(
            method="GET",
            path=PATH,
            name="list_dead_letters",
            summary="Events that no attempt could finish, and texts that failed, newest first",
            perform=letters.list,
            takes=(ListLetters,),
            gives=answers.DeadLetters,
        ),
        one(
            method="GET",
            name="get_dead_letter",
            summary="One dead letter with the fields of its event",
            perform=letters.show,
            gives=answers.WholeDeadLetter,
        ),
        one(
            method="POST",
            path=f"{PATH}/{{id}}/retry",
            name="retry_dead_letter",
            summary="Put a dead letter back at the end of its customer's inbox",
            perform=letters.retry,
            gives=answers.DeadLetter,
            status=202,
        ),
        one(
            method="DELETE",
            name="drop_dead_letter",
            summary="Forget a dead letter",
            perform=letters.drop,
            status=204,
        ),
    ]
