"""Who is let in, and how the rest is told no."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from orchestrator.web.api import Tokens
from tests.web.house import FULL, READING, Api, problem

pytestmark = pytest.mark.anyio

PATHS = ["/sessions", "/sessions/x", "/sessions/x/events", "/refusals", "/nothing", ""]


async def asked(
    api: Api, tokens: Tokens, *, client: str = "127.0.0.1", host: str = "localhost:8080", **headers: str
) -> int:
    """The status of a list, asked for under other tokens, from `client`."""
    other = Api(api.store, api.clock, tokens)
    transport = httpx.ASGITransport(other.app, client=(client, 5000))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as asking:
        return (await asking.get("/api/v1/sessions", headers=headers)).status_code


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", "Bearer wrong", "Basic full-token", "full-token", "Bearer full-token x"],
)
async def test_no_address_answers_without_a_token(api: Api, path: str, given: str) -> None:
    """Whatever the address, a request without a known bearer token is a 401 that names the scheme."""
    answer = await api.client.get(f"/api/v1{path}/", headers={"Authorization": given})
    problem(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer ")


async def test_a_token_beyond_ascii_is_only_wrong(api: Api) -> None:
    """Bytes that are no ASCII are compared like any others."""
    raw: Any = [(b"authorization", b"Bearer \xff\xc3\xa9")]
    problem(await api.client.get("/api/v1/sessions", headers=raw), 401, "unauthorized")


async def test_the_scheme_is_read_in_any_case(api: Api) -> None:
    """`bearer` is `Bearer`."""
    answer = await api.get("/sessions", headers={"Authorization": "bearer full-token"})
    assert answer.status_code == 200


async def test_a_reading_token_reads_only(api: Api) -> None:
    """It sees everything and does nothing."""
    session_id = await api.session()
    assert (await api.get(f"/sessions/{session_id}", headers=READING)).status_code == 200
    for path in (f"/sessions/{session_id}/actions", "/messages"):
        problem(await api.post(path, {}, headers=READING), 403, "read_only")
    assert not api.desk.acts
    assert not api.desk.opens


async def test_without_tokens_nobody_is_let_in(api: Api) -> None:
    """An empty token is no token, and none configured opens nothing."""
    assert await asked(api, Tokens()) == 401
    assert await asked(api, Tokens(full=("",)), Authorization="Bearer ") == 401
    assert await asked(api, Tokens(), **FULL) == 401


async def test_every_full_token_is_known(api: Api) -> None:
    """While tokens are rotated, each of them lets in."""
    tokens = Tokens(full=("old", "new"))
    for token in tokens.full:
        assert await asked(api, tokens, Authorization=f"Bearer {token}") == 200


async def test_the_demo_is_open_to_this_machine_only(api: Api) -> None:
    """Loopback peers are let in under a name of this machine; others, names of other sites, requests
    behind a proxy and wrong tokens are not.
    """
    tokens = Tokens(full=("t",), open_to_loopback=True)
    assert await asked(api, tokens) == 200
    assert await asked(api, tokens, host="127.0.0.1:8080") == 200
    assert await asked(api, tokens, client="::1", host="[::1]:8080") == 200
    assert await asked(api, tokens, client="192.0.2.7") == 401
    assert await asked(api, tokens, host="rebound.example:8080") == 401
    assert await asked(api, tokens, **{"X-Forwarded-For": "127.0.0.1"}) == 401
    assert await asked(api, tokens, Authorization="Bearer wrong") == 401
