"""Lists, indexes and the timeline, written behind the commit, on the fake and on a real server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orchestrator.core.errors import BadCursorError
from orchestrator.core.ids import stable_id, with_partition
from orchestrator.ports import Address, Behind
from tests.store.conftest import Bench

pytestmark = pytest.mark.anyio


class Diary:
    """Writes sessions behind, each under an assistant that no other test uses."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.assistant = bench.address.customer

    def session_id(self, name: str, address: Address | None = None) -> str:
        """The id of a session, naming its partition."""
        at = address or self.bench.address
        return with_partition(stable_id(1.0, self.assistant, name), at.partition)

    async def write(
        self, name: str, state: str = "in_call", *, number: str = "+15550101234", **more: Any
    ) -> str:
        """One session written behind now, and its id."""
        address = self.bench.store.address(self.assistant, name)
        session_id = self.session_id(name, address)
        summary: dict[str, Any] = {"id": session_id, "assistant": self.assistant, "state": state}
        summary |= {"customer": {"phone_number": number}}
        score = more.pop("score", self.bench.clock.time)
        behind = Behind(session_id, json.dumps(summary), state, score, **more)
        await self.bench.store.write_behind(address, behind)
        return session_id

    async def listed(self, **filters: Any) -> list[str]:
        """Ids of this test's sessions, all pages."""
        found, cursor = [], ""
        while True:
            page, after = await self.bench.store.sessions(assistant=self.assistant, cursor=cursor, **filters)
            found += [summary["id"] for summary in page]
            if after is None:
                return found
            cursor = after


@pytest.fixture
def diary(bench: Bench) -> Diary:
    """A diary of its own."""
    return Diary(bench)


async def test_sessions_are_listed_newest_first_across_partitions(bench: Bench, diary: Diary) -> None:
    """The list is in order of the last event, whatever partition a customer lives in."""
    written = []
    for n in range(12):
        bench.clock.advance(1)
        written.append(await diary.write(f"n{n}"))
    assert await diary.listed() == written[::-1]


@pytest.mark.parametrize("limit", [1, 2, 5, 50])
async def test_pages_lose_and_repeat_nothing(bench: Bench, diary: Diary, limit: int) -> None:
    """Paging through sessions of the very same moment gives each once."""
    written = {await diary.write(f"n{n}") for n in range(24)}
    found = await diary.listed(limit=limit)
    assert len(found) == len(written)
    assert set(found) == written


async def test_a_session_that_moved_on_is_listed_once(bench: Bench, diary: Diary) -> None:
    """A later state replaces the earlier one in every list."""
    session_id = await diary.write("n", "in_call")
    bench.clock.advance(1)
    await diary.write("n", "awaiting_text")
    assert await diary.listed() == [session_id]
    assert await diary.listed(states=["in_call"]) == []
    assert await diary.listed(states=["awaiting_text", "in_call"]) == [session_id]


async def test_a_slower_writer_does_not_turn_a_session_back(bench: Bench, diary: Diary) -> None:
    """A summary older than the one written is dropped."""
    await diary.write("n", "text_only")
    await diary.write("n", "in_call", score=bench.clock.time - 1)
    assert len(await diary.listed(states=["text_only"])) == 1


async def test_ended_sessions_are_listed_only_when_asked_for(bench: Bench, diary: Diary) -> None:
    """Without states the list leaves out what ended; it is still found by id and state."""
    session_id = await diary.write("n", "in_call")
    bench.clock.advance(1)
    await diary.write("n", "ended")
    assert await diary.listed() == []
    assert await diary.listed(states=["ended"]) == [session_id]
    found = await bench.store.session(session_id)
    assert found is not None
    assert (found[0], found[1]["state"]) == (bench.store.address(diary.assistant, "n"), "ended")


async def test_q_finds_a_part_of_number_or_id(bench: Bench, diary: Diary) -> None:
    """A part of the number, or of the id in any case, finds the session."""
    first = await diary.write("a", number="+15550107777")
    await diary.write("b", number="+15550108888")
    assert await diary.listed(q="7777") == [first]
    assert await diary.listed(q=first[8:20].lower()) == [first]
    assert await diary.listed(q="nothing") == []


async def test_a_session_that_is_not_there(bench: Bench) -> None:
    """An unknown id, an id of another partition count and nonsense are simply not found."""
    assert await bench.store.session(with_partition(stable_id(1, "x"), 0)) is None
    assert await bench.store.session(with_partition(stable_id(1, "x"), 900)) is None
    assert await bench.store.session("nonsense") is None
    assert await bench.store.events("nonsense") == []
    assert await bench.store.record("nonsense") is None


@pytest.mark.parametrize(
    "cursor", ["%%%", "x", "MTox", "bm90LWEtY3Vyc29y", "LTE6YQ", "OTk5OTk5OTk5OTk5OTk5OTk5OmE"]
)
async def test_what_is_no_cursor_is_refused(bench: Bench, diary: Diary, cursor: str) -> None:
    """A cursor that no page gave is an error, and never the first page."""
    await diary.write("n")
    if cursor == "MTox":  # one that a page might have given: a moment and an id
        assert await bench.store.sessions(assistant=diary.assistant, cursor=cursor) == ([], None)
        return
    for pages in (bench.store.sessions, bench.store.refusals):
        with pytest.raises(BadCursorError):
            await pages(cursor=cursor)


async def test_a_line_that_was_trimmed_is_still_a_place(bench: Bench, diary: Diary) -> None:
    """Going on after a line that is gone gives what is newer; what is no line's id gives all."""
    lines = tuple(json.dumps({"id": name}) for name in ("00000002.00", "00000003.00"))
    session_id = await diary.write("n", lines=lines)
    for after, left in (("00000001.07", 2), ("00000002.05", 1), ("00000003.00", 0), ("", 2), ("nonsense", 2)):
        assert len(await bench.store.events(session_id, after=after)) == left


def line(name: str) -> str:
    """A timeline line."""
    return json.dumps({"id": name, "type": "text_received"})


async def test_the_timeline_goes_on_after_a_line(bench: Bench, diary: Diary) -> None:
    """Lines come oldest first, after the one named, as many as asked for."""
    session_id = await diary.write("n", lines=(line("1"), line("2")))
    await diary.write("n", lines=(line("3"),))
    assert [entry["id"] for entry in await bench.store.events(session_id)] == ["1", "2", "3"]
    assert [entry["id"] for entry in await bench.store.events(session_id, after="1", limit=1)] == ["2"]
    assert await bench.store.events(session_id, after="3") == []


async def test_writing_behind_twice_adds_nothing(bench: Bench, diary: Diary) -> None:
    """A repeated call doubles neither lines nor refusals."""
    for _ in range(2):
        session_id = await diary.write(
            "n", lines=(line("1"),), refusals=(json.dumps({"of": diary.assistant}),)
        )
    assert len(await bench.store.events(session_id)) == 1
    found, _ = await bench.store.refusals(limit=1000)
    assert sum(refusal.get("of") == diary.assistant for refusal in found) == 1
    log = await bench.store.link.call(
        "XRANGE", bench.store.keys.of(bench.store.address(diary.assistant, "n").partition, "log"), "-", "+"
    )
    assert str(log).count(session_id) == 1


async def test_refusals_come_newest_first_in_pages(bench: Bench, diary: Diary) -> None:
    """Refusals need no session, and pages lose none of them."""
    bench.clock.advance(500)
    for n in range(7):
        bench.clock.advance(n % 2)
        address = bench.store.address(diary.assistant, f"r{n}")
        refusal = json.dumps({"of": diary.assistant, "n": n})
        await bench.store.write_behind(address, Behind("", score=bench.clock.time, refusals=(refusal,)))
    found: list[int] = []
    cursor = ""
    while len(found) < 7:
        page, after = await bench.store.refusals(limit=2, cursor=cursor)
        found += [entry["n"] for entry in page if entry.get("of") == diary.assistant]
        cursor = after or ""
    assert sorted(found) == list(range(7))
    assert found[0] in {5, 6}


async def test_ended_sessions_are_forgotten_after_retention(bench: Bench, diary: Diary) -> None:
    """After the retention time a poll of the partition forgets summary and index; open ones stay."""
    ended = await diary.write("n", "ended", refusals=(json.dumps({"of": diary.assistant}),))
    live = await diary.write("m", "text_only")
    bench.clock.advance(7 * 86_400 + 1)
    for partition in range(bench.store.partitions):
        await bench.store.poll(partition, 0)
    assert await bench.store.session(ended) is None
    assert await diary.listed(states=["ended"]) == []
    assert await diary.listed() == [live]
    found, _ = await bench.store.refusals(limit=1000)
    assert not any(refusal.get("of") == diary.assistant for refusal in found)


async def test_lines_expire_with_the_session(bench: Bench, diary: Diary) -> None:
    """The timeline of an ended session lives for the retention time."""
    session_id = await diary.write("n", "ended", lines=(line("1"),))
    partition = bench.store.address(diary.assistant, "n").partition
    left = await bench.store.link.call("PTTL", bench.store.keys.lines(partition, session_id))
    assert 0 < left <= 7 * 86_400_000
