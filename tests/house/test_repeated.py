"""A webhook that comes again changes nothing and gets the same answer."""

from __future__ import annotations

import pytest

from channels.simulator.trouble import WebhookKind
from tests.fakes.bot import text
from tests.fakes.world import BASE, NUMBER, World

pytestmark = pytest.mark.anyio


def answers(world: World, path: str) -> list[tuple[int, str]]:
    """What each webhook to this path was answered, in order."""
    return [
        (hook.status, hook.body)
        for hook in world.carrier.webhooks
        if hook.url.partition("?")[0] == f"{BASE}/twilio{path}"
    ]


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_repeated_call_start_is_answered_the_same(at_once: bool) -> None:
    """The first request of a call, three times: one turn, three times the same bytes."""
    async with World() as world:
        ana = world.handset()
        world.bot.will([text("Hello")], [text("a second turn")])
        world.carrier.trouble.repeat_next_webhook("voice", times=2, at_once=at_once)
        await ana.call(NUMBER)
        await world.idle()
        await world.clock.advance(1)
        assert len(world.bot.turns) == 1
        found = answers(world, "/voice")
        assert len(found) == 3
        assert len(set(found)) == 1


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_repeated_turn_is_answered_the_same(at_once: bool) -> None:
    """What the caller said, three times: one turn, three times the same bytes."""
    async with World() as world:
        ana = world.handset()
        world.bot.will([text("Hello")], [text("Tomorrow")], [text("a second turn")])
        await ana.call(NUMBER)
        await world.idle()
        world.carrier.trouble.repeat_next_webhook("voice", times=2, at_once=at_once)
        await ana.say("When?")
        await world.idle()
        await world.clock.advance(1)
        assert world.bot.heard() == [("call_started", ""), (None, "When?")]
        found = answers(world, "/voice/turn")
        assert len(found) == 3
        assert len(set(found)) == 1


async def test_a_repeated_fetch_is_answered_the_same() -> None:
    """The fetch after an interruption, three times: the words of the reply are in each answer."""
    async with World() as world:
        ana = world.handset()
        world.bot.will([text("Hello")], [text("I read it.")], [text("a second turn")])
        await ana.call(NUMBER)
        await world.idle()
        world.carrier.trouble.repeat_next_webhook("sms")
        world.carrier.trouble.repeat_next_webhook("voice", times=2)
        await ana.text("read this", to=NUMBER)
        await world.idle()
        assert world.bot.heard() == [("call_started", ""), ("text_reply", "read this")]
        found = answers(world, "/voice/resume")
        assert len(found) == 3
        assert len(set(found)) == 1
        assert "I read it." in found[0][1]


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_repeated_text_is_one_turn(at_once: bool) -> None:
    """A text that the carrier delivers three times is asked and answered once."""
    async with World() as world:
        ana = world.handset()
        world.bot.will([text("Hello")], [text("a second turn")])
        world.carrier.trouble.repeat_next_webhook("sms", times=2, at_once=at_once)
        await ana.text("hi", to=NUMBER)
        await world.idle()
        assert world.bot.heard() == [(None, "hi")]
        assert ana.texts == ["Hello"]
        assert len(set(answers(world, "/sms"))) == 1


@pytest.mark.parametrize("kind", ["voice-status", "sms-status"])
async def test_repeated_statuses_change_nothing(kind: WebhookKind) -> None:
    """The end of a call and the fate of a text are taken once, however often they are told."""
    async with World() as world:
        ana = world.handset()
        world.bot.will([{"response_type": "send_text", "text": "a link"}, text("Hello")])
        world.carrier.trouble.fail_next_message(30005)
        world.carrier.trouble.duplicate_statuses()
        world.carrier.trouble.repeat_next_webhook(kind, times=2)
        await ana.call(NUMBER)
        await world.idle()
        await ana.hang_up()
        await world.idle()
        events = [event for event, _ in world.bot.heard()]
        assert events == ["call_started", "text_failed", "call_ended"]
