"""A machine drawn as SVG, with what was taken and what was never taken told apart.

States stand on an ellipse; rows between the same two states are one arrow. The page's style colours it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from orchestrator.scenarios.testing.covering import Row

WIDTH: Final = 760
HEIGHT: Final = 470
_BOX: Final = (112, 34)
Point = tuple[float, float]


def diagram(
    machine: str, states: Sequence[str], met: Mapping[str, int], rows: Mapping[Row, Mapping[str, int]]
) -> str:
    """The machine's states and rows, each with how often it was met."""
    places = _places(states)
    arrows: dict[tuple[str, str], list[tuple[Row, int]]] = {}
    for row, taken in rows.items():
        for source, count in taken.items() if row.machine == machine else ():
            arrows.setdefault((source, row.dest or source), []).append((row, count))
    drawn = [_arrow(places, ends, several) for ends, several in arrows.items()]
    boxes = [_box(state, places[state], met.get(f"{machine}:{state}", 0)) for state in states]
    head = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="The machine {escape(machine)}">'
    return head + _MARKERS + "".join(drawn) + "".join(boxes) + "</svg>"


def _places(states: Sequence[str]) -> dict[str, Point]:
    centre, radii = (WIDTH / 2, HEIGHT / 2), (WIDTH / 2 - 120, HEIGHT / 2 - 70)
    angles = [2 * math.pi * number / len(states) - math.pi / 2 for number in range(len(states))]
    return {
        state: (centre[0] + radii[0] * math.cos(angle), centre[1] + radii[1] * math.sin(angle))
        for state, angle in zip(states, angles, strict=True)
    }


def _box(state: str, place: Point, count: int) -> str:
    x, y = place[0] - _BOX[0] / 2, place[1] - _BOX[1] / 2
    return (
        f'<g class="{_mark(count)}"><title>{escape(state)}: {_times(count)}</title>'
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{_BOX[0]}" height="{_BOX[1]}" rx="8"/>'
        f'<text x="{place[0]:.1f}" y="{place[1] + 4.5:.1f}">{escape(state)}</text></g>'
    )


def _arrow(places: Mapping[str, Point], ends: tuple[str, str], rows: Sequence[tuple[Row, int]]) -> str:
    """One arrow for all rows between two states: taken if any was, and `part` if not all were."""
    taken = sum(1 for _, count in rows if count)
    mark = "met" if taken == len(rows) else "part" if taken else "missed"
    lines = [f"{row.trigger}{f' [{row.guard}]' if row.guard else ''}: {_times(count)}" for row, count in rows]
    path, label = _loop(places[ends[0]]) if ends[0] == ends[1] else _curve(places[ends[0]], places[ends[1]])
    return (
        f'<g class="arrow {mark}"><title>{escape(chr(10).join(lines))}</title>'
        f'<path d="{path}" marker-end="url(#{mark})"/>'
        f'<text x="{label[0]:.1f}" y="{label[1]:.1f}">{taken}/{len(rows)}</text></g>'
    )


def _curve(start: Point, end: Point) -> tuple[str, Point]:
    """A bow to the right of the straight line, so that there and back are two."""
    across = (end[0] - start[0], end[1] - start[1])
    far = math.hypot(*across)
    aside = (-across[1] / far * 34, across[0] / far * 34)
    middle = ((start[0] + end[0]) / 2 + aside[0], (start[1] + end[1]) / 2 + aside[1])
    begin, stop = _edge(start, middle), _edge(end, middle)
    path = f"M{begin[0]:.1f} {begin[1]:.1f} Q{middle[0]:.1f} {middle[1]:.1f} {stop[0]:.1f} {stop[1]:.1f}"
    return path, ((start[0] + end[0]) / 2 + aside[0] * 0.62, (start[1] + end[1]) / 2 + aside[1] * 0.62 + 4)


def _edge(box: Point, toward: Point) -> Point:
    """Where the line from the middle of a box leaves it."""
    x, y = toward[0] - box[0], toward[1] - box[1]
    scale = min(_BOX[0] / 2 / abs(x) if x else math.inf, _BOX[1] / 2 / abs(y) if y else math.inf)
    return box[0] + x * scale * 1.04, box[1] + y * scale * 1.12


def _loop(place: Point) -> tuple[str, Point]:
    """A bow from a box to itself, on the side away from the middle."""
    up = -1 if place[1] <= HEIGHT / 2 else 1
    y = place[1] + up * _BOX[1] / 2
    x = place[0]
    path = f"M{x - 22:.1f} {y:.1f} C{x - 44:.1f} {y + up * 44:.1f} {x + 44:.1f} {y + up * 44:.1f} {x + 22:.1f} {y + up * 2:.1f}"
    return path, (x, y + up * 40 + (0 if up < 0 else 10))


def _mark(count: int) -> str:
    return "met" if count else "missed"


def _times(count: int) -> str:
    return "never" if not count else "once" if count == 1 else f"{count} times"


_MARKERS: Final = (
    "<defs>"
    + "".join(
        f'<marker id="{mark}" class="{mark}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" '
        f'markerHeight="7" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z"/></marker>'
        for mark in ("met", "part", "missed")
    )
    + "</defs>"
)
