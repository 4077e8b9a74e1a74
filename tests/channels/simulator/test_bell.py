"""Waiting for a change: whoever waits is woken by it, and whoever gives up is forgotten."""

from __future__ import annotations

import asyncio

import pytest

from channels.simulator.bell import Bell
from tests.fakes.clock import settle

pytestmark = pytest.mark.anyio


async def test_whoever_waits_is_woken_in_turn_once_it_holds() -> None:
    """At each ring everyone looks again, who waited longest first."""
    bell, seen, woken = Bell(), set[str](), list[str]()

    async def wait(name: str, what: str) -> None:
        await bell.until(lambda: what in seen)
        woken.append(name)

    waiting = [asyncio.ensure_future(wait(*each)) for each in (("a", "x"), ("b", "y"), ("c", "x"))]
    await settle()
    for what in "xy":
        seen.add(what)
        bell.ring()
        await settle()
    await asyncio.gather(*waiting)
    assert woken == ["a", "c", "b"]


async def test_whoever_gives_up_is_forgotten() -> None:
    """Requests that are held for ten seconds each, at a phone where nothing happens, leave nothing behind."""
    bell = Bell()
    waiting = asyncio.ensure_future(bell.until(lambda: False))
    await settle()
    assert bell._waiting
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert not bell._waiting
