"""What each line is read into."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from orchestrator.scenarios.format.grammar import MATCHERS, RULES, VERBS
from orchestrator.scenarios.play import Match, Recipients
from tests.scenarios.format.plays import DESIGN, line_of, play_of, rule_of, written

BERLIN = "clock: 2026-07-01 09:00 Europe/Berlin\n"


@pytest.mark.parametrize("name", DESIGN)
def test_the_design_is_read(name: str) -> None:
    """The three scenarios of the design are read without a mistake, every line of them."""
    play = play_of(DESIGN[name])
    assert len(play.steps) == DESIGN[name].split("steps:")[1].split("\nnever")[0].split("\nfinally")[0].count(
        "\n  - "
    )


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.phrase)
def test_the_example_of_each_verb_is_that_verb(verb: Any) -> None:
    """Each verb's example is read as that verb."""
    line = line_of(verb.example)
    assert (line.kind, line.verb, line.source) == (verb.kind, verb.phrase, verb.example)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.phrase)
def test_the_example_of_each_rule_is_that_rule(rule: Any) -> None:
    """Each rule's example is read as that rule."""
    assert (rule_of(rule.example).kind, rule_of(rule.example).source) == (rule.kind, rule.example)


@pytest.mark.parametrize(
    ("written_line", "value"),
    [
        ("Ana texts: NO", "NO"),
        ("Ana texts: off", "off"),
        ("Ana texts: +15550101234", "+15550101234"),
        ("Ana texts: 1:30", "1:30"),
        ("Ana texts: 007", "007"),
        ("Ana texts: null", "null"),
        ('Ana texts: "yes: no"', "yes: no"),
        ("Ana says: ~", "~"),
        ('Ana presses: "1 2#"', "12#"),
        ("wait: 1h30m", 5400.0),
        ("wait: 23h", 82_800.0),
        ("bot takes: 500ms", 0.5),
        ("bot fails: 500", 500),
        ("text fails: 30005", 30005),
        ("wait until: text_reply fires", "text_reply"),
        ("wait until: session", "session"),
        ("bot hangs up", None),
        ("bot hangs up: Goodbye.", "Goodbye."),
        ("bot says: {contains: Acme}", Match("contains", "Acme")),
        ("Ana hears: {starts with: Hello}", Match("starts with", "Hello")),
        ('Ana hears: {matches: "/a+b/"}', Match("matches", "a+b")),
        ('Ana hears: {matches: "/a+b/i"}', Match("matches", "(?i)a+b")),
        ("Ana hears: {one of: [NO, off]}", Match("one of", values=("NO", "off"))),
        ("Ana hears: {about: twelve Main St}", Match("about", "twelve Main St")),
        ("bot switches to sms: Here we go on.", {"text": "Here we go on."}),
        ("bot switches to sms: {text: Here, keep call: yes}", {"text": "Here", "keep call": True}),
        ("bot remembers: {order: 7731, old: null}", {"order": "7731", "old": None}),
        (
            "bot asks for a text: {text: Where, within: 90s, reminder: {after: 30s, say: Well}}",
            {"text": "Where", "within": 90.0, "reminder": {"after": 30.0, "say": "Well"}},
        ),
    ],
)
def test_values(written_line: str, value: object) -> None:
    """What stands behind the colon is text until the verb says what else it is."""
    assert line_of(written_line).value == value


@pytest.mark.parametrize(
    ("checks", "value"),
    [
        ("{state: in_call}", {"state": ("in_call",)}),
        ("{state: [in_call, ended]}", {"state": ("in_call", "ended")}),
        ("{timers: none}", {"timers": {}}),
        ("{timers: {text_reply: 1m10s, session: 15m}}", {"timers": {"text_reply": 70.0, "session": 900.0}}),
        ("{bot was asked: nothing}", {"bot was asked": None}),
        ("{bot was asked: Hello}", {"bot was asked": {"words": "Hello"}}),
        ("{bot was asked: {by: text}}", {"bot was asked": {"by": "text"}}),
        ("{nothing}", {"nothing": True}),
        ("nothing", {"nothing": True}),
        ("{event: text_refused}", {"event": {"name": "text_refused"}}),
        ("{event: text_reply_timeout}", {"event": {"name": "text_reply_timeout"}}),
        ("{text: {encoding: gsm7}}", {"text": {"encoding": "GSM-7"}}),
        ("{text: {encoding: UCS-2}}", {"text": {"encoding": "UCS-2"}}),
        ("{context: {a: present, b: absent}}", {"context": {"a": Match("present"), "b": Match("absent")}}),
        ('{context: {a: "absent"}}', {"context": {"a": "absent"}}),
        ("{text: {to: Ana, segments: 2}}", {"text": {"to": "Ana", "segments": 2}}),
        ("{text: Hello}", {"text": {"words": "Hello"}}),
        ("{text: {contains: x}}", {"text": {"words": Match("contains", "x")}}),
        ("{bot was asked: {about: my order}}", {"bot was asked": {"words": Match("about", "my order")}}),
        ("{said: {contains: x}, within: 3s}", {"said": Match("contains", "x"), "within": 3.0}),
    ],
)
def test_checks(checks: str, value: object) -> None:
    """Each key of `expect` is read by its own kind."""
    line = line_of(f"expect: {checks}")
    assert (line.kind, line.verb, line.value) == ("check", "expect", value)


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("a text is sent to: anyone but Ana", Recipients(("Ana",), all_but=True)),
        (
            "a text is sent to: anyone but Ana, Ana Maria and +1 555 010 0000",
            Recipients(("Ana", "Ana Maria", "+15550100000"), all_but=True),
        ),
        ("a text is sent to: Ana Maria", Recipients(("Ana Maria",))),
        ("a text is sent to: anyone", Recipients((), all_but=True)),
        ("a text is sent between: 21:00-08:00", (1260, 480)),
        ("more than 3 texts in: 1m", (3, 60.0)),
        ("more than 1 text in: 2h", (1, 7200.0)),
        ("a text is longer than: 2 segments", 2),
        ('a text contains: {matches: "/x/"}', Match("matches", "x")),
        ("state: [ended, idle]", ("ended", "idle")),
        ("two calls are live", None),
    ],
)  # fmt: skip - a table reads by the line
def test_rules(rule: str, value: object) -> None:
    """Each rule of `never` is read by its own kind."""
    assert rule_of(rule).value == value


def test_names_may_hold_blanks() -> None:
    """Of two people the one whose whole name stands there is meant."""
    assert line_of("Ana Maria texts: hi").who == "Ana Maria"
    assert line_of("Ana texts: Maria texts").who == "Ana"
    assert line_of("expect Ana Maria: {texts: 1}").who == "Ana Maria"


def test_a_number_may_be_withheld() -> None:
    """Who withholds the number has the carrier's word for that; blanks in a number are for the eye."""
    play = play_of("scenario: x\npeople: {Ana: withheld, Bea: +1 555 010 1234}\nsteps:\n  - Ana calls\n")
    assert play.people == {"Ana": "anonymous", "Bea": "+15550101234"}


def test_places_are_those_of_the_file() -> None:
    """A line knows its file, line and column, and where each key of its value stands."""
    line = line_of("expect: {state: in_call, texts: 1}")
    assert str(line.place) == "play.scenario.yaml:4:5"
    assert {key: (place.line, place.column) for key, place in line.places.items()} == {
        "state": (4, 14),
        "texts": (4, 30),
    }


def test_a_clock_line_is_in_the_zone_of_the_play() -> None:
    """A moment without a zone is one of the zone that the play's clock names; one with a zone is its own."""
    text = written("clock: 2026-07-01 18:00", "clock: 2026-07-02 18:00 UTC", more=BERLIN)
    play = play_of(text)
    moments = [dt.datetime.fromtimestamp(line.value, dt.UTC).isoformat() for line in play.steps]
    assert moments == ["2026-07-01T16:00:00+00:00", "2026-07-02T18:00:00+00:00"]
    assert (play.zone, play.clock) == ("Europe/Berlin", dt.datetime(2026, 7, 1, 7, tzinfo=dt.UTC).timestamp())


def test_sections() -> None:
    """The sections that are no lines are read into the play."""
    more = (
        "tags: smoke\nabout: It\nassistant: shop\nskip: later\nexpected to fail: broken\n"
        "given: {consent: opted_out, context: {order: 7}, session: text_only}\n"
        "settings: {messaging: {initiate_from_inbound: off}, phone.voice_budget: 3s}\nfinally: {texts: 0}\n"
    )
    play = play_of(written("Ana calls", more=more))
    assert (play.tags, play.about, play.assistant, play.skip, play.expected_to_fail) == (
        ("smoke",),
        "It",
        "shop",
        "later",
        "broken",
    )  # fmt: skip - the sections in order
    assert (play.given.consent, play.given.context, play.given.session) == (
        "opted_out",
        {"order": "7"},
        "text_only",
    )
    assert {key: setting.value for key, setting in play.settings.items()} == {
        "messaging.initiate_from_inbound": "off",
        "phone.voice_budget": "3s",
    }
    assert [line.value for line in play.finally_] == [{"texts": 0}]


def test_finally_may_be_lines_that_check() -> None:
    """`finally` takes a list of checks, too, such as one for each person."""
    more = "finally:\n  - expect Ana: {texts: 1}\n  - Ana Maria receives nothing\n"
    assert [line.verb for line in play_of(written("Ana calls", more=more)).finally_] == [
        "expect",
        "receives nothing",
    ]


def test_every_matcher_is_read() -> None:
    """Each matcher of the grammar has been read above."""
    assert set(MATCHERS) == {"contains", "starts with", "matches", "one of", "about"}
