"""Transfers through the whole house: the human is told why, takes the call or does not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.bot import text
from tests.fakes.world import ANA, NUMBER, World

pytestmark = pytest.mark.anyio
DESK = "+15550109999"


def agent() -> dict[str, Any]:
    """A `connect_to_agent` item, as Watson writes it."""
    return {
        "response_type": "connect_to_agent",
        "message_to_human_agent": "Ana moved house.",
        "agent_available": {"message": "I connect you."},
        "agent_unavailable": {"message": "The desk is closed."},
        "transfer_info": {"target": {"phone_number": DESK}},
    }


def transfer(to: str = DESK, **fields: Any) -> dict[str, Any]:
    """A `transfer` item."""
    return {"response_type": "transfer", "to": to, "say": "I connect you.", **fields}


async def test_a_human_takes_the_call() -> None:
    """The human hears the words that came with the transfer; the call ends as `transferred`."""
    async with World() as world:
        ana, desk, bot = world.handset(), world.handset(DESK), world.bot
        bot.will([text("Hello")], [agent()])
        await ana.call(NUMBER)
        await ana.say("A human please")
        await desk.answer()
        await world.idle()
        assert ana.spoken == ["Hello", "I connect you."]
        assert desk.spoken == ["Ana moved house."]
        assert (await world.state(), desk.calls[0].caller) == ("transferring", ANA)
        await desk.hang_up()
        await world.idle()
        assert ana.call_state == "completed"
        assert bot.turns[-1]["event_data"] == {"reason": "transferred"}
        assert world.carrier.faults == []


@pytest.mark.parametrize("how", ["busy", "no_answer"])
async def test_nobody_takes_the_call(how: str) -> None:
    """Busy, or not answered in time: the caller hears `agent_unavailable`, and the call ends by us."""
    async with World() as world:
        ana, desk, bot = world.handset(), world.handset(DESK), world.bot
        bot.will([text("Hello")], [agent()])
        await ana.call(NUMBER)
        await ana.say("A human please")
        if how == "busy":
            await desk.decline()
        await world.clock.advance(31)
        await world.idle()
        assert (ana.spoken[-1], ana.call_state) == ("The desk is closed.", "completed")
        assert bot.turns[-1]["event_data"] == {"reason": "hung_up_by_us"}


async def test_the_assistant_goes_on_when_nobody_takes_the_call() -> None:
    """Without `disconnect_on_transfer_failure` it learns why, and speaks on."""
    async with World(phone={"disconnect_on_transfer_failure": False}) as world:
        ana, desk, bot = world.handset(), world.handset(DESK), world.bot
        bot.will([text("Hello")], [transfer()], [text("Shall they call you?")])
        await ana.call(NUMBER)
        await ana.say("A human please")
        await desk.decline()
        await world.idle()
        assert (bot.turns[-1]["event"], bot.turns[-1]["event_data"]) == (
            "transfer_failed",
            {"reason": "busy"},
        )
        assert ana.spoken[-1] == "Shall they call you?"
        assert await world.state() == "in_call"


@pytest.mark.parametrize("caller", ["anonymous", "sip:ana@example.com", "client:ana"])
async def test_a_caller_without_a_number_is_transferred(caller: str) -> None:
    """The human sees our number, for there is no other; texting says why it cannot."""
    async with World() as world:
        ana, desk, bot = world.handset(caller), world.handset(DESK), world.bot
        asking = {"response_type": "send_text", "text": "A link"}
        bot.will([text("Hello")], [asking, text("One moment.")], [], [transfer()])
        await ana.call(NUMBER)
        await world.idle()
        assert (bot.turns[0]["customer"], bot.turns[0]["channels"]["sms"]["can_send"]) == (
            {"phone_number": None},
            False,
        )
        await ana.say("Text me")
        await world.idle()
        failed = bot.turns[2]
        assert (failed["event"], failed["event_data"]["reason"]) == ("text_failed", "no_number")
        await ana.say("A human please")
        await desk.answer()
        await world.idle()
        assert desk.calls[0].caller == NUMBER


async def test_a_caller_without_a_number_may_name_one() -> None:
    """`send_text` with `to` reaches the number that the caller gave."""
    async with World() as world:
        ana, bot = world.handset("anonymous"), world.bot
        bot.will([text("Hello")], [{"response_type": "send_text", "text": "A link", "to": ANA}])
        await ana.call(NUMBER)
        await ana.say("Plus one 555 010 1234")
        await world.idle()
        assert world.handset(ANA).texts == ["A link"]


async def test_a_call_is_referred_to_a_sip_address() -> None:
    """With `sip_transfer: refer` the other side calls the address itself; a refusal is a failed transfer."""
    async with World(phone={"sip_transfer": "refer"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [transfer("sip:desk@example.com", headers={"User-to-User": "7"})])
        world.carrier.set_outcome("sip:desk@example.com", "busy")
        await ana.call(NUMBER)
        await ana.say("A human please")
        await world.idle()
        assert [event.data["status"] for event in world.carrier.events if event.kind == "referred"] == [
            "busy"
        ]
        assert ana.spoken[-1] == "Sorry, nobody could take the call."


async def test_a_caller_who_hangs_up_while_it_rings() -> None:
    """The transfer is over with the call."""
    async with World() as world:
        ana, desk, bot = world.handset(), world.handset(DESK), world.bot
        bot.will([text("Hello")], [transfer()])
        await ana.call(NUMBER)
        await ana.say("A human please")
        await desk.wait_until(lambda: bool(desk.calls), "a ring")
        await ana.hang_up()
        await world.idle()
        assert [event for event, _ in bot.heard()][-1] == "call_ended"
