"""`Idempotency-Key`: the same request gets the same answer, and is done once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from orchestrator.core.errors import StoreUnavailable
from orchestrator.ports import Forbidden
from tests.fakes.clock import settle
from tests.web.house import ANA, BEN, Api, problem, take_away, wrong

pytestmark = pytest.mark.anyio

HELLO: dict[str, Any] = {"assistant": "support", "to": ANA, "text": "hello"}


async def test_a_repeated_message_is_sent_once(api: Api) -> None:
    """The second request gets the first one's answer, marked, and the desk knows the key."""
    first, second = [await api.post("/messages", HELLO, key="k") for _ in range(2)]
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert [asked["key"] for asked in api.desk.opens] == ["k"]


async def test_another_spelling_is_the_same_request(api: Api) -> None:
    """Order of fields, blanks in the number and nulls make no other request."""
    await api.post("/messages", HELLO, key="k")
    body = {"text": "hello", "media": None, "to": "+1 555 010 1234", "assistant": "support"}
    assert (await api.post("/messages", body, key="k")).status_code == 202
    assert len(api.desk.opens) == 1


@pytest.mark.parametrize("change", [{"text": "bye"}, {"to": BEN}, {"context": {"a": 1}}])
async def test_a_key_names_one_request(api: Api, change: dict[str, Any]) -> None:
    """Another body under the same key is refused, whomever it is for."""
    await api.post("/messages", HELLO, key="k")
    problem(await api.post("/messages", HELLO | change, key="k"), 422, "idempotency_key_reused")
    assert len(api.desk.opens) == 1


async def test_a_key_is_for_one_address(api: Api) -> None:
    """The same action in another session, and another address, are other requests."""
    first, second = await api.session(ANA), await api.session(BEN)
    assert (await api.post(f"/sessions/{first}/actions", {"action": "end"}, key="k")).status_code == 202
    for path, body in ((f"/sessions/{second}/actions", {"action": "end"}), ("/messages", HELLO)):
        problem(await api.post(path, body, key="k"), 422, "idempotency_key_reused")


async def test_a_repeated_action_is_done_once(api: Api) -> None:
    """An action's answer is kept as a message's is."""
    session_id = await api.session()
    path, body = f"/sessions/{session_id}/actions", {"action": "say", "text": "x"}
    answers = [await api.post(path, body, key="k") for _ in range(3)]
    assert {answer.json()["action_id"] for answer in answers} == {"A1"}
    assert [asked["key"] for asked in api.desk.acts] == ["k"]


async def test_without_a_key_each_request_counts(api: Api) -> None:
    """Two requests without a key are two."""
    first, second = [await api.post("/messages", HELLO) for _ in range(2)]
    assert first.json() != second.json()


async def test_a_conflict_is_repeated_too(api: Api) -> None:
    """What the state forbade stays the answer to this key; a new key is looked at anew."""
    api.desk.open_answer = Forbidden("session_open", "text_only", (), "")
    first = problem(await api.post("/messages", HELLO, key="k"), 409, "session_open")
    api.desk.open_answer = None
    assert problem(await api.post("/messages", HELLO, key="k"), 409, "session_open") == first
    assert (await api.post("/messages", HELLO, key="k2")).status_code == 202


async def test_what_was_not_stored_is_not_kept(api: Api) -> None:
    """After a 503, a 404 or a 422 the same key may be used again."""
    problem(await api.post("/sessions/x/actions", {"action": "end"}, key="k"), 404, "session_not_found")
    wrong(await api.post("/messages", {"assistant": "support"}, key="k"))
    api.desk.error = StoreUnavailable("away")
    problem(await api.post("/messages", HELLO, key="k"), 503, "store_unavailable")
    api.desk.error = None
    assert (await api.post("/messages", HELLO, key="k")).status_code == 202


async def test_what_is_done_is_told_even_if_it_cannot_be_kept(api: Api) -> None:
    """A store that goes away after the desk took the request does not turn it into a 503."""
    take_away(api.store, "remember")
    assert (await api.post("/messages", HELLO, key="k")).status_code == 202


async def test_two_at_the_same_time_are_one(api: Api) -> None:
    """A second request that comes while the first is under way waits for its answer."""
    session_id = await api.session()
    api.desk.gate = asyncio.Event()
    path = f"/sessions/{session_id}/actions"
    both = [asyncio.ensure_future(api.post(path, {"action": "end"}, key="k")) for _ in range(2)]
    await settle()
    api.desk.gate.set()
    answers = [answer.json() for answer in await asyncio.gather(*both)]
    assert answers[0] == answers[1]
    assert len(api.desk.acts) == 1


async def test_two_processes_give_the_answer_that_was_first(api: Api) -> None:
    """Of two processes with the same request at once, both answer what the store took first."""
    other = Api(api.store, api.clock)
    other.desk.opens.append({})  # so that its ids differ
    api.desk.open_gate = asyncio.Event()
    late = asyncio.ensure_future(api.post("/messages", HELLO, key="k"))
    await settle()
    early = await other.post("/messages", HELLO, key="k")
    api.desk.open_gate.set()
    assert (await late).json() == early.json()
    await other.client.aclose()


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "\xe9"])
async def test_a_key_that_cannot_be_kept_is_refused(api: Api, key: str) -> None:
    """Keys are 1 to 200 visible ASCII characters."""
    headers = [(b"Idempotency-Key", key.encode("latin-1"))]
    answer = await api.client.post("/api/v1/messages", json=HELLO, headers=headers)
    assert wrong(answer) == {"Idempotency-Key"}
    assert not api.desk.opens
