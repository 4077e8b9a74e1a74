"""A script from its file: the tree, its steps, and every mistake at once."""

from __future__ import annotations

from pathlib import Path

from orchestrator.assistants.scripted.compile import Compiler
from orchestrator.assistants.scripted.conditions import Condition
from orchestrator.assistants.scripted.model import EVENTS, Return, Script, Spot, Step
from orchestrator.assistants.scripted.problems import Problem, ScriptError, did_you_mean
from orchestrator.assistants.scripted.read_conditions import read_condition
from orchestrator.assistants.scripted.tree import Node, Page, known_keys, read_tree

TOP = ("start", "fallback", "anytime", "events", "steps")
"""What stands at the top of a script."""
MAX_BYTES = 1024 * 1024
"""Of a script's file."""
_FALLBACK = "Sorry, I did not understand that."


def load_script(path: str | Path) -> Script:
    """Read a script's file; ScriptError with every mistake in it."""
    where = str(path)
    try:
        source = Path(path).read_bytes()
    except OSError as error:
        raise ScriptError([Problem(where, 1, 1, f"cannot be read: {error.strerror}")]) from None
    if len(source) > MAX_BYTES:
        raise ScriptError([Problem(where, 1, 1, f"larger than {MAX_BYTES} bytes")])
    try:
        return parse_script(source.decode("utf-8-sig"), where)
    except UnicodeDecodeError:
        raise ScriptError([Problem(where, 1, 1, "not UTF-8 text")]) from None


def parse_script(source: str, path: str = "script.yaml") -> Script:
    """Read a script's text; `path` is how its mistakes name it."""
    page, root = read_tree(source, path)
    if root.fields is None:
        page.problem(root.spot, f"expected {', '.join(TOP)}")
        raise ScriptError(page.problems)
    known_keys(page, root, TOP, "a script")
    script = _Reader(page).read(root)
    if page.problems:
        raise ScriptError(sorted(page.problems, key=lambda problem: (problem.line, problem.column)))
    return script


class _Reader:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps: dict[str, Step] = {}
        self.targets: list[tuple[str, Spot]] = []

    def read(self, root: Node) -> Script:
        """Everything in the script."""
        steps = root.get("steps")
        if steps is None or not steps.fields:
            self.page.problem(steps.spot if steps else root.spot, "`steps` must name at least one step")
            raise ScriptError(self.page.problems)
        for name, body in steps.fields.items():
            self._step(name, body, steps.keys[name])
        start = root.get("start")
        if start is not None:
            self.targets.append((start.text or "", start.spot))
        anytime, events = self._anytime(root.get("anytime")), self._events(root.get("events"))
        self._check_targets(tuple(steps.fields))
        fallback = root.get("fallback")
        return Script(
            start=(start.text if start else None) or next(iter(steps.fields)),
            steps=self.steps,
            anytime=anytime,
            events=events,
            fallback=_FALLBACK if fallback is None else fallback.text or "",
            path=self.page.path,
            lines=self.page.lines,
        )

    def _step(self, name: str, body: Node, spot: Spot, *, interlude: bool = False) -> None:
        step = Step(name, spot, interlude=interlude)
        compiler = Compiler(self.page, step, self.targets)
        if name.strip() != name or not name:
            self.page.problem(spot, "a step's name is text without blanks around it")
        if interlude:
            compiler.body(body)
        elif body.entries is None:
            self.page.problem(spot, f"step `{name}` expects a list of what to say and do")
        else:
            compiler.body(body)
        compiler.add(Return(), spot)
        self.steps[name] = step

    def _anytime(self, node: Node | None) -> tuple[tuple[Condition, str], ...]:
        """Rules that are looked at before the question that is open, from any place."""
        rules = []
        for number, entry in enumerate((node.entries if node else None) or [], 1):
            when = entry.get("when")
            if when is None or entry.fields is None:
                self.page.problem(entry.spot, "a rule begins with `when`")
                continue
            name = f"anytime {number}"
            rest = {key: value for key, value in entry.fields.items() if key != "when"}
            keys = {key: spot for key, spot in entry.keys.items() if key != "when"}
            self._step(name, Node(entry.spot, fields=rest, keys=keys), entry.spot, interlude=True)
            rules.append((read_condition(self.page, when), name))
        if node is not None and node.entries is None and (node.text or node.fields):
            self.page.problem(node.spot, "`anytime` expects a list of rules, each with `when`")
        return tuple(rules)

    def _events(self, node: Node | None) -> dict[str, str]:
        events = {}
        for event, body in ((node.fields if node else None) or {}).items():
            spot = node.keys[event] if node else body.spot
            if event not in EVENTS:
                self.page.problem(spot, f"no turn has the event `{event}`{did_you_mean(event, EVENTS)}")
            events[event] = f"on {event}"
            self._step(events[event], body, spot, interlude=True)
        if node is not None and node.fields is None and (node.text or node.entries):
            self.page.problem(node.spot, "`events` expects events, and what is done then")
        return events

    def _check_targets(self, known: tuple[str, ...]) -> None:
        for name, spot in self.targets:
            if name not in known:
                near = did_you_mean(name, known)
                self.page.problem(
                    spot, f"there is no step `{name}`{near or '; to say it, write `say:` before it'}"
                )
