"""The assistant that the play scripts: asked over signed HTTP, it holds a turn until a line answers it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from orchestrator.scenarios.format.kinds import WITHHELD


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: items and context, or with `status` a failure of every try."""

    items: tuple[Mapping[str, Any], ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(slots=True, eq=False)
class OpenTurn:
    """A turn that was asked. `due` is when a slow answer is given, `ahead` that the answer is known already,
    `worker` counts the processes until the one that asked last.
    """

    id: str
    request: Mapping[str, Any]
    at: float
    answer: asyncio.Future[Reply]
    due: float | None = None
    ahead: bool = False
    worker: int = 0

    @property
    def customer(self) -> str:
        """The number of who it is about, or the carrier's word for one that is withheld."""
        return str(self.request["customer"]["phone_number"] or WITHHELD)

    @property
    def is_event(self) -> bool:
        """Whether it only tells what happened, and holds no words of a person."""
        return bool(self.request["input"]["type"] == "none")


class PlayBot:
    """`turns` are those asked, by id, in order: a turn asked again is the same turn. `told` learns of each.

    With a `recording`, the bodies of its answers in order, it answers each new turn with the next one, and
    with nothing when there are no more. A body may hold more than an answer's: `status` other than 200, and
    `takes`, seconds.
    """

    def __init__(
        self, now: Callable[[], float], recording: Sequence[Mapping[str, Any]] | None = None
    ) -> None:
        self.told: Callable[[Mapping[str, Any]], None] = lambda _request: None
        self.worker = 0
        self._recorded = None if recording is None else iter(recording)
        self._now = now
        self.turns: dict[str, OpenTurn] = {}

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one try."""
        asked = json.loads(request.content)
        turn = self.turns.get(asked["turn_id"])
        if turn is None:
            answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
            turn = self.turns[asked["turn_id"]] = OpenTurn(asked["turn_id"], asked, self._now(), answer)
            self.told(asked)
            if self._recorded is not None:
                self._replay(turn, next(self._recorded, {}))
        turn.worker = self.worker
        reply = await asyncio.shield(turn.answer)
        if reply.status != httpx.codes.OK:
            return httpx.Response(reply.status, request=request)
        body = {"responses": list(reply.items), "context": dict(reply.context)}
        return httpx.Response(200, json=body, request=request)

    def _replay(self, turn: OpenTurn, body: Mapping[str, Any]) -> None:
        """Answer as it was answered, after as long as it took."""
        turn.ahead = True
        give = asyncio.get_running_loop().call_later if body.get("takes") else None
        if give is None:
            turn.answer.set_result(_replayed(body))
        else:
            give(body["takes"], turn.answer.set_result, _replayed(body))

    def open(self) -> list[OpenTurn]:
        """Those without an answer, oldest first."""
        return [turn for turn in self.turns.values() if not turn.answer.done()]

    def unanswered(self) -> list[OpenTurn]:
        """The open ones that no line answers yet."""
        return [turn for turn in self.open() if not turn.ahead and turn.due is None]


def _replayed(body: Mapping[str, Any]) -> Reply:
    return Reply(tuple(body.get("responses", ())), body.get("context", {}), body.get("status", 200))
