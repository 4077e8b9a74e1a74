"""What is told of a run, in each form."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

from orchestrator.scenarios.testing.covering import all_rows, covered
from orchestrator.scenarios.testing.record import merged
from orchestrator.scenarios.testing.report.junit import junit
from orchestrator.scenarios.testing.report.page import page
from orchestrator.scenarios.testing.report.terminal import Terminal, length
from orchestrator.scenarios.testing.serving import Broken
from tests.scenarios.testing.records import COVERAGE, RUN, TROUBLE, a_record

BROKEN = Broken("c.scenario.yaml", "c.scenario.yaml:2:1: unknown section `tag`\n    2 | tag: x", 2, 1)


def told(*, colour: bool = False) -> list[str]:
    """The terminal's lines of the run."""
    shown = Terminal(colour=colour)
    return [line for record in RUN for line in shown.told(record)]


def test_the_terminal_names_files_and_results() -> None:
    """Each file stands once, then its scenarios with their results, reasons and times."""
    lines = [line for line in told() if not line.startswith("        ")]
    assert lines == [
        "a.scenario.yaml",
        "  ok    One  50 ms, 1m30s played",
        "  FAIL  Two  50 ms, 1m30s played",
        "b.scenario.yaml",
        "  skip  Three (later)  ",
        "  xfail Four (not built)  50 ms, 1m30s played",
    ]


def test_the_terminal_shows_a_failure_whole() -> None:
    """A failure has place, line, caret, what was expected and got, and what happened last at its time of day."""
    lines = [line[8:] for line in told() if line.startswith("        ")]
    assert lines == [
        "a.scenario.yaml:6:5: Ana hears something else",
        "    6 | Ana hears: Hullo",
        "      |     ^",
        'expected: "Hullo <b>"',
        '     got: "Hello."',
        "what happened last:",
        "  09:00:00  Ana calls \N{REPLACEMENT CHARACTER}[2J",
    ]


def test_words_of_a_play_do_not_steer_the_terminal() -> None:
    """Only our own colours reach a terminal, and none where it has no colours."""
    assert not any("\x1b" in line for line in told())
    assert not any("\x1b[2J" in line for line in told(colour=True))
    assert any("\x1b[32m" in line for line in told(colour=True))


def test_the_summary_counts() -> None:
    """The last line counts every result, and the files with mistakes."""
    summary = Terminal(colour=False).summary(RUN, [BROKEN], 1.25)
    assert summary == (
        "4 scenarios: 1 passed, 1 failed, 1 skipped, 1 expected failure, 1 with mistakes in 1.2 s (6m played)"
    )
    assert Terminal(colour=False).summary(RUN[:1], [], 0.5) == "1 scenario: 1 passed in 0.5 s (1m30s played)"


def test_lengths_of_time() -> None:
    """Lengths have at most two units."""
    assert [length(each) for each in (0.4, 59, 60, 90, 3600, 82_800, 90_000)] == [
        "0s",
        "59s",
        "1m",
        "1m30s",
        "1h",
        "23h",
        "1d1h",
    ]  # fmt: skip - one by one


def test_junit_counts_and_explains() -> None:
    """JUnit's XML has a suite a file, failures with their report, reasons of skips, and broken files as errors."""
    root = ET.fromstring(junit(RUN, [BROKEN], 1.0))  # noqa: S314 - our own
    assert {name: root.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "5",
        "failures": "1",
        "errors": "1",
    }  # fmt: skip - one line
    assert [suite.get("name") for suite in root] == ["a.scenario.yaml", "b.scenario.yaml", "c.scenario.yaml"]
    failure = root.find(".//failure")
    assert failure is not None
    assert failure.get("message") == f'{TROUBLE.head}: expected "Hullo <b>", got "Hello."'
    assert 'got: "Hello."' in str(failure.text)
    assert [skip.get("message") for skip in root.iter("skipped")] == ["later", "not built"]
    error = root.find(".//error")
    assert error is not None
    assert "unknown section" in str(error.get("message"))


class Page(HTMLParser):
    """What a page holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note words."""
        self.words += data


def test_the_page_needs_nothing_else() -> None:
    """The page fetches nothing, runs nothing, and shows the words of a play as words."""
    text = page(RUN, [BROKEN], covered(merged(RUN)), 1.0)
    found = Page(text)
    assert {tag for tag, _ in found.tags}.isdisjoint({"script", "link", "img", "iframe", "b>"})
    assert not [value for _, given in found.tags for name, value in given.items() if name in {"src", "href"}]
    assert 'Ana hears "<b>"' in found.words
    assert "unknown section `tag`" in found.words
    assert "2 of 5 need a look" in found.words


def test_the_page_draws_what_was_taken() -> None:
    """Each machine is drawn; a state and an arrow that was met look otherwise than those that never were."""
    text = page(RUN, [], covered(merged(RUN)), 1.0)
    assert text.count("<svg") == 3
    assert '<g class="met"><title>listening: 8 times</title>' in text
    assert '<g class="missed"><title>transferring: never</title>' in text
    assert "CallStarted [is_inbound]: 4 times" in text


def test_coverage_counts_states_and_rows() -> None:
    """The percentage is of words, states and rows; a row counts in any of its source states."""
    met = covered(COVERAGE)
    parts = {part.name: part for part in met.parts}
    assert (parts["states"].met, len(parts["states"].counts)) == (1, 8)
    assert (parts["machines"].met, len(parts["machines"].counts)) == (2, 12)
    assert (parts["transitions"].met, len(parts["transitions"].counts)) == (1, len(set(map(str, all_rows()))))
    assert met.percent == 100 * 4 / (8 + 12 + len(parts["transitions"].counts))
    assert "in_call" not in parts["states"].missed
    assert parts["events"].counts["strange"] == 1


def test_everything_is_a_hundred_percent() -> None:
    """What all plays together went through is added up, and all of it is a hundred percent."""
    rows = [f"{row.machine} {row.trigger} {row.guard or '-'} {row.sources[-1]}" for row in all_rows()]
    everything = {
        "states": dict.fromkeys(covered({}).parts[0].counts, 1),
        "machines": dict.fromkeys(covered({}).parts[1].counts, 1),
    }
    several = [a_record(coverage=everything), a_record(coverage={"transitions": dict.fromkeys(rows, 1)})]
    assert covered(merged(several)).percent == 100
    assert not [part.missed for part in covered(merged(several)).parts if part.counted and part.missed]


def test_the_terminal_tells_what_was_never() -> None:
    """What no play went through stands there by name."""
    lines = list(Terminal(colour=False).coverage(covered(COVERAGE)))
    assert "  never: state transferring" in lines
    assert any(line.startswith("  never: transition consent: opted_in --TextReceived") for line in lines)
    assert lines[-1].endswith("% of states and transitions")
