"""Plays a script for one turn: pure, without a clock and without memory of its own.

Where the dialogue stands is read from the session's context under `KEY` and written back there, so
that any worker can go on, and a turn asked again is answered the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from orchestrator.assistants.items import read_item
from orchestrator.assistants.scripted.conditions import View, holds
from orchestrator.assistants.scripted.matching import matched, variant
from orchestrator.assistants.scripted.model import (
    Branch,
    Emit,
    Finish,
    Go,
    Jump,
    Op,
    Put,
    Repeat,
    Return,
    Script,
    Visit,
    Wait,
)
from orchestrator.assistants.scripted.slots import check
from orchestrator.assistants.scripted.template import fill
from orchestrator.assistants.scripted.tracing import come_to
from orchestrator.assistants.scripted.where import KEY, MAX_DEPTH, Place, Where
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import Item

REPLIES = frozenset({"text_reply", "reply_by_voice"})
"""Events that bring what the customer says."""
MAX_OPS = 500
"""Operations of one turn; more is a loop without an end."""


def play(
    script: Script, request: Mapping[str, Any], turn_id: str, today: dt.date
) -> tuple[tuple[Item, ...], dict[str, Any]]:
    """The items of the answer, and the context to merge."""
    run = _Run(script, View(request, dict(request.get("context") or {})), turn_id, today)
    run.turn()
    run.changes[KEY] = run.where.kept()
    return tuple(run.items), run.changes


class _Run:
    def __init__(self, script: Script, view: View, turn_id: str, today: dt.date) -> None:
        self.script = script
        self.view = view
        self.turn_id = turn_id
        self.today = today
        self.where = Where.of(view.context.get(KEY), script)
        self.items: list[Item] = []
        self.changes: dict[str, Any] = {}
        self.left = MAX_OPS

    # What the turn is ---------------------------------------------------------------------------
    def turn(self) -> None:
        """Answer whatever caused the turn."""
        event, events = self.view.event, self.script.events
        if event in REPLIES and not self._awaits_text() and event in events:
            self._interlude(events[event])
        elif not event or event in REPLIES:
            self._input()
        else:
            self._event(event)

    def _event(self, event: str) -> None:
        wait = self._waiting()
        aside = (
            {"text_reply_timeout": wait.late, "text_failed": wait.failed}
            if wait and wait.kind == "text"
            else {}
        )
        if aside.get(event):
            self._run((aside[event], 0))
        elif event in self.script.events:
            self._interlude(self.script.events[event])
        elif self.where.at is None and event in {"call_started", "session_started", "resume", "no_input"}:
            self._run((self.script.start, 0))
        elif event in {"call_started", "session_started", "resume", "no_input"}:
            self._ask_again()

    def _input(self) -> None:
        for condition, name in self.script.anytime if not self._awaits_text() else ():
            if holds(condition, self.view):
                self._interlude(name)
                return
        wait = self._waiting()
        if wait is not None:
            self._answer(wait)
            return
        self._run((self.script.start, 0))
        self._answer_first()

    def _answer_first(self) -> None:
        """The first words of a customer may answer the first question before it is asked."""
        wait, target = self._waiting(), None
        if wait is not None and self.view.text:
            target = matched(wait, self.view)
        if target is not None and self.where.at is not None:
            self.items.clear()
            self._run((self.where.at[0], target))

    def _awaits_text(self) -> bool:
        """Whether this very input is the text that was asked for."""
        wait = self._waiting()
        return wait is not None and wait.kind == "text" and self.view.channel == "sms"

    def _waiting(self) -> Wait | None:
        op = self._op(self.where.at) if self.where.at else None
        return op if isinstance(op, Wait) else None

    # Answers to questions -----------------------------------------------------------------------
    def _answer(self, wait: Wait) -> None:
        step, number = self.where.at or (self.script.start, 0)
        if wait.kind == "text":
            self._text_answer(wait, step, number)
            return
        if wait.kind == "ask" and wait.slot is not None:
            value = check(self.view.text, wait.slot.like, wait.slot.pattern, self.today)
            if value is not None:
                self._put({wait.slot.keep_as: value})
            target = None if value is None else number + 1
        else:
            target = matched(wait, self.view)
            target = wait.otherwise if target is None else target
        if target is None:
            self._not_understood(wait)
        else:
            self._run((step, target))

    def _text_answer(self, wait: Wait, step: str, number: int) -> None:
        if self.view.channel != "sms":
            self._say(wait.retry)
            return
        if wait.slot is not None and wait.slot.keep_as:
            self._put({wait.slot.keep_as: self.view.text})
        self._run((step, number + 1))

    def _not_understood(self, wait: Wait) -> None:
        self.where.tries += 1
        if wait.give_up and self.where.tries >= wait.tries:
            self._run((wait.give_up, 0))
        elif wait.kind == "listen":
            self._say(self.script.fallback)
        elif wait.retry:
            self._say(wait.retry)
            self._collect_again(wait)
        else:
            self._ask_again()

    def _collect_again(self, wait: Wait) -> None:
        """Keys are collected for one question only: the second try asks for them anew."""
        prompt = self._op((self.where.at[0], wait.prompt)) if self.where.at else None
        if isinstance(prompt, Emit):
            self._emit([raw for raw in prompt.variants[0] if raw.get("response_type") == "dtmf"])

    def _ask_again(self) -> None:
        wait = self._waiting()
        if wait is None or self.where.at is None or wait.kind == "text":
            return
        tries = self.where.tries
        self._run((self.where.at[0], wait.prompt))
        self.where.tries = tries

    # Running --------------------------------------------------------------------------------------
    def _interlude(self, name: str) -> None:
        if self.where.at is not None:
            self.where.stack.append(self.where.at)
        self._run((name, 0))

    def _run(self, place: Place) -> None:
        """Operations from `place` until one waits, or nothing is left."""
        self.where.tries = 0
        here: Place | None = place
        step = ""
        while here is not None:
            step = come_to(self.script.path, here[0], step)
            self.left -= 1
            if self.left < 0 or len(self.where.stack) > MAX_DEPTH:
                raise AssistantError("script", f"no end in step {here[0]}", retryable=False)
            op = self._op(here)
            if isinstance(op, Wait):
                break
            here = self._next(op, here)
        self.where.at = here

    def _op(self, place: Place) -> Op:
        return self.script.steps[place[0]].ops[place[1]]

    def _next(self, op: Op, here: Place) -> Place | None:  # noqa: PLR0911 - a table of operations
        step, number = here
        match op:
            case Emit():
                self._emit(variant(op, here, self.turn_id, self.where.seen))
            case Put(values):
                self._put(fill(values, self.view))
            case Branch(when, otherwise):
                return step, number + 1 if holds(when, self.view) else otherwise
            case Jump(to):
                return step, to
            case Go(name, leave):
                self.where.stack = [] if leave else self.where.stack
                return name, 0
            case Visit(name):
                self.where.stack.append((step, number + 1))
                return name, 0
            case Return():
                return self.where.stack.pop() if self.where.stack else None
            case Finish():
                self.where = Where()
                return None
            case Repeat():
                return self._repeat()
        return step, number + 1

    def _repeat(self) -> Place | None:
        """The question that the interlude interrupted, from its prompt; a text is not sent twice."""
        back = self.where.stack.pop() if self.where.stack else None
        wait = self._op(back) if back else None
        if back is None or not isinstance(wait, Wait) or wait.kind == "text":
            return back
        return back[0], wait.prompt

    def _emit(self, raws: list[dict[str, Any]]) -> None:
        for raw in raws:
            self.items += read_item(fill(raw, self.view))

    def _say(self, text: str) -> None:
        if text:
            self._emit([{"response_type": "text", "text": text}])

    def _put(self, values: Mapping[str, Any]) -> None:
        self.changes.update(values)
        for name, value in values.items():
            if value is None:
                self.view.context.pop(name, None)
            else:
                self.view.context[name] = value
