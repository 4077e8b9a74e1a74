"""Every mistake is told where it stands, with what may have been meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.scenarios.format import load, parse
from tests.scenarios.format.plays import heads, written

LINES = [
    ("Ana cals", "4:9", "nothing that Ana does", "calls"),
    ("Ana say: hello", "4:9", "nothing that Ana does", "says"),
    ("ana calls", "4:5", "ana is not in `people`", "Ana"),
    ("Anna calls", "4:5", "Anna is not in `people`", "Ana"),
    ("Zoe texts: hi", "4:5", "Zoe is not in `people`", ""),
    ("Bot says: hi", "4:5", "Bot is not in `people`", "bot"),
    ("bot say: hello", "4:9", "nothing that the bot does", "says"),
    ("operator text: hello", "4:14", "nothing that the operator does", "texts"),
    ("Ana texts", "4:5", "what it takes is missing", ""),
    ("Ana texts:", "4:5", "what it takes is missing", ""),
    ("Ana calls: now", "4:16", "takes no words", ""),
    ("wait: 5", "4:11", "not a duration", "5s"),
    ("wait: 2 min", "4:11", "not a duration", "2m"),
    ("wait", "4:5", "what it takes is missing", ""),
    ("wiat: 5s", "4:5", "not a line of a scenario", "wait"),
    ("wait until: session_timeout fires", "4:17", "not a timer", "session fires"),
    ("clock: tomorrow", "4:12", "not a date and time", ""),
    ("clock: 2026-02-30 10:00", "4:12", "no such date", ""),
    ("clock: 2026-02-03 10:00 Berlin", "4:12", "no such time zone", "Europe/Berlin"),
    ("text fails: soon", "4:17", "not a whole number", ""),
    ("bot fails: 200", "4:16", "out of range", ""),
    ("Ana presses: one", "4:18", "not keys", ""),
    ("expect: {stat: in_call}", "4:14", "unknown key `stat`", "state"),
    ("expect: {state: awaiting_txt}", "4:21", "not a state", "awaiting_text"),
    ("expect: {call: listening}", "4:20", "not a word for a call", "live"),
    ("expect: {timers: {text_rply: 1m}}", "4:23", "unknown key `text_rply`", "text_reply"),
    ("expect: {event: {name: text_refusd}}", "4:28", "not an event", "text_refused"),
    ("expect: {text: {to: Anna}}", "4:25", "Anna is not in `people`", "Ana"),
    ("expect: {bot was asked: {by: sms}}", "4:34", "not a way", "text"),
    ("expect: {within: 3s}", "4:13", "`within` alone", ""),
    ("expect: {texts: 1, texts: 2}", "4:24", "duplicate key, first at line 4", ""),
    ("expect", "4:5", "what it takes is missing", ""),
    ("expect Bea: {texts: 1}", "4:12", "Bea is not in `people`", ""),
    ("Ana hears: {contain: x}", "4:17", "unknown matcher `contain`", "contains"),
    ("Ana hears: {contains: x, about: y}", "4:16", "more than one matcher", ""),
    ('Ana hears: {matches: "x.*"}', "4:26", "not a pattern", "/x.*/"),
    ('Ana hears: {matches: "/(/"}', "4:26", "not a regular expression", ""),
    ("Ana hears: {one of: []}", "4:25", "not a list of words", ""),
    ("bot says: [a, b]", "4:15", "is a list, not words", ""),
    ("Ana texts: [a, b]", "4:16", "is a list, not one value", ""),
    ("bot asks for a text: {say: Hello}", "4:26", "`text` is missing", ""),
    ("bot asks for a text: {text: Hi, keep_as: a}", "4:37", "unknown key `keep_as`", "keep as"),
    ("bot asks for a text: {text: Hi, reminder: {say: x}}", "4:47", "`after` is missing", ""),
    ('"Ana texts: hello"', "4:5", "the colon is part of the text", ""),
    ("Ana texts: !hello", "4:16", "a tag", ""),
    ("Ana texts: a: b", "4:17", "not YAML", ""),
    ("[Ana calls]", "4:5", "is a list, not a line", ""),
    ("hello", "4:5", "not a line of a scenario", ""),
]  # fmt: skip - a table reads by the line


@pytest.mark.parametrize(("line", "place", "message", "meant"), LINES)
def test_a_wrong_line(line: str, place: str, message: str, meant: str) -> None:
    """A wrong line is one mistake, at the very word, with the likeliest right one."""
    loaded = parse(written(line))
    assert len(loaded.problems) == 1, loaded.report
    problem = loaded.problems[0]
    assert heads(loaded)[0].startswith(f"{place} ")
    assert message in problem.message
    assert problem.meant == meant
    assert loaded.plays == ()


SECTIONS = [
    ("tag: x", "5:1", "unknown section `tag`", "tags"),
    ("given: {consnt: opted_out}", "5:9", "unknown key `consnt`", "consent"),
    ("settings: {messaging.text_reply_timeot: 2m}", "5:12", "no such key", "messaging.text_reply_timeout"),
    ("settings: {text_reply_timeout: 2m}", "5:12", "no such key", "messaging.text_reply_timeout"),
    ("settings: {messaging: {text_reply_timeout: soon}}", "5:44", "not a duration", ""),
    ("settings: {messaging.initiate_from_inbound: maybe}", "5:45", "not a yes or no", ""),
    ("clock: 9 o'clock", "5:8", "not a date and time", ""),
    ("skip:", "5:6", "is empty", ""),
    ("never: {state: ended}", "5:8", "is a mapping, not a list", ""),
    ("never: [a text contain: x]", "5:9", "no rule is called", "a text contains"),
    ("never: [two calls are live: yes]", "5:29", "nothing may stand here", ""),
    ("never: [a text contains]", "5:9", "what it takes is missing", ""),
    ("never: [a text is sent to: anyone but Anna]", "5:39", "Anna is not in `people`", "Ana"),
    ("never: [a text is sent between: 21-8]", "5:33", "not two times of day", ""),
    ("never: [more than three texts in: 1m]", "5:9", "no rule is called", "more than N texts in"),
    ("finally: {stat: x}", "5:11", "unknown key `stat`", "state"),
    ("finally: [Ana calls]", "5:11", "this line acts", ""),
    ("examples: {city: Rome}", "5:11", "is a mapping", ""),
    ("examples: [{city: Rome}, {town: Oslo}]", "5:26", "`city` is missing", ""),
    ("examples: [{city: [Rome]}]", "5:19", "is a list", ""),
]  # fmt: skip - as above


@pytest.mark.parametrize(("section", "place", "message", "meant"), SECTIONS)
def test_a_wrong_section(section: str, place: str, message: str, meant: str) -> None:
    """A mistake in a section is told at its place."""
    loaded = parse(written("Ana calls", more=section + "\n"))
    assert len(loaded.problems) == 1, loaded.report
    assert heads(loaded)[0].startswith(f"{place} ")
    assert message in loaded.problems[0].message
    assert loaded.problems[0].meant == meant


def test_all_mistakes_are_told_at_once() -> None:
    """A file's mistakes are told together, in their order in the file."""
    loaded = parse("scenario: x\npeople: {Ana: 555, bot: +15550101234}\nsteps:\n  - Ana cals\n  - wait: x\n")
    assert [head.split()[0] for head in heads(loaded)] == ["2:15", "2:20", "4:9", "5:11"]


def test_the_report_shows_line_caret_and_remedy() -> None:
    """A mistake is shown with its line, a caret under the word, and what was meant."""
    assert parse(written("Ana cals"), "a.scenario.yaml").report.splitlines()[:3] == [
        "a.scenario.yaml:4:9: `cals` is nothing that Ana does",
        "    4 |   - Ana cals",
        "      |         ^",
    ]
    assert parse(written("Ana cals")).report.endswith('did you mean "calls"?')


def test_name_and_steps_are_required() -> None:
    """A file without a name or without lines is no scenario."""
    assert [p.message for p in parse("about: x\n").problems] == [
        "`scenario` is missing",
        "`steps` is missing",
    ]
    assert heads(parse("scenario: x\nsteps:\n")) == ["2:1 is empty, not a list"]
    assert heads(parse("")) == ["1:1 the file is empty"]
    assert heads(parse("- a\n")) == ["1:1 is a list, not a mapping"]


def test_a_file_that_cannot_be_read_is_a_mistake(tmp_path: Path) -> None:
    """No file, a folder, and bytes that are no text are told, not raised."""
    (tmp_path / "bytes.scenario.yaml").write_bytes(b"scenario: \xff\n")
    found = [load(tmp_path / name).problems[0].message for name in ("none.yaml", ".", "bytes.scenario.yaml")]
    assert found == [
        "cannot be read: no such file or directory",
        "cannot be read: is a directory",
        "is not UTF-8 text",
    ]
