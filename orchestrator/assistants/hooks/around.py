"""Hooks before and after the assistant: they see the turn, may change it, and may answer in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import structlog

from orchestrator.assistants.hooks.endpoint import Endpoint, payload
from orchestrator.assistants.hooks.reading import After, Before, read_after, read_before
from orchestrator.assistants.tries import within
from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError
from orchestrator.core.events import AssistantReplied
from orchestrator.core.written import written
from orchestrator.ports import Assistant, Clock
from orchestrator.ports.world import Heard

log = structlog.get_logger("tandem")
T = TypeVar("T")
_PAUSE = 0.2  # seconds between tries: somebody waits


@dataclass(frozen=True, slots=True)
class Around:
    """One hook: where, how often besides the first try, and whether the turn fails with it."""

    name: str
    endpoint: Endpoint
    retries: int = 1
    fails: bool = False

    async def ask(
        self, turn_id: str, data: dict[str, Any], read: Callable[[str, bytes], T], otherwise: T
    ) -> T:
        """What it answers. A repeated turn has the same `webhook-id`. If it fails, `otherwise`; or the turn does."""
        clock = self.endpoint.clock
        body = payload(self.name, clock.now(), data)
        webhook_id = f"{self.name}_{turn_id}"
        for attempt in range(self.retries + 1):
            try:
                tried = self.endpoint.post(webhook_id, body)
                return read(*await within(clock, self.endpoint.timeout, tried))
            except AssistantError as error:
                if attempt < self.retries and error.retryable:
                    await clock.sleep(_PAUSE)
                    continue
                log.warning("hook.failed", hook=self.name, turn_id=turn_id, reason=error.reason)
                if self.fails:
                    raise AssistantError("hook_failed", f"{self.name}: {error}", retryable=False) from None
                return otherwise
        raise AssertionError("the last try returns or raises")


class HookedAssistant:
    """`orchestrator.ports.Assistant` around another one. Where the answer may still change, nothing of it is
    said ahead.
    """

    def __init__(
        self, inner: Assistant, clock: Clock, *, before: Around | None = None, after: Around | None = None
    ) -> None:
        self._inner, self._clock = inner, clock
        self._before, self._after = before, after

    async def ask(self, ask: AskAssistant, heard: Heard | None = None) -> AssistantReplied:
        """The answer, as the hooks leave it."""
        told = await self._ask_before(ask)
        changed = _changed(ask, told)
        if told.items is not None:
            reply = AssistantReplied(
                id=f"reply:{ask.turn_id}", at=self._clock.now(), turn_id=ask.turn_id, items=told.items
            )
        else:
            reply = await self._inner.ask(changed, None if self._after else heard)
        reply = replace(reply, context={**told.context, **reply.context})
        after = await self._ask_after(changed, reply)
        items = reply.items if after.items is None else after.items
        return replace(reply, items=items, context={**reply.context, **after.context})

    async def close(self) -> None:
        """Close the one inside."""
        await self._inner.close()

    async def _ask_before(self, ask: AskAssistant) -> Before:
        if self._before is None:
            return Before()
        return await self._before.ask(ask.turn_id, {"turn": ask.request}, read_before, Before())

    async def _ask_after(self, ask: AskAssistant, reply: AssistantReplied) -> After:
        if self._after is None:
            return After()
        answer = {"responses": written(reply.items), "context": reply.context}
        data = {"turn": ask.request, "answer": answer}
        return await self._after.ask(
            ask.turn_id, data, lambda kind, body: read_after(kind, body, reply.items), After()
        )


def _changed(ask: AskAssistant, told: Before) -> AskAssistant:
    """The turn as the assistant is asked it."""
    if not told.input and not told.context:
        return ask
    merged = {**ask.request["context"], **told.context}
    context = {key: value for key, value in merged.items() if value is not None}
    changed = {**ask.request, "input": {**ask.request["input"], **told.input}, "context": context}
    return replace(ask, request=changed)
