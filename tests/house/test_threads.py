"""The life of a text conversation through the house: a link to go on elsewhere, and the end by a command."""

from __future__ import annotations

import pytest

from tests.fakes.bot import text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio

LINK = "https://x.example/chat"
TRANSFER = {
    "response_type": "channel_transfer",
    "message_to_user": "Go on here",
    "transfer_info": {"target": {"chat": {"url": LINK}}},
}
TERMINATE = {"response_type": "user_defined", "user_defined": {"smsAction": {"command": "terminateSession"}}}


async def test_a_channel_transfer_is_one_text_with_the_link() -> None:
    """On a thread the words and the link are one text; in a call the words are said as well."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([TRANSFER], [text("Hello")], [TRANSFER])
        await ana.text("I want to chat", to=NUMBER)
        await world.idle()
        assert ana.texts == [f"Go on here\n{LINK}"]
        await ana.call(NUMBER)
        await ana.say("Once more")
        await world.clock.advance(3)
        assert ana.spoken == ["Hello", "Go on here"]
        assert ana.texts == [f"Go on here\n{LINK}"] * 2


async def test_terminate_session_ends_the_thread_behind_the_words() -> None:
    """The words of the answer arrive, the session is over, and the next text begins one that names it."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Goodbye."), TERMINATE], [text("Hello again.")])
        await ana.text("That is all", to=NUMBER)
        await world.idle()
        first = await world.session()
        assert (first["state"], first["timers"], ana.texts) == ("ended", [], ["Goodbye."])
        await ana.text("One more thing", to=NUMBER)
        await world.clock.advance(3)
        assert bot.turns[1]["previous_session_id"] == first["id"]
        assert ana.texts == ["Goodbye.", "Hello again."]
