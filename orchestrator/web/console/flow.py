"""The Flow page: the state diagram with how often each move was made today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from orchestrator.ports import Reader
from orchestrator.web.console import diagram
from orchestrator.web.console.room import Room
from orchestrator.web.console.tables import as_csv, as_json
from orchestrator.web.console.visitors import Visitor

COLUMNS = ("from", "to", "times", "events")


@dataclass(frozen=True, slots=True)
class Counted:
    """An arrow, how often it was taken, and how thick it is drawn."""

    arrow: diagram.Arrow
    times: int
    weight: float


class Flow:
    """The page and its files."""

    def __init__(self, room: Room, reader: Reader) -> None:
        self._room = room
        self._reader = reader

    async def page(self, _: Request, visitor: Visitor) -> Response:
        """The whole page."""
        taken = await self.taken()
        most = max(taken.values(), default=1)
        counted = [
            Counted(arrow, taken[move], 1.5 + 2 * taken[move] / most)
            for move, arrow in drawn(taken).items()
            if move in taken
        ]
        return self._room.page(
            "flow.html",
            visitor,
            "flow",
            nodes=diagram.nodes(),
            idle=[arrow for move, arrow in drawn({}).items() if move not in taken],
            counted=counted,
            rows=rows_of(taken),
            now_in=await self._reader.counts(),
            most=most,
            paper=(diagram.WIDTH, diagram.HEIGHT),
            start=diagram.PLACES["idle"],
        )

    async def as_json(self, _: Request, __: Visitor) -> Response:
        """The counts as JSON."""
        return as_json("moves", rows_of(await self.taken()))

    async def as_csv(self, _: Request, __: Visitor) -> Response:
        """The counts as a file."""
        return as_csv("flow", COLUMNS, rows_of(await self.taken()))

    async def taken(self) -> dict[tuple[str, str], int]:
        """How often each move was made today. What begins where a session ended is a new one."""
        found: dict[tuple[str, str], int] = {}
        for move, times in (await self._reader.flow()).items():
            before, _, after = move.partition(">")
            pair = ("idle" if before == "ended" else before, after)
            found[pair] = found.get(pair, 0) + times
        return found


def drawn(taken: dict[tuple[str, str], int]) -> dict[tuple[str, str], diagram.Arrow]:
    """Every move of the tables, and those that were made in one step of several rows."""
    known = {(arrow.source, arrow.target): arrow for arrow in diagram.arrows()}
    words = {node.word for node in diagram.nodes()} | {"idle"}
    more = [move for move in taken if move not in known and set(move) <= words and move[1] != "idle"]
    return known | {move: diagram.arrow(*move) for move in more}


def rows_of(taken: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    """The moves as a list, the most frequent first."""
    events = diagram.moves()
    return [
        {"from": before, "to": after, "times": times, "events": list(events.get((before, after), ()))}
        for (before, after), times in sorted(taken.items(), key=lambda entry: -entry[1])
    ]
