"""What is wrong with a script that can be read: parts out of reach, loops without an end, loose ends.

An endless loop that no condition can leave is a mistake; the rest are warnings. `tandem check` shows
them.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator.assistants.scripted.model import (
    Branch,
    Emit,
    Finish,
    Go,
    Jump,
    Op,
    Repeat,
    Return,
    Script,
    Spot,
    Step,
    Visit,
    Wait,
)
from orchestrator.assistants.scripted.problems import Problem
from orchestrator.assistants.scripted.where import Place

_ENDINGS = frozenset(
    {"hang_up", "end_session", "transfer", "connect_to_agent", "switch_channel", "channel_transfer"}
)


def lint(script: Script) -> list[Problem]:
    """Every problem, in the order of the file."""
    reached = _reached(script)
    checks = (_out_of_reach, _loops, _loose_ends, _endless_waits)
    found = [problem for check in checks for problem in check(script, reached)]
    return sorted(found, key=lambda problem: (problem.line, problem.column))


def _problem(script: Script, spot: Spot, message: str, *, warning: bool = True) -> Problem:
    source = script.lines[spot.line - 1] if spot.line <= len(script.lines) else ""
    return Problem(script.path, spot.line, spot.column, message, source, warning)


def _reached(script: Script) -> set[Place]:
    roots = [script.start, *script.events.values(), *(name for _, name in script.anytime)]
    found: set[Place] = set()
    waiting: list[Place] = [(name, 0) for name in roots]
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            op = _op(script, place)
            waiting += [*_onward(op, place), *_answers(op, place)]
    return found


def _op(script: Script, place: Place) -> Op:
    return script.steps[place[0]].ops[place[1]]


def _onward(op: Op, place: Place) -> list[Place]:
    """Where it may go on without the customer."""
    step, number = place
    match op:
        case Branch(_, otherwise):
            return [(step, number + 1), (step, otherwise)]
        case Jump(to):
            return [(step, to)]
        case Go(name, _):
            return [(name, 0)]
        case Visit(name):
            return [(name, 0), (step, number + 1)]
        case Return() | Finish() | Repeat() | Wait():
            return []
    return [(step, number + 1)]


def _answers(op: Op, place: Place) -> list[Place]:
    """Where an answer leads."""
    if not isinstance(op, Wait):
        return []
    step, number = place
    targets = [target for _, target in (*op.rules, *op.options)]
    targets += [op.otherwise] if op.otherwise is not None else []
    targets += [number + 1] if op.kind in {"ask", "text"} else []
    named = [name for name in (op.give_up, op.late, op.failed) if name]
    return [*((step, target) for target in targets), *((name, 0) for name in named)]


def _out_of_reach(script: Script, reached: set[Place]) -> Iterator[Problem]:
    """A step that nothing leads to, and the first statement behind one that leads away."""
    for step in script.steps.values():
        if (step.name, 0) not in reached:
            yield _problem(script, step.spot, f"nothing leads to the step `{step.name}`")
            continue
        for number, op in enumerate(step.ops[:-1]):
            if (step.name, number) not in reached and not isinstance(op, Jump | Return):
                yield _problem(
                    script, step.spots[number], "this is never reached: what stands before it leads away"
                )
                break


def _loops(script: Script, reached: set[Place]) -> Iterator[Problem]:
    """A circle that asks the customer nothing; with a condition in it, it may yet end."""
    done: set[Place] = set()
    for root in sorted(reached):
        for circle in _circles(script, root, done):
            ops = [_op(script, place) for place in circle]
            open_end = any(isinstance(op, Branch) for op in ops)
            step, number = next(
                (p for p, op in zip(circle, ops, strict=True) if isinstance(op, Go | Visit)), circle[0]
            )
            message = "goes round without asking the customer anything" + (
                ", unless a condition ends it" if open_end else ""
            )
            yield _problem(script, script.steps[step].spots[number], message, warning=open_end)


def _circles(script: Script, root: Place, done: set[Place]) -> Iterator[list[Place]]:
    """Circles reachable from `root`, by a walk that remembers its path."""
    path: list[Place] = []
    on_path: set[Place] = set()
    work: list[tuple[Place, bool]] = [(root, True)]
    while work:
        place, entering = work.pop()
        if not entering:
            path.pop()
            on_path.discard(place)
            done.add(place)
        elif place in on_path:
            yield path[path.index(place) :]
        elif place not in done:
            path.append(place)
            on_path.add(place)
            work.append((place, False))
            work += [(onward, True) for onward in _onward(_op(script, place), place)]


def _loose_ends(script: Script, reached: set[Place]) -> Iterator[Problem]:
    """A step that runs out without handing over, where nothing can come back to."""
    visited = {op.step for step in script.steps.values() for op in step.ops if isinstance(op, Visit)}
    for step in script.steps.values():
        last = len(step.ops) - 1
        if step.interlude or step.name in visited or (step.name, last) not in reached:
            continue
        for number in _before_the_end(step, reached):
            op = step.ops[number] if number is not None else None
            if not _ends(op):
                spot = step.spots[number] if number is not None else step.spot
                yield _problem(
                    script, spot, "the dialogue runs out here: end it with go, listen, hang_up or finish"
                )
                break


def _endless_waits(script: Script, reached: set[Place]) -> Iterator[Problem]:
    """A text that is asked for may not come; without a word about it the dialogue would stand still."""
    for name, number in sorted(reached):
        op = script.steps[name].ops[number]
        if isinstance(op, Wait) and op.kind == "text":
            lacking = [
                field
                for field, step, event in (
                    ("late", op.late, "text_reply_timeout"),
                    ("failed", op.failed, "text_failed"),
                )
                if not step and event not in script.events
            ]
            if lacking:
                message = f"the text may not come: say where to go on, with {' and '.join(f'`{name}`' for name in lacking)}"
                yield _problem(script, script.steps[name].spots[number], message)


def _before_the_end(step: Step, reached: set[Place]) -> Iterator[int | None]:
    """The statements after which the step's end comes, jumps followed back; None for an empty step."""
    ends, seen = [len(step.ops) - 1], set[int]()
    while ends:
        end = ends.pop()
        for number, op in enumerate(step.ops):
            place = (step.name, number)
            if (
                place in reached
                and number not in seen
                and (step.name, end) in [*_onward(op, place), *_answers(op, place)]
            ):
                seen.add(number)
                if isinstance(op, Jump | Branch):
                    ends.append(number)
                else:
                    yield number
    if len(step.ops) == 1:
        yield None


def _ends(op: Op | None) -> bool:
    """Whether the statement hands the conversation over or closes it."""
    if not isinstance(op, Emit):
        return False
    return any(item.get("response_type") in _ENDINGS for items in op.variants for item in items)
