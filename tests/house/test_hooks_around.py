"""Hooks before and after the assistant, through the house: what they change, and what their failing does."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from orchestrator.assistants.signing import key_of, verify
from tests.fakes.bot import text
from tests.fakes.hook import FakeHook
from tests.fakes.world import NUMBER, SECRET, World

pytestmark = pytest.mark.anyio
DEFAULT = "We're sorry, but we can't respond to your message."


def world(hook: FakeHook, **hooks: str) -> World:
    """A house whose hooks are at `hook`; each has these settings besides its address."""
    parts = (f"{name}: {{url: 'http://hook.test/{name}'{more}}}" for name, more in hooks.items())
    return World(hosts={"hook.test": hook.app}, hooks="{" + ", ".join(parts) + "}")


async def answered(house: World, words: str = "my card is 4111") -> list[str]:
    """The texts that a customer gets for one."""
    ana = house.handset()
    await ana.text(words, to=NUMBER)
    await house.idle()
    return ana.texts


async def test_before_the_assistant_input_and_context_are_changed() -> None:
    """The assistant sees the changed words and context; the session keeps the context."""
    hook = FakeHook()
    hook.will({"input": {"text": "my card is ****"}, "context": {"language": "en"}})
    async with world(hook, pre_message=f", secret: {SECRET}") as house:
        house.bot.will({"responses": [text("Thanks.")], "context": {"n": 1}})
        assert await answered(house) == ["Thanks."]
        turn = house.bot.turns[0]
        assert (turn["input"]["text"], turn["input"]["type"]) == ("my card is ****", "text")
        assert turn["context"] == {"language": "en"}
        assert (await house.session())["context"] == {"language": "en", "n": 1}
        asked = hook.taken[0]
        assert asked["type"] == "pre_message"
        assert asked["data"]["turn"]["input"]["text"] == "my card is 4111"
        assert hook.headers[0]["webhook-id"] == f"pre_message_{turn['turn_id']}"
        assert verify(key_of(SECRET), hook.headers[0], hook.bodies[0], house.clock.now())


@pytest.mark.parametrize(
    "answer", [{"responses": [text("We are closed.")]}, {"skip": True, "context": {"a": 1}}]
)
async def test_before_the_assistant_a_hook_may_answer_in_its_place(answer: dict[str, Any]) -> None:
    """With an answer of the hook's, or `skip`, the assistant is not asked."""
    hook = FakeHook()
    hook.will(answer)
    async with world(hook, pre_message="") as house:
        expected = ["We are closed."] if "responses" in answer else []
        assert await answered(house) == expected
        assert house.bot.turns == []
        assert (await house.session())["context"] == answer.get("context", {})


async def test_after_the_assistant_the_answer_is_changed() -> None:
    """The hook sees turn and answer, and its own answer takes the place; its context goes on top."""
    hook = FakeHook()
    hook.will({"responses": [text("Twelve."), text("Bye.")], "context": {"n": None, "checked": True}})
    async with world(hook, post_message="") as house:
        house.bot.will({"responses": [text("12")], "context": {"n": 1}})
        assert await answered(house) == ["Twelve.\nBye."]
        seen = hook.taken[0]["data"]
        assert seen["answer"] == {"responses": [{"response_type": "text", "text": "12"}], "context": {"n": 1}}
        assert seen["turn"]["turn_id"] == house.bot.turns[0]["turn_id"]
        assert (await house.session())["context"] == {"checked": True}


async def test_an_empty_answer_changes_nothing() -> None:
    """204, and an object without ours, leave turn and answer as they are."""
    hook = FakeHook()
    hook.will(None, {"seen": True})
    async with world(hook, pre_message="", post_message="") as house:
        house.bot.will([text("Hello")])
        assert await answered(house) == ["Hello"]
        assert house.bot.turns[0]["input"]["text"] == "my card is 4111"
        assert hook.types() == ["pre_message", "post_message"]


@pytest.mark.parametrize(
    "broken", [500, 400, {"responses": "Hello"}, {"input": {"text": 1}}, {"context": []}]
)
async def test_a_hook_that_fails_is_passed_over(broken: Any) -> None:
    """`on_failure: continue`: the turn goes on as if there were no hook, after one more try where that may help."""
    hook = FakeHook()
    hook.will(broken, broken)
    async with world(hook, pre_message="") as house:
        house.bot.will([text("Hello")])
        await house.handset().text("hi", to=NUMBER)
        await house.idle()
        await house.clock.advance(1)
        await house.idle()
        assert house.handset().texts == ["Hello"]
        assert len(hook.taken) == (2 if broken == 500 else 1)
        assert len({headers["webhook-id"] for headers in hook.headers}) == 1


@pytest.mark.parametrize("name", ["pre_message", "post_message"])
async def test_a_hook_that_must_not_fail_fails_the_turn(name: str) -> None:
    """`on_failure: fail`: the customer is told as if the assistant had failed."""
    hook = FakeHook()
    hook.will(500)
    async with world(hook, **{name: ", on_failure: fail, retries: 0"}) as house:
        house.bot.will([text("Hello")])
        assert await answered(house) == [DEFAULT]
        assert len(house.bot.turns) == (0 if name == "pre_message" else 1)


async def test_a_slow_hook_is_given_up_in_a_call() -> None:
    """A hook past its time-out is passed over, and the caller hears the answer meanwhile."""
    hook = FakeHook()
    hook.stuck = True
    async with world(hook, pre_message=", timeout: 2s, retries: 0") as house:
        house.bot.will([text("Hello, caller.")])
        ana = house.handset()
        await ana.call(NUMBER)
        await house.clock.advance(2.1)
        await house.idle()
        assert ana.spoken == ["Hello, caller."]


@pytest.mark.parametrize(
    ("setting", "header", "value"),
    [
        (", username: bob, password: pw", "authorization", "Basic " + base64.b64encode(b"bob:pw").decode()),
        (", bearer_token: tok", "authorization", "Bearer tok"),
        (", headers: {X-Api-Key: k1}", "x-api-key", "k1"),
    ],
)
async def test_a_hook_is_shown_who_we_are(setting: str, header: str, value: str) -> None:
    """Basic, Bearer and a header of one's own."""
    hook = FakeHook()
    async with world(hook, post_message=setting) as house:
        house.bot.will([text("Hello")])
        await answered(house)
        assert hook.headers[0][header] == value
        assert "webhook-signature" not in hook.headers[0]
