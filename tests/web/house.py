"""The API over a store in this process, a desk that does as it is told, and a clock that stands still."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette

from orchestrator.core.effects import Note, Refusal
from orchestrator.core.errors import StoreUnavailable
from orchestrator.core.ids import stable_id, with_partition
from orchestrator.core.items import Item
from orchestrator.core.numbers import E164
from orchestrator.core.session import Call, Session, Thread
from orchestrator.core.states import joint_state
from orchestrator.ports import Acted, Behind, Called, Forbidden, Opened
from orchestrator.runner.views import refusal_line, summary, timeline_line
from orchestrator.store import RedisStore, memory_store
from orchestrator.web.api import AssistantFacts, Tokens, routes
from tests.fakes.clock import FakeClock

ANA = "+15550101234"
BEN = "+15550105678"
OURS = "+19585550123"
FULL = {"Authorization": "Bearer full-token"}
READING = {"Authorization": "Bearer reading-token"}
TOKENS = Tokens(full=("full-token",), read_only=("reading-token",))
ASSISTANTS = {
    "support": AssistantFacts(text_numbers=(OURS,), call_numbers=(OURS,), allowed_recipients=(BEN,)),
    "text-only": AssistantFacts(text_numbers=(OURS,)),
    "voice-only": AssistantFacts(),
}


@dataclass
class FakeDesk:
    """Remembers what it was asked for. Set `act_answer`, `open_answer` or `error` to steer it, and
    `gate` or `open_gate` to hold an action or a
    session back until the event is set.
    """

    act_answer: Acted | Forbidden | None = None
    gone: bool = False
    open_answer: Opened | Forbidden | None = None
    call_answer: Called | Forbidden | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)
    error: Exception | None = None
    gate: asyncio.Event | None = None
    open_gate: asyncio.Event | None = None
    acts: list[dict[str, Any]] = field(default_factory=list)
    actors: list[str] = field(default_factory=list)
    opens: list[dict[str, Any]] = field(default_factory=list)
    consents: list[tuple[str, str, bool]] = field(default_factory=list)

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
        """Remembers the action; each gets an id of its own."""
        self.acts.append({"action": action, "item": item, "context": context, "key": key})
        self.actors.append(actor)
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        if self.gone:
            return None
        return self.act_answer or Acted(f"A{len(self.acts)}", session_id, "in_call")

    async def open_call(
        self, assistant: str, to: str, *, context: dict[str, Any], key: str = ""
    ) -> Called | Forbidden:
        """Remembers the call; each gets an id of its own."""
        self.calls.append({"assistant": assistant, "to": to, "context": context, "key": key})
        if self.error is not None:
            raise self.error
        return self.call_answer or Called("S1", f"CA{len(self.calls)}")

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
        """Remembers the session; each gets an id of its own."""
        asked = {"assistant": assistant, "to": to, "text": text, "media": media, "context": context}
        self.opens.append({**asked, "key": key, **({"urgent": True} if urgent else {})})
        if self.open_gate is not None:
            await self.open_gate.wait()
        if self.error is not None:
            raise self.error
        return self.open_answer or Opened(f"S{len(self.opens)}", "T1" if text or media else None)

    async def set_consent(
        self, assistant: str, to: str, *, opted_out: bool, source: str = "api", since: float | None = None
    ) -> None:
        """Remembers it."""
        if self.error is not None:
            raise self.error
        self.consents.append((assistant, to, opted_out))


class Api:
    """`await api.get(...)`, `await api.post(...)`: with the full token unless told otherwise."""

    def __init__(self, store: RedisStore, clock: FakeClock, tokens: Tokens = TOKENS, **more: Any) -> None:
        self.store = store
        self.clock = clock
        self.desk = FakeDesk()
        self.closing = False
        self.app = Starlette(
            routes=routes(
                reader=store,
                desk=self.desk,
                store=store,
                operators=store,
                assistants=ASSISTANTS,
                tokens=tokens,
                clock=clock,
                closing=lambda: self.closing,
                **more,
            )
        )
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://tandem.test", headers=FULL
        )

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """GET under `/api/v1`."""
        return await self.client.get(f"/api/v1{path}", **more)

    async def post(self, path: str, body: Any, key: str = "", **more: Any) -> httpx.Response:
        """POST under `/api/v1`, with an Idempotency-Key where one is given."""
        headers = {**({"Idempotency-Key": key} if key else {}), **more.pop("headers", {})}
        return await self.client.post(f"/api/v1{path}", json=body, headers=headers, **more)

    async def session(self, customer: str | None = ANA, assistant: str = "support", **more: Any) -> str:
        """Store a session as the runner writes it; its id."""
        address = self.store.address(assistant, customer or "call:CA1")
        name: str = more.pop("name", self.name_of(customer, assistant))
        call = Call(call_sid="CA1", number=OURS, started_at=self.clock.now())
        facts: dict[str, Any] = {"call": call, "call_state": "listening", "thread": Thread(number=OURS)}
        session = Session(
            id=name,
            assistant=assistant,
            customer=E164(customer) if customer else None,
            opened_at=self.clock.now(),
            last_event_at=self.clock.now(),
            **(facts | more),
        )
        shown = json.dumps(summary(session, ("send_text", "end")))
        await self.store.write_behind(
            address, Behind(name, shown, joint_state(session), score=self.clock.now())
        )
        return name

    def name_of(self, customer: str | None = ANA, assistant: str = "support") -> str:
        """The id of a session that begins now."""
        address = self.store.address(assistant, customer or "call:CA1")
        return with_partition(stable_id(self.clock.now(), assistant, str(customer)), address.partition)

    async def lines(self, session_id: str, *ids: str) -> None:
        """Add lines of these ids to a timeline."""
        at = self.clock.now()
        note = Note(type="text_received", channel="sms", data={"pii.text": "hello\nthere"})
        made = tuple(json.dumps(timeline_line(note, name, at, "in_call", "in_call")) for name in ids)
        found = await self.store.session(session_id)
        assert found is not None
        await self.store.write_behind(found[0], Behind(session_id, score=at, lines=made))

    async def refusal(self, message_sid: str) -> None:
        """Put a refusal on record."""
        session = Session(id="", assistant="support", customer=E164(ANA))
        refusal = Refusal(message_sid=message_sid, reason="no_live_call", number=OURS)
        line = json.dumps(refusal_line(refusal, session, self.clock.now()))
        address = self.store.address("support", ANA)
        await self.store.write_behind(address, Behind("", score=self.clock.now(), refusals=(line,)))


def take_away(store: RedisStore, *methods: str) -> None:
    """Have these methods of a store say that it is away, and where it was."""

    async def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("no answer from 10.0.0.7")

    for name in methods:
        setattr(store, name, away)


def new_store(clock: FakeClock) -> RedisStore:
    """A store of its own."""
    return memory_store(clock=clock.now)


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The body of an answer that must be this problem, whole."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "code", "detail", "hint"} <= body.keys()
    assert (body["status"], body["code"]) == (status, code)
    return body


def wrong(answer: httpx.Response, code: str = "invalid") -> set[str]:
    """The fields that a 422 names, each in `detail` as well."""
    body = problem(answer, 422, code)
    named = {entry["field"] for entry in body["errors"]}
    assert all(f"`{name}`" in body["detail"] for name in named)
    return named
