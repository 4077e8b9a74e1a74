"""Whose a line is, and what to say of one that nothing fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from config.kinds import closest
from config.yaml_text import Scalar
from orchestrator.scenarios.format.grammar import EXPECT, SUBJECTS, VERBS, Verb, phrase
from orchestrator.scenarios.format.notes import Notes, inside

FIXED: Final[Mapping[str, Verb]] = {phrase(verb): verb for verb in VERBS if verb.kind != "person"}
"""The lines whose subject is always the same, by all that stands before the colon."""
OF_PEOPLE: Final[Mapping[str, Verb]] = {verb.phrase: verb for verb in VERBS if verb.kind == "person"}
RESERVED: Final = frozenset(name.split()[0] for name in (*FIXED, EXPECT))
"""What a person cannot be called, since lines begin so."""


def subject(text: str, people: Iterable[str]) -> str:
    """Who a line is about: a person, the longest name that fits, or `bot` or `operator`; else nothing."""
    known = sorted((*people, *SUBJECTS.values()), key=len, reverse=True)
    return next((name for name in known if text == name or text.startswith(f"{name} ")), "")


def tell_unknown(notes: Notes, key: Scalar, who: str) -> None:
    """Note what is wrong with a line that nothing fits; `who` is its subject, or nothing."""
    text, people = key.text, tuple(notes.people)
    before = text.partition(":")[0]
    if before != text and (before in FIXED or subject(before, people)):
        notes.wrong(
            key.place, "the colon is part of the text", "a blank after it; quotes around the words only"
        )
    elif who:
        _tell_verb(notes, key, who)
    elif verb := next((verb for verb in _LONGEST_FIRST if text.endswith(f" {verb}")), ""):
        name = text[: -len(verb)].strip()
        expected = f"one of: {', '.join(people) or 'nobody yet'}"
        meant = closest(name, (*people, *SUBJECTS.values()))
        notes.wrong(inside(key, 0, len(name)), f"{name} is not in `people`", expected, meant)
    else:
        everything = [*FIXED, EXPECT, *(f"{name} {verb}" for name in people for verb in OF_PEOPLE)]
        expected = "a person, bot or operator and what they do"
        notes.wrong(key.place, f"`{text}` is not a line of a scenario", expected, _meant(text, everything))


def _tell_verb(notes: Notes, key: Scalar, who: str) -> None:
    """Note that somebody known does something unknown."""
    verbs = [verb.phrase for verb in VERBS if SUBJECTS.get(verb.kind) == who] or list(OF_PEOPLE)
    person = f"the {who}" if who in SUBJECTS.values() else who
    rest = key.text[len(who) :].strip()
    expected = f"one of: {', '.join(verbs)}"
    if rest:
        place = inside(key, len(key.text) - len(rest), len(rest))
        notes.wrong(place, f"`{rest}` is nothing that {person} does", expected, _meant(rest, verbs))
    else:
        notes.wrong(key.place, f"what {person} does is missing", expected)


def _meant(written: str, known: Iterable[str]) -> str:
    """The phrase that was meant: the nearest, or the one that begins with the same word."""
    several = list(known)
    first = written.split(maxsplit=1)[0] if written.split() else ""
    alike = [each for each in several if first and each.split()[0] == first]
    return closest(written, several) or (alike[0] if len(alike) == 1 else "") or closest(first, several)


_LONGEST_FIRST: Final = sorted(OF_PEOPLE, key=len, reverse=True)
