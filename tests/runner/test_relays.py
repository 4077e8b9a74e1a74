"""What a socket tells reaches the call, also when the socket is lost while it is told."""

from __future__ import annotations

import asyncio

import pytest

from orchestrator.core.events import SpeechHeard
from orchestrator.ports import Accepted, Address, Inboxed
from orchestrator.runner.relays import RelaysOfHouse
from tests.fakes.bot import text
from tests.fakes.world import ANA, NUMBER, World

pytestmark = pytest.mark.anyio


async def test_a_socket_that_is_lost_while_it_tells_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The event was stored and the lease taken: the turn is answered, and the next does not wait for the lease."""
    async with World(phone={"engine": "relay"}) as world:
        world.bot.will([text("Hello.")], [text("One.")], [text("Two.")])
        await world.handset().call(NUMBER)
        await world.idle()
        sid = str(world.bot.turns[0]["channels"]["voice"]["call_sid"])
        line = await RelaysOfHouse(world.service.house, world.service.runner).line("support", ANA, sid)
        assert line is not None
        stored = asyncio.Event()
        accept = world.store.accept

        async def slowly(address: Address, event: Inboxed, token: str | None = None) -> Accepted:
            accepted = await accept(address, event, token)
            stored.set()
            await asyncio.sleep(0)
            return accepted

        monkeypatch.setattr(world.store, "accept", slowly)
        words = SpeechHeard(id="lost", at=world.clock.now(), call_sid=sid, document=2, utterance="I moved")
        telling = asyncio.ensure_future(line.tell(words))
        await stored.wait()
        telling.cancel()
        await world.idle()
        await world.handset().say("and more")
        await world.idle()
        assert [said for _, said in world.bot.heard()] == ["", "I moved", "and more"]
