"""Bodies that are none: too large, of another type, or no JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.house import ANA, Api, problem

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
LIMIT = 64 * 1024


async def sent(api: Api, content: bytes | AsyncIterator[bytes], **headers: str) -> httpx.Response:
    """A message's body as it is."""
    return await api.client.post("/api/v1/messages", content=content, headers={**JSON, **headers})


def padded(size: int) -> bytes:
    """A right body of exactly this size."""
    body = f'{{"assistant": "support", "to": "{ANA}"}}'.encode()
    return body + b" " * (size - len(body))


async def test_a_body_has_at_most_64_kib(api: Api) -> None:
    """The last byte that fits is taken, one more is not."""
    assert (await sent(api, padded(LIMIT))).status_code == 202
    problem(await sent(api, padded(LIMIT + 1)), 413, "too_large")
    assert len(api.desk.opens) == 1


async def test_a_body_of_unknown_length_is_counted(api: Api) -> None:
    """Without a length, and with a wrong one, it is stopped while it comes."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b" " * 1024

    problem(await sent(api, chunks()), 413, "too_large")
    problem(await sent(api, chunks(), **{"Content-Length": "3"}), 413, "too_large")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_other_types_are_refused(api: Api, kind: str) -> None:
    """A page of another site can send these without asking: they are a 415."""
    problem(await sent(api, padded(100), **{"Content-Type": kind}), 415, "not_json")


async def test_a_hundred_levels_are_read(api: Api) -> None:
    """An object in an object in a list, a hundred deep in all, is kept as it came."""
    deep = b"[" * 98 + b"]" * 98
    body = f'{{"assistant": "support", "to": "{ANA}", "context": {{"a": '.encode() + deep + b"}}"
    assert (await sent(api, body)).status_code == 202


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "Application/JSON", "application/x+json"]
)
async def test_json_by_any_of_its_names(api: Api, kind: str) -> None:
    """Parameters and case of the type make no difference."""
    assert (await sent(api, padded(100), **{"Content-Type": kind})).status_code == 202


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b'{"context": {"a": NaN}}',
        b'{"context": {"a": 1e999}}',
        b'{"text": "\\ud800"}',
        b'{"to": "+15550101234", "to": "+15550105678"}',
        b'{"context": {"a": [{"b": 1, "\\u0062": 2}]}}',
        b"[" * 20_000,
        b'{"context": {"a": ' + b"[" * 99 + b"]" * 99 + b"}}",
        b'{"context": ' + b'{"a": ' * 950 + b"1" + b"}" * 951,
        b'{"context": {"a": ' + b"9" * 5_000 + b"}}",
    ],
)
async def test_what_is_no_json_is_refused(api: Api, body: bytes) -> None:
    """Broken, endless, with a name given twice, or with values that cannot be stored: a 400 each."""
    problem(await sent(api, body), 400, "bad_json")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["action", "text", "to", "media", "assistant", "context", "from"])
                | st.text(),
                inner,
            )
        ),
        max_leaves=12,
    )
)
async def test_no_json_makes_a_500(api: Api, body: object) -> None:
    """Whatever JSON comes, it is done or refused by the API's own word."""
    for path in ("/sessions/x/actions", "/messages"):
        try:
            answer = await api.post(path, body)
        except UnicodeEncodeError:
            continue  # the client cannot send it
        assert answer.status_code in {202, 400, 404, 415, 422}, answer.text


async def test_a_client_that_goes_away_does_no_harm(api: Api) -> None:
    """A body that breaks off is no request, and no error of ours."""
    sent_back: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent_back.append(message)

    headers = [(b"authorization", b"Bearer full-token"), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/messages",
        "query_string": b"",
        "headers": headers,
    }
    await api.app(scope, receive, send)
    assert sent_back[0]["status"] == 400
    assert not api.desk.opens


async def test_there_are_no_sockets(api: Api) -> None:
    """A WebSocket under the API is closed before it is accepted."""
    sent_back: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent_back.append(message)

    await api.app({"type": "websocket", "path": "/api/v1/x", "headers": []}, receive, send)
    assert [message["type"] for message in sent_back] == ["websocket.close"]
