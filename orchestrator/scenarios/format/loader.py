"""Reads a scenario's file: text in, plays and mistakes out. Nothing is raised; one file knows no other."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from config.problems import Place, Problem, Source, render
from config.yaml_text import BadYamlError, Mapping, Node, Scalar, Sequence, compose
from orchestrator.scenarios.format import examples
from orchestrator.scenarios.format.grammar import REQUIRED, SECTIONS
from orchestrator.scenarios.format.kinds import Moment
from orchestrator.scenarios.format.lines import read_last, read_line, read_rule
from orchestrator.scenarios.format.notes import WRONG, Notes, called, is_empty
from orchestrator.scenarios.format.settings import read_settings
from orchestrator.scenarios.format.unknown import RESERVED
from orchestrator.scenarios.format.values import entries, known, read
from orchestrator.scenarios.play import DEFAULT_CLOCK, NOWHERE, Given, Play

LARGEST: Final = 1_048_576  # bytes of a file: ten thousand lines fit

Sections = dict[str, tuple[Scalar, Node]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds: a play for each row of its examples, or one; none if it has mistakes."""

    source: Source
    plays: tuple[Play, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def report(self) -> str:
        """Every mistake as people read it: `FILE:LINE:COLUMN: what`, the line, a caret, what was meant."""
        return "\n\n".join(render(problem, self.source) for problem in self.problems)


def load(path: str | Path) -> Loaded:
    """The scenarios of a file, or its mistakes; a file that cannot be read is one, too."""
    name = str(path)
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            return _refused(name, "is larger than 1 MiB", "a scenario")
        return parse(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError:
        return _refused(name, "is not UTF-8 text", "a file saved as UTF-8")
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "not a path"
        return _refused(name, f"cannot be read: {reason.lower()}", "a readable file")


def parse(text: str, name: str = "play.scenario.yaml") -> Loaded:
    """The scenarios of a text; `name` stands in places and reports."""
    source = Source(name, text.removeprefix("\ufeff"))
    notes = Notes(source)
    try:
        root = compose(source.text)
    except BadYamlError as bad:
        return Loaded(source, (), (bad.problem,))
    plays = _plays(notes, root)
    problems = sorted(notes.problems, key=lambda problem: problem.place)
    return Loaded(source, () if problems else plays, tuple(problems))


def _plays(notes: Notes, root: Node | None) -> tuple[Play, ...]:
    if root is None:
        notes.wrong(Place(), "the file is empty", "a scenario: name")
        return ()
    sections = entries(notes, root, "a scenario: name, and its steps")
    if sections is None:
        return ()
    for key, _ in sections.values():
        known(notes, key, SECTIONS, "section")
    for name in REQUIRED:
        if name not in sections:
            notes.wrong(root.place, f"`{name}` is missing", f"{name}: {SECTIONS[name][1]}")
    if "examples" not in sections:
        return (read_play(notes, root.place, sections),)
    table = examples.rows(notes, sections.pop("examples")[1])
    for key, value in sections.values() if table else ():
        if key.text != "people":
            examples.misspelt(notes, value, table[0])
    return tuple(
        read_play(
            notes,
            root.place,
            {name: (key, examples.filled(value, row)) for name, (key, value) in sections.items()},
            examples.label(row, table),
        )
        for row in table
    )


def read_play(notes: Notes, place: Place, sections: Sections, example: str = "") -> Play:
    """One play of the sections, each with its key; where there are mistakes it is not to be used."""
    own = {
        name: read(notes, shape, sections[name][1])
        for name, (shape, _) in SECTIONS.items()
        if name in sections and not isinstance(shape, str)
    }
    values: dict[str, Any] = {name: value for name, value in own.items() if value is not WRONG}
    notes.people = _people(notes, sections, values.get("people", {}))
    moment: Moment | None = values.get("clock")
    zone = (moment.zone if moment else "") or "UTC"
    steps = [read_line(notes, node, zone) for node in _items(notes, sections, "steps")]
    rules = [read_rule(notes, node) for node in _items(notes, sections, "never")]
    return Play(
        name=values.get("scenario", ""),
        steps=tuple(line for line in steps if line),
        people=values.get("people", {}),
        about=values.get("about", ""),
        tags=values.get("tags", ()),
        assistant=values.get("assistant", ""),
        clock=moment.seconds(zone) if moment else DEFAULT_CLOCK,
        zone=zone,
        settings=read_settings(notes, sections["settings"][1]) if "settings" in sections else {},
        given=_given(notes, sections, values.get("given", {})),
        finally_=read_last(notes, sections["finally"][1], zone) if "finally" in sections else (),
        never=tuple(rule for rule in rules if rule),
        example=example,
        skip=values.get("skip", ""),
        expected_to_fail=values.get("expected to fail", ""),
        place=notes.at(place),
        assistant_place=notes.at(sections["assistant"][1].place) if "assistant" in sections else NOWHERE,
    )


def _people(notes: Notes, sections: Sections, read_people: Dict[str, str]) -> tuple[str, ...]:
    """Everybody's name, also of those whose number is wrong; none may begin as other lines do."""
    node = sections["people"][1] if "people" in sections else None
    keys = [key for key, _ in node.entries] if isinstance(node, Mapping) else []
    for key in keys:
        first = key.text.split()[0].lower() if key.text.split() else ""
        if first in RESERVED:
            notes.wrong(key.place, f"nobody can be called {first!r}: lines begin so", "another name")
    return tuple(key.text for key in keys) or tuple(read_people)


def _items(notes: Notes, sections: Sections, name: str) -> tuple[Node, ...]:
    """The lines of a section."""
    if name not in sections:
        return ()
    key, node = sections[name]
    if isinstance(node, Sequence) and node.items:
        return node.items
    place = key.place if is_empty(node) else node.place
    fault = "is an empty list" if isinstance(node, Sequence) else f"is {called(node)}, not a list"
    notes.wrong(place, fault, "a line each, with a dash")
    return ()


def _given(notes: Notes, sections: Sections, values: Dict[str, Any]) -> Given:
    if "given" not in sections:
        return Given()
    place = notes.at(sections["given"][0].place)
    return Given(
        values.get("context", {}), values.get("consent", "opted_in"), values.get("session", ""), place
    )


def _refused(name: str, message: str, expected: str) -> Loaded:
    problem = Problem(place=Place(), path="", message=message, expected=expected)
    return Loaded(Source(name, ""), (), (problem,))
