"""A text that is refused for our number's sake leaves from another number of ours; the customer keeps that one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrator.core.numbers import E164
from tests.fakes.carrier import refused, unknown
from tests.fakes.processes import OURS, Town
from tests.outbox.test_outcomes import entry_state, texted

pytestmark = pytest.mark.anyio

SECOND, THIRD = E164("+19585550124"), E164("+19585550125")


def town_of(*numbers: E164) -> Town:
    """A town whose assistant has these numbers."""
    town = Town()
    assert town.rules.messaging is not None
    town.rules = replace(town.rules, messaging=replace(town.rules.messaging, numbers=numbers))
    return town


async def test_the_next_number_sends_what_one_may_not() -> None:
    """21606, then 21612: the third number sends it, once, and the session goes on from there."""
    async with town_of(OURS, SECOND, THIRD) as town:
        town.carrier.ahead = [refused(21606), refused(21612)]
        process = await texted(town, "hello")
        assert [(sent.body, sent.sender) for sent in town.carrier.taken] == [("answer 1", THIRD)]
        session = await town.session()
        assert (session.thread.number, session.known_number, session.last_text_error) == (THIRD, THIRD, None)
        await process.runner.take("support", "+15550101234", replace(town.text("more"), number=THIRD))
        await town.idle()
        assert [sent.sender for sent in town.carrier.taken] == [THIRD, THIRD]


@pytest.mark.parametrize("code", [21610, 21211, 21408, 20003, 99999])
async def test_what_is_not_our_numbers_fault_is_tried_once(code: int) -> None:
    """An opt-out, a wrong number, the account, or an unknown code: no other number gets around it."""
    async with town_of(OURS, SECOND) as town:
        town.carrier.ahead = [refused(code)]
        await texted(town, "hello")
        await town.pass_time(30)
        assert (town.carrier.tries, town.carrier.taken) == (1, [])


async def test_a_text_that_no_number_may_send_fails_with_the_first_ones_code() -> None:
    """Every number is tried once; the assistant learns why the customer's own one was refused."""
    async with town_of(OURS, SECOND) as town:
        town.carrier.ahead = [refused(21606), refused(21612)]
        await texted(town, "hello")
        await town.pass_time(30)
        assert town.carrier.tries == 2
        error = (await town.session()).last_text_error
        assert error is not None
        assert error["code"] == 21606


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
async def test_a_lost_answer_to_another_number_is_searched_there_too(*, taken: bool) -> None:
    """The second number's request has no known outcome: the search looks at all our numbers, and the text
    arrives once.
    """
    async with town_of(OURS, SECOND) as town:
        lost = unknown()
        town.carrier.ahead = [refused(21606), lost] + ([] if taken else [refused(21606)])
        town.carrier.taken_anyway = [lost] if taken else []
        await texted(town, "hello")
        await town.pass_time(40)
        assert [(sent.body, sent.sender) for sent in town.carrier.taken] == [("answer 1", SECOND)]
        assert (await entry_state(town, "t1"))[0] == "D"
        assert (await town.session()).known_number == SECOND
