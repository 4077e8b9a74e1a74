"""Texts whose webhook never came are taken from the carrier's list: once, late, in order, and marked so."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fakes.bot import text
from tests.fakes.world import ANA, NUMBER, SID, TOKEN, World

pytestmark = pytest.mark.anyio

BEA = "+15550105678"


def swept(**messaging: Any) -> World:
    """A house that sweeps."""
    return World(messaging={"sweep_look_back": "12h", **messaging})


async def lose(world: World, *bodies: str, number: str = ANA) -> None:
    """Texts whose webhooks do not arrive, nor those to the fallback address."""
    for body in bodies:
        for _ in range(2):
            world.carrier.trouble.lose_next_webhook("sms")
        await world.handset(number).text(body, to=NUMBER)
    await world.idle()


async def before_us(world: World, to: str) -> None:
    """Another system answers a customer from our number."""
    transport = httpx.ASGITransport(app=world.carrier.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://carrier.test") as http:
        form = {"To": to, "From": NUMBER, "Body": "by another system"}
        path = f"/2010-04-01/Accounts/{SID}/Messages.json"
        answer = await http.post(path, data=form, auth=(SID, TOKEN))
    assert answer.status_code == 201


def lists(world: World) -> int:
    """How often the carrier's list was read."""
    asked = [event.data for event in world.carrier.events if event.kind == "request"]
    return sum(data["method"] == "GET" and data["resource"].startswith("Messages") for data in asked)


def sent(world: World) -> int:
    """How often a text was handed to the carrier."""
    asked = [event.data for event in world.carrier.events if event.kind == "request"]
    return sum(data["method"] == "POST" and data["resource"].startswith("Messages") for data in asked)


async def late(world: World) -> list[tuple[str, bool]]:
    """The texts on the newest session's timeline, with their mark."""
    session = await world.session()
    lines = (await world.api(f"/sessions/{session['id']}/events"))["events"]
    return [(line["data"]["text"], line["data"]["late"]) for line in lines if line["type"] == "text_received"]


async def test_what_was_sent_while_we_were_away_is_answered_soon_after_the_start() -> None:
    """Texts of before the start are taken within seconds of it, in order, each once, marked late."""
    world = swept()
    world.bot.will([text("one")], [text("two")])
    await lose(world, "first", "second")
    await world.clock.advance(60)
    async with world:
        await world.clock.advance(10)
        assert world.bot.heard() == [(None, "first"), (None, "second")]
        assert [turn["event_data"] for turn in world.bot.turns] == [{"late": True}] * 2
        assert world.handset().texts == ["one", "two"]
        assert await late(world) == [("first", True), ("second", True)]
        await world.clock.advance(400)
        assert len(world.bot.turns) == 2


async def test_a_lost_text_is_found_within_five_minutes() -> None:
    """Without any fault that we know of the list is read every `sweep_every`, and not more often."""
    async with swept() as world:
        await world.clock.advance(120)
        await lose(world, "lost")
        before = lists(world)
        await world.clock.advance(335)
        assert world.bot.heard() == [(None, "lost")]
        assert lists(world) - before <= 2


async def test_a_text_that_came_by_its_webhook_is_not_taken_again() -> None:
    """What is known is known, at once and as long as the list shows it; it is not late."""
    async with swept() as world:
        await world.handset().text("Hi", to=NUMBER)
        await world.clock.advance(700)
        assert world.bot.heard() == [(None, "Hi")]
        assert await late(world) == [("Hi", False)]


async def test_a_webhook_that_comes_later_is_a_duplicate() -> None:
    """The carrier's own repeat, after the sweep, changes nothing."""
    world = swept()
    world.carrier.trouble.delay_next_webhook(120, "sms")
    async with world:
        await world.clock.advance(70)
        sending = world.service.house.spawn(world.handset().text("slow", to=NUMBER), "text")
        await world.clock.advance(110)
        world.service.house.lost += 1  # a fault elsewhere brings the sweep before the webhook
        await world.clock.advance(5)
        assert world.bot.heard() == [(None, "slow")]
        await world.clock.advance(60)
        await sending
        assert world.bot.heard() == [(None, "slow")]
        assert await late(world) == [("slow", True)]


async def test_a_text_that_could_not_be_stored_is_swept_once_it_can() -> None:
    """After a 503 the list is read as soon as the store is back."""
    async with swept() as world:
        await world.clock.advance(120)
        store = world.store
        real = store.accept

        async def away(*args: Any, **kwargs: Any) -> Any:
            raise ConnectionError

        store.accept = away  # type: ignore[method-assign] # the store is away
        await world.handset().text("Hello?", to=NUMBER)
        await world.idle()
        store.accept = real  # type: ignore[method-assign] # and is back
        await world.clock.advance(20)
        assert world.bot.heard() == [(None, "Hello?")]


async def test_what_others_answered_before_us_is_left_alone() -> None:
    """The first sweep of a number takes no text that was answered since, nor any of long before."""
    world = swept()
    await lose(world, "long ago")
    await world.clock.advance(601)
    await lose(world, "answered by the system before", number=BEA)
    await world.clock.advance(5)
    await before_us(world, BEA)
    async with world:
        await world.clock.advance(100)
        assert world.bot.heard() == []


async def test_nothing_older_than_the_look_back_is_taken() -> None:
    """However long nobody swept, an old text stays unanswered."""
    world = swept(sweep_look_back="5m")
    await lose(world, "old")
    await world.clock.advance(301)
    await lose(world, "young", number=BEA)
    await world.clock.advance(10)
    async with world:
        await world.clock.advance(100)
        assert world.bot.heard() == [(None, "young")]


async def test_a_carrier_in_trouble_is_asked_again_with_growing_pauses() -> None:
    """429 and 500 on the list are no end of it, and no storm."""
    world = swept()
    await lose(world, "lost")
    await world.clock.advance(10)
    for status in (429, 500, 503):
        world.carrier.trouble.answer_next_request(status, "Messages")
    async with world:
        await world.clock.advance(120)
        assert world.bot.heard() == [(None, "lost")]
        assert lists(world) <= 12


async def test_what_was_erased_does_not_come_back() -> None:
    """The carrier still lists what an erased customer wrote: it is not taken for new."""
    async with swept() as world:
        await world.handset().text("Hi", to=NUMBER)
        await world.idle()
        address = world.store.address("support", ANA)
        await world.store.erase(address, number=ANA)
        await world.clock.advance(700)
        assert world.bot.heard() == [(None, "Hi")]


async def test_stop_by_the_sweep_is_a_stop() -> None:
    """A keyword that the sweep finds changes consent."""
    world = swept()
    await lose(world, "STOP")
    await world.clock.advance(30)
    async with world:
        await world.clock.advance(10)
        assert await world.store.consent(world.store.address("support", ANA)) == "opted_out"
        assert world.bot.turns == []


@pytest.mark.parametrize("apart", [3, 20], ids=["just sent", "long ago"])
async def test_a_stop_that_the_list_holds_goes_before_the_answer_to_an_older_text(apart: int) -> None:
    """Of a customer who wrote and then said STOP nothing is answered, however young the STOP is; others are."""
    world = swept()
    world.bot.will([text("Hi")], [text("Hi")])
    await lose(world, "hello", number=ANA)
    await lose(world, "hello", number=BEA)
    await world.clock.advance(apart)
    await lose(world, "STOP", number=ANA)
    await world.clock.advance(2 if apart == 3 else 20)
    async with world:
        await world.clock.advance(30)
        assert world.handset(BEA).texts == ["Hi"]
        assert sent(world) == 1
