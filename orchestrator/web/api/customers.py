"""What a customer may ask of us: to be let alone, to see what is kept, and to have it erased."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.core.numbers import E164
from orchestrator.ports import Desk, Operators, Reader, Store
from orchestrator.runner.views import rfc3339
from orchestrator.web.api import answers
from orchestrator.web.api.problems import answer, unknown_assistant, wrong_fields
from orchestrator.web.api.queries import Erase, OfAssistant
from orchestrator.web.api.resource import Operation

LINES = 1000
"""Lines of a timeline at once."""


class Customers:
    """Carries requests about one number to the desk and the store."""

    def __init__(
        self, desk: Desk, reader: Reader, store: Store, operators: Operators, assistants: Sequence[str]
    ) -> None:
        self._desk = desk
        self._reader = reader
        self._store = store
        self._operators = operators
        self._assistants = assistants

    async def consent(self, request: Request, query: OfAssistant) -> Response:
        """Whether the customer may be texted, with each assistant."""
        number = number_of(request)
        return answer(
            {"phone_number": number, "opt_outs": await self._consents(number, self._asked(query.assistant))}
        )

    async def opt_out(self, request: Request, query: OfAssistant) -> Response:
        """No more texts."""
        return await self._set(request, query.assistant, opted_out=True)

    async def opt_in(self, request: Request, query: OfAssistant) -> Response:
        """Texts again."""
        return await self._set(request, query.assistant, opted_out=False)

    async def export(self, request: Request, _: None) -> Response:
        """Everything that is kept of a number."""
        number = number_of(request)
        found = [session for name in self._assistants for session in await self._sessions(name, number)]
        return answer(
            {
                "phone_number": number,
                "opt_outs": await self._consents(number, self._assistants),
                "sessions": found,
                "refusals": await self._refusals(number),
            }
        )

    async def erase(self, request: Request, query: Erase) -> Response:
        """Remove it; the mark of an opt-out stays, so that the wish is kept, unless it is forgotten too."""
        number = number_of(request)
        erased, kept = 0, False
        for name in self._assistants:
            address = self._store.address(name, number)
            erased += await self._operators.erase(address, number=number, forget_opt_out=query.forget_opt_out)
            kept = kept or await self._store.consent(address) == "opted_out"
        return answer({"sessions": erased, "opt_out_kept": kept})

    async def _set(self, request: Request, assistant: str, *, opted_out: bool) -> Response:
        number = number_of(request)
        asked = self._asked(assistant)
        for name in asked:
            await self._desk.set_consent(name, number, opted_out=opted_out)
        return answer({"phone_number": number, "assistants": list(asked), "opted_out": opted_out}, 202)

    def _asked(self, assistant: str) -> Sequence[str]:
        if assistant and assistant not in self._assistants:
            raise unknown_assistant(self._assistants)
        return (assistant,) if assistant else self._assistants

    async def _consents(self, number: str, assistants: Sequence[str]) -> list[dict[str, Any]]:
        return [await self._consent(name, number) for name in assistants]

    async def _consent(self, assistant: str, number: str) -> dict[str, Any]:
        record = await self._operators.consent_record(self._store.address(assistant, number))
        if record is None:
            return {"assistant": assistant, "consent": "opted_in", "since": None, "source": None}
        return {
            "assistant": assistant,
            "consent": record.state,
            "since": rfc3339(record.since),
            "source": record.source,
        }

    async def _sessions(self, assistant: str, number: str) -> list[dict[str, Any]]:
        names = await self._operators.sessions_of(self._store.address(assistant, number))
        found = [(name, await self._reader.session(name)) for name in sorted(names)]
        return [{**kept[1], "events": await self._timeline(name)} for name, kept in found if kept]

    async def _timeline(self, name: str) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = []
        while True:
            after = lines[-1]["id"] if lines else ""
            page = await self._reader.events(name, after=after, limit=LINES)
            lines += page
            if len(page) < LINES:
                return lines

    async def _refusals(self, number: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            page, cursor = await self._reader.refusals(limit=200, cursor=cursor)
            found += [refusal for refusal in page if refusal["phone_number"] == number]
        return found


def number_of(request: Request) -> str:
    """The number that the address names; 422 where it is none."""
    try:
        return E164.parse(request.path_params["number"])
    except ValueError as error:
        raise wrong_fields([("number", str(error))]) from None


def operations(customers: Customers) -> list[Operation]:
    """The operations of this file."""
    consent = partial(Operation, path="/api/v1/opt-outs/{number}", takes=(OfAssistant,))
    changed = partial(consent, gives=answers.ConsentSet, status=202)
    kept = partial(Operation, path="/api/v1/customers/{number}")
    return [
        consent(
            method="GET",
            name="get_opt_out",
            summary="Whether a customer may be texted",
            perform=customers.consent,
            gives=answers.OptOuts,
        ),
        changed(
            method="PUT",
            name="opt_out",
            summary="Opt a customer out of texts",
            perform=customers.opt_out,
        ),
        changed(
            method="DELETE",
            name="opt_in",
            summary="Opt a customer in again",
            perform=customers.opt_in,
        ),
        kept(
            method="GET",
            name="export_customer",
            summary="Everything that is kept of a customer",
            perform=customers.export,
            gives=answers.CustomerRecord,
            problems=(422,),
        ),
        kept(
            method="DELETE",
            name="erase_customer",
            summary="Erase what is kept of a customer",
            perform=customers.erase,
            takes=(Erase,),
            gives=answers.Erased,
        ),
    ]
