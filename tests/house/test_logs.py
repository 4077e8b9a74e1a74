"""The logs of a whole conversation, as a service writes them: no number, no words, no secret."""

from __future__ import annotations

import json

import pytest
import structlog

from orchestrator.app import logs
from tests.fakes.bot import ask_for_text, text
from tests.fakes.world import ANA, API_TOKEN, NUMBER, SECRET, TOKEN, World

pytestmark = pytest.mark.anyio

WORDS = ("alpha-greeting", "bravo-speech", "charlie-question", "delta-reply", "echo-answer", "foxtrot-later")


async def test_nothing_that_people_say_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    """Phone numbers are masked, words and secrets absent, at the level that a service runs at."""
    logs.configure()
    try:
        await _converse()
    finally:
        structlog.reset_defaults()
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert len(lines) > 10
    for secret in (ANA, ANA[1:], NUMBER, NUMBER[1:], TOKEN, API_TOKEN, SECRET, *WORDS):
        assert secret not in written


async def test_a_failure_is_logged_without_what_it_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    """A broken assistant, a refused text and a lost carrier are told by codes and types."""
    logs.configure()
    try:
        async with World() as world:
            ana, bot = world.handset(), world.bot
            bot.will(500, 500, [text("echo-answer")], [text("foxtrot-later")])
            world.carrier.trouble.refuse_next_message(21211)
            for words in ("bravo-speech", "delta-reply"):
                await ana.text(words, to=NUMBER)
                await world.clock.advance(3)
            world.carrier.trouble.drop_next_request("Messages.json")
            await ana.text("alpha-greeting", to=NUMBER)
            await world.clock.advance(40)
    finally:
        structlog.reset_defaults()
    written = capsys.readouterr().err
    assert '"outcome": "refused"' in written
    assert '"outcome": "unknown"' in written
    for secret in (ANA[1:], NUMBER[1:], TOKEN, SECRET, *WORDS):
        assert secret not in written


def test_a_bug_is_logged_with_the_places_it_passed(capsys: pytest.CaptureFixture[str]) -> None:
    """However its exception is named: as one that is handed on, or as the one that is handled."""
    logs.configure()
    log = structlog.get_logger("tandem")
    try:
        try:
            int(f"tel:{ANA}")
        except ValueError as error:
            log.exception("failed", exc_info=error)
            log.exception("failed")
    finally:
        structlog.reset_defaults()
    written = capsys.readouterr().err
    for line in map(json.loads, written.splitlines()):
        assert (line["error"], len(line["at"])) == ("ValueError", 1)
    assert len(written.splitlines()) == 2
    assert ANA not in written


async def _converse() -> None:
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will(
            [text("alpha-greeting")],
            [ask_for_text("charlie-question", say="echo-answer", keep_as="address")],
            [text("echo-answer")],
            [],
            [text("foxtrot-later")],
        )
        await ana.call(NUMBER)
        await ana.say("bravo-speech")
        await world.idle()
        await ana.text("delta-reply", to=NUMBER)
        await world.idle()
        await ana.hang_up()
        await world.idle()
        await ana.text("delta-reply", to=NUMBER)
        await world.idle()
        assert len(bot.turns) == 5
