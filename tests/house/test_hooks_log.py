"""The log webhook through the house: every turn, message and call once, in order, until it is taken."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from orchestrator.assistants.signing import key_of, verify
from tests.fakes.bot import text
from tests.fakes.hook import FakeHook
from tests.fakes.world import ANA, API_TOKEN, BASE, NUMBER, SECRET, World

pytestmark = pytest.mark.anyio


def world(hook: FakeHook, settings: str = "", **more: Any) -> World:
    """A house whose log webhook is `hook`."""
    log = f"{{log: {{url: 'http://hook.test/log', secret: {SECRET}{settings}}}}}"
    return World(hosts={"hook.test": hook.app}, hooks=log, **more)


async def post(house: World, path: str) -> int:
    """A POST of the API."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(house.service.app), base_url=BASE) as client:
        answer = await client.post(f"/api/v1{path}", headers={"Authorization": f"Bearer {API_TOKEN}"})
    return answer.status_code


async def test_a_conversation_is_reported_whole() -> None:
    """A call with a text in it: each turn, each message and the call, once, signed, with ids of their own."""
    hook = FakeHook()
    async with world(hook) as house:
        house.bot.will([text("Hello.")], [text("Noted.")], [])
        ana = house.handset()
        await ana.call(NUMBER)
        await house.idle()
        await ana.text("12 Mill Lane", to=NUMBER)
        await house.idle()
        await house.clock.advance(3)
        await ana.hang_up()
        await house.idle()
        await house.clock.advance(3)
        await house.idle()
        assert sorted(hook.types()) == ["call", "message", "turn", "turn", "turn"]
        ids = [headers["webhook-id"] for headers in hook.headers]
        assert len(set(ids)) == len(ids)
        for headers, body in zip(hook.headers, hook.bodies, strict=True):
            assert verify(key_of(SECRET), headers, body, house.clock.now())
        session = (await house.session())["id"]
        for report in hook.taken:
            data = report["data"]
            assert (data["session_id"], data["assistant"], data["customer"]) == (
                session,
                "support",
                {"phone_number": ANA},
            )
        turns = [report["data"] for report in hook.taken if report["type"] == "turn"]
        assert [turn["turn"]["event"] for turn in turns] == ["call_started", "text_reply", "call_ended"]
        assert [turn["turn"]["turn_id"] for turn in turns] == [turn["turn_id"] for turn in house.bot.turns]
        assert turns[1]["answer"]["responses"] == [{"response_type": "text", "text": "Noted."}]
        message = next(report["data"] for report in hook.taken if report["type"] == "message")
        assert (message["direction"], message["text"], message["status"]) == (
            "inbound",
            "12 Mill Lane",
            "taken",
        )
        call = next(report["data"] for report in hook.taken if report["type"] == "call")
        assert (call["direction"], call["number"], call["reason"], call["duration"]) == (
            "inbound",
            NUMBER,
            "ended",
            3,
        )


async def test_texts_out_and_refusals_are_messages() -> None:
    """What we send, what is refused, and what the carrier refused, is reported as it is."""
    hook = FakeHook()
    async with world(hook, ", include: [message]") as house:
        house.bot.will([text("Hello")], [text("Again")])
        ana = house.handset()
        await ana.text("hi", to=NUMBER)
        await house.idle()
        await ana.text("STOP", to=NUMBER)
        await house.idle()
        await ana.text("hello?", to=NUMBER)
        await house.idle()
        told = [
            (each["data"]["direction"], each["data"]["status"], each["data"]["text"]) for each in hook.taken
        ]
        assert told == [
            ("inbound", "taken", "hi"),
            ("outbound", "queued", "Hello"),
            ("inbound", "taken", "STOP"),
            ("inbound", "refused", "hello?"),
        ]
        assert hook.taken[-1]["data"]["reason"] == "opted_out"


async def test_a_failed_turn_is_reported_with_its_reason() -> None:
    """An assistant that fails leaves a report without an answer."""
    hook = FakeHook()
    async with world(hook, ", include: [turn]") as house:
        house.bot.will(404)
        await house.handset().text("hi", to=NUMBER)
        await house.idle()
        data = hook.taken[0]["data"]
        assert (data["answer"], data["failure"], data["carried_out"]) == (None, "status_404", True)


async def test_a_webhook_that_is_down_gets_everything_later_in_order() -> None:
    """While it fails, conversations go on; then it gets each report, the oldest first, with its first id."""
    hook = FakeHook()
    hook.will(500, 503, 429)
    async with world(hook, ", include: [turn]") as house:
        house.bot.will([text("One")], [text("Two")])
        ana = house.handset()
        await ana.text("first", to=NUMBER)
        await house.idle()
        await ana.text("second", to=NUMBER)
        await house.idle()
        assert ana.texts == ["One", "Two"]
        for _ in range(20):
            await house.clock.advance(1)
            await house.idle()
        said = [each["data"]["turn"]["input"]["text"] for each in hook.taken]
        assert said == ["first", "first", "first", "first", "second"]
        ids = [headers["webhook-id"] for headers in hook.headers]
        assert len(set(ids[:4])) == 1
        assert ids[4] != ids[0]


async def letters(house: World) -> list[dict[str, Any]]:
    """The dead letters."""
    found: list[dict[str, Any]] = (await house.api("/dead-letters"))["dead_letters"]
    return found


@pytest.mark.parametrize(
    ("answers", "wait", "reason"), [([400], 1, "status_400"), ([500] * 40, 35, "expired")]
)
async def test_what_is_not_taken_is_a_dead_letter_that_can_be_delivered(
    answers: list[int], wait: int, reason: str
) -> None:
    """A plain refusal, or hours of failing, ends it; an operator delivers it again, with the same id."""
    hook = FakeHook()
    hook.will(*answers)
    async with world(hook, ", include: [turn], retry_for: 20s") as house:
        house.bot.will([text("One")])
        await house.handset().text("first", to=NUMBER)
        await house.idle()
        for _ in range(wait):
            await house.clock.advance(1)
            await house.idle()
        [letter] = await letters(house)
        assert letter["reason"] == reason
        hook.answers.clear()
        before = len(hook.taken)
        assert await post(house, f"/dead-letters/{letter['id']}/retry") == 202
        await house.clock.advance(2)
        await house.idle()
        assert len(hook.taken) == before + 1
        assert hook.taken[-1]["data"] == hook.taken[0]["data"]
        assert hook.headers[-1]["webhook-id"] == hook.headers[0]["webhook-id"]
        assert await letters(house) == []
        assert len(house.bot.turns) == 1
