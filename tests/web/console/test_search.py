"""The live page's search and the files of lists: all of it, by whatever a session is found by."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from orchestrator.core.effects import Note
from orchestrator.ports import Behind
from orchestrator.runner.views import timeline_line
from orchestrator.web.console import walking
from orchestrator.web.console.sifting import Filter, fits
from orchestrator.web.console.walking import everything
from tests.web.console.desk import Console, Parsed
from tests.web.house import BEN, Api

pytestmark = pytest.mark.anyio


async def says(api: Api, session_id: str, text: str, name: str = "1.0") -> None:
    """Somebody says this in a session."""
    found = await api.store.session(session_id)
    assert found is not None
    note = Note(type="speech_heard", channel="voice", data={"pii.text": text})
    line = json.dumps(timeline_line(note, name, api.clock.now(), "in_call", "in_call"))
    await api.store.write_behind(found[0], Behind(session_id, score=api.clock.now(), lines=(line,)))


def shown(page: str) -> list[str]:
    """Ids of the rows of a page."""
    return [str(row["data-id"]) for row in Parsed(page).all("tr") if "data-id" in row]


async def test_words_are_found_in_the_oldest_session(console: Console, api: Api) -> None:
    """However many are newer, and by what the list shows: capitals, an assistant, the words of a state."""
    oldest = await api.session()
    await says(api, oldest, "My PARCEL is at the zoo")
    for n in range(60):
        await api.clock.advance(1)
        await api.session(f"+1555020{n:04}", call_state="ended", thread_state="open")
    browser = await console.signed_in()
    for q in ("parcel is", "in call", oldest[:22].lower(), "+1 (555) 010-1234"):
        assert shown((await browser.get("/", params={"q": q})).text) == [oldest], q
    assert len(shown((await browser.get("/parts", params={"q": "suppor"})).text)) == 50
    assert shown((await browser.get("/parts", params={"q": "parcel", "state": "text_only"})).text) == []


async def test_ended_sessions_are_found_by_their_word(console: Console, api: Api) -> None:
    """Live ones and ended ones are on the list that is searched for it; any other search is of live ones."""
    ended = await api.session(call_state="ended")
    live = await api.session(BEN)
    await says(api, live, "the road ended there")
    browser = await console.signed_in()
    assert set(shown((await browser.get("/", params={"q": "ended"})).text)) == {live, ended}
    assert shown((await browser.get("/", params={"q": "support"})).text) == [live]


async def test_the_page_says_what_was_looked_through(console: Console) -> None:
    """Where nothing fits a search."""
    browser = await console.signed_in()
    assert "its newest words" in " ".join(Parsed((await browser.get("/", params={"q": "nobody"})).text).words)


@pytest.mark.parametrize(
    ("q", "belongs"),
    [("parcel", True), ("zebra", False), ("in_call", True), ("0101234", True), ("support", True)],
)
async def test_an_open_page_is_told_of_what_its_search_finds(
    api: Api, console: Console, q: str, *, belongs: bool
) -> None:
    """A change belongs on the page where the search would find its session, and nowhere else."""
    session_id = await api.session()
    await says(api, session_id, "My parcel")
    found = await api.store.session(session_id)
    assert found is not None
    assert fits(found[1], await api.store.events(session_id), Filter(q=q)) is belongs
    browser = await console.signed_in()
    assert (shown((await browser.get("/parts", params={"q": q})).text) == [session_id]) is belongs


async def test_the_file_holds_every_session(
    console: Console, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the size of a look, each once, and only those that are asked for."""
    monkeypatch.setattr(walking, "LOOK", 7)
    monkeypatch.setattr(walking, "BATCH", 3)
    wanted = set()
    for n in range(24):
        await api.clock.advance(n % 2)
        name = await api.session(f"+1555020{n:04}", **({} if n % 2 else {"thread_state": "open"}))
        wanted |= {name} if n % 2 else set()
    browser = await console.signed_in()
    rows = list(csv.DictReader(io.StringIO((await browser.get("/live.csv")).text)))
    assert len({row["id"] for row in rows}) == len(rows) == 24
    some = list(
        csv.DictReader(io.StringIO((await browser.get("/live.csv", params={"state": "in_call"})).text))
    )
    assert {row["id"] for row in some} == wanted


async def test_a_session_that_moves_while_the_file_is_written_is_in_it(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One in which something happens moves to the front, past whoever reads: it comes last, and once."""
    monkeypatch.setattr(walking, "LOOK", 4)
    names = []
    for n in range(9):
        await api.clock.advance(1)
        names.append(await api.session(f"+1555020{n:04}"))
    told: list[dict[str, Any]] = []
    async for summaries in everything(api.store, Filter()):
        if not told:
            await api.clock.advance(1)
            await api.session("+15550200000", name=names[0])
        told += summaries
    assert [summary["id"] for summary in told] == [*names[:0:-1], names[0]]
