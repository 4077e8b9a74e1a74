"""Scenarios in Python: the fixture `scenario` of the pytest plugin.

    from orchestrator.scenarios.fixture import Scenario

    def test_an_address_by_text(scenario: Scenario) -> None:
        ana, bot = scenario.person("Ana"), scenario.bot
        ana.calls()
        bot.says("Hello, this is Acme.")
        ana.hears({"starts with": "Hello"})
        scenario.expect(state="in_call")

Each call is one line of a scenario, with the words of the format: what it takes and does stands there. It is
performed at once, but what the bot says is checked when somebody else acts, since a line of the bot may follow.
The standard library only is used here: the play runs in a process of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypedDict, Unpack

from orchestrator.scenarios.actors import UNSET, Bot, Network, Operator, Person, Words

Ask = Callable[..., dict[str, Any]]


class Checks(TypedDict, total=False):
    """What may be checked: the keys of `expect`."""

    state: str | Sequence[str]
    call: Literal["none", "ringing", "live"]
    thread: str
    consent: Literal["opted_in", "opted_out"]
    context: Mapping[str, Words]
    timers: Mapping[str, str] | None
    texts: int
    text: Words | Mapping[str, Any]
    said: Words
    bot_was_asked: Words | Mapping[str, Any] | None
    event: str | Mapping[str, str]
    sessions: int
    nothing: bool
    within: str


class ScenarioFailed(Exception):  # noqa: N818 - its name is what pytest prints before the report
    """A line failed, or cannot be; the text is the whole report."""


class Scenario:
    """One play. What it begins with is set before the first line, by `setting`."""

    def __init__(
        self, ask: Ask, name: str, place: tuple[str, int], configuration: str = "", live: str = ""
    ) -> None:
        self._ask = ask
        self._sections: dict[str, Any] = {"scenario": name, "people": {}}
        self._place = place
        self._configuration = configuration
        self._live = live
        self._state: Literal["new", "running", "over"] = "new"
        self.bot = Bot(self.line)
        self.network = Network(self.line)
        self.operator = Operator(self.line)

    def setting(
        self,
        *,
        settings: Mapping[str, Any] | None = None,
        clock: str = "",
        given: Mapping[str, Any] | None = None,
        assistant: str = "",
        never: Sequence[str | Mapping[str, Any]] = (),
        configuration: str = "",
    ) -> None:
        """What the play begins with, and what must never happen: the sections of those names. `configuration`
        is the path of a `tandem.yaml`.
        """
        self._must_be_new()
        given_sections = {
            "settings": settings,
            "clock": clock,
            "given": given,
            "assistant": assistant,
            "never": never,
        }
        self._sections |= {name: value for name, value in given_sections.items() if value}
        self._configuration = configuration or self._configuration

    def person(self, name: str = "Ana", number: str = "") -> Person:
        """Somebody with a phone; without a number one is made up."""
        people: dict[str, str] = self._sections["people"]
        if name not in people or number:
            self._must_be_new()
            people[name] = number or f"+1555010{1000 + len(people)}"
        return Person(self.line, name)

    def wait(self, time: str) -> None:
        """Nobody does anything for that long, such as `90s` or `23h`."""
        self.line("wait", time)

    def wait_until(self, timer: str) -> None:
        """Time goes on to the moment at which `text_reply`, `reminder` or `session` fires."""
        self.line("wait until", timer)

    def clock(self, moment: str) -> None:
        """Time goes on to that moment, such as `2026-03-02 18:00`."""
        self.line("clock", moment)

    def expect(self, *, of: str = "", **checks: Unpack[Checks]) -> None:
        """Check what holds now; the keys are those of `expect`. `timers=None` is no timer, `bot_was_asked=None`
        no question; `of` is whose session it is about.
        """
        self.line(f"expect {of}".strip(), _checks(checks))

    def ends(self, **checks: Unpack[Checks]) -> None:
        """End the play, and check what holds at last: what the bot was asked and nobody answered is closed.
        What nobody mentioned fails it now. Without it the play ends with the test.
        """
        if self._state == "new":
            self._begin()
        file, number = _caller()
        self._take(self._ask(op="end", file=file, line=number, checks=_checks(checks)))

    def line(self, key: str, value: Any = UNSET) -> None:
        """One line, as a file would have it: what stands before the colon, and behind it."""
        if self._state == "new":
            self._begin()
        if self._state == "over":
            raise ScenarioFailed("the play is over: a line of it has failed")
        file, number = _caller()
        taken = {} if value is UNSET else {"value": value}
        self._take(self._ask(op="line", file=file, line=number, key=key, **taken))

    def finish(self) -> str:
        """End the play if nothing has: why it fails, or nothing. The plugin calls it after the test."""
        if self._state != "running":
            return ""
        file, number = self._place
        try:
            self._take(self._ask(op="end", file=file, line=number))
        except ScenarioFailed as failed:
            return str(failed)
        return ""

    def abandon(self) -> None:
        """End the play, whatever comes of it: the test has failed already."""
        if self._state == "running":
            self._state = "over"
            file, number = self._place
            self._ask(op="end", file=file, line=number)

    def _begin(self) -> None:
        file, number = self._place
        served = {"configuration": self._configuration, "live": self._live}
        self._state = "running"
        self._take(self._ask(op="begin", file=file, line=number, sections=self._sections, **served))

    def _take(self, answer: Mapping[str, Any]) -> None:
        """Go on, or raise what the answer tells."""
        if "mistake" in answer:
            raise ScenarioFailed(answer["mistake"])
        if "result" in answer:
            self._state = "over"
            if answer["result"] == "failed":
                raise ScenarioFailed("\n".join(answer["lines"]))

    def _must_be_new(self) -> None:
        if self._state != "new":
            raise ScenarioFailed("the play has begun: people and settings come before the first line")


def _checks(given: Checks) -> dict[str, Any]:
    """The checks as a file has them."""
    nobody = {"timers": "none", "bot_was_asked": "nothing"}
    return {
        name.replace("bot_was_asked", "bot was asked"): nobody.get(name)
        if not value and name in nobody
        else value
        for name, value in given.items()
    }


def _caller() -> tuple[str, int]:
    """File and line of the test that speaks."""
    frame = sys._getframe(1)  # noqa: SLF001 - `inspect` reads every file on the way
    ours = str(Path(__file__).parent)
    while frame.f_code.co_filename.startswith(ours) and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno
