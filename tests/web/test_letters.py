"""Dead letters over the API: seen, tried again, dropped."""

from __future__ import annotations

import httpx
import pytest

from orchestrator.core.events import TextReceived
from orchestrator.core.numbers import E164
from orchestrator.ports import Commit, Grant, Inboxed
from orchestrator.runner.wire import Letter
from tests.web.house import ANA, OURS, READING, Api, problem

pytestmark = pytest.mark.anyio


async def bury(api: Api, letter: Inboxed | None = None) -> str:
    """Give an event of Ana's up; its id in the API."""
    event = TextReceived(id="SM1", at=api.clock.now(), message_sid="SM1", number=E164(OURS), body="secret")
    address = api.store.address("support", ANA)
    stored = letter or Letter("support", ANA, event).inboxed()
    granted = await api.store.accept(address, stored, "token")
    assert isinstance(granted, Grant)
    await api.store.commit(granted, granted.version, Commit("{}", consumed=1, dead="failed 5 times"))
    found = (await api.get("/dead-letters")).json()["dead_letters"]
    name: str = found[0]["id"]
    return name


async def waiting(api: Api) -> list[str]:
    """Event ids in Ana's inbox."""
    return [entry.event_id for entry in await api.store.waiting(api.store.address("support", ANA))]


async def test_the_list_tells_whose_and_why_without_content(api: Api) -> None:
    """What was given up, by whom and for which reason; the words only in the one that is asked for."""
    name = await bury(api)
    listed = await api.get("/dead-letters", headers=READING)
    line = listed.json()["dead_letters"][0]
    assert (line["assistant"], line["phone_number"], line["event"]) == ("support", ANA, "TextReceived")
    assert (line["event_id"], line["reason"]) == ("SM1", "failed 5 times")
    assert "secret" not in listed.text
    assert (await api.get(f"/dead-letters/{name}")).json()["data"]["body"] == "secret"


async def test_a_retry_puts_it_back_once(api: Api) -> None:
    """It waits in the inbox again, and is no dead letter any more."""
    name = await bury(api)
    answer = await api.post(f"/dead-letters/{name}/retry", None)
    assert (answer.status_code, answer.json()["event_id"]) == (202, "SM1")
    assert await waiting(api) == ["SM1"]
    problem(await api.post(f"/dead-letters/{name}/retry", None), 404, "dead_letter_not_found")
    assert await waiting(api) == ["SM1"]


async def test_dropped_is_gone(api: Api) -> None:
    """Nothing waits, nothing is listed; dropping it again is a 404."""
    name = await bury(api)
    answer = await api.client.delete(f"/api/v1/dead-letters/{name}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert await waiting(api) == []
    assert (await api.get("/dead-letters")).json() == {"dead_letters": []}
    problem(await api.client.delete(f"/api/v1/dead-letters/{name}"), 404, "dead_letter_not_found")


async def test_a_letter_that_nobody_can_read_is_shown(api: Api) -> None:
    """What could not be understood is listed with what is known of it."""
    name = await bury(api, Inboxed("SM9", "not json"))
    line = (await api.get(f"/dead-letters/{name}")).json()
    assert (line["event"], line["assistant"], line["event_id"], line["data"]) == (None, None, "SM9", {})


@pytest.mark.parametrize("name", ["x", "0-1-1", "9999-1-1", "-1-1-1", "0-1", "0-1-1-1", "0-*", "٣-1-1"])
async def test_an_id_that_is_none_is_not_found(api: Api, name: str) -> None:
    """Whatever stands in the place of an id, the answer is a 404."""
    problem(await api.get(f"/dead-letters/{name}"), 404, "dead_letter_not_found")


async def test_looking_is_not_touching(api: Api) -> None:
    """The token that may only read can neither retry nor drop."""
    name = await bury(api)
    refused: list[httpx.Response] = [
        await api.post(f"/dead-letters/{name}/retry", None, headers=READING),
        await api.client.delete(f"/api/v1/dead-letters/{name}", headers=READING),
    ]
    for answer in refused:
        problem(answer, 403, "read_only")
    assert (await api.get("/dead-letters")).json()["dead_letters"][0]["id"] == name
