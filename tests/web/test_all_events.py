"""The stream of all sessions: live, filtered, and gone on with after any line without a gap or a repeat."""

from __future__ import annotations

import json

import pytest

from tests.fakes.clock import settle
from tests.web.house import BEN, Api, take_away, wrong
from tests.web.test_timeline import Listener, listening_to

pytestmark = pytest.mark.anyio


def told(listener: Listener) -> list[tuple[str, str]]:
    """Session and line of each event that came."""
    lines = [line[6:] for line in listener.text.splitlines() if line.startswith("data: ")]
    return [(event["session_id"], event["id"]) for event in map(json.loads, lines)]


async def test_it_tells_what_happens_in_any_session_from_now_on(api: Api) -> None:
    """Lines written before are not told, those of all sessions after are, within half a second."""
    ana, ben = await api.session(), await api.session(BEN)
    await api.lines(ana, "1.00")
    await api.clock.advance(1)
    async with listening_to(api, "/api/v1/events") as listener:
        assert (listener.status, told(listener)) == (200, [])
        await api.clock.advance(1)
        await api.lines(ben, "1.00")
        await api.lines(ana, "2.00")
        await api.clock.advance(0.5)
        assert sorted(told(listener)) == sorted([(ben, "1.00"), (ana, "2.00")])


async def test_a_client_that_comes_back_gets_each_line_once(api: Api) -> None:
    """`Last-Event-ID` goes on after that line, whichever it is, also where another process told it."""
    sessions = [await api.session(), await api.session(BEN)]
    async with listening_to(api, "/api/v1/events") as listener:
        for n in range(6):
            await api.clock.advance(0.001 * (n % 2))
            await api.lines(sessions[n % 2], f"{n}.00", f"{n}.01")
        await api.clock.advance(1)
    whole = told(listener)
    assert len(whole) == len(set(whole)) == 12
    other = Api(api.store, api.clock)
    for place, seen in enumerate(listener.ids):
        for served in (api, other):
            async with listening_to(served, "/api/v1/events", last_event_id=seen) as again:
                await api.clock.advance(0.5)
                assert told(again) == whole[place + 1 :]
    await other.client.aclose()


async def test_it_is_narrowed_by_kind_and_session(api: Api) -> None:
    """`type` and `session_id` leave out what is none of them."""
    ana, ben = await api.session(), await api.session(BEN)
    async with (
        listening_to(api, "/api/v1/events", query=f"session_id={ana}") as of_ana,
        listening_to(api, "/api/v1/events", query="type=said,call_ended") as other_kinds,
        listening_to(api, "/api/v1/events", query="type=text_received") as texts,
    ):
        await api.clock.advance(1)
        await api.lines(ana, "1.00")
        await api.lines(ben, "2.00")
        await api.clock.advance(1)
        assert told(of_ana) == [(ana, "1.00")]
        assert told(other_kinds) == []
        assert len(told(texts)) == 2


async def test_a_place_that_is_none_is_the_present_one(api: Api) -> None:
    """What another service gave as an id does not break the stream."""
    for nonsense in ("x", "1-2", "00000001.00", "9" * 60):
        async with listening_to(api, "/api/v1/events", last_event_id=nonsense) as listener:
            await api.clock.advance(1)
            assert (listener.status, told(listener)) == (200, [])
    for cursor in ("9" * 65, "nonsense", "1-2"):
        assert wrong(await api.get("/events", params={"cursor": cursor})) == {"cursor"}


async def test_many_lines_are_told_whole_and_in_order(api: Api) -> None:
    """More lines than one look brings, and more than are kept, all come."""
    ana = await api.session()
    async with listening_to(api, "/api/v1/events") as listener:
        await api.clock.advance(1)
        names = [f"{n:08d}.00" for n in range(1300)]
        await api.lines(ana, *names)
        await api.clock.advance(1)
        await settle()
        assert [name for _, name in told(listener)] == names


async def test_all_listeners_share_one_look(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten listeners ask the store no more often than one."""
    looks = 0
    log = api.store.log

    async def counted(after: str = "", limit: int = 500) -> object:
        nonlocal looks
        looks += 1
        return await log(after, limit)

    monkeypatch.setattr(api.store, "log", counted)
    async with listening_to(api, "/api/v1/events"), listening_to(api, "/api/v1/events"):
        looks = 0
        await api.clock.advance(3)
    assert 8 <= looks <= 11


async def test_it_ends_when_the_store_is_away(api: Api) -> None:
    """The client comes back by itself, with the last id that it saw."""
    async with listening_to(api, "/api/v1/events") as listener:
        take_away(api.store, "log")
        await api.clock.advance(1)
        assert listener.ended
