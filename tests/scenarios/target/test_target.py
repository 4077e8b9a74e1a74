"""Plays against a service that runs, over the network and in real time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.scenarios.format import load
from orchestrator.scenarios.stage import Configuration
from orchestrator.scenarios.target import Target, run
from tests.blackbox.driver import Bot
from tests.scenarios.stage.plays import why, written
from tests.scenarios.target.service import configuration, in_processes, in_thread, played
from tests.servers import redis_server

PARTS = ("channels", "design")
PLAYS = Path(__file__).parents[1] / "plays"


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[Configuration, str]]:
    """A service in this process, with no assistant at its backend's address."""
    of = configuration()
    with in_thread(of) as url:
        yield of, url


def test_a_play_answers_for_the_assistant(service: tuple[Configuration, str]) -> None:
    """The carrier's and the assistant's sides are played: signed webhooks, texts, the call."""
    of, url = service
    steps = """Ana calls
bot says: "Hello."
Ana says: I moved house
bot asks for a text: { say: I am texting you., text: "Your address?", keep as: address }
expect: { state: awaiting_text, call: live, timers: { text_reply: 2m } }
Ana texts: 12 Main St
bot says: "Thank you."
Ana hangs up"""
    outcome = played(
        written(steps, "finally: { state: text_only, texts: 1, context: { address: 12 Main St } }\n"),
        of,
        Target(url, plays_bot=True),
    )

    assert why(outcome) == ""


def test_a_play_checks_a_real_assistant() -> None:
    """Without that the service's own assistant answers, and the lines of the bot check it."""
    bot = Bot()
    bot.answers = [[{"response_type": "text", "text": "Order 7731, two lamps."}]]
    of = configuration(bot_url=f"{bot.server.url}/turn")
    steps = "Ana texts: where is my order\nbot texts: { contains: lamps }\nexpect: { bot was asked: { by: text, words: where is my order } }"
    try:
        with in_thread(of) as url:
            right = played(written(steps), of, Target(url, patience=5))
            wrong = played(written(steps), of, Target(url, patience=0.2))
    finally:
        bot.server.close()

    assert why(right) == ""
    assert why(wrong).startswith("5: bot texts: it did not arrive")


@pytest.mark.parametrize(
    ("steps", "head", "reason"),
    [
        ("redis is down: 1s", "", "nothing that can be done to a running service"),
        ("clock: 2026-03-02 18:00", "", "a clock of its own"),
        ("Ana texts: hi\nbot takes: 3s\nbot texts: ho", "", "how slow the bot is"),
        ("wait: 61s", "", "it waits 61 s of real time, longer than 60 s"),
        (
            "Ana texts: hi",
            "settings: { messaging.session_timeout: 1h }",
            "other settings: messaging.session_timeout",
        ),
        ("Ana texts: hi", "given: { context: { a: b } }", "context cannot be given"),
    ],
)
def test_what_does_not_fit_a_running_service_is_skipped(steps: str, head: str, reason: str) -> None:
    """What nobody can do from outside is no failure."""
    outcome = played(written(steps, head), configuration(), Target("http://127.0.0.1:1"))

    assert outcome.result == "skipped"
    assert reason in outcome.reason


def test_a_carrier_that_is_not_here_is_told() -> None:
    """Nothing is played against a service whose carrier is another."""
    text = configuration().text.replace("base_url: 'http:", "base_url: 'https:")
    outcome = played(
        written("Ana texts: hi"), Configuration(text, "tandem.yaml", {}), Target("http://127.0.0.1:1")
    )

    assert "must be http://HOST:PORT" in why(outcome)


def test_nobody_at_the_address_is_told() -> None:
    """A service that does not answer fails the play, and says so."""
    outcome = played(written("Ana texts: hi"), configuration(), Target("http://127.0.0.1:1"))

    assert "the service does not answer" in why(outcome)


@pytest.mark.system
@pytest.mark.timeout(900)
def test_plays_pass_on_two_worker_processes_and_a_real_redis(tmp_path: Path) -> None:
    """`tandem serve --workers 2`: webhooks of one customer reach either process."""
    with redis_server(tmp_path / "redis", port=0) as redis:
        of = configuration(redis_url=redis.url)
        with in_processes(of, tmp_path, workers=2) as url:
            target = Target(url, plays_bot=True, longest_wait=3.0)
            plays = [
                play
                for file in sorted(file for part in PARTS for file in (PLAYS / part).glob("*.yaml"))
                for play in load(file).plays
            ]
            outcomes = [run(play, of, target) for play in plays]

    assert [f"{each.play.name}: {why(each)}" for each in outcomes if each.result == "failed"] == []
    assert sum(each.result == "passed" for each in outcomes) > 8
