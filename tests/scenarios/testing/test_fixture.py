"""Scenarios in Python have every word of the format."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.scenarios.actors import UNSET, Actor, Bot, Network, Operator, Person
from orchestrator.scenarios.fixture import Checks, Scenario, ScenarioFailed
from orchestrator.scenarios.format.grammar import CHECKS, VERBS, Verb, phrase

OF: dict[str, Any] = {"bot": Bot, "network": Network, "operator": Operator}


class Lines:
    """Takes lines; gives `answer` to every question."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.answer: dict[str, Any] = {"ready": True}

    def line(self, key: str, value: Any = UNSET) -> None:
        """Keep a line."""
        self.taken.append((key, value))

    def ask(self, **question: Any) -> dict[str, Any]:
        """Keep a question."""
        self.asked.append(question)
        return self.answer


@pytest.fixture
def lines() -> Lines:
    """Nothing said so far."""
    return Lines()


@pytest.fixture
def played(lines: Lines) -> Scenario:
    """A play whose lines are only kept."""
    return Scenario(lines.ask, "test", (__file__, 1))


@pytest.mark.parametrize(
    "verb", [verb for verb in VERBS if verb.kind != "time"], ids=lambda verb: verb.phrase
)
def test_every_verb_is_a_method(verb: Verb, lines: Lines) -> None:
    """Each verb of the format is a method of who does it, and gives the line that the format has."""
    actor: Actor = Person(lines.line, "Ana") if verb.kind == "person" else OF[verb.kind](lines.line)
    method = getattr(actor, verb.phrase.replace(" ", "_"))
    needs = method.__code__.co_argcount - 1 - len(method.__defaults__ or ())
    method(*["x"] * needs)
    assert lines.taken[0][0] == phrase(verb, "Ana" if verb.kind == "person" else "")


def test_every_check_is_a_keyword() -> None:
    """Each key of `expect` may be given by name."""
    assert {
        name.replace("_", " ") if name == "bot_was_asked" else name for name in Checks.__annotations__
    } == set(CHECKS)


def test_time_is_told(played: Scenario, lines: Lines) -> None:
    """The verbs of time are methods of the play."""
    played.wait("5s")
    played.wait_until("session")
    played.clock("2026-03-02 18:00")
    assert [(each["key"], each["value"]) for each in lines.asked[1:]] == [
        ("wait", "5s"),
        ("wait until", "session"),
        ("clock", "2026-03-02 18:00"),
    ]


def test_lines_know_where_they_stand(played: Scenario, lines: Lines) -> None:
    """A line tells the file and line of the test that says it."""
    played.person("Ana").calls()
    asked = lines.asked[-1]
    assert asked["file"] == __file__
    with open(__file__, encoding="utf-8") as file:  # noqa: PTH123 - one line of this file
        assert file.readlines()[asked["line"] - 1].strip() == 'played.person("Ana").calls()'


def test_nobody_is_none(played: Scenario, lines: Lines) -> None:
    """None as timers or question is what the format calls `none` and `nothing`."""
    played.expect(timers=None, bot_was_asked=None, of="Ana")
    assert (lines.asked[-1]["key"], lines.asked[-1]["value"]) == (
        "expect Ana",
        {"timers": "none", "bot was asked": "nothing"},
    )


def test_what_a_play_begins_with_comes_first(played: Scenario, lines: Lines) -> None:
    """People and settings go with the beginning, and cannot come after a line."""
    played.setting(settings={"messaging.text_reply_timeout": "2m"}, clock="2026-03-02 18:00")
    played.person("Ana", "+15550101234")
    played.person("Bea")
    played.person("Ana").calls()
    assert lines.asked[0]["sections"] == {
        "scenario": "test",
        "people": {"Ana": "+15550101234", "Bea": "+15550101001"},
        "settings": {"messaging.text_reply_timeout": "2m"},
        "clock": "2026-03-02 18:00",
    }
    with pytest.raises(ScenarioFailed, match="has begun"):
        played.person("Cy")
    with pytest.raises(ScenarioFailed, match="has begun"):
        played.setting(clock="2026-03-02 19:00")


def test_nothing_follows_the_end(played: Scenario, lines: Lines) -> None:
    """A play that has failed or ended takes no further line, and is not ended twice."""
    played.wait("1s")
    lines.answer = {"result": "passed", "lines": []}
    played.ends(state="ended")
    assert played.finish() == ""
    with pytest.raises(ScenarioFailed, match="over"):
        played.wait("1s")
