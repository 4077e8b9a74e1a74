"""What happens because time passes: each timer fires once."""

from __future__ import annotations

import pytest

from tests.fakes.bot import ask_for_text, text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio


async def test_the_wait_for_a_text_ends_once() -> None:
    """After `text_reply_timeout` the assistant gets one turn, the thread is open, its words are spoken."""
    async with World(messaging={"text_reply_timeout": "30s"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [ask_for_text("Your address?")], [text("Never mind.")])
        await ana.call(NUMBER)
        await ana.say("I moved")
        assert await world.state() == "awaiting_text"
        await world.clock.advance(29)
        assert [event for event, _ in bot.heard()] == ["call_started", None]
        await world.clock.advance(4)
        assert [event for event, _ in bot.heard()] == ["call_started", None, "text_reply_timeout"]
        assert ana.spoken[-1] == "Never mind."
        session = await world.session()
        assert (session["thread"]["state"], session["timers"]) == ("open", [])


async def test_silence_does_not_end_the_wait() -> None:
    """A caller who says nothing while a text is awaited is asked nothing and stays in the call."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [ask_for_text("Your address?")])
        await ana.call(NUMBER)
        await ana.say("I moved")
        await world.idle()
        for _ in range(5):
            await ana.stay_silent()
            await world.idle()
        assert len(bot.turns) == 2
        assert ana.call_state == "in-progress"


async def test_a_reminder_is_said_once_and_the_wait_goes_on() -> None:
    """`reminder` is spoken at its time, without a turn; the reply is still taken."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        asking = ask_for_text("Your address?", reminder={"after": 20, "say": "Please look at your phone."})
        bot.will([text("Hello")], [asking], [text("Thank you.")])
        await ana.call(NUMBER)
        await ana.say("I moved")
        await world.clock.advance(60)
        assert ana.spoken.count("Please look at your phone.") == 1
        assert len(bot.turns) == 2
        assert await world.state() == "awaiting_text"
        await ana.text("12 Main St", to=NUMBER)
        await world.idle()
        assert ana.spoken[-1] == "Thank you."


async def test_a_reply_in_time_stops_the_timers() -> None:
    """After the reply neither reminder nor time-out comes."""
    async with World(messaging={"text_reply_timeout": "30s"}) as world:
        ana, bot = world.handset(), world.bot
        asking = ask_for_text("Your address?", reminder={"after": 20, "say": "Please look at your phone."})
        bot.will([text("Hello")], [asking], [text("Thank you.")])
        await ana.call(NUMBER)
        await ana.say("I moved")
        await world.idle()
        await ana.text("12 Main St", to=NUMBER)
        await world.idle()
        await ana.hang_up()
        await world.clock.advance(60)
        assert [event for event, _ in bot.heard()] == ["call_started", None, "text_reply", "call_ended"]
        assert "Please look at your phone." not in ana.spoken


async def test_a_silent_thread_ends_with_a_last_word() -> None:
    """After `session_timeout` the assistant is asked once, its words are sent, the session ends."""
    async with World(messaging={"session_timeout": "60s"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Goodbye then.")])
        await ana.text("hi", to=NUMBER)
        session = await world.session()
        assert [timer["name"] for timer in session["timers"]] == ["session"]
        await world.clock.advance(150)
        assert bot.heard() == [(None, "hi"), ("session_timeout", "")]
        assert ana.texts == ["Hello", "Goodbye then."]
        assert (await world.session())["state"] == "ended"


async def test_a_silent_thread_ends_with_the_configured_word() -> None:
    """With `notify_on_session_timeout` the line is sent once and the assistant is not asked."""
    async with World(
        messaging={"session_timeout": "60s", "notify_on_session_timeout": "We close this chat."}
    ) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")])
        await ana.text("hi", to=NUMBER)
        await world.clock.advance(150)
        assert len(bot.turns) == 1
        assert ana.texts == ["Hello", "We close this chat."]
        assert (await world.session())["state"] == "ended"


async def test_activity_moves_the_end_of_a_thread() -> None:
    """Each text begins the time of `session_timeout` anew."""
    async with World(messaging={"session_timeout": "60s"}) as world:
        ana, bot = world.handset(), world.bot
        await ana.text("hi", to=NUMBER)
        await world.clock.advance(50)
        await ana.text("still here", to=NUMBER)
        await world.clock.advance(50)
        assert [event for event, _ in bot.heard()] == [None, None]
        assert await world.state() == "text_only"


async def test_a_text_after_the_end_of_a_thread_begins_anew() -> None:
    """Who writes after the time-out has a new session, without the old context, that is told the one before."""
    async with World(messaging={"session_timeout": "60s"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will({"responses": [text("Hello")], "context": {"name": "Ana"}}, [], [text("Hello again")])
        await ana.text("Hi", to=NUMBER)
        await world.clock.advance(70)
        assert await world.state() == "ended"
        await ana.text("Hi again", to=NUMBER)
        await world.idle()
        first, _, again = bot.turns
        assert again["previous_session_id"] == first["session_id"] != again["session_id"]
        assert again["context"] == {}
