"""An event that no shift can finish, and an answer that none can carry out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrator.core.items import Text
from orchestrator.ports import Inboxed
from tests.fakes.processes import ANA, Town

pytestmark = pytest.mark.anyio


async def dead_letters(town: Town) -> list[Any]:
    """What was given up, in Ana's partition."""
    found: list[Any] = await town.store.link.call(
        "XRANGE", town.store.keys.of(town.address.partition, "dlq"), "-", "+"
    )
    return found


async def test_a_poison_event_is_given_up_and_the_next_is_answered() -> None:
    """After five attempts it is a dead letter, once; the message behind it is answered."""
    async with Town() as town:
        process = town.process()
        poison = replace(town.text("poison"), opt_out_type="BOGUS")  # type: ignore[arg-type]  # no such type
        await process.runner.take("support", ANA, poison)
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(40)
        assert [ask.request["input"]["text"] for ask in town.assistant.asked] == ["hello"]
        assert town.carrier.bodies == ["answer 1"]
        assert len(await dead_letters(town)) == 1
        assert await town.left() == []


@pytest.mark.parametrize("event", ['{"$": "FromTomorrow"}', "[]", '"words"'])
async def test_a_letter_that_cannot_be_read_is_given_up(event: str) -> None:
    """A letter of another release, at the head of a new customer's inbox, holds nobody up for good."""
    async with Town() as town:
        process = town.process()
        letter = f'{{"assistant": "support", "customer": "{ANA}", "event": {event}}}'
        await town.store.accept(town.address, Inboxed("X1", letter))
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(40)
        assert town.carrier.bodies == ["answer 1"]
        assert len(await dead_letters(town)) == 1
        assert await town.left() == []


async def test_a_broken_assistant_counts_as_one_that_fails() -> None:
    """An adapter that raises what it should not: the customer gets the failure text, once."""
    async with Town() as town:
        process = town.process()
        town.assistant.answers = [RuntimeError("a bug")]
        await process.runner.take("support", ANA, town.text("hello"))
        await town.pass_time(20)
        assert town.carrier.bodies == ["We're sorry, but we can't respond to your message."]
        assert len(town.assistant.asked) == 1
        assert await dead_letters(town) == []


async def test_an_answer_that_cannot_be_carried_out_is_a_failed_turn() -> None:
    """The customer gets the failure text, the turn is over, and the next text is answered."""
    async with Town() as town:
        process = town.process()
        town.assistant.answers = [(Text(text=7),)]  # type: ignore[arg-type]  # what no reader lets through
        await process.runner.take("support", ANA, town.text("one"))
        await town.idle()
        await process.runner.take("support", ANA, town.text("two"))
        await town.pass_time(5)
        assert town.carrier.bodies == ["We're sorry, but we can't respond to your message.", "answer 2"]
        assert (await town.session()).turn is None
