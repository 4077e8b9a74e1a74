"""From the tree of a script to its steps: the statements, and what they become.

A statement is a text to say, or an object whose verbs run in the order they are written. Verbs that
are response types take their fields, or their main field alone. Rules of `listen`, the two arms of
`if` and the options of `choose` hold statements again, or the name of a step to go on at.
"""

from __future__ import annotations

from collections.abc import Callable

from orchestrator.assistants.scripted.builder import Builder
from orchestrator.assistants.scripted.conditions import Condition
from orchestrator.assistants.scripted.emit import SHORT, read_emit, read_variants
from orchestrator.assistants.scripted.model import (
    Branch,
    Emit,
    Finish,
    Jump,
    Op,
    Put,
    Repeat,
    Return,
    Visit,
    Wait,
)
from orchestrator.assistants.scripted.problems import did_you_mean
from orchestrator.assistants.scripted.questions import ask, ask_for_text, choose
from orchestrator.assistants.scripted.read_conditions import read_condition
from orchestrator.assistants.scripted.tree import Node, known_keys

MODIFIERS: dict[str, tuple[str, ...]] = {
    "ask": ("keep_as", "like", "pattern", "retry", "tries", "give_up", "keys", "end_key"),
    "choose": ("description", "options", "retry", "tries", "give_up"),
    "if": ("then", "else"),
    "say": ("channels",),
}
"""Fields that belong to a verb and stand beside it."""
_OURS = (
    "say",
    "any_of",
    "in_turn",
    "ask",
    "choose",
    "listen",
    "if",
    "set",
    "go",
    "visit",
    "return",
    "repeat",
    "finish",
    "do",
)
VERBS = (*_OURS, *(name for name in SHORT if name not in _OURS))
"""Every verb of a statement."""


class Compiler(Builder):
    """Statements to operations, one step at a time."""

    def statement(self, node: Node, skip: tuple[str, ...] = ()) -> None:
        """One statement; `skip` are fields that something else has read."""
        if node.text is not None:
            self.add(read_emit(self.page, "say", node, node), node.spot)
            return
        if not node.fields:
            self.page.problem(node.spot, "expected something to say or to do")
            return
        verbs = [key for key in node.fields if key in VERBS]
        beside = [name for verb in verbs for name in MODIFIERS.get(verb, ())]
        for key, spot in node.keys.items():
            if key not in {*verbs, *beside, *skip}:
                near = did_you_mean(key, (*VERBS, *beside, *skip))
                self.page.problem(spot, f"`{key}` is nothing that a script can do here{near}")
        for verb in verbs:
            self._verb(verb, node.fields[verb], node)

    def _verb(self, verb: str, node: Node, owner: Node) -> None:
        own: dict[str, Callable[[Node, Node], None]] = {
            "go": lambda value, _: self.go(value),
            "visit": lambda value, _: self._visit(value),
            "return": lambda value, _: self._simple(Return(), value),
            "repeat": lambda value, _: self._simple(Repeat(), value),
            "finish": lambda value, _: self._simple(Finish(), value),
            "do": lambda value, _: self.body(value),
            "set": lambda value, _: self._set(value),
            "if": self._if,
            "listen": lambda value, _: self._listen(value),
            "ask": lambda value, whole: ask(self, value, whole),
            "choose": lambda value, whole: choose(self, value, whole),
            "ask_for_text": lambda value, _: ask_for_text(self, value),
        }
        if verb in own:
            own[verb](node, owner)
        elif verb in {"any_of", "in_turn"}:
            pick = "random" if verb == "any_of" else "in_turn"
            self.add(
                Emit(read_variants(self.page, node), "random" if pick == "random" else "in_turn"), node.spot
            )
        else:
            self.add(read_emit(self.page, verb, node, owner), node.spot)

    def _simple(self, op: Op, node: Node) -> None:
        if node.text is not None or node.fields or node.entries:
            self.page.problem(node.spot, "nothing stands behind this")
        self.add(op, node.spot)

    def _visit(self, node: Node) -> None:
        self.add(Visit(self.name(node)), node.spot)

    def _set(self, node: Node) -> None:
        if node.fields is None:
            self.page.problem(node.spot, "`set` expects names and values")
        elif any(name.startswith("_") for name in node.fields):
            self.page.problem(node.spot, "names that begin with _ are kept for the dialogue itself")
        else:
            self.add(Put(node.data()), node.spot)

    def _if(self, node: Node, owner: Node) -> None:
        when = read_condition(self.page, node)
        branch = self.add(Return(), node.spot)
        if (then := owner.get("then")) is None:
            self.page.problem(node.spot, "`if` needs `then`")
        else:
            self.body(then)
        otherwise = owner.get("else")
        if otherwise is None:
            self.step.ops[branch] = Branch(when, len(self.step.ops))
            return
        jump = self.add(Return(), otherwise.spot)
        self.step.ops[branch] = Branch(when, len(self.step.ops))
        self.body(otherwise)
        self.step.ops[jump] = Jump(len(self.step.ops))

    def _listen(self, node: Node) -> None:
        before = self.step.ops[-1] if self.step.ops else None
        prompt = len(self.step.ops) - isinstance(before, Emit)
        wait = self.add(Return(), node.spot)
        rules: list[tuple[Condition, int]] = []
        otherwise: int | None = None
        jumps = []
        for entry in node.entries or []:
            start = len(self.step.ops)
            when = entry.get("when")
            if when is not None:
                rules.append((read_condition(self.page, when), start))
                self.statement(entry, skip=("when",))
            elif (rest := entry.get("otherwise")) is not None:
                known_keys(self.page, entry, ("otherwise",), "this rule")
                otherwise = start
                self.body(rest)
            else:
                self.page.problem(entry.spot, "a rule begins with `when` or `otherwise`")
            jumps.append(self.add(Return(), entry.spot))
        if node.entries is None and node.text is not None:
            self.page.problem(node.spot, "`listen` expects a list of rules, each with `when`")
        self.step.ops[wait] = Wait("listen", prompt, tuple(rules), otherwise)
        self.close(jumps)
