"""`POST /api/v1/calls`: what it takes, asks the desk for, and answers."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.core.errors import StoreUnavailable
from orchestrator.ports import Called, Forbidden
from tests.web.house import ANA, OURS, Api, problem

pytestmark = pytest.mark.anyio
CALL = {"assistant": "support", "to": "+1 555 010 1234", "context": {"why": "recall"}}


async def test_a_call_is_asked_of_the_desk(api: Api) -> None:
    """Assistant, number and context reach the desk; the answer names session and call."""
    answer = await api.post("/calls", CALL)
    assert (answer.status_code, answer.json()) == (202, {"session_id": "S1", "call_sid": "CA1"})
    assert api.desk.calls == [{"assistant": "support", "to": ANA, "context": {"why": "recall"}, "key": ""}]


async def test_a_call_that_the_carrier_has_not_named_yet(api: Api) -> None:
    """Where the carrier takes its time the id is null."""
    api.desk.call_answer = Called("S1", None)
    assert (await api.post("/calls", CALL)).json() == {"session_id": "S1", "call_sid": None}


async def test_the_same_key_calls_once(api: Api) -> None:
    """A repeated request gets the first answer; the same key with another request is refused."""
    first = await api.post("/calls", CALL, key="k")
    again = await api.post("/calls", CALL, key="k")
    assert (first.json(), again.headers["idempotent-replayed"]) == (again.json(), "true")
    assert [call["key"] for call in api.desk.calls] == ["k"]
    problem(await api.post("/calls", {**CALL, "context": {}}, key="k"), 422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("code", "status"), [("opted_out", 409), ("call_live", 409), ("call_hours", 409), ("not_placed", 502)]
)
async def test_what_forbids_a_call(api: Api, code: str, status: int) -> None:
    """The desk's refusal is told with its code, the state and a hint."""
    api.desk.call_answer = Forbidden(code, "in_call", ("say",), "hint")
    body = problem(await api.post("/calls", CALL), status, code)
    assert (body["state"], body["allowed"], body["hint"]) == ("in_call", ["say"], "hint")


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"to": "555"}, "to", "invalid"),
        ({"to": OURS}, "to", "invalid"),
        ({"to": None}, "to", "invalid"),
        ({"text": "Hi"}, "text", "invalid"),
        ({"assistant": "nobody"}, "assistant", "unknown_assistant"),
        ({"assistant": "text-only"}, "assistant", "no_phone"),
    ],
)
async def test_wrong_fields(api: Api, wrong: dict[str, Any], field: str, code: str) -> None:
    """Each wrong field is named, and nobody is called."""
    body = problem(await api.post("/calls", {**CALL, **wrong}), 422, code)
    assert {error["field"] for error in body["errors"]} == {field}
    assert api.desk.calls == []


async def test_nothing_was_stored(api: Api) -> None:
    """While the store is away the answer is 503."""
    api.desk.error = StoreUnavailable("away")
    problem(await api.post("/calls", CALL), 503, "store_unavailable")
