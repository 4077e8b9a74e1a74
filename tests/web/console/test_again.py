"""A session played again from its page: what is told, to whom, and what is not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from orchestrator.web.console import ConsoleFacts
from tests.web.console.desk import NASTY, Browser, Console, Parsed, opened
from tests.web.house import ANA, BEN, READING, Api, problem

pytestmark = pytest.mark.anyio

SAME = {"same": True, "stopped": "", "differences": []}
DIFFERS = {
    "same": False,
    "stopped": f"'Customer says: \"call {BEN}\"': Customer is in no call",
    "differences": [
        "--- as it happened",
        "+++ as it does now",
        "@@ -1,3 +1,2 @@",
        " in_call          said Hello.",
        f"-in_call          speech_heard call {BEN}",
        f"+text_only        text_received {NASTY} media=0",
        "@@ -9,2 +8,2 @@",
        " ended            session_ended",
    ],
}


class Replays:
    """Plays as it is told, and remembers what was asked for."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.found = found
        self.asked: list[str] = []

    async def __call__(self, session_id: str) -> Mapping[str, Any]:
        self.asked.append(session_id)
        return self.found


@asynccontextmanager
async def replaying(api: Api, found: Mapping[str, Any]) -> AsyncIterator[tuple[Console, Replays]]:
    """A console whose replays find this."""
    replays = Replays(found)
    async with opened(api, facts=ConsoleFacts(replay=replays)) as console:
        yield console, replays


async def pressed(browser: Browser, session_id: str) -> Any:
    """What the button gets."""
    headers = {"X-CSRF-Token": await browser.csrf(), "Accept": "*/*"}
    return await browser.post(f"/sessions/{session_id}/replay", json={}, headers=headers)


async def test_where_nothing_differs_it_says_so(api: Api) -> None:
    """In a sentence, without a table; the page has the button."""
    session_id = await api.session()
    async with replaying(api, SAME) as (console, replays):
        browser = await console.signed_in()
        page = Parsed((await browser.get(f"/sessions/{session_id}")).text)
        answer = await pressed(browser, session_id)
    assert [button for button in page.all("button") if "data-replay" in button]
    assert answer.json()["verdict"] == "Nothing differs: it happens as it did."
    assert answer.json()["same"] is True
    assert "<table" not in answer.json()["panel"]
    assert replays.asked == [session_id]


async def test_what_differs_is_told_by_word(api: Api) -> None:
    """Each line as it happened, as it is now, or both; why it stopped; and nothing in it is markup."""
    session_id = await api.session()
    async with replaying(api, DIFFERS) as (console, _):
        told = (await pressed(await console.signed_in(), session_id)).json()
    panel = Parsed(told["panel"])
    marks = [word for word in panel.words if word.endswith((" happened", " now")) or word == "both"]
    assert [mark.split()[-1] for mark in marks[3:]] == ["both", "happened", "now", "both"]  # behind the key
    assert "… more that is the same" in panel.words
    assert told["verdict"].startswith("It differs: 1 line of what happened is gone, 1 new.")
    assert "Customer is in no call" in told["verdict"]
    assert not panel.all("script")
    assert not panel.all("img")


async def test_a_stop_alone_is_told(api: Api) -> None:
    """Where nothing else differs."""
    session_id = await api.session()
    async with replaying(api, {**SAME, "same": False, "stopped": "no such assistant"}) as (console, _):
        told = (await pressed(await console.signed_in(), session_id)).json()
    assert told["verdict"] == "It could not be played to its end. no such assistant"


async def test_numbers_in_it_are_masked(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    """Unless the visitor asked to see them; on record stands who asked, and nobody's words."""
    session_id = await api.session()
    async with replaying(api, DIFFERS) as (console, _):
        browser = await console.signed_in(name="Mia")
        masked = (await pressed(browser, session_id)).text
        await browser.post("/reveal", data={"csrf": await browser.csrf(), "reveals": "1"})
        whole = (await pressed(browser, session_id)).text
    assert BEN not in masked
    assert BEN in whole
    log = capsys.readouterr().out
    assert log.count("replay") == 2
    assert "console: Mia (api_token)" in log
    assert "Hello" not in log
    assert BEN not in log


@pytest.mark.parametrize(
    ("found", "status", "code", "words"),
    [
        ({"trouble": "unplayable", "why": f"{ANA} said nothing."}, 409, "not_replayable", "said nothing."),
        ({"trouble": "busy"}, 503, "replay_busy", "just now"),
        ({"trouble": "slow"}, 503, "replay_failed", "too long"),
        ({"trouble": "died"}, 503, "replay_failed", "ended before"),
    ],
)
async def test_what_went_wrong_is_a_sentence(
    api: Api, found: dict[str, Any], status: int, code: str, words: str
) -> None:
    """Whatever it is; where a second try may help, it says when."""
    session_id = await api.session()
    async with replaying(api, found) as (console, _):
        answer = await pressed(await console.signed_in(), session_id)
    body = problem(answer, status, code)
    assert words in body["detail"]
    assert ANA not in body["detail"]
    assert ("retry-after" in answer.headers) is (status == 503)


async def test_who_may_only_look_may_replay(api: Api) -> None:
    """It changes nothing: at the page, and with the bearer token that may only read. There must be a session."""
    session_id = await api.session()
    async with replaying(api, SAME) as (console, replays):
        assert (await pressed(await console.signed_in("reading-token"), session_id)).status_code == 200
        path = f"/sessions/{session_id}/replay"
        bearer = {**READING, "Accept": "*/*"}
        assert (await console.browser().post(path, json={}, headers=bearer)).status_code == 200
        gone = await console.browser().post("/sessions/nobody/replay", json={}, headers=bearer)
        problem(gone, 404, "session_not_found")
        assert (await console.browser().get(path, headers=bearer)).status_code == 405
        assert replays.asked == [session_id] * 2


async def test_where_none_is_wired_there_is_no_button(console: Console) -> None:
    """Nor an address."""
    session_id = await console.api.session()
    browser = await console.signed_in()
    page = (await browser.get(f"/sessions/{session_id}")).text
    assert "data-replay" not in page
    assert (await pressed(browser, session_id)).status_code in {404, 405}
