"""A session that happened, played again on the present code: the same people, the same answers, and what differs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from config import parse as parse_settings
from orchestrator.scenarios.format import parse
from orchestrator.scenarios.past.acts import Acts
from orchestrator.scenarios.past.history import Happened, History
from orchestrator.scenarios.past.writing import CUSTOMER, NUMBER, written
from orchestrator.scenarios.play import Line, Play
from orchestrator.scenarios.stage import Configuration, House
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.loop import VirtualLoop
from orchestrator.scenarios.stage.replies import reply_of
from orchestrator.scenarios.stage.run import Performance, logged
from orchestrator.scenarios.stage.scene import Scene
from orchestrator.scenarios.stage.script import CHECKING

PASSING = frozenset(
    {
        *("turn_id", "text_id", "call_sid", "message_sid", "document", "previous_session_id"),
        *("actor", "late", "confidence"),
    }
)
"""Facts of a timeline that are others each time, or that people bring and no play does."""
ANSWERED = {
    "turn_answered": frozenset({"items", "usage"}),
    "turn_failed": frozenset({"reason", "detail", "part"}),
}
"""Facts of an answer of which the same answer, put together again, tells otherwise; what it led to is compared."""

NO_BEGINNING = "its beginning is not kept: a timeline holds the newest lines of a long session."
NOTHING_HAPPENED = "nothing happened in it that could be played."
LAST = 3.0
"""Seconds in which what the last line led to is done."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: lines as of a unified diff, `-` as it happened, `+` as it does now; none if nothing does.
    `stopped` says why it could not be played to its end.
    """

    lines: tuple[str, ...]
    stopped: str = ""

    @property
    def is_none(self) -> bool:
        """Whether everything happens as it did."""
        return not self.lines and not self.stopped

    def as_json(self) -> dict[str, Any]:
        """For programs: `same`, `stopped` and `differences`."""
        return {"same": self.is_none, "stopped": self.stopped, "differences": list(self.lines)}


def replay(
    history: History, configuration: Configuration, *, live: str = "", welcome: str = ""
) -> Difference:
    """Play it again. The answers are those that were given, or with `live` those of that assistant of the
    configuration. Raises ValueError where nothing of the session can be played.
    """
    if not any(line.type == "session_opened" for line in history.lines):
        raise ValueError(NO_BEGINNING)
    acts = Acts(history, CUSTOMER, welcome)
    if not acts.steps:
        raise ValueError(NOTHING_HAPPENED)
    loaded = parse(written(history, history.id, acts.steps, has_desk=acts.has_desk), history.id)
    if loaded.problems:
        raise ValueError(loaded.report)
    play = loaded.plays[0]
    answers = None if live else [_body(play.steps[start:end]) for start, end in acts.turns]
    again = _Again(_acting(play), configuration, live, answers)
    stopped = again.play_again()
    passing = {} if live else ANSWERED
    before = [line.replace(history.number or NUMBER, NUMBER) for line in tellings(history.lines, passing)]
    after = tellings(again.lines, passing)
    changes = difflib.unified_diff(before, after, "as it happened", "as it does now", lineterm="", n=2)
    own = history.number or NUMBER
    return Difference(tuple(line.replace(NUMBER, own) for line in changes), stopped.replace(NUMBER, own))


def welcome_of(configuration: Configuration, assistant: str) -> str:
    """What is said in a call before the assistant's first answer. Raises ConfigError."""
    settings = parse_settings(
        configuration.text, name=configuration.name, environ=configuration.environ or {}
    )
    named = settings.assistants.get(assistant)
    return named.phone.welcome_message if named and named.phone else ""


def tellings(lines: Iterable[Happened], passing: Mapping[str, frozenset[str]]) -> list[str]:
    """The lines to compare, without `passing` facts by the kind of line. An assistant's own memory (`_` before
    the key) is not among what answers say, and so no difference; a line that tells of nothing else is left out.
    """
    outward = map(_outward, lines)
    return [
        told(line, PASSING | passing.get(line.type, frozenset()))
        for line in outward
        if line.data.get("changes") != {}
    ]


def _outward(line: Happened) -> Happened:
    changes = line.data.get("changes")
    if not isinstance(changes, Mapping):
        return line
    kept = {key: sides for key, sides in changes.items() if not key.startswith("_")}
    return replace(line, data={**line.data, "changes": kept})


def told(line: Happened, passing: frozenset[str]) -> str:
    """A line of a timeline, without facts that pass."""
    facts = {
        key: value
        for key, value in line.data.items()
        if key not in passing and value not in (None, "", []) and value != line.words
    }
    shown = " ".join(f"{key}={value}" for key, value in facts.items())
    return f"{line.state:16} {line.type} {line.words} {shown}".rstrip()


def _acting(play: Play) -> Play:
    """The play without what only checks, and without the bot, whose answers come from elsewhere."""
    opens = bool(play.steps) and play.steps[0].kind == "bot"  # nobody asked: we began
    kept = [
        line
        for place, line in enumerate(play.steps)
        if (line.kind != "bot" and line.verb not in CHECKING) or (opens and place == 0)
    ]
    return replace(play, steps=tuple(kept), finally_=())


def _body(lines: Sequence[Line]) -> Mapping[str, Any]:
    reply = reply_of(lines)
    return {"responses": list(reply.items), "context": dict(reply.context), "status": reply.status} | (
        {"takes": sum(float(line.value) for line in lines if line.verb == "takes")}
    )


class _Again(Performance):
    """A run whose timeline is kept. What its checks would say does not matter."""

    def __init__(
        self,
        play: Play,
        configuration: Configuration,
        live: str,
        answers: Sequence[Mapping[str, Any]] | None,
    ) -> None:
        super().__init__(play, configuration, live, answers, VirtualLoop(), House())
        self.lines: list[Happened] = []

    def play_again(self) -> str:
        """Play; why it stopped, or nothing."""
        try:
            with logged(self):
                failure = self.perform()
        finally:
            self._loop.close()
        if failure is None or failure.reason.endswith("that no line mentions"):
            return ""
        line = failure.source.strip()
        return f"{line!r}: {failure.reason}" if line else failure.reason

    async def look_back(self, scene: Scene) -> None:
        """Keep the timelines of all its sessions."""
        try:
            await scene.advance(scene.clock.now() + LAST)
            for session in reversed(await scene.sessions()):
                self.lines += History.of(session, await timeline(scene, session["id"])).lines
        except FailedError:
            return


async def timeline(scene: Scene, session_id: str) -> list[Mapping[str, Any]]:
    """A whole timeline, page by page."""
    found: list[Mapping[str, Any]] = []
    cursor = ""
    while True:
        answer = await scene.api("GET", f"/sessions/{session_id}/events", limit="200", cursor=cursor)
        if not answer.is_success:
            return found
        page = answer.json()
        found += page["events"]
        cursor = page["next_cursor"] or ""
        if not cursor:
            return found
