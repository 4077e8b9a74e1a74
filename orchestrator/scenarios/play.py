"""A scenario as data: what the files say, read and checked, with the place that each line stands at.

`format` makes these, `stage` performs them. Durations and moments are seconds, numbers of people are
E.164 or `anonymous`, and `<names>` of an `examples` table have been put in: a table makes one `Play` for each of its rows.

A `Line` is one thing that happens, or is checked. `kind` says whose it is, `verb` is the grammar's own
wording without the subject, and `value` is what it takes:

| kind       | verb                                                  | value |
|------------|-------------------------------------------------------|-------|
| `person`   | `calls` `stays silent` `hangs up` `answers` `does not answer` `is busy` `hears nothing` `receives nothing` | None |
|            | `says` `presses` `texts`                              | str |
|            | `lets a machine answer`                               | None |
|            | `sends a picture`                                     | str (words, or the picture's address), or None |
|            | `hears` `receives`                                    | `Words` |
| `bot`      | `says` `texts`                                        | `Words` |
|            | `calls` `stays silent` `switches to voice`            | None |
|            | `hangs up`                                            | str said first, or None |
|            | `transfers to`                                        | str: a number or `sip:` address |
|            | `asks for a text`                                     | mapping: `say` `text` `keep as` `pattern` `on mismatch` str, `within` seconds, `reminder` mapping of `after` seconds and `say` |
|            | `switches to sms`                                     | mapping: `text` `say` str, `keep call` bool |
|            | `remembers`                                           | mapping of context; None deletes a key |
|            | `answers`                                             | mapping: an item as assistants give it |
|            | `takes`                                               | seconds |
|            | `fails`                                               | int: an HTTP status |
| `network`  | `call drops` `text is delivered` `webhook repeats` `webhooks swap` `worker dies` `answer gets lost` | None |
|            | `text fails` `text is refused`                        | int: a carrier's error code |
|            | `webhook arrives late` `redis is down` `carrier is down` | seconds |
| `operator` | `texts`                                               | str |
|            | `ends the session` `takes over` `hands back` `opts out` `opts in` | None |
| `time`     | `wait`                                                | seconds |
|            | `wait until`                                          | str: the timer that fires |
|            | `clock`                                               | Unix seconds |
| `check`    | `expect`                                              | mapping, see below |

What `expect` holds, each key only where the file has it:

| key | value |
|-----|-------|
| `state`                                     | tuple of str: any of them |
| `call` `thread` `consent`                   | str |
| `context`                                   | mapping of `Words`, or `Match("absent")`, `Match("present")` |
| `timers`                                    | mapping of seconds left; empty for `none` |
| `texts` `sessions`                          | int |
| `text`                                      | mapping: `to` (a name or number) `encoding` `status` str, `words` `Words`, `segments` int |
| `said`                                      | `Words` |
| `bot was asked`                             | mapping: `by` (`voice` `text` `event`) str, `words` `Words`; None for `nothing` |
| `event`                                     | mapping: `name` `reason` str |
| `nothing`                                   | True |
| `within`                                    | seconds: the rest may become true in that time |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

DEFAULT_CLOCK = 1_772_442_000.0
"""When a play begins that names no `clock`: 2026-03-02 09:00 UTC, a Monday."""

LineKind = Literal["person", "bot", "network", "operator", "time", "check"]
MatchKind = Literal["is", "contains", "starts with", "matches", "one of", "about", "absent", "present"]
RuleKind = Literal[
    "a text contains",
    "a text is longer than",
    "a text is sent to",
    "a text is sent between",
    "something is said containing",
    "state",
    "two calls are live",
    "the bot is asked anything",
    "a session is lost",
    "more texts than",
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file; line and column count from 1, 0 where there is no file."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """As compilers write it."""
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Place()
"""The place of what stands in no file."""


@dataclass(frozen=True, slots=True)
class Match:
    """What words must be like. `one of` takes the words in `values`; `absent` and `present` take none.
    `matches` takes the pattern without its slashes.
    """

    kind: MatchKind
    value: str = ""
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As a reader would say it."""
        if self.kind == "is":
            return f'"{self.value}"'
        if self.kind == "matches":
            return f"matches /{self.value}/"
        if self.kind == "one of":
            return "one of " + ", ".join(f'"{value}"' for value in self.values)
        return f'{self.kind} "{self.value}"' if self.value else self.kind


Words = str | Match
"""Words that are given, or the words that something must be (`str`: exactly these)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a play. `who` is a person's name in lines of kind `person`, and in `expect Bea: ...`.

    `places` are those of the value's own keys, `source` is the line as it was written.
    """

    kind: LineKind
    verb: str
    value: Any = None
    who: str = ""
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom `a text is sent to` names: people or numbers; `all_but` them, or just them."""

    names: tuple[str, ...]
    all_but: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of `never`.

    | kind                                              | value |
    |---------------------------------------------------|-------|
    | `a text contains` `something is said containing`  | `Words`; a str is any part |
    | `a text is longer than`                           | int: segments |
    | `a text is sent to`                               | `Recipients` |
    | `a text is sent between`                          | (int, int): minutes of the day from and to, over midnight if the end lies before |
    | `state`                                           | tuple of str |
    | `more texts than`                                 | (int, seconds) |
    | the others                                        | None |
    """

    kind: RuleKind
    value: Any = None
    place: Place = NOWHERE
    source: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One override of the configuration: the text, list or mapping as written, and where."""

    value: Any
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Given:
    """How things stand before the first line: of every person unless `session` names one.

    `context` is what the first session starts with, `consent` what every person has said. `session` is the
    state that a session of the first person is in: `text_only`, opened by us, or empty for none.
    """

    context: Mapping[str, Any] = field(default_factory=dict)
    consent: Literal["opted_in", "opted_out"] = "opted_in"
    session: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Play:
    """A scenario. `assistant` is empty for the first of the configuration; `zone` is an IANA name;
    `example` tells the rows of a table apart, such as `city=Rome`. `skip` and `expected_to_fail` hold
    their reasons.
    """

    name: str
    steps: tuple[Line, ...]
    people: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    tags: tuple[str, ...] = ()
    assistant: str = ""
    clock: float = DEFAULT_CLOCK
    zone: str = "UTC"
    settings: Mapping[str, Setting] = field(default_factory=dict)
    given: Given = Given()
    finally_: tuple[Line, ...] = ()
    never: tuple[Rule, ...] = ()
    example: str = ""
    skip: str = ""
    expected_to_fail: str = ""
    place: Place = NOWHERE
    assistant_place: Place = NOWHERE
    """Where `assistant` is named, if it is."""
