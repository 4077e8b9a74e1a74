"""The state diagram as a drawing: words for people as nodes, moves between them as arrows.

The moves are read off the tables of `core.rules`; only where a word stands on the paper is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import hypot
from typing import get_args

from orchestrator.core.machinery import Row
from orchestrator.core.rules import CALL, THREAD
from orchestrator.core.session import CallState, Session, ThreadState, Word
from orchestrator.core.states import joint_state

WIDTH, HEIGHT = 860, 374
BOX = (170, 46)
PLACES: dict[str, tuple[int, int]] = {
    "idle": (40, 175),
    "dialing": (200, 40),
    "in_call": (437, 40),
    "transferring": (655, 40),
    "awaiting_text": (317, 178),
    "in_call_and_text": (768, 178),
    "text_only": (149, 306),
    "ended": (719, 306),
}
"""Centres: a row for calls, one for calls with texts, one for what is left of them; so that arrows cross few boxes."""
SPARE_ROW = 306
BEND = 0.12
"""How far an arrow bows out, in parts of its length: so far that there and back are two lines."""
START_RADIUS = 9
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Node:
    """A word on the paper, by its centre."""

    word: str
    x: float
    y: float
    width: int = BOX[0]
    height: int = BOX[1]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A move: an SVG path, the points of its head, where a number beside it goes, and by which events."""

    source: str
    target: str
    path: str
    head: str
    label: Point
    events: tuple[str, ...]


@cache
def nodes() -> tuple[Node, ...]:
    """Every word; those that have no place yet stand in a row below."""
    words = [word for word in get_args(Word) if word != "idle"]
    spare = [word for word in words if word not in PLACES]
    placed = {**PLACES, **{word: (120 + 170 * n, SPARE_ROW) for n, word in enumerate(spare)}}
    return tuple(Node(word, *placed[word]) for word in words)


@cache
def moves() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Every move that one row of a machine can make, with the events that make it. What begins where a
    session ended is a new one: it begins at `idle`.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for call in get_args(CallState):
        for thread in get_args(ThreadState):
            for row, after in _steps(call, thread):
                before, now = _word(call, thread), _word(*after)
                if before != now:
                    source = "idle" if before == "ended" else before
                    found.setdefault((source, now), set()).add(row["trigger"])
    return {move: tuple(sorted(events)) for move, events in sorted(found.items())}


def _steps(call: str, thread: str) -> list[tuple[Row, tuple[str, str]]]:
    calls = [(row, (row["dest"], thread)) for row in CALL if _applies(row, call)]
    threads = [(row, (call, row["dest"])) for row in THREAD if _applies(row, thread)]
    return calls + threads


def _applies(row: Row, state: str) -> bool:
    sources = [row["source"]] if isinstance(row["source"], str) else row["source"]
    return row["dest"] is not None and state in sources


def _word(call: str, thread: str) -> str:
    return joint_state(
        Session(id="s", assistant="a", customer=None, opened_at=1.0, call_state=call, thread_state=thread)  # type: ignore[arg-type]  # words of the tables
    )


@cache
def arrows() -> tuple[Arrow, ...]:
    """Every move as it is drawn."""
    return tuple(arrow(source, target, events) for (source, target), events in moves().items())


def arrow(source: str, target: str, events: tuple[str, ...] = ()) -> Arrow:
    """A bowed line between the borders of two words, with a head."""
    start, end = _node(source), _node(target)
    middle = _bowed((start.x, start.y), (end.x, end.y))
    tail, tip = _border(start, middle), _border(end, middle)
    path = f"M{_at(tail)} Q{_at(middle)} {_at(tip)}"
    label = (
        0.25 * tail[0] + 0.5 * middle[0] + 0.25 * tip[0],
        0.25 * tail[1] + 0.5 * middle[1] + 0.25 * tip[1],
    )
    return Arrow(source, target, path, _head(middle, tip), (round(label[0]), round(label[1])), events)


def _node(word: str) -> Node:
    if word == "idle":
        return Node("idle", *PLACES["idle"], START_RADIUS * 2, START_RADIUS * 2)
    return next(node for node in nodes() if node.word == word)


def _bowed(start: Point, end: Point) -> Point:
    across, down = end[0] - start[0], end[1] - start[1]
    return ((start[0] + end[0]) / 2 - down * BEND, (start[1] + end[1]) / 2 + across * BEND)


def _border(node: Node, towards: Point) -> Point:
    """Where the line from a node's centre leaves its box, with a little air."""
    across, down = towards[0] - node.x, towards[1] - node.y
    half_width, half_height = node.width / 2 + 4, node.height / 2 + 4
    scale = min(half_width / abs(across) if across else 9e9, half_height / abs(down) if down else 9e9)
    return (node.x + across * scale, node.y + down * scale)


def _head(coming_from: Point, tip: Point) -> str:
    across, down = tip[0] - coming_from[0], tip[1] - coming_from[1]
    length = hypot(across, down) or 1.0
    x, y = across / length, down / length
    back = (tip[0] - 9 * x, tip[1] - 9 * y)
    corners = (tip, (back[0] - 4 * y, back[1] + 4 * x), (back[0] + 4 * y, back[1] - 4 * x))
    return " ".join(_at(corner) for corner in corners)


def _at(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
