"""A call over a ConversationRelay socket, in the whole house: the simulated carrier against the service."""

from __future__ import annotations

import pytest

from tests.fakes.bot import ask_for_text, text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio


def relayed(**phone: object) -> World:
    """A house whose calls a socket carries."""
    return World(phone={"engine": "relay", **phone})


async def test_greeting_speech_keys_and_hang_up() -> None:
    """The caller is welcomed and greeted, speaks, presses keys, and hears the goodbye before the end."""
    async with relayed(welcome_message="Welcome.") as world:
        ana, bot = world.handset(), world.bot
        bot.will(
            [text("Hello.")], [text("Two"), text("parts.")], [{"response_type": "hang_up", "say": "Bye."}]
        )
        await ana.call(NUMBER)
        await world.idle()
        assert ana.spoken == ["Welcome. Hello."]
        await ana.say("I moved")
        await world.idle()
        await ana.press("42#")
        await world.idle()
        assert bot.heard() == [("call_started", ""), (None, "I moved"), (None, "42")]
        await world.clock.advance(6)
        assert ana.spoken == ["Welcome. Hello.", "Two parts.", "Bye."]
        assert ana.call_state == "completed"
        assert bot.turns[-1]["event_data"] == {"reason": "hung_up_by_us"}
        assert world.carrier.faults == []


async def test_a_text_is_asked_for_and_its_reply_spoken() -> None:
    """The main job over a socket, without one update of the call at the carrier."""
    async with relayed() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello.")], [ask_for_text("Your address?", say="I text you.")], [text("Thank you.")])
        await ana.call(NUMBER)
        await world.idle()
        await ana.say("I moved")
        await world.idle()
        assert await world.state() == "awaiting_text"
        await ana.text("12 Main St", to=NUMBER)
        await world.idle()
        assert ana.spoken == ["Hello.", "I text you.", "Thank you."]
        assert ana.texts == ["Your address?"]
        assert world.interruptions() == 0


async def test_silence_is_a_turn() -> None:
    """After `post_response_timeout` of quiet behind the words."""
    async with relayed() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello.")], [text("Are you there?")])
        await ana.call(NUMBER)
        await world.idle()
        await world.clock.advance(6)
        assert len(bot.turns) == 1
        await world.clock.advance(3)
        assert bot.heard()[-1] == ("no_input", "")
        assert ana.spoken[-1] == "Are you there?"


async def test_a_slow_answer_gets_one_filler() -> None:
    """Once in `voice_budget`, then the answer."""
    async with relayed() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello.")], [text("Found it.")])
        await ana.call(NUMBER)
        await world.idle()
        bot.gate.clear()
        await ana.say("look it up")
        await world.clock.advance(12)
        bot.gate.set()
        await world.clock.advance(2)
        assert ana.spoken == ["Hello.", "One moment, please.", "Found it."]


async def test_speech_behind_a_slow_text_hears_a_filler() -> None:
    """The text's turn is still being answered: the caller hears one filler, then both answers."""
    async with relayed() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello.")], [text("To the text.")], [text("To the speech.")])
        await ana.call(NUMBER)
        await world.idle()
        bot.gate.clear()
        await ana.text("slow", to=NUMBER)
        await world.idle()
        await ana.say("are you there")
        await world.clock.advance(8)
        bot.gate.set()
        await world.clock.advance(2)
        heard = " ".join(ana.spoken)
        assert heard.count("One moment, please.") == 1
        assert heard.index("One moment") < heard.index("To the text.") < heard.index("To the speech.")


async def test_a_lost_socket_comes_back_to_the_same_session() -> None:
    """Nothing is said twice, and the next utterance is a turn of the same session."""
    async with relayed() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello.")], [text("Here again.")])
        call = await ana.call(NUMBER)
        await world.idle()
        world.carrier.drop_socket(call.sid)
        await world.idle()
        await ana.say("hello?")
        await world.idle()
        assert ana.spoken == ["Hello.", "Here again."]
        assert bot.turns[0]["session_id"] == bot.turns[1]["session_id"]


async def test_two_calls_of_one_number_have_a_socket_each() -> None:
    """The second call is a session of its own, greeted on its own socket."""
    async with relayed() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello one.")], [text("Hello two.")], [text("To two.")])
        first = await ana.call(NUMBER)
        await world.idle()
        second = await ana.call(NUMBER)
        await world.idle()
        await ana.say("from two")
        await world.idle()
        heard = {
            sid: [line.text for line in ana.heard if line.call_sid == sid] for sid in (first.sid, second.sid)
        }
        assert heard == {first.sid: ["Hello one."], second.sid: ["Hello two.", "To two."]}
        assert len({turn["session_id"] for turn in bot.turns}) == 2


async def test_a_caller_who_hangs_up_is_told_of_once() -> None:
    """The action and the status callback tell of one end."""
    async with relayed() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello.")])
        await ana.call(NUMBER)
        await world.idle()
        await ana.hang_up()
        await world.idle()
        assert [turn["event"] for turn in bot.turns] == ["call_started", "call_ended"]
        assert world.carrier.faults == []


async def test_words_are_told_once_where_the_caller_spoke_before_they_were_made() -> None:
    """The timeline has each answer once, as the socket says it, also where it stays unproven for a while."""
    async with relayed() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello.")], [text("A long story.")], [text("All right.")])
        await ana.call(NUMBER)
        await world.idle()
        bot.gate.clear()
        await ana.say("tell me")
        await world.idle()
        await ana.say("stop it")
        bot.gate.set()
        await world.idle()
        lines = (await world.api(f"/sessions/{(await world.session())['id']}/events"))["events"]
        said = [line["data"]["text"] for line in lines if line["type"] == "said"]
        assert said == ["Hello.", "A long story.", "All right."]
        assert ana.spoken == said


async def test_a_caller_who_is_put_through_has_no_floor_of_ours() -> None:
    """Once the socket is ended the carrier dials: what the caller says then is for the human."""
    async with relayed() as world:
        ana, bot = world.handset(), world.bot
        bot.will(
            [text("Hello.")], [{"response_type": "transfer", "to": "+15550100999", "say": "One moment."}]
        )
        world.carrier.handset("+15550100999")
        await ana.call(NUMBER)
        await world.idle()
        await ana.say("A human, please")
        await world.idle()
        await world.clock.advance(3)
        assert ana.spoken == ["Hello.", "One moment."]
        assert ana.call_state == "in-progress"
        assert not ana.is_listened_to
