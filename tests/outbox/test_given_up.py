"""A text that was given up without knowing its outcome, and of which the carrier tells later."""

from __future__ import annotations

import pytest

from tests.fakes.processes import Town
from tests.outbox.test_failover import reported
from tests.outbox.test_outcomes import entry_state, lose_answer, shut_out, texted

pytestmark = pytest.mark.anyio


async def given_up(town: Town) -> None:
    """Ana's first answer ends as unresolved: the carrier took it, and lets nobody look."""
    lose_answer(town, taken=True)
    town.carrier.search_errors = [shut_out()] * 200
    await texted(town, "hello")
    await town.clock.advance(700)
    await town.pass_time(2)
    assert (await entry_state(town, "t1"))[0] == "F"


@pytest.mark.parametrize("word", ["queued", "sent", "delivered"])
async def test_a_late_callback_settles_what_was_given_up(word: str) -> None:
    """The carrier took it after all: no error is left, and no dead letter by which it could be sent twice."""
    async with Town() as town:
        await given_up(town)
        (letter,) = await town.store.dead_letters()
        assert await reported(town, 0, word, 0)
        await town.pass_time(2)
        assert (await entry_state(town, "t1"))[0] == "D"
        assert (await town.session()).last_text_error is None
        assert await town.store.dead_letters() == []
        assert not await town.store.retry_dead(letter)
        await town.pass_time(2)
        assert town.carrier.tries == 1


@pytest.mark.parametrize("before", [[], ["sent"]], ids=["first", "after sent"])
async def test_what_was_given_up_and_failed_has_the_carriers_reason(before: list[str]) -> None:
    """The carrier's word takes the place of not knowing, and the one dead letter has it too."""
    async with Town() as town:
        await given_up(town)
        for word in before:
            await reported(town, 0, word, 0)
            await town.pass_time(1)
        assert await reported(town, 0, "undelivered", 30005)
        await town.pass_time(2)
        error = (await town.session()).last_text_error
        assert error is not None
        assert (error["code"], error["reason"]) == (30005, "unknown_number")
        assert [letter.reason for letter in await town.store.dead_letters()] == ["unknown_number"]


async def test_what_an_operator_has_sent_again_is_no_dead_letter_any_more() -> None:
    """The first of the two fails late: the second is on its way, and nobody is asked to send a third."""
    async with Town() as town:
        await given_up(town)
        (letter,) = await town.store.dead_letters()
        assert await town.store.retry_dead(letter)
        await town.pass_time(2)
        assert await reported(town, 0, "failed", 30001)
        await town.pass_time(60)
        assert (town.carrier.tries, await town.store.dead_letters()) == (2, [])
