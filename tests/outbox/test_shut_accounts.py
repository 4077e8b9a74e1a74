"""An account that refused for its own sake is left alone for a while; nothing is sent twice for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrator.core.numbers import E164
from orchestrator.runner import Runner
from orchestrator.timers import Ticker
from tests.fakes.carrier import refused
from tests.fakes.processes import ANA, OURS, Town
from tests.outbox.accounts import ALSO, SECOND, Watcher, town_of
from tests.outbox.test_failover import reported
from tests.outbox.test_outcomes import texted

pytestmark = pytest.mark.anyio


async def letters(town: Town, *bodies: str, number: E164 = OURS) -> None:
    """Ana writes to the number of ours, one text after the other, and the process of the town takes them."""
    for body in bodies:
        await town.processes[0].runner.take("support", ANA, replace(town.text(body), number=number))
        await town.pass_time(2)


async def test_the_next_texts_do_not_ask_an_account_that_was_shut() -> None:
    """For a minute they leave from the second at once, also those to the first one's number; then one text tries
    the first again, and what it takes opens it.
    """
    async with town_of(OURS, ALSO) as town:
        town.carrier.ahead = [refused(20003), refused(20003)]
        process, seen = town.process(), Watcher()
        process.house.observer = seen
        process.runner = Runner(process.house)
        process.ticker = Ticker(process.house, process.runner, process.store)
        await letters(town, "a", "b", "c")
        assert (town.carrier.tries, town.second.bodies) == (1, ["answer 1", "answer 2", "answer 3"])
        assert (await town.session()).known_number == SECOND
        await town.clock.advance(60)
        await letters(town, "d", "e")
        assert (town.carrier.tries, len(town.second.taken)) == (2, 5)
        await town.clock.advance(60)
        await letters(town, "f", "g")
        assert (town.carrier.bodies, town.carrier.tries) == (["answer 6", "answer 7"], 4)
        assert seen.told == [("support", "messaging", "shut"), ("support", "messaging", "open")]
        assert (await town.session()).last_text_error is None


async def test_an_account_that_stands_in_and_refuses_leaves_the_first_one_to_be_asked() -> None:
    """The first is open again, which nobody knows, when the second shuts: the text leaves, and nothing fails."""
    async with town_of(OURS) as town:
        town.carrier.ahead, town.second.ahead = [refused(20003)], []
        await texted(town, "a")
        await town.pass_time(2)
        town.second.ahead = [refused(20003)]
        await letters(town, "b")
        assert (town.second.bodies, town.carrier.bodies) == (["answer 1"], ["answer 2"])
        assert (await town.session()).last_text_error is None


async def test_two_accounts_that_are_known_to_be_shut_are_both_asked() -> None:
    """Nothing is failed by hearsay."""
    async with town_of(OURS) as town:
        town.carrier.ahead = [refused(20003), refused(20003)]
        town.second.ahead = [refused(20003), refused(20003)]
        await texted(town, "a")
        await town.pass_time(2)
        await letters(town, "b", "c")
        assert (town.carrier.tries, town.second.tries) == (3, 2)
        assert town.carrier.bodies == ["answer 3"]


async def test_a_recipient_that_the_first_account_may_not_reach_shuts_it_for_nobody() -> None:
    """An account on trial refuses one recipient: that text leaves from the second, the next one asks the first."""
    async with town_of(OURS, ALSO) as town:
        town.carrier.ahead = [refused(21608)]
        await texted(town, "a")
        await town.pass_time(2)
        assert (town.carrier.tries, town.second.bodies) == (1, ["answer 1"])
        await letters(town, "b")
        assert (town.carrier.tries, town.carrier.bodies) == (2, ["answer 2"])


@pytest.mark.parametrize("code", [21211, 21606, 30001])
async def test_only_what_is_about_the_account_is_remembered(code: int) -> None:
    """A recipient, a number of ours, a full queue: the next text is sent by the account that was meant."""
    async with town_of(OURS) as town:
        town.carrier.ahead = [refused(code)]
        await texted(town, "a")
        await town.pass_time(2)
        await letters(town, "b")
        assert (town.carrier.tries, town.carrier.bodies) == (2, ["answer 2"])


async def test_a_suspension_that_is_reported_later_is_remembered() -> None:
    """The account took the text, and reported it failed for its own sake: the next one leaves from the second."""
    async with town_of(OURS) as town:
        await texted(town, "a")
        await town.pass_time(2)
        await reported(town, 0, "failed", 30002)
        await town.pass_time(2)
        await letters(town, "b")
        assert (town.carrier.tries, town.second.bodies) == (1, ["answer 1", "answer 2"])


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_process_that_dies_while_it_goes_around_a_shut_account_doubles_nothing(when: str) -> None:
    """Killed at the second account, which it asked without asking the first: another process settles it there."""
    async with town_of(OURS) as town:
        town.carrier.ahead = [refused(20003)]
        process, heir = await texted(town, "a"), town.process()
        await town.pass_time(2)
        process.life.ends_at = ("second.send_message", when)
        heir.life.thawed.clear()
        await letters(town, "b")
        assert process.life.dead
        heir.life.thawed.set()
        await town.pass_time(60)
        assert (town.second.bodies, town.carrier.taken) == (["answer 1", "answer 2"], [])
