"""The desk: actions of the assistant out of turn and of operators, and sessions that we open.

A request with an Idempotency-Key is permitted once: the moment of the permission is kept under the key
before the event is stored. The same request again, after an answer that was lost, is then not held
against a state that it has changed itself; it gets the same answer, and its event is taken once.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from orchestrator.core import ids
from orchestrator.core.events import ActionRequested, CallRequested, SessionRequested
from orchestrator.core.items import Item, SwitchChannel
from orchestrator.core.policy import TAKE_OVERS, allowed, permits, why_not_ask, why_not_call, why_not_send
from orchestrator.core.session import LIVE_CALL, TALKING, Session, from_document
from orchestrator.core.states import is_ending, is_open, joint_state
from orchestrator.ports import Acted, Address, Called, Forbidden, Opened, Reader
from orchestrator.runner import House, Runner
from orchestrator.runner.wire import Letter

CARRIER_ANSWERS = 10.0
"""Seconds in which the carrier names a call; its HTTP limit is 8 s, and the pace may come before it."""
LOOK_AGAIN = 0.2
"""Seconds between looks at a session that another process works on; a change in this process wakes us."""
IN_CALL = ("dialing", "transferring", "awaiting_text", "in_call_and_text", "in_call")
"""States in which a call is live."""
HINTS = {
    "opted_out": "The customer opted out of texts; they can text START to opt in again.",
    "call_live": "The customer is in a call with this assistant already: use the session's actions.",
    "call_hours": "It is outside the hours of `phone.call_hours`: text instead, or call later.",
    "not_placed": "The carrier refused the call or did not take it; the assistant was told `call_failed`.",
    "session_open": "The customer has an open session: use its actions.",
    "no_messaging": "This assistant has no messaging integration.",
    "session_ending": "The session was ended: its last words are being said, and the call hangs up behind them.",
    "not_allowed": "`allowed` lists the actions that it does permit.",
    "no_number": "The customer's number is withheld: ask for one, and name it in the `to` of `send_text`.",
    "thread_busy": "Another session of this number owns its texts: `send_text` works, a reply would go there.",
    "already_asked": "A text is awaited already: one question at a time.",
    "take_over": "A human answers already: `release` gives the session back to the assistant.",
    "release": "The assistant answers: `take_over` comes first.",
    "sms": "Nobody is on the phone: the conversation is by text already, so `send_text` instead.",
    "voice": "The customer is on the phone already, so `say` instead.",
}
"""What to do instead, by the reason; by the channel where a switch would lead to the present one."""


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
        actor: str = "api",
    ) -> Acted | Forbidden | None:
        """Do `action` in a session (`ports.Desk.act`)."""
        found = await self._find(session_id)
        if found is None:
            return None
        address, session = found
        event_id = f"action:{session_id}:{key or uuid.uuid4().hex}"
        refusal = self._objection(session, action, item)
        if refusal is not None and await self._permitted_at(address, event_id, key) is None:
            return refusal
        at = await self._permit(address, event_id, key)
        event = ActionRequested(
            id=event_id, at=at, action=action, item=item, context=context or {}, actor=actor
        )
        await self._runner.deliver(address, Letter(session.assistant, session.customer, event))
        return Acted(ids.stable_id(0.0, event_id), session_id, joint_state(session))

    def _objection(self, session: Session, action: str, item: Item | None) -> Forbidden | None:
        """Why the state forbids the action now."""
        rules = self._house.lines[session.assistant].rules
        permitted = allowed(session, rules)
        if is_ending(session) and not permits(session, rules, action, item):
            return forbidden("session_ending", session, permitted)
        if action in TAKE_OVERS and is_open(session) and not permits(session, rules, action, item):
            return replace(forbidden("not_allowed", session, permitted), hint=HINTS[action])
        if not permits(session, rules, action, item):
            return forbidden(self._why_not(session, action), session, permitted)
        if isinstance(item, SwitchChannel) and item.to == present_channel(session):
            return replace(forbidden("not_allowed", session, permitted), hint=HINTS[item.to])
        if isinstance(item, SwitchChannel) and item.to == "voice":
            reason = why_not_call(session, rules, self._house.clock.now())
            return forbidden(reason, session, permitted) if reason else None
        return None

    def _why_not(self, session: Session, action: str) -> str:
        """The reason where a text is what cannot be sent, or asked for; else the state itself."""
        rules = self._house.lines[session.assistant].rules
        why = {"send_text": why_not_send, "ask_for_text": why_not_ask}.get(action)
        reason = why(session, rules) if why and is_open(session) else ""
        return "not_allowed" if reason in {"", "no_messaging"} else reason

    async def open_call(
        self, assistant: str, to: str, *, context: dict[str, Any], key: str = ""
    ) -> Called | Forbidden:
        """Call the customer (`ports.Desk.open_call`)."""
        address = self._house.store.address(assistant, to)
        event_id = f"call:{key or uuid.uuid4().hex}"
        session = await self._present(address, assistant, to)
        rules = self._house.lines[assistant].rules
        before = await self._permitted_at(address, event_id, key)
        reason = why_not_call(session, rules, self._house.clock.now())
        if not reason and await self._has_a_call_beside(session, assistant, to):
            reason = "call_live"
        if reason and before is None:
            return forbidden(reason, session, allowed(session, rules))
        at = await self._permit(address, event_id, key)
        event = CallRequested(id=event_id, at=at, context=context)
        await self._runner.deliver(address, Letter(assistant, to, event))
        return await self._placed(address, Letter(assistant, to, event))

    async def _has_a_call_beside(self, session: Session, assistant: str, to: str) -> bool:
        """Whether a call of this number is up in a session beside its own, as an office's may be."""
        found, _ = await self._reader.sessions(states=IN_CALL, assistant=assistant, q=to)
        return any(other["customer"]["phone_number"] == to and other["id"] != session.id for other in found)

    async def _placed(self, address: Address, letter: Letter) -> Called | Forbidden:
        """What became of the request, as soon as the carrier has answered, or the bound is reached."""
        event, rules = letter.event, self._house.lines[letter.assistant].rules
        deadline = self._house.clock.now() + CARRIER_ANSWERS
        while True:
            session = await self._present(address, letter.assistant, letter.customer or "")
            call = session.call
            ours = call is not None and call.reference == ids.call_reference(event.at, session.id, event.id)
            if call is not None and ours and call.call_sid:
                return Called(session.id, call.call_sid)
            over = session.call_state not in LIVE_CALL
            if ours and over:
                return forbidden("not_placed", session, allowed(session, rules))
            if self._house.clock.now() >= deadline:
                if not over and not ours:
                    return forbidden("call_live", session, allowed(session, rules))
                return Called(session.id, None)
            await self._house.wait_for_change(address, LOOK_AGAIN)

    async def open_text(
        self,
        assistant: str,
        to: str,
        *,
        text: str,
        media: tuple[str, ...],
        context: dict[str, Any],
        key: str = "",
        urgent: bool = False,
    ) -> Opened | Forbidden:
        """Open a text session, business first (`ports.Desk.open_text`)."""
        address = self._house.store.address(assistant, to)
        event_id = f"open:{key or uuid.uuid4().hex}"

        def named(at: float) -> str:
            return ids.with_partition(ids.session_id(at, assistant, to, event_id), address.partition)

        before = await self._permitted_at(address, event_id, key)
        session = await self._present(address, assistant, to)
        rules = self._house.lines[assistant].rules
        reason = "session_open" if is_open(session) else why_not_send(session, rules)
        if reason and (before is None or not await self._has_begun(named(before), session)):
            return forbidden(reason, session, allowed(session, rules))
        at = await self._permit(address, event_id, key)
        event = SessionRequested(id=event_id, at=at, text=text, media=media, context=context, urgent=urgent)
        await self._runner.deliver(address, Letter(assistant, to, event))
        name = named(at)
        first = ids.stable_id(at, name, event_id, "text0") if text or media else None
        return Opened(name, first)

    async def set_consent(
        self, assistant: str, to: str, *, opted_out: bool, source: str = "api", since: float | None = None
    ) -> None:
        """Opt a customer out, or in again (`ports.Desk.set_consent`)."""
        address = self._house.store.address(assistant, to)
        event = ActionRequested(
            id=f"consent:{uuid.uuid4().hex}",
            at=self._house.clock.now(),
            action="opt_out" if opted_out else "opt_in",
            context={} if since is None else {"since": min(since, self._house.clock.now())},
            actor=source,
        )
        await self._runner.deliver(address, Letter(assistant, to, event))

    async def _permitted_at(self, address: Address, event_id: str, key: str) -> float | None:
        """When the request of this key was permitted before, if it was."""
        kept = await self._reader.recall(address, f"permitted:{event_id}") if key else None
        return float(kept) if kept is not None else None

    async def _permit(self, address: Address, event_id: str, key: str) -> float:
        """The moment of the permission: the first one, where two processes are asked at once."""
        now = self._house.clock.now()
        if not key:
            return now
        await self._reader.remember(address, f"permitted:{event_id}", repr(now))
        first = await self._permitted_at(address, event_id, key)
        return now if first is None else first

    async def _has_begun(self, name: str, session: Session) -> bool:
        """Whether the session of this id is, or was, there: its event was stored."""
        return session.id == name or await self._reader.session(name) is not None

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


def present_channel(session: Session) -> str:
    """The channel that a switch would not leave: `voice` in a call, else `sms`."""
    return "voice" if session.call_state in TALKING else "sms"


def forbidden(code: str, session: Session, permitted: Sequence[str]) -> Forbidden:
    """The answer that says what is permitted instead."""
    return Forbidden(code, joint_state(session), tuple(permitted), HINTS.get(code, ""))
