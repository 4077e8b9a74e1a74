"""A language model in the house: it speaks before it has finished, texts in a call, and reads the reply."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from channels.simulator.handset import Handset
from channels.simulator.relay import RelayFloor
from tests.fakes.model import API_KEY, Finish, Tool
from tests.fakes.world import ANA, NUMBER
from tests.house.openai.model_world import ModelWorld

pytestmark = pytest.mark.anyio
SORRY = "Sorry, something went wrong on our side. Please call again."
BROKEN = "no call could be used: malformed: the arguments are not JSON"
CANNOT = "We're sorry, but we can't respond to your message."


def relayed(**sections: Any) -> ModelWorld:
    """A house whose calls a socket carries."""
    return ModelWorld(phone={"engine": "relay"}, **sections)


def tokens(handset: Handset) -> str:
    """What came over the socket of what is being said."""
    floor = handset._must_live().floor
    assert isinstance(floor, RelayFloor)
    return floor.spoken


async def events(world: ModelWorld, kind: str) -> list[dict[str, Any]]:
    """The timeline's lines of a kind, what they hold."""
    session = await world.session()
    lines = (await world.api(f"/sessions/{session['id']}/events"))["events"]
    return [line["data"] for line in lines if line["type"] == kind]


async def test_first_words_are_spoken_before_the_model_has_finished() -> None:
    """The first sentence is with the carrier while the stream is held back; nothing is said twice."""
    async with relayed() as world:
        ana, model, gate = world.handset(), world.model, asyncio.Event()
        model.will(["Hello. ", "How can", gate, " I help?"])
        await ana.call(NUMBER)
        await world.idle()
        assert tokens(ana) == "Hello. "
        await world.clock.advance(1)
        assert tokens(ana) == "Hello. How "  # whether `can` is a whole word is not known yet
        gate.set()
        await world.idle()
        assert ana.spoken == ["Hello. How can I help?"]


@pytest.mark.parametrize("engine", ["gather", "relay"])
async def test_it_texts_in_the_call_and_reads_the_reply(engine: str) -> None:
    """The main job: a tool call asks by text, the reply is the next message of the conversation, and is answered
    aloud; the thread goes on after the call.
    """
    async with ModelWorld(phone={"engine": engine}) as world:
        ana, model = world.handset(), world.model
        ask = {"text": "Reply with your address", "say": "I have texted you.", "keep_as": "address"}
        model.will(
            ["Hello."],
            [Tool("ask_for_text", ask, size=5)],
            ["Thank you, ", "I noted it."],
            ["We open at nine."],
        )
        await ana.call(NUMBER)
        await world.idle()
        await ana.say("I moved house")
        await world.idle()
        assert await world.state() == "awaiting_text"
        await ana.text("12 Elm Road", to=NUMBER)
        await world.idle()
        await ana.hang_up()
        assert await world.state() == "text_only"
        await ana.text("When do you open?", to=NUMBER)
        await world.idle()
        assert ana.spoken == ["Hello.", "I have texted you.", "Thank you, I noted it."]
        assert ana.texts == ["Reply with your address", "We open at nine."]
        (_, waiting), (role, reply) = model.messages(2)[-2:]
        assert "waiting" in waiting
        assert (role, reply.endswith("\n12 Elm Road")) == ("user", True)
        assert '"address": "12 Elm Road"' in model.system(2)
        assert model.messages(3)[-1][1].startswith("[The call is over: ended.]")


async def test_a_text_of_a_tool_leaves_with_the_answer() -> None:
    """`send_text` in a call: the customer has it, and hears the words of both rounds."""
    async with relayed() as world:
        ana, model = world.handset(), world.model
        model.will(["Hello."], ["One moment.", Tool("send_text", {"text": "Ticket 7"})], ["I sent it."])
        await ana.call(NUMBER)
        await world.idle()
        await ana.say("my ticket")
        await world.idle()
        assert ana.texts == ["Ticket 7"]
        assert " ".join(ana.spoken) == "Hello. One moment. I sent it."


@pytest.mark.parametrize("engine", [ModelWorld, relayed], ids=["gather", "relay"])
async def test_who_calls_a_model_of_broken_calls_hears_the_failure_message(
    engine: Callable[[], ModelWorld],
) -> None:
    """The caller is not left in silence, and the timeline says what the model did."""
    async with engine() as world:
        ana, model = world.handset(), world.model
        model.will(["Hello."], *[[Tool("send_text", "{'text': 'no JSON'}")]] * 5)
        await ana.call(NUMBER)
        await world.idle()
        await ana.say("my ticket")
        await world.clock.advance(10)
        assert ana.spoken == ["Hello.", SORRY]
        assert await world.state() == "ended"
        (failed,) = await events(world, "turn_failed")
        assert (failed["reason"], failed["detail"]) == ("malformed", BROKEN)


async def test_a_barge_in_trims_what_the_model_believes_to_have_said() -> None:
    """The history holds what was heard, also for the next worker."""
    async with relayed() as world:
        ana, model, gate = world.handset(), world.model, asyncio.Event()
        model.will(["Your order left on Monday. ", gate, "It comes by Friday."], ["Fine."])
        await ana.call(NUMBER)
        await world.idle()
        await ana.say("stop")
        gate.set()
        await world.idle()
        (_, _), answer, words = model.messages()
        assert answer == ("assistant", "Your order left on Monday.")
        assert words == ("user", "stop")
        assert "Friday" not in " ".join(ana.spoken)


async def test_what_a_session_cost_is_on_record() -> None:
    """On the timeline, in the session's record, and in the figures."""
    async with ModelWorld() as world:
        ana, model = world.handset(), world.model
        model.will(["Hello."], [Tool("send_text", {"text": "7"})], ["Sent."])
        await ana.text("hi", to=NUMBER)
        await world.idle()
        await ana.text("ticket", to=NUMBER)
        await world.idle()
        assert [line["usage"] for line in await events(world, "turn_answered")] == [
            {"prompt": 100, "completion": 10},
            {"prompt": 200, "completion": 20},
        ]
        (record,) = (await world.api("/records", kind="session"))["records"]
        assert (record["prompt_tokens"], record["completion_tokens"]) == (300, 30)
        page = world.service.metrics.page().decode()
        assert 'tandem_assistant_tokens_total{assistant="support",kind="prompt"} 300.0' in page


async def test_a_spent_budget_ends_the_call_as_a_failure() -> None:
    """Beyond `max_turns` the caller hears the failure message; the model is not asked."""
    async with ModelWorld(fields=", max_turns: 1") as world:
        ana = world.handset()
        world.model.will(["Hello."])
        await ana.call(NUMBER)
        await ana.say("and")
        await world.clock.advance(5)
        assert ana.spoken == ["Hello.", SORRY]
        assert [line["reason"] for line in await events(world, "turn_failed")] == ["max_turns"]
        assert len(world.model.bodies) == 1


@pytest.mark.parametrize(
    ("played", "part"),
    [([b"data: {nonsense\n\n"], "{nonsense"), (["Hello. I am", Finish("")], None), (500, None)],
    ids=["garbage", "cut", "500"],
)
async def test_a_broken_stream_is_survived_and_told(played: Any, part: str | None) -> None:
    """Two tries, then the failure text; the operator sees the part, no log does, and the next text is answered."""
    async with ModelWorld() as world:
        ana, model = world.handset(), world.model
        model.will(played, played)
        with structlog.testing.capture_logs() as logs:
            await ana.text("hello", to=NUMBER)
            await world.clock.advance(20)
        assert ana.texts == [CANNOT]
        (failed,) = await events(world, "turn_failed")
        assert failed.get("part") == part
        assert any(line["event"] == "assistant.failed" for line in logs)
        assert not any(word in str(logs) for word in ("nonsense", "hello", API_KEY, ANA))
        assert {headers["x-client-request-id"] for headers in model.headers} == {failed["turn_id"]}
        model.will(["Back again."])
        await ana.text("hello?", to=NUMBER)
        await world.idle()
        assert ana.texts[-1] == "Back again."


async def test_a_tool_call_that_came_to_nothing_is_on_the_timeline() -> None:
    """With the arguments that could not be read."""
    async with ModelWorld() as world:
        ana, model = world.handset(), world.model
        model.will([Tool("transfer", '{"to": "the boss')], ["I cannot do that."])
        await ana.text("the boss, please", to=NUMBER)
        await world.idle()
        assert ana.texts == ["I cannot do that."]
        (skipped,) = await events(world, "item_skipped")
        assert (skipped["response_type"], skipped["part"]) == ("transfer", '{"to": "the boss')
        assert "not JSON" in skipped["reason"]
