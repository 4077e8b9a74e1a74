"""The desk: actions of the assistant out of turn and of operators, and sessions that we open."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from orchestrator.core import ids
from orchestrator.core.events import ActionRequested, SessionRequested
from orchestrator.core.items import Item
from orchestrator.core.policy import allowed, why_not_send
from orchestrator.core.session import Session, from_document
from orchestrator.core.states import is_open, joint_state
from orchestrator.ports import Acted, Address, Forbidden, Opened, Reader
from orchestrator.runner import House, Runner
from orchestrator.runner.wire import Letter

HINTS = {
    "opted_out": "The customer opted out of texts; they can text START to opt in again.",
    "session_open": "The customer has an open session: use its actions.",
    "no_messaging": "This assistant has no messaging integration.",
    "not_allowed": "The state does not permit this action now; `allowed` lists those that it does.",
    "no_number": "The customer's number is withheld.",
}


class DeskOfHouse:
    """`orchestrator.ports.Desk` over the runner: looks first, then stores the request as an event."""

    def __init__(self, house: House, runner: Runner, reader: Reader) -> None:
        self._house = house
        self._runner = runner
        self._reader = reader

    async def act(
        self,
        session_id: str,
        action: str,
        item: Item | None,
        *,
        context: dict[str, Any] | None = None,
        key: str = "",
    ) -> Acted | Forbidden | None:
        """Do `action` in a session (`ports.Desk.act`)."""
        found = await self._find(session_id)
        if found is None:
            return None
        address, session = found
        name = key or uuid.uuid4().hex
        now = self._house.clock.now()
        event = ActionRequested(
            id=f"action:{session_id}:{name}", at=now, action=action, item=item, context=context or {}
        )
        permitted = allowed(session, self._house.lines[session.assistant].rules)
        done = Acted(ids.stable_id(0.0, event.id), session_id, joint_state(session))
        if action not in permitted:
            return forbidden("not_allowed", session, permitted)
        await self._runner.deliver(address, Letter(session.assistant, session.customer, event))
        return done

    async def open_text(
        self,
        assistant: str,
        to: str,
        *,
        text: str,
        media: tuple[str, ...],
        context: dict[str, Any],
        key: str = "",
    ) -> Opened | Forbidden:
        """Open a text session, business first (`ports.Desk.open_text`)."""
        address = self._house.store.address(assistant, to)
        session = await self._present(address, assistant, to)
        rules = self._house.lines[assistant].rules
        reason = "session_open" if is_open(session) else why_not_send(session, rules)
        if reason:
            return forbidden(reason, session, allowed(session, rules))
        event = SessionRequested(
            id=f"open:{key or uuid.uuid4().hex}",
            at=self._house.clock.now(),
            text=text,
            media=media,
            context=context,
        )
        await self._runner.deliver(address, Letter(assistant, to, event))
        name = ids.with_partition(ids.session_id(event.at, assistant, to, event.id), address.partition)
        first = ids.stable_id(event.at, name, event.id, "text0") if text or media else None
        return Opened(name, first)

    async def _find(self, name: str) -> tuple[Address, Session] | None:
        found = await self._reader.session(name)
        if found is None:
            return None
        document = await self._reader.document(found[0])
        session = from_document(document) if document else None
        return (found[0], session) if session is not None and session.id == name else None

    async def _present(self, address: Address, assistant: str, to: str) -> Session:
        """The customer's session now, with the consent on record."""
        document = await self._reader.document(address)
        session = from_document(document) if document else Session(id="", assistant=assistant, customer=to)
        return replace(session, consent=await self._reader.consent(address))


def forbidden(code: str, session: Session, permitted: Sequence[str]) -> Forbidden:
    """The answer that says what is permitted instead."""
    return Forbidden(code, joint_state(session), tuple(permitted), HINTS.get(code, ""))
