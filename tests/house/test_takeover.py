"""Humans in the assistant's place, through the house: the API's actions, and the help desk told by signed POSTs."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orchestrator.assistants import signing
from tests.fakes.bot import text
from tests.fakes.world import API_TOKEN, BASE, NUMBER, SECRET, World

pytestmark = pytest.mark.anyio

DESK = {"help_desk": {"url": "http://desk.test/tandem", "secret": SECRET}}
AGENT = {"response_type": "connect_to_agent", "message_to_human_agent": "wants a refund"}


class FakeDesk:
    """A help desk that keeps what it is told. `fails` answers come first, with these statuses."""

    def __init__(self, *fails: int) -> None:
        self.fails = list(fails)
        self.messages: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.app = Starlette(routes=[Route("/tandem", self._told, methods=["POST"])])

    async def _told(self, request: Request) -> Response:
        body, world_now = await request.body(), float(request.headers["webhook-timestamp"])
        assert signing.verify(signing.key_of(SECRET), dict(request.headers), body, world_now)
        self.ids.append(request.headers["webhook-id"])
        if self.fails:
            return Response(status_code=self.fails.pop(0))
        self.messages.append(await request.json())
        return Response(status_code=204)

    @property
    def types(self) -> list[str]:
        """The kinds of what it was told, in order."""
        return [message["type"] for message in self.messages]


async def act(world: World, **action: Any) -> httpx.Response:
    """An action of the API in the newest session."""
    session = await world.session()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=world.service.app)) as client:
        answer = await client.post(
            f"{BASE}/api/v1/sessions/{session['id']}/actions",
            json=action,
            headers={"Authorization": f"Bearer {API_TOKEN}"},
        )
    await world.idle()
    return answer


async def test_an_operator_takes_over_and_gives_back() -> None:
    """The customer's texts ask nothing, the operator's arrive, and `released` tells the bot what was said."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("Anything else?")])
        await ana.text("Hi", to=NUMBER)
        assert (await act(world, action="take_over")).status_code == 202
        assert (await world.session())["handler"] == "human"
        await ana.text("Who is there?", to=NUMBER)
        await act(world, action="send_text", text="Eve, of the shop.")
        await world.clock.advance(3)
        assert bot.heard() == [(None, "Hi")]
        assert ana.texts == ["Hello", "Eve, of the shop."]
        assert (await act(world, action="release")).status_code == 202
        assert bot.heard()[1:] == [("released", "")]
        said = bot.turns[1]["event_data"]["said"]
        assert [(entry["by"], entry["text"]) for entry in said] == [
            ("customer", "Who is there?"),
            ("operator", "Eve, of the shop."),
        ]
        await world.clock.advance(3)
        assert ana.texts[-1] == "Anything else?"
        session = await world.session()
        assert session["handler"] == "assistant"
        events = (await world.api(f"/sessions/{session['id']}/events"))["events"]
        kinds = [event["type"] for event in events]
        assert [kind for kind in kinds if kind in {"taken_over", "turn_withheld", "released"}] == [
            "taken_over",
            "turn_withheld",
            "released",
        ]


async def test_what_is_not_to_be_taken_over_is_a_conflict_with_a_hint() -> None:
    """Taken over twice, released without: 409 that says what to do instead."""
    async with World() as world:
        ana = world.handset()
        await ana.text("Hi", to=NUMBER)
        early = await act(world, action="release")
        assert (early.status_code, early.json()["code"]) == (409, "not_allowed")
        assert "take_over" in early.json()["hint"]
        await act(world, action="take_over")
        again = await act(world, action="take_over")
        assert (again.status_code, again.json()["code"]) == (409, "not_allowed")
        assert "release" in again.json()["hint"]
        await act(world, action="end")
        assert (await act(world, action="take_over")).status_code == 409


async def test_a_call_is_held_and_spoken_in_by_the_operator() -> None:
    """The caller's words ask nothing; `say` is heard; given back, the bot speaks again."""
    async with World() as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello")], [text("I am back.")])
        await ana.call(NUMBER)
        await world.idle()
        await act(world, action="take_over")
        await ana.say("Anybody?")
        await world.idle()
        for _ in range(4):
            await ana.stay_silent()
            await world.idle()
        await act(world, action="say", text="This is Eve.")
        await ana.stay_silent()
        await act(world, action="release")
        assert bot.heard() == [("call_started", ""), ("released", "")]
        assert ana.spoken == ["Hello", "This is Eve.", "I am back."]


async def test_a_call_over_a_socket_is_held_and_spoken_in() -> None:
    """The same where a socket carries the call: silence goes on, nothing is asked, no update at the carrier."""
    async with World(phone={"engine": "relay"}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("Hello.")], [text("I am back.")])
        await ana.call(NUMBER)
        await world.idle()
        await act(world, action="take_over")
        await ana.say("Anybody?")
        await world.clock.advance(60)
        await act(world, action="say", text="This is Eve.")
        await world.clock.advance(3)
        await act(world, action="release")
        await world.clock.advance(3)
        assert bot.heard() == [("call_started", ""), ("released", "")]
        assert ana.spoken == ["Hello.", "This is Eve.", "I am back."]
        assert ana.call_state == "in-progress"


async def test_a_thread_goes_to_the_help_desk_and_comes_back() -> None:
    """`connect_to_agent` by text: signed, in order, with the whole of what the customer wrote."""
    desk = FakeDesk()
    async with World(messaging=DESK, hosts={"desk.test": desk.app}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([text("A colleague will write."), AGENT], [text("Bye")])
        await ana.text("A human, please", to=NUMBER)
        await world.idle()
        await ana.text("Refund!", to=NUMBER)
        await world.idle()
        await act(world, action="send_text", text="Done.")
        await act(world, action="release")
        await world.clock.advance(3)
        session = await world.session()
        assert ana.texts == ["A colleague will write.", "Done.", "Bye"]
        assert bot.heard() == [(None, "A human, please"), ("released", "")]
        assert desk.types == ["taken_over", "customer_said", "released"]
        taken, said, _ = (message["data"] for message in desk.messages)
        assert (taken["session_id"], taken["by"], taken["message"]) == (
            session["id"],
            "assistant",
            "wants a refund",
        )
        assert (said["text"], said["customer"]) == ("Refund!", session["customer"])


async def test_a_help_desk_that_is_away_is_told_again_in_order() -> None:
    """The same message under the same id until it is taken; texts to the customer do not wait for it."""
    desk = FakeDesk(500, 503)
    async with World(messaging=DESK, hosts={"desk.test": desk.app}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([AGENT])
        await ana.text("A human, please", to=NUMBER)
        await world.idle()
        await ana.text("Refund!", to=NUMBER)
        await act(world, action="send_text", text="One moment.")
        assert ana.texts == ["One moment."]
        assert desk.types == []
        await world.clock.advance(10)
        assert desk.types == ["taken_over", "customer_said"]
        assert len(set(desk.ids)) == 2
        assert len(desk.ids) == 4


async def test_a_help_desk_that_is_gone_is_left_alone() -> None:
    """410 ends a message; the conversation goes on."""
    desk = FakeDesk(410)
    async with World(messaging=DESK, hosts={"desk.test": desk.app}) as world:
        ana, bot = world.handset(), world.bot
        bot.will([AGENT])
        await ana.text("A human, please", to=NUMBER)
        await world.clock.advance(30)
        assert len(desk.ids) == 1
        await ana.text("Refund!", to=NUMBER)
        await world.clock.advance(3)
        assert desk.types == ["customer_said"]
