"""Pictures and files by text, through the whole house: how many, and what comes of those that nobody takes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.bot import text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio


def files(*names: str, words: str = "Look:") -> dict[str, Any]:
    """A text with files."""
    return {
        "response_type": "send_text",
        "text": words,
        "media": [f"https://x.example/{name}" for name in names],
    }


async def test_twelve_pictures_arrive_in_two_messages() -> None:
    """Ten and two, in order, the words with the first."""
    async with World() as world:
        ana = world.handset()
        names = [f"{n}.png" for n in range(12)]
        world.bot.will([files(*names)])
        await ana.text("show me", to=NUMBER)
        await world.clock.advance(2)
        assert [(message.body, len(message.media)) for message in ana.received] == [("Look:", 10), ("", 2)]
        assert [url.rpartition("/")[2] for message in ana.received for url in message.media] == names
        assert world.carrier.faults == []


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [("a.png", 30019, "media_too_large"), ("a.png", 12300, "media_type"), ("virus.exe", 0, "media_type")],
)
async def test_a_file_that_nobody_takes_is_told_in_the_call(name: str, code: int, reason: str) -> None:
    """Too large or of a wrong type, found by the carrier or by us: `text_failed` with the reason, at once."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Sent."), files(name)], [text("It could not be sent.")])
        if code:
            world.carrier.trouble.fail_next_message(code)
        await ana.call(NUMBER)
        await ana.say("send it")
        await world.idle()
        await world.clock.advance(3)
        failed = bot.turns[-1]
        assert failed["event"] == "text_failed"
        assert (failed["event_data"]["code"], failed["event_data"]["reason"]) == (code, reason)
        assert ana.spoken[-1] == "It could not be sent."
        letters = (await world.api("/dead-letters"))["dead_letters"]
        assert [letter["reason"] for letter in letters] == ([reason] if reason != "media_type" else [])


async def test_the_customer_chooses_by_text() -> None:
    """A list is numbered as its prefix says; number, label and nearly the label choose."""
    choices = [
        {"label": name, "value": {"input": {"text": name.lower()}}} for name in ("Delivery", "Opening hours")
    ]
    offer = {"response_type": "option", "title": "What about?", "options": choices}
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will(*([offer] for _ in range(5)))
        said = ("hello", "2", "delivery", "Opening hors", "something else")
        for words in said:
            await ana.text(words, to=NUMBER)
            await world.idle()
        assert ana.texts[0] == "What about?\n1. Delivery\n2. Opening hours"
        inputs = [turn["input"]["text"] for turn in bot.turns]
        assert inputs == ["hello", "opening hours", "delivery", "opening hours", "something else"]
