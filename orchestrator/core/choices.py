"""Numbered choices: how they are written, how they are spoken, and which one the customer means.

Number words are English. A doubtful answer is no choice: `choose` gives None and the assistant sees
the words themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from orchestrator.core import markup
from orchestrator.core.items import Choice, Options

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
_NUMBERS = {word: place for place, word in enumerate(_ONES.split(), 1)} | {
    "to": 2,
    "too": 2,
    "for": 4,
    "won": 1,
}
_PLACES = {word: place for place, word in enumerate(_ORDINALS.split(), 1)} | {"last": -1, "final": -1}
_FILLER = "a an and the i id ill im want would like to take choose pick say press have need lets go with please thanks thank you um uh er hm well ok okay so just my its it is option number choice answer nr key entry give me"
_FILLERS = frozenset(_FILLER.split())
_NEGATIONS = frozenset({"no", "not", "never", "dont", "without", "except", "neither", "nor"})


def as_text(options: Options, prefix: str = "%s. ") -> str:
    """Title, description, and a line for each choice; `%s` in `prefix` is its number."""
    head = [markup.as_text(part) for part in (options.title, options.description)]
    lines = [prefix.replace("%s", str(n)) + markup.as_text(c.label) for n, c in enumerate(options.choices, 1)]
    return "\n".join([*filter(None, head), *lines])


def as_speech(options: Options, prefix: str = "") -> str:
    """Title and description, then one sentence that gives each choice its number; with a `prefix`, in
    which `%s` is the number, a sentence for each choice.
    """
    head = [_sentence(markup.as_speech(part)) for part in (options.title, options.description)]
    if prefix:
        said = [
            _sentence(prefix.replace("%s", str(n)) + markup.as_speech(c.label))
            for n, c in enumerate(options.choices, 1)
        ]
        return " ".join([*filter(None, head), *said])
    offers = [f"{n} for {markup.as_speech(c.label).rstrip('.')}" for n, c in enumerate(options.choices, 1)]
    return " ".join([*filter(None, head), f"Press or say {_listed(offers)}."])


def choose(said: str, choices: Sequence[Choice | tuple[str, str]], *, digits: bool) -> str | None:
    """The value of the choice that `said` means, or None.

    `digits` is true for pressed keys: then the number counts before a label that looks like one.
    """
    pairs = [pair if isinstance(pair, tuple) else (pair.label, pair.value) for pair in choices]
    found = _pressed(said, pairs) if digits else _worded(said, choices)
    if found is None and not digits:
        found = _spoken(said, pairs)
    return None if found is None else pairs[found][1]


def _sentence(words: str) -> str:
    return words if not words or words[-1] in ".!?:\u2026" else f"{words}."


def _listed(offers: Sequence[str]) -> str:
    if len(offers) < 3:
        return " or ".join(offers)
    return f"{', '.join(offers[:-1])}, or {offers[-1]}"


def _pressed(said: str, pairs: Sequence[tuple[str, str]]) -> int | None:
    keys = "".join(said.split()).strip("#*")
    found = _index(int(keys), len(pairs)) if _is_number(keys) else None
    return _only(n for n, (label, _) in enumerate(pairs) if label.strip() == keys) if found is None else found


def _worded(said: str, choices: Sequence[Choice | tuple[str, str]]) -> int | None:
    """The choice whose own word was said, and nothing else but filler."""
    words = words_of(said)
    own = [words_of(choice.word) if isinstance(choice, Choice) else [] for choice in choices]
    return _only(n for n, word in enumerate(own) if word and word in (words, _meant(words)))


def _spoken(said: str, pairs: Sequence[tuple[str, str]]) -> int | None:
    """The first reading that gives one choice: the label itself, a number, part of a label, nearly one."""
    words = words_of(said)
    labels = [words_of(markup.as_text(label)) for label, _ in pairs]
    readings: tuple[Callable[[], int | None], ...] = (
        lambda: _exact(words, pairs, labels),
        lambda: _numbered(words, len(pairs)),
        lambda: _contained(words, labels),
        lambda: _near(words, labels),
    )
    return next((found for reading in readings if (found := reading()) is not None), None)


def _exact(words: list[str], pairs: Sequence[tuple[str, str]], labels: list[list[str]]) -> int | None:
    for spelling in (words, _meant(words), [w for w in words if w not in {"please", "thanks"}]):
        for known in (labels, [words_of(value) for _, value in pairs]):
            found = _only(n for n, label in enumerate(known) if label and label == spelling)
            if found is not None:
                return found
    return None


def _numbered(words: list[str], size: int) -> int | None:
    """A number or an ordinal and nothing else but filler: `option 2`, `the second one`, `the last`."""
    if len(words) == 2 and words[0] == "no" and _is_number(words[1]):
        words = words[1:]
    core = words if len(words) == 1 else [w for w in words if w in _NUMBERS or w not in _FILLERS]
    core = [w for w in core if len(core) == 1 or w not in {"to", "too", "for", "won"}]
    if len(core) == 2 and core[1] in {"one", "option", "choice"} and _place(core[0]) is not None:
        core = core[:1]
    if len(core) != 1:
        return None
    place = _place(core[0])
    number = _NUMBERS.get(core[0]) or (int(core[0]) if _is_number(core[0]) else None)
    if place is None and number is None:
        return None
    return size - 1 if place == -1 else _index(place or number or 0, size)


def _place(word: str) -> int | None:
    counted = re.fullmatch(r"(\d{1,3})(?:st|nd|rd|th)", word)
    return int(counted[1]) if counted else _PLACES.get(word)


def _contained(words: list[str], labels: list[list[str]]) -> int | None:
    """A label within the words, the longest of nested ones; or words that only one label has."""
    if _NEGATIONS & set(words):
        return None
    inside = [n for n, label in enumerate(labels) if _holds(words, label)]
    if inside:
        longest = max(inside, key=lambda n: len(labels[n]))
        nested = all(_holds(labels[longest], labels[n]) for n in inside)
        return longest if nested and sum(labels[n] == labels[longest] for n in inside) == 1 else None
    meant = set(_meant(words) or [word for word in words if len(word) == 1])
    return _only(n for n, label in enumerate(labels) if meant and meant <= set(label))


def _near(words: list[str], labels: list[list[str]]) -> int | None:
    """A slip of the finger or the ear: one letter in a label of four to seven, two in a longer one."""
    if _NEGATIONS & set(words):
        return None
    close = set()
    for spelling in {" ".join(words), " ".join(_meant(words))}:
        for n, label in enumerate(labels):
            wanted = " ".join(label)
            allowed = 0 if len(wanted) < 4 else 1 if len(wanted) < 8 else 2
            if (
                allowed
                and abs(len(spelling) - len(wanted)) <= allowed
                and _distance(spelling, wanted) <= allowed
            ):
                close.add(n)
    return _only(close)


def words_of(text: str) -> list[str]:
    """Words without case, accents and punctuation; `&` is `and`."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'\u2019")
    return "".join(c if c.isalnum() else " " for c in plain).split()


def _meant(words: list[str]) -> list[str]:
    return [word for word in words if word not in _FILLERS]


def _holds(words: list[str], part: list[str]) -> bool:
    return bool(part) and any(words[n : n + len(part)] == part for n in range(len(words) - len(part) + 1))


def _only(found: Iterable[int]) -> int | None:
    several = list(found)
    return several[0] if len(several) == 1 else None


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,3}", text))


def _index(number: int, size: int) -> int | None:
    return number - 1 if 1 <= number <= size else None


def _distance(one: str, other: str) -> int:
    """Letters to change, add, leave out or swap with a neighbour, from one word to the other."""
    older: list[int] = []
    above = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        older, above = above, row
    return above[-1]
