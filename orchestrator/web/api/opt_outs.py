"""Opt-outs of all customers: a list to take along, and taking over another system's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.ports import Desk, Operators, Store
from orchestrator.ports.operators import ConsentRecord, OptOut
from orchestrator.runner.views import rfc3339
from orchestrator.web.api import rows
from orchestrator.web.api.problems import answer, unknown_assistant
from orchestrator.web.api.queries import ListOptOuts
from orchestrator.web.api.requests import ImportOptOuts, OptedOut
from orchestrator.web.api.resource import Operation
from orchestrator.web.tables import as_csv

COLUMNS = ("assistant", "phone_number", "since", "source")
IMPORTED = "import"
"""The source of an opt-out whose file names none."""


class OptOutLists:
    """Reads and writes lists of opt-outs."""

    def __init__(self, desk: Desk, store: Store, operators: Operators, assistants: Sequence[str]) -> None:
        self._desk = desk
        self._store = store
        self._operators = operators
        self._assistants = assistants

    async def list(self, request: Request, query: ListOptOuts) -> Response:
        """Who is opted out."""
        self._check(query.assistant, "assistant")
        found, after = await self._operators.opt_outs(
            assistant=query.assistant, limit=query.limit, cursor=query.cursor
        )
        listed = [_row(entry) for entry in found]
        if query.format == "csv":
            return as_csv(request, "opt-outs", COLUMNS, listed, after)
        return answer({"opt_outs": listed, "next_cursor": after})

    async def take_over(self, _: Request, form: ImportOptOuts) -> Response:
        """Opt out everybody on a list. What a customer said to us later than the list stands."""
        for place, entry in enumerate(form.opt_outs):
            self._check(entry.assistant, f"opt_outs[{place}].assistant")
        taken = unchanged = 0
        for entry in form.opt_outs:
            for name in [entry.assistant] if entry.assistant else self._assistants:
                done = await self._take_one(name, entry)
                taken, unchanged = taken + done, unchanged + (not done)
        return answer({"imported": taken, "unchanged": unchanged}, 202)

    async def _take_one(self, assistant: str, entry: OptedOut) -> bool:
        known = await self._operators.consent_record(self._store.address(assistant, entry.phone_number))
        since = _moment(entry)
        if known is not None and _stands(known, since):
            return False
        await self._desk.set_consent(
            assistant, entry.phone_number, opted_out=True, source=entry.source or IMPORTED, since=since
        )
        return True

    def _check(self, assistant: str, field: str) -> None:
        if assistant and assistant not in self._assistants:
            raise unknown_assistant(self._assistants, field)


def _row(entry: OptOut) -> dict[str, str | None]:
    return {
        "assistant": entry.assistant,
        "phone_number": entry.phone_number,
        "since": rfc3339(entry.since),
        "source": entry.source,
    }


def _moment(entry: OptedOut) -> float | None:
    if entry.since is None:
        return None
    return (entry.since if entry.since.tzinfo else entry.since.replace(tzinfo=UTC)).timestamp()


def _stands(known: ConsentRecord, since: float | None) -> bool:
    """Whether what is on record is left as it is: an opt-out, or a later word of the customer."""
    return known.state == "opted_out" or (since is not None and known.since > since)


def operations(lists: OptOutLists) -> list[Operation]:
    """The operations of this file."""
    everybody = partial(Operation, path="/api/v1/opt-outs")
    return [
        everybody(
            method="GET",
            name="list_opt_outs",
            summary="Everybody who is opted out; with `format=csv` as a table",
            perform=lists.list,
            takes=(ListOptOuts,),
            gives=rows.OptOutList,
            other_types=("text/csv",),
        ),
        everybody(
            method="POST",
            name="import_opt_outs",
            summary="Opt out everybody on a list, such as another system's",
            perform=lists.take_over,
            takes=(ImportOptOuts,),
            gives=rows.Imported,
            status=202,
        ),
    ]
