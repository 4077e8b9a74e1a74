"""Every address of the console that does something, found from its routes: who may only look, a page of another
site, a page without our word and a stranger do nothing there.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.routing import BaseRoute, Mount, Route
from structlog.testing import capture_logs

from orchestrator.ports import Forbidden
from orchestrator.web.console import ConsoleFacts
from tests.web.console.desk import Browser, Console, opened
from tests.web.console.simulation import FakeSimulation
from tests.web.house import ANA, READING, Api, problem

pytestmark = pytest.mark.anyio

WRITING = ("POST", "PUT", "PATCH", "DELETE")
OWN_VISIT = {"/reveal", "/sign-out"}
"""What everybody who is signed in may do, to the own visit."""
CHANGES_NOTHING = {"/sessions/x/replay"}
"""What who may only look may do: a session is played again beside the service."""
SIGN_IN = "/sign-in"
"""What everybody may try; its own tests say how."""
KNOWN = {
    "/phone/acts",
    "/phone/people",
    "/phone/faults",
    "/phone/clock",
    "/phone/pictures",
    "/messages",
    "/calls",
}
"""Some that must be found, so that the search is known to find any."""


@pytest.fixture
async def console(api: Api, simulation: FakeSimulation) -> AsyncIterator[Console]:
    """A console with everything that a console may have."""
    async with opened(api, facts=ConsoleFacts(replay=_replay), simulation=simulation) as made:
        yield made


async def _replay(_: str) -> dict[str, Any]:
    raise AssertionError("nothing is to be replayed")


def paths(routes: list[BaseRoute]) -> list[str]:
    """Every path of the console, its places filled in."""
    found: list[str] = []
    for route in routes:
        if isinstance(route, Route):
            found.append(re.sub(r"\{number[^}]*\}", ANA, re.sub(r"\{id[^}]*\}", "x", route.path)))
        elif isinstance(route, Mount) and route.path in {"", "/console"}:
            found += paths(list(route.routes))
    return found


async def doing(console: Console) -> list[tuple[str, str]]:
    """(method, path) of everything that answers to more than looking: a stranger is told 405 elsewhere."""
    every = paths(list(console.app.routes))
    assert len(every) > 30
    browser = console.browser()
    return [
        (method, path)
        for path in every
        for method in WRITING
        if (await browser.client.request(method, f"/console{path}")).status_code != 405
    ]


async def acting(console: Console) -> list[tuple[str, str]]:
    """Of those, what is done to something else than the own visit."""
    found = [(method, path) for method, path in await doing(console) if path not in {*OWN_VISIT, SIGN_IN}]
    assert {path for _, path in found} >= KNOWN
    return found


def untouched(console: Console, simulation: FakeSimulation) -> bool:
    """Whether nothing was done."""
    desk = console.api.desk
    return not (desk.acts or desk.opens or desk.calls or simulation.asked or simulation.album)


async def refused(
    browser: Browser, console: Console, code: str, status: int, headers: dict[str, str]
) -> None:
    """Each of them says so, in words for people."""
    open_to = CHANGES_NOTHING if code == "read_only" else set()
    for method, path in await acting(console):
        if path in open_to:
            continue
        answer = await browser.client.request(
            method, f"/console{path}", json={}, headers={"Accept": "*/*", **headers}
        )
        assert problem(answer, status, code)["detail"], path


async def test_who_may_only_look_does_nothing(console: Console, simulation: FakeSimulation) -> None:
    """403 with the reason, for a visitor with our word and for a program with the reading token."""
    reader = await console.signed_in("reading-token")
    await refused(reader, console, "read_only", 403, {"X-CSRF-Token": await reader.csrf()})
    await refused(console.browser(), console, "read_only", 403, READING)
    assert untouched(console, simulation)


@pytest.mark.parametrize("word", ["", "x"])
async def test_without_the_word_of_our_pages_nothing_is_done(
    console: Console, simulation: FakeSimulation, word: str
) -> None:
    """A cookie alone opens none of them; nor the own visit."""
    browser = await console.signed_in()
    await refused(browser, console, "cross_site", 403, {"X-CSRF-Token": word})
    for path in OWN_VISIT:
        answer = await browser.post(path, data={"csrf": word}, headers={"Accept": "*/*"})
        problem(answer, 403, "cross_site")
    assert untouched(console, simulation)


@pytest.mark.parametrize("origin", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_a_page_of_another_site_does_nothing(
    console: Console, simulation: FakeSimulation, origin: dict[str, str]
) -> None:
    """Even with the cookie and our word."""
    browser = await console.signed_in()
    csrf = await browser.csrf()
    await refused(browser, console, "cross_site", 403, {"X-CSRF-Token": csrf, **origin})
    for path in OWN_VISIT:
        answer = await browser.post(path, data={"csrf": csrf}, headers={"Accept": "*/*", **origin})
        problem(answer, 403, "cross_site")
    assert untouched(console, simulation)


async def test_a_stranger_and_who_has_left_do_nothing(console: Console, simulation: FakeSimulation) -> None:
    """401, with a word that was ours and a cookie that was good."""
    await refused(console.browser(), console, "unauthorized", 401, {"X-CSRF-Token": "x"})
    browser = await console.signed_in()
    csrf, kept = await browser.csrf(), dict(browser.client.cookies)
    await browser.post("/sign-out", data={"csrf": csrf})
    thief = console.browser()
    thief.client.cookies.update(kept)
    await refused(thief, console, "unauthorized", 401, {"X-CSRF-Token": csrf})
    assert untouched(console, simulation)


async def test_who_may_act_is_let_in(console: Console) -> None:
    """None of them is closed to the full token with our word: what they then say is of the request."""
    browser = await console.signed_in()
    headers = {"X-CSRF-Token": await browser.csrf(), "Accept": "*/*"}
    for method, path in await acting(console):
        answer = await browser.client.request(method, f"/console{path}", json={}, headers=headers)
        assert answer.status_code not in {401, 403, 500}, path


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/console", 307),
        ("GET", "/console/", 303),
        ("GET", "/console/sign-in", 200),
        ("GET", "/console/static/console.js", 200),
        ("GET", "/console/static/icon.svg", 200),
        ("GET", "/console/static/nothing.js", 404),
        ("POST", "/console/static/console.js", 405),
        ("GET", "/console/live.json", 401),
        ("GET", "/console/stream", 401),
        ("PUT", "/console/records", 405),
    ],
)
async def test_every_answer_says_what_may_run(console: Console, method: str, path: str, status: int) -> None:
    """Files, refusals, and what only the router answers have the policy too; the way in keeps its host."""
    answer = await Browser(console).client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers.get("location", "/").startswith("/")


async def test_what_is_refused_is_on_record(console: Console) -> None:
    """Who wanted to do what, and why it was not done: by a token that may only look, of another site, by wrong fields,
    in a state that forbids it; numbers in addresses are masked, and what is only read is not noted.
    """
    session_id = await console.api.session()
    act = f"/sessions/{session_id}/actions"
    reading, acting = Browser(console), Browser(console)
    await reading.sign_in("reading-token", name="Rita")
    await acting.sign_in(name="Tess")
    word = {"X-CSRF-Token": await reading.csrf()}
    with capture_logs() as logs:
        await reading.post(f"/customers/{ANA}/erase", headers=word)
        await acting.post(act, json={"action": "end"}, headers={"Origin": "https://evil.test"})
        await acting.act(session_id, {"action": "fly"})
        console.api.desk.act_answer = Forbidden("not_allowed", "text_only", ("end",), "Call first.")
        await acting.act(session_id, {"action": "say", "text": "my words"})
        await acting.get(f"/sessions/{session_id}x")
    told = [(entry["event"], entry["actor"], entry["status"]) for entry in logs if "actor" in entry]
    rita, tess = "console: Rita (api_read_token)", "console: Tess (api_token)"
    assert told == [
        ("console.refused", rita, 403),
        ("console.refused", tess, 403),
        ("console.refused", tess, 422),
        ("console.acted", tess, 409),
    ]
    assert [entry.get("reason") for entry in logs][:2] == ["read_only", "cross_site"]
    assert logs[0]["path"] == "/console/customers/+1555•••1234/erase"
    assert ANA not in str(logs)
    assert "my words" not in str(logs)
