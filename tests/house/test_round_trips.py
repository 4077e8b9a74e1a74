"""What a turn costs in the store: calls counted where they leave the house."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.store import RedisStore
from tests.fakes.bot import text
from tests.fakes.world import NUMBER, World

pytestmark = pytest.mark.anyio

BEHIND = {"write_behind", "poll"}
"""Calls that nobody waits for."""


class CountedStore:
    """The store, with the names of its calls in `calls`."""

    def __init__(self, store: RedisStore) -> None:
        self._store = store
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if not callable(found) or name in {"address", "locate"}:
            return found

        def counted(*args: Any, **named: Any) -> Any:
            self.calls.append(name)
            return found(*args, **named)

        return counted

    def waited_for(self) -> list[str]:
        """The calls since the last look that somebody waits for."""
        found = [name for name in self.calls if name not in BEHIND]
        self.calls.clear()
        return found


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> tuple[World, CountedStore]:
    """A world whose house reaches the store through a counter; the carrier's callbacks as well."""
    world = World()
    store = CountedStore(world.store)
    monkeypatch.setattr(world.service.house, "store", store)
    monkeypatch.setattr(world.service.runner.outbox, "_store", store)
    return world, store


async def test_a_voice_turn_is_two_trips(counted: tuple[World, CountedStore]) -> None:
    """`begin` and `commit`, and one write behind that nobody waits for; greeting and speech alike."""
    world, store = counted
    async with world:
        ana = world.handset()
        world.bot.will([text("Hello")], [text("Tomorrow")])
        await ana.call(NUMBER)
        await world.idle()
        assert store.calls.count("write_behind") == 1
        assert store.waited_for() == ["begin", "commit"]
        await ana.say("When?")
        await world.idle()
        assert store.calls.count("write_behind") == 1
        assert store.waited_for() == ["begin", "commit"]


async def test_a_text_is_one_trip_before_its_answer(counted: tuple[World, CountedStore]) -> None:
    """`accept`, then the webhook is answered; `commit` with the entry claimed, `settle` after sending.

    Each status callback of the carrier is two more: which entry, and what became of it.
    """
    world, store = counted
    async with world:
        ana = world.handset()
        world.bot.will([text("Hello")])
        world.bot.gate.clear()
        await ana.text("hi", to=NUMBER)
        assert store.waited_for() == ["accept"]
        world.bot.gate.set()
        await world.idle()
        calls = store.waited_for()
        assert [name for name in calls if name not in {"outbox_entry", "delivery"}] == ["commit", "settle"]
        assert calls.count("delivery") == calls.count("outbox_entry") == 2


async def test_a_text_in_a_call_is_answered_in_six_trips(counted: tuple[World, CountedStore]) -> None:
    """`accept`, a look at what the caller was saying, `commit`, `settle` of the interruption, and the
    fetch's `begin` and `commit`: six, and nothing in between that waits for a clock.
    """
    world, store = counted
    async with world:
        ana = world.handset()
        world.bot.will([text("Hello")], [text("I read it.")])
        await ana.call(NUMBER)
        await world.idle()
        store.waited_for()
        await ana.text("read this", to=NUMBER)
        await world.idle()
        assert sorted(store.waited_for()) == ["accept", "begin", "commit", "commit", "overheard", "settle"]
        assert ana.spoken == ["Hello", "I read it."]
