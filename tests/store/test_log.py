"""The log of all sessions, counts, moves, visits and traffic: what the console reads, on the fake and on a
real server.
"""

from __future__ import annotations

import json
from itertools import count
from random import Random
from typing import Any

import pytest

from orchestrator.ports import Behind
from tests.store.conftest import Bench
from tests.store.test_lists import Diary

pytestmark = pytest.mark.anyio
_years = count(1)


def line(line_id: str, **data: Any) -> str:
    """A timeline line."""
    return json.dumps({"id": line_id, "type": "note", "data": data})


@pytest.fixture
def diary(bench: Bench) -> Diary:
    """A diary of its own, later than any other of this server: the log is one for all."""
    bench.clock.advance(next(_years) * 365 * 86_400)
    return Diary(bench)


async def test_the_log_goes_on_after_every_line(bench: Bench, diary: Diary) -> None:
    """Whatever partition and moment a line is of, going on after it brings each later one once, in order."""
    bench.clock.advance(1)
    _, place = await bench.store.log()
    dice = Random(7)  # noqa: S311 - the order of a test
    for n in range(30):
        bench.clock.advance(dice.choice([0, 0, 0.001, 0.5]))
        await diary.write(f"n{n % 9}", lines=(line(f"{n}.00"), line(f"{n}.01")))
    bench.clock.advance(1)
    whole, _ = await bench.store.log(place)
    assert len(whole) == 60
    assert [logged.place for logged in whole] == sorted(
        (logged.place for logged in whole), key=lambda place: tuple(map(int, place.split("-")))
    )
    for seen, logged in enumerate(whole):
        rest, _ = await bench.store.log(logged.place)
        assert rest == whole[seen + 1 :]


async def test_the_log_comes_in_pieces(bench: Bench, diary: Diary) -> None:
    """A small limit loses and repeats nothing, and its place goes on."""
    bench.clock.advance(1)
    _, place = await bench.store.log()
    for n in range(10):
        bench.clock.advance(0.01)
        await diary.write(f"n{n % 3}", lines=tuple(line(f"{n}.{k:02d}") for k in range(5)))
    bench.clock.advance(1)
    whole, _ = await bench.store.log(place)
    found = []
    while True:
        piece, place = await bench.store.log(place, 7)
        if not piece:
            break
        assert len(piece) <= 7
        found += piece
    assert found == whole


async def test_a_line_of_this_moment_is_told_by_the_next(bench: Bench, diary: Diary) -> None:
    """Another line of the same millisecond may follow: neither is lost between two looks."""
    bench.clock.advance(1)
    _, place = await bench.store.log()
    await diary.write("a", lines=(line("1.00"),))
    first, place = await bench.store.log(place)
    await diary.write("b", lines=(line("2.00"),))
    bench.clock.advance(1)
    second, _ = await bench.store.log(place)
    assert [logged.line["id"] for logged in [*first, *second]] in (["1.00", "2.00"], ["2.00", "1.00"])


async def test_moves_are_counted_by_day(bench: Bench, diary: Diary) -> None:
    """A change that leaves the state as it is counts nothing; the next day begins at nothing."""
    bench.clock.advance(86_400 * (bench.address.partition + 3))
    before = await bench.store.flow()
    await diary.write("a", "in_call", before="idle")
    await diary.write("b", "in_call", before="idle")
    await diary.write("b", "in_call", before="in_call")
    await diary.write("b", "text_only", before="in_call")
    after = await bench.store.flow()
    grown = {move: times - before.get(move, 0) for move, times in after.items()}
    assert {move: times for move, times in grown.items() if times} == {
        "idle>in_call": 2,
        "in_call>text_only": 1,
    }
    bench.clock.advance(86_400 * 365)
    assert await bench.store.flow() == {}


async def test_sessions_are_counted_by_state(bench: Bench) -> None:
    """Each in the state it has now; ended ones in none."""
    diary = Diary(bench)  # at the common time: a later one forgets other tests' sessions meanwhile
    before = await bench.store.counts()
    await diary.write("a", "in_call")
    await diary.write("b", "text_only")
    bench.clock.advance(1)
    await diary.write("b", "ended")
    after = await bench.store.counts()
    assert {state: after[state] - before[state] for state in after if after[state] != before[state]} == {
        "in_call": 1
    }


async def test_the_newest_lines_of_many_sessions_come_together(bench: Bench, diary: Diary) -> None:
    """Oldest first, the newest few of each; nothing of an id that names no session."""
    first = await diary.write("a", lines=tuple(line(f"{n}.00") for n in range(5)))
    second = await diary.write("b", lines=(line("9.00"),))
    found = await bench.store.recent([first, "nonsense", second], 3)
    assert [[entry["id"] for entry in lines] for lines in found] == [["2.00", "3.00", "4.00"], [], ["9.00"]]


async def test_visits_are_kept_and_let_go(bench: Bench) -> None:
    """A record under a name, until it is dropped; tries are counted for a while."""
    store, who = bench.store, bench.address.customer
    assert await store.visit(who) is None
    await store.keep_visit(who, "someone", 60)
    assert await store.visit(who) == "someone"
    await store.drop_visit(who)
    assert await store.visit(who) is None
    assert [await store.count_try(who, 60) for _ in range(3)] == [1, 2, 3]
    assert await store.count_try(who, 60, more=0) == 3


async def test_tries_are_forgotten_though_a_process_was_lost_while_counting(bench: Bench) -> None:
    """A count that was never given its end gets it with the next try: nobody is shut out for good."""
    store, who = bench.store, bench.address.customer
    await store.link.call("INCRBY", store.keys.tries(who), 1)
    assert await store.count_try(who, 60) == 2
    assert 0 < await store.link.call("PTTL", store.keys.tries(who)) <= 60_000


async def test_traffic_is_read_newest_first(bench: Bench) -> None:
    """As it was written."""
    await bench.store.write_traffic([json.dumps({"n": n}) for n in range(3)])
    assert [entry["n"] for entry in (await bench.store.traffic(2))] == [2, 1]


async def test_problems_are_found_alone(bench: Bench, diary: Diary) -> None:
    """Only sessions whose last text failed."""
    await diary.write("fine")
    address = bench.store.address(diary.assistant, "bad")
    name = diary.session_id("bad", address)
    summary = {"id": name, "assistant": diary.assistant, "state": "in_call", "customer": {}}
    for error, found in (({"code": 30005}, [name]), (None, [])):
        bench.clock.advance(1)
        text = json.dumps({**summary, "last_text_error": error})
        await bench.store.write_behind(address, Behind(name, text, "in_call", bench.clock.time))
        listed = [
            session["id"]
            for session in (await bench.store.sessions(assistant=diary.assistant, problems=True))[0]
            if session.get("last_text_error", 0) is not None and "last_text_error" in session
        ]
        assert listed == found


@pytest.mark.parametrize("limit", [1, 3, 20])
async def test_pages_hold_where_one_partition_has_the_newest(bench: Bench, diary: Diary, limit: int) -> None:
    """Sessions that crowd into one partition come in the same order as if they were spread."""
    crowded = [name for name in (f"c{n}" for n in range(400)) if _partition(bench, diary, name) == 3][:30]
    others = [f"o{n}" for n in range(10)]
    written = []
    for name in [*others, *crowded]:
        bench.clock.advance(1)
        written.append(await diary.write(name))
    assert await diary.listed(limit=limit) == written[::-1]


def _partition(bench: Bench, diary: Diary, name: str) -> int:
    return bench.store.address(diary.assistant, name).partition
