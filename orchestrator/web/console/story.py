"""A session's timeline as rows of two lanes: who said what when, in which state it ended, what it changed.

A step is what one commit wrote: its lines share the number in front of their ids.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orchestrator.core.captions import Words, words_of
from orchestrator.web.console.pages import seconds_of

Line = dict[str, Any]
OPERATOR = "console"
"""How the actor of a console's action begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line for eyes. `step` counts from 1; `moved` is the state that the step led to, on its last line
    where it changed; `changes` the keys of the context that changed, as JSON for the scrubber.
    """

    id: str
    at: str
    kind: str
    lane: str
    words: Words
    step: int
    state: str
    moved: str = ""
    text_id: str = ""
    context: tuple[tuple[str, str, str], ...] = ()
    changes: str = ""


class Story:
    """The rows of a whole timeline."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.rows = _joined(_rows(lines))
        self.steps = max((row.step for row in self.rows), default=0)

    def since(self, line_id: str) -> list[Row]:
        """The rows after a line; all where it is none of them."""
        ids = [row.id for row in self.rows]
        return self.rows[ids.index(line_id) + 1 :] if line_id in ids else self.rows

    @property
    def moves(self) -> frozenset[tuple[str, str]]:
        """The moves that the session made, as pairs of states."""
        path = [row.moved for row in self.rows if row.moved]
        return frozenset(zip(["idle", *path], path, strict=False))


def _joined(rows: Iterable[Row]) -> list[Row]:
    """What a step changed in the context stands beside the last line of the step."""
    joined: list[Row] = []
    for row in rows:
        before = joined[-1] if joined else None
        if row.changes and before is not None and before.step == row.step:
            joined[-1] = replace(
                before, context=row.context, changes=row.changes, moved=row.moved or before.moved
            )
        else:
            joined.append(row)
    return joined


def _rows(lines: Sequence[Line]) -> Iterator[Row]:
    asked: dict[str, str] = {}
    step, last, acted = 0, "", ""
    for place, line in enumerate(lines):
        number = line["id"].partition(".")[0]
        if number != last:
            step, last, acted = step + 1, number, ""
        if line["type"] == "action_taken":
            acted = str(line["data"].get("actor", ""))
        ends = place + 1 == len(lines) or lines[place + 1]["id"].partition(".")[0] != number
        moved = line["state_after"] if ends and line["state"] != line["state_after"] else ""
        row = _row(line, step, moved, _data(line, asked))
        yield spoken_by_operator(row) if acted.startswith(OPERATOR) else row


def spoken_by_operator(row: Row) -> Row:
    """What goes out in a step that a person at the console asked for is that person's."""
    is_ours = row.words.who == "bot"
    return replace(row, words=replace(row.words, who="operator")) if is_ours else row


def _data(line: Line, asked: dict[str, str]) -> dict[str, Any]:
    """The line's data; an answer's with how long the assistant took."""
    data: dict[str, Any] = line["data"]
    turn = data.get("turn_id", "")
    if line["type"] == "turn_asked":
        asked[turn] = line["at"]
    if line["type"] == "turn_answered" and turn in asked:
        took = seconds_of(line["at"]) - seconds_of(asked[turn])
        return {**data, "took": round(took * 1000)}
    return data


def _row(line: Line, step: int, moved: str, data: dict[str, Any]) -> Row:
    changes = data.get("changes") if line["type"] == "context_changed" else None
    return Row(
        id=line["id"],
        at=line["at"],
        kind=line["type"],
        lane=line["channel"] or "both",
        words=words_of(line["type"], data),
        step=step,
        state=line["state_after"],
        moved=moved,
        text_id=str(data.get("text_id", "")) if line["type"] == "text_queued" else "",
        context=tuple(_changed(changes)) if changes else (),
        changes=json.dumps(changes, ensure_ascii=False) if changes else "",
    )


def _changed(changes: dict[str, dict[str, Any]]) -> Iterable[tuple[str, str, str]]:
    for key, sides in changes.items():
        if key.startswith("_"):
            continue  # an assistant's own memory; it is in the data
        yield key, _side(sides, "from"), _side(sides, "to")


def _side(sides: dict[str, Any], side: str) -> str:
    if side not in sides:
        return "–"  # noqa: RUF001 - an en dash for nothing, as the page shows it
    value = sides[side]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:119]}…"
