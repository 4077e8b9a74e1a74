"""A text that failed is a dead letter: listed with its reason, sent again or dropped by an operator."""

from __future__ import annotations

import pytest

from tests.fakes.carrier import refused
from tests.fakes.processes import Town
from tests.outbox.test_outcomes import texted

pytestmark = pytest.mark.anyio


async def test_a_failed_text_is_kept_and_sent_again() -> None:
    """Refused once, it is listed with the carrier's reason; an operator's retry sends it, once."""
    async with Town() as town:
        town.carrier.ahead = [refused(21211)]
        await texted(town, "hello")
        [letter] = await town.store.dead_letters()
        assert letter.reason == town.carrier.reason(21211)
        assert "answer 1" in letter.event.payload
        assert town.carrier.bodies == []
        assert await town.store.retry_dead(letter)
        await town.pass_time(5)
        assert town.carrier.bodies == ["answer 1"]
        assert await town.store.dead_letters() == []
        assert not await town.store.retry_dead(letter)


async def test_a_failed_text_is_dropped() -> None:
    """Dropped, it is sent by nobody."""
    async with Town() as town:
        town.carrier.ahead = [refused(21211)]
        await texted(town, "hello")
        [letter] = await town.store.dead_letters()
        assert await town.store.drop_dead(letter)
        await town.pass_time(5)
        assert town.carrier.bodies == []
        assert await town.store.dead_letters() == []


async def test_an_opted_out_number_is_no_dead_letter() -> None:
    """What no retry may send is not offered for one."""
    async with Town() as town:
        town.carrier.ahead = [refused(21610)]
        await texted(town, "hello")
        assert await town.store.dead_letters() == []
