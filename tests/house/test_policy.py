"""Which texts are taken: the policy table row by row, from outside."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.bot import ask_for_text, text
from tests.fakes.world import ANA, NUMBER, World

pytestmark = pytest.mark.anyio

CLOSED = {"initiate_from_inbound": False}


def texts_heard(world: World) -> list[str]:
    """The texts that became turns."""
    return [said for _, said in world.bot.heard() if said]


async def refused(world: World) -> list[tuple[str, str]]:
    """Number and reason of each text that was turned away."""
    await world.idle()
    found = (await world.api("/refusals"))["refusals"]
    return [(refusal["phone_number"], refusal["reason"]) for refusal in found]


async def test_row_1_a_keyword_is_no_turn() -> None:
    """STOP and HELP change consent or nothing; neither reaches the assistant nor is refused."""
    async with World() as world:
        ana = world.handset()
        for word in ("HELP", "stop."):
            await ana.text(word, to=NUMBER)
        await world.idle()
        assert world.bot.turns == []
        assert await refused(world) == []


async def test_row_2_an_opted_out_customer_is_refused() -> None:
    """After STOP a text is refused as opted out, and answered by nobody."""
    async with World(messaging={"refusal_message": "Please call us."}) as world:
        ana = world.handset()
        await ana.text("STOP", to=NUMBER)
        await ana.text("hello", to=NUMBER)
        assert await refused(world) == [(ANA, "opted_out")]
        assert (world.bot.turns, ana.texts) == ([], [])


async def test_row_3_a_live_call_takes_texts() -> None:
    """A text during a call is a turn of the call, though texts may not start a conversation."""
    async with World(messaging=CLOSED) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("I read it.")])
        await ana.call(NUMBER)
        await world.idle()
        await ana.text("it is me", to=NUMBER)
        await world.idle()
        assert texts_heard(world) == ["it is me"]
        assert ana.spoken[-1] == "I read it."


async def test_row_4_a_text_opens_a_session() -> None:
    """With the option on, a text out of nowhere is answered by text."""
    async with World() as world:
        ana = world.handset()
        world.bot.will([text("Hello yourself")])
        await ana.text("hello", to=NUMBER)
        assert await world.state() == "text_only"
        assert ana.texts == ["Hello yourself"]


async def test_row_5_a_thread_that_we_began_goes_on() -> None:
    """With the option off, an answer to a text that we sent outside a call is taken."""
    async with World(messaging=CLOSED) as world:
        ana = world.handset()
        world.bot.will([text("Fine")])
        await world.desk.open_text("support", ANA, text="Your parcel is here.", media=(), context={})
        await world.idle()
        await ana.text("thanks", to=NUMBER)
        await world.idle()
        assert ana.texts == ["Your parcel is here.", "Fine"]


async def test_row_5_an_awaited_reply_is_taken_after_the_call() -> None:
    """With the option off, a text that the assistant asked for is taken though the call is over."""
    async with World(messaging=CLOSED) as world:
        ana = world.handset()
        world.bot.will([ask_for_text("Your address?", keep_as="address")], [], [text("Got it")])
        await ana.call(NUMBER)
        await world.idle()
        await ana.hang_up()
        assert await world.state() == "text_only"
        await ana.text("12 Main St", to=NUMBER)
        await world.idle()
        assert world.bot.turns[-1]["context"] == {"address": "12 Main St"}
        assert ana.texts[-1] == "Got it"


@pytest.mark.parametrize(("seconds", "taken"), [(30, True), (90, False)])
async def test_row_6_a_call_that_just_ended(seconds: float, taken: bool) -> None:
    """With the option off, a text is taken for `continue_after_call` after the call, not later."""
    async with World(messaging={**CLOSED, "continue_after_call": "60s"}) as world:
        ana = world.handset()
        world.bot.will([text("Hello")], [], [text("Yes?")])
        await ana.call(NUMBER)
        await world.idle()
        await ana.hang_up()
        await world.clock.advance(seconds)
        await ana.text("one more thing", to=NUMBER)
        await world.idle()
        assert texts_heard(world) == (["one more thing"] if taken else [])
        assert await refused(world) == ([] if taken else [(ANA, "no_live_call")])


@pytest.mark.parametrize("extra", [{}, {"refusal_message": "Please call us."}])
async def test_row_7_a_text_out_of_nowhere_is_refused(extra: dict[str, Any]) -> None:
    """With the option off it opens no session, is no turn, stays in sight, and is told once in the quiet period."""
    async with World(messaging={**CLOSED, **extra, "refusal_quiet_period": "20s"}) as world:
        ana = world.handset()
        for _ in range(2):
            await ana.text("hello", to=NUMBER)
            await world.idle()
        assert await refused(world) == [(ANA, "no_live_call")] * 2
        assert world.bot.turns == []
        assert ana.texts == list(extra.values())
        assert (await world.api("/sessions"))["sessions"] == []
        await world.clock.advance(21)
        await ana.text("hello", to=NUMBER)
        await world.idle()
        assert ana.texts == list(extra.values()) * 2


async def test_the_state_is_ended_when_no_text_can_follow() -> None:
    """With the option off a call that ends leaves no thread: the state is `ended`, not `text_only`."""
    async with World(messaging=CLOSED) as world:
        ana = world.handset()
        world.bot.will([text("Hello")], [text("I read it.")])
        await ana.call(NUMBER)
        await world.idle()
        await ana.text("it is me", to=NUMBER)
        await world.idle()
        await ana.hang_up()
        assert await world.state() == "ended"
