"""Finding sessions by what is kept of them beside the index, on the fake and on a real server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orchestrator.core.ids import partition_of
from orchestrator.core.sought import WORDS_BOUND
from orchestrator.ports import Behind
from tests.store.conftest import Bench
from tests.store.test_lists import Diary

pytestmark = pytest.mark.anyio

RETENTION = 7 * 86_400


@pytest.fixture
def diary(bench: Bench) -> Diary:
    """A diary of its own."""
    return Diary(bench)


def said(name: str, text: str, kind: str = "speech_heard", **data: Any) -> str:
    """A timeline line with words."""
    return json.dumps({"id": name, "type": kind, "data": {"text": text, **data}})


async def kept(bench: Bench, session_id: str) -> bytes | None:
    """What is kept of a session for the search."""
    partition = partition_of(session_id)
    found: bytes | None = await bench.store.link.call(
        "HGET", bench.store.keys.of(partition or 0, "find"), session_id
    )
    return found


async def test_a_session_is_found_by_any_of_its_words(bench: Bench, diary: Diary) -> None:
    """By what was said, happened, its state, number, id or assistant, whatever capitals and blanks."""
    lines = (
        said("1", "I moved to  MÜNCHEN,\nMain Street"),
        said("2", "", "call_ended", reason="hung_up_by_us"),
    )
    one = await diary.write("a", "awaiting_text", number="+15550107777", lines=lines)
    await diary.write("b", "text_only", number="+15550108888", lines=(said("1", "hello"),))
    for q in (
        "münchen, main",
        "MOVED TO",
        "hung up",
        "awaiting text",
        "awaiting_te",
        "0107777",
        one[:20].lower(),
    ):
        assert await diary.listed(q=q, anywhere=True) == [one], q
    assert len(await diary.listed(q=diary.assistant[:9].upper(), anywhere=True)) == 2
    assert await diary.listed(q="nobody", anywhere=True) == []


async def test_words_stand_where_they_are_asked_for_only(bench: Bench, diary: Diary) -> None:
    """A part of the number or of the id is not looked for in what was said."""
    await diary.write("a", lines=(said("1", "my order is 4711"),))
    assert await diary.listed(q="4711") == []
    assert len(await diary.listed(q="4711", anywhere=True)) == 1


async def test_the_newest_words_are_kept_and_each_once(bench: Bench, diary: Diary) -> None:
    """A repeated call adds none, and the oldest go where the bound is reached."""
    session_id = await diary.write("a", lines=(said("1", "the first words"),))
    await diary.write("a", lines=(said("1", "the first words"),))
    assert str(await kept(bench, session_id)).count("the first words") == 1
    for n in range(2, 8):
        await diary.write("a", lines=(said(str(n), f"words {n} " + "x" * 390),))
    assert await diary.listed(q="the first", anywhere=True) == []
    assert await diary.listed(q="words 7", anywhere=True) == [session_id]
    assert len(await kept(bench, session_id) or b"") < WORDS_BOUND + 200


async def test_words_outlast_a_slower_writer(bench: Bench, diary: Diary) -> None:
    """A summary that is late changes nothing of the state, and its lines are found."""
    session_id = await diary.write("a", "text_only", lines=(said("1", "later"),))
    await diary.write("a", "in_call", score=bench.clock.time - 1, lines=(said("0", "earlier"),))
    assert await diary.listed(q="text_only", anywhere=True) == [session_id]
    assert await diary.listed(q="in_call", anywhere=True) == []
    assert await diary.listed(q="earlier", anywhere=True) == [session_id]


async def test_what_is_kept_goes_with_the_session(bench: Bench, diary: Diary) -> None:
    """After the retention time, by a poll of a quiet partition."""
    session_id = await diary.write("a", "ended", lines=(said("1", "secret words"),))
    assert await diary.listed(states=["ended"], q="secret", anywhere=True) == [session_id]
    bench.clock.advance(RETENTION + 1)
    for partition in range(bench.store.partitions):
        await bench.store.poll(partition, 0)
    assert await kept(bench, session_id) is None


async def test_erasing_a_customer_erases_the_words(bench: Bench, diary: Diary) -> None:
    """Nothing is left to be found by, and a line that comes late brings nothing back."""
    session_id = await diary.write("a", lines=(said("1", "secret words"),))
    address = bench.store.address(diary.assistant, "a")
    await bench.store.erase(address, number="+15550101234")
    late = Behind(session_id, score=bench.clock.time, lines=(said("2", "more secret words"),))
    await bench.store.write_behind(address, late)
    assert await kept(bench, session_id) is None
    assert await diary.listed(q="secret", anywhere=True) == []


async def test_sessions_of_an_older_release_are_found_by_their_summary(bench: Bench, diary: Diary) -> None:
    """Where nothing is kept for the search, number, id, state and assistant are found all the same."""
    old = await diary.write("a", "text_only", number="+15550107777", lines=(said("1", "words"),))
    await diary.write("b", number="+15550108888")
    partition = bench.store.address(diary.assistant, "a").partition
    await bench.store.link.call("HDEL", bench.store.keys.of(partition, "find"), old)
    assert await diary.listed(q="7777") == [old]
    assert await diary.listed(q="text only", anywhere=True) == [old]
    assert await diary.listed(problems=True) == []
    assert len(await diary.listed()) == 2


@pytest.mark.parametrize("limit", [1, 3, 50])
async def test_pages_of_what_is_found_lose_and_repeat_nothing(bench: Bench, diary: Diary, limit: int) -> None:
    """Whatever the size of a page, and with many of one moment: each once, the newest first."""
    wanted = []
    for n in range(24):
        bench.clock.advance(n % 3 == 0)
        session_id = await diary.write(f"n{n}", lines=(said("1", "odd" if n % 2 else "even"),))
        wanted += [session_id] if n % 2 else []
    found = await diary.listed(q="odd", anywhere=True, limit=limit)
    assert sorted(found) == sorted(wanted)
    assert [name[:10] for name in found] == sorted((name[:10] for name in found), reverse=True)


async def test_a_search_is_one_look_however_many_sessions_there_are(bench: Bench, diary: Diary) -> None:
    """Two trips to the store find one among many: a look at each partition, and what was found."""
    one = await diary.write("one", lines=(said("1", "needle"),))
    for n in range(60):
        await diary.write(f"n{n}")
    await diary.listed(q="needle", anywhere=True)  # by now the server knows the script
    trips = bench.store.link.trips
    assert await diary.listed(q="needle", anywhere=True) == [one]
    assert bench.store.link.trips - trips == 2
