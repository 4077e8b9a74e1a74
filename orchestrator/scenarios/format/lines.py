"""From the lines of `steps`, `finally` and `never` to what they say."""

from __future__ import annotations

import re
from typing import Any, Final

from config.kinds import closest
from config.problems import Place
from config.yaml_text import Mapping, Node, Scalar
from orchestrator.scenarios.format.grammar import CHECKS, EXPECT, RULES, VERBS, Never, Verb
from orchestrator.scenarios.format.kinds import Moment
from orchestrator.scenarios.format.notes import WRONG, Notes, called, inside, is_empty
from orchestrator.scenarios.format.shapes import Fields, Maybe, Nothing
from orchestrator.scenarios.format.unknown import FIXED, OF_PEOPLE, subject, tell_unknown
from orchestrator.scenarios.format.values import read
from orchestrator.scenarios.play import Line, Rule

CHECKING: Final = ("hears", "receives", "hears nothing", "receives nothing")
"""The verbs of people that check."""
_EXPECTATION: Final = Fields(CHECKS)
_MANY: Final = re.compile(r"more than ([1-9][0-9]{0,3}) texts? in")


def read_line(notes: Notes, node: Node, zone: str) -> Line | None:
    """One line of `steps`; None, and a mistake, when it is none."""
    parts = _parts(notes, node, "Who verb: words")
    if parts is None:
        return None
    key, value = parts
    if key.text == EXPECT or key.text.startswith(f"{EXPECT} "):
        return _expectation(notes, key, value)
    verb, who = _verb(notes, key)
    if verb is None:
        return None
    meaning = _value(notes, verb, key, value)
    if isinstance(meaning, Moment):
        meaning = meaning.seconds(zone)
    return None if meaning is WRONG else _line(notes, verb, key, value, meaning, who)


def read_last(notes: Notes, node: Node, zone: str) -> tuple[Line, ...]:
    """`finally`: what `expect` takes, or a list of lines that check."""
    if not isinstance(node, Mapping) and not (isinstance(node, Scalar) and not is_empty(node)):
        items = getattr(node, "items", ())
        lines = [line for item in items if (line := read_line(notes, item, zone))]
        if not items:
            notes.wrong(
                node.place, f"is {called(node)}", "what `expect` takes, or a list of lines that check"
            )
        for line in lines:
            if line.kind != "check" and line.verb not in CHECKING:
                place = Place(line.place.line, line.place.column, line.place.line, line.place.column)
                notes.wrong(place, "this line acts, it checks nothing", f"{EXPECT}, or {', '.join(CHECKING)}")
        return tuple(lines)
    line = _checked(notes, node, node.place, "")
    return (line,) if line else ()


def read_rule(notes: Notes, node: Node) -> Rule | None:
    """One line of `never`; None, and a mistake, when it is none."""
    parts = _parts(notes, node, "what must not happen")
    if parts is None:
        return None
    key, value = parts
    many = _MANY.fullmatch(key.text)
    rule = next((rule for rule in RULES if rule.phrase == key.text or (many and "N" in rule.phrase)), None)
    if rule is None or (not many and "N" in rule.phrase):
        phrases = [rule.phrase for rule in RULES]
        notes.wrong(
            key.place,
            f"no rule is called `{key.text}`",
            f"one of: {'; '.join(phrases)}",
            closest(key.text, phrases),
        )
        return None
    meaning = _ruled(notes, rule, key, value)
    if meaning is WRONG:
        return None
    meaning = (int(many[1]), meaning) if many else meaning
    return Rule(rule.kind, meaning, notes.at(key.place), notes.line(key.place))


def _ruled(notes: Notes, rule: Never, key: Scalar, value: Node | None) -> Any:
    if value is None:
        return None if isinstance(rule.shape, Nothing) else _lacking(notes, key, rule.example)
    return read(notes, rule.shape, value)


def _parts(notes: Notes, node: Node, what: str) -> tuple[Scalar, Node | None] | None:
    """What stands before the colon, and behind it."""
    if isinstance(node, Scalar) and not is_empty(node):
        return node, None
    if isinstance(node, Mapping) and node.entries:
        if len(node.entries) == 1:
            return node.entries[0]
        place = node.entries[1][0].place
        notes.wrong(place, "a second thing in one line", "a line of its own, with a dash")
        return None
    notes.wrong(node.place, f"is {called(node)}, not a line", what)
    return None


def _verb(notes: Notes, key: Scalar) -> tuple[Verb | None, str]:
    """The verb, and the person before it."""
    if key.text in FIXED:
        return FIXED[key.text], ""
    who = subject(key.text, notes.people)
    rest = key.text[len(who) :].strip()
    if who in notes.people and rest in OF_PEOPLE:
        return OF_PEOPLE[rest], who
    tell_unknown(notes, key, who)
    return None, ""


def _value(notes: Notes, verb: Verb, key: Scalar, value: Node | None) -> Any:
    if value is None or (is_empty(value) and not isinstance(verb.shape, Nothing)):
        if isinstance(verb.shape, Nothing | Maybe):
            return None
        return _lacking(notes, key, verb.example)
    if isinstance(verb.shape, Nothing) and not is_empty(value):
        return notes.wrong(value.place, "takes no words", f"{key.text}, and nothing behind it", _taking(verb))
    return read(notes, verb.shape, value)


def _lacking(notes: Notes, key: Scalar, example: str) -> Any:
    return notes.wrong(key.place, "what it takes is missing", f"as in: {example}")


def _taking(verb: Verb) -> str:
    """The verb of the same subject that does take words: `says` for one that `calls`, and so on."""
    alike = [
        other.phrase for other in VERBS if other.kind == verb.kind and not isinstance(other.shape, Nothing)
    ]
    return closest(verb.phrase, alike)


def _line(notes: Notes, verb: Verb, key: Scalar, value: Node | None, meaning: Any, who: str) -> Line:
    return Line(
        verb.kind,
        verb.phrase,
        meaning,
        who,
        notes.at(key.place),
        _places(notes, value),
        notes.line(key.place),
    )


def _expectation(notes: Notes, key: Scalar, value: Node | None) -> Line | None:
    who = key.text.removeprefix(EXPECT).strip()
    if who and who not in notes.people:
        place = inside(key, len(key.text) - len(who), len(who))
        names = ", ".join(notes.people)
        notes.wrong(place, f"{who} is not in `people`", f"one of: {names}", closest(who, notes.people))
    if value is None or is_empty(value):
        _lacking(notes, key, "expect: {state: in_call}")
        return None
    return _checked(notes, value, key.place, who)


def _checked(notes: Notes, node: Node, place: Place, who: str) -> Line | None:
    """A mapping of checks; the bare word `nothing` is one, too."""
    if isinstance(node, Scalar) and node.text == "nothing":
        values: Any = {"nothing": True}
    else:
        values = read(notes, _EXPECTATION, node)
    if values is WRONG:
        return None
    if set(values) == {"within"}:
        notes.wrong(node.place, "`within` alone checks nothing", "what becomes true in that time")
        return None
    return Line("check", EXPECT, values, who, notes.at(place), _places(notes, node), notes.line(place))


def _places(notes: Notes, node: Node | None) -> dict[str, Any]:
    found = node.entries if isinstance(node, Mapping) else ()
    return {key.text: notes.at(key.place) for key, _ in found}
