"""Sessions, refusals, and addresses that are none."""

from __future__ import annotations

import asyncio

import pytest

from orchestrator.core.ids import stable_id, with_partition
from tests.web.house import ANA, BEN, OURS, Api, problem, take_away, wrong

pytestmark = pytest.mark.anyio


async def listed(api: Api, **query: str | int) -> list[str]:
    """The ids of a list."""
    answer = await api.get("/sessions", params=query)
    assert answer.status_code == 200, answer.text
    return [session["id"] for session in answer.json()["sessions"]]


async def test_a_session_is_shown_whole(api: Api) -> None:
    """List and single view show the same record: number whole, times in UTC, call and thread."""
    session_id = await api.session()
    one = await api.get(f"/sessions/{session_id}")
    body = one.json()
    assert (await api.get("/sessions")).json() == {"sessions": [body], "next_cursor": None}
    assert body["customer"] == {"phone_number": ANA}
    assert (body["state"], body["call"]["state"], body["thread"]["number"]) == ("in_call", "listening", OURS)
    assert body["opened_at"] == "2025-06-15T15:06:40.000Z"
    assert one.headers["cache-control"] == "no-store"


async def test_sessions_come_newest_first_in_pages(api: Api) -> None:
    """A cursor goes on where the page before ended, and the last page has none."""
    made = []
    for n in range(5):
        await api.clock.advance(1)
        made.append(await api.session(f"+1555010{n:04}"))
    first = (await api.get("/sessions?limit=3")).json()
    second = (await api.get("/sessions", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [entry["id"] for entry in first["sessions"] + second["sessions"]] == made[::-1]
    assert second["next_cursor"] is None


async def test_sessions_are_filtered(api: Api) -> None:
    """By states (repeated or with commas), assistant, and a part of number or id."""
    call = await api.session(ANA)
    text = await api.session(BEN, call=None, call_state="none", thread_state="open")
    over = await api.session("+15550109999", "voice-only", call_state="ended")
    assert set(await listed(api)) == {call, text}
    assert await listed(api, state="ended") == [over]
    assert set(await listed(api, state="ended, in_call")) == {over, call}
    repeated = await api.get("/sessions?state=ended&state=in_call")
    assert len(repeated.json()["sessions"]) == 2
    assert await listed(api, state="ended", assistant="voice-only") == [over]
    assert await listed(api, assistant="nobody") == []
    assert await listed(api, q="+1 555 010 5678") == [text]
    assert (await api.get("/sessions?q=+1555010567")).json()["sessions"][0]["id"] == text
    assert await listed(api, q=f" {call[:12].lower() + call[12:]} ") == [call]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=0", {"limit"}),
        ("limit=201", {"limit"}),
        ("limit=many", {"limit"}),
        ("state=in_call,asleep&limit=-1", {"state[1]", "limit"}),
        (f"cursor={'x' * 201}", {"cursor"}),
        ("cursor=%25%25%25", {"cursor"}),
        ("cursor=nonsense", {"cursor"}),
    ],
)
async def test_a_wrong_query_names_each_parameter(api: Api, query: str, named: set[str]) -> None:
    """What is out of bounds is told by name."""
    assert wrong(await api.get(f"/sessions?{query}")) == named


@pytest.mark.parametrize(
    ("path", "typed", "meant"),
    [
        ("/sessions", "asistant", "assistant"),
        ("/sessions/{id}/events", "limits", "limit"),
        ("/refusals", "curser", "cursor"),
        ("/records", "sinse", "since"),
        ("/opt-outs", "formats", "format"),
        ("/opt-outs/+15550101234", "assistent", "assistant"),
        ("/dead-letters", "limi", "limit"),
        ("/events", "types", "type"),
    ],
)
async def test_a_parameter_with_a_typing_error_is_refused(
    api: Api, path: str, typed: str, meant: str
) -> None:
    """Rather than passed over, which would give the whole list; the answer says what was meant."""
    answer = await api.get(path.format(id=await api.session()), params={typed: "1"})
    assert wrong(answer) == {typed}
    assert answer.json()["hint"] == f"Did you mean `{meant}`?"


async def test_erasing_with_a_typing_error_erases_nothing(api: Api) -> None:
    """What is refused is refused before anything is done."""
    session_id = await api.session()
    answer = await api.client.delete(f"/api/v1/customers/{ANA}", params={"forget_optout": "true"})
    assert wrong(answer) == {"forget_optout"}
    assert await listed(api) == [session_id]


async def test_a_wrong_cursor_is_told_wherever_there_is_one(api: Api) -> None:
    """Of refusals and of a timeline as of sessions: 422, not the first page."""
    session_id = await api.session()
    for path in ("/refusals", "/sessions", f"/sessions/{session_id}/events"):
        answer = await api.get(path, params={"cursor": "MQ"})
        assert (answer.status_code, wrong(answer)) == (422, {"cursor"})


@pytest.mark.parametrize("name", ["nonsense", "01JAXT21Q0YEC28RS6R2SCQ020", "%00", "a b", "..%2F.."])
async def test_unknown_sessions_are_not_found(api: Api, name: str) -> None:
    """An id that names nothing is a 404, whatever it looks like."""
    assert (await api.get(f"/sessions/{name}")).status_code == 404
    assert (await api.get(f"/sessions/{name}/events")).status_code == 404


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", "/events"), ("POST", "/actions")])
async def test_a_session_that_has_just_begun_is_waited_for(api: Api, method: str, path: str) -> None:
    """Lists are behind by at most a second: a client with a fresh id is not told that there is none."""
    session_id = api.name_of()
    body = {"action": "end"} if method == "POST" else None
    asked = asyncio.ensure_future(
        api.client.request(method, f"/api/v1/sessions/{session_id}{path}", json=body)
    )
    await api.clock.advance(0.1)
    assert not asked.done()
    await api.session(name=session_id)
    await api.clock.advance(0.9)
    assert (await asked).is_success


async def test_a_fresh_id_of_nothing_is_not_found(api: Api) -> None:
    """After a second of looking there is no such session; an older id is not waited for."""
    for age, wait in ((0.0, 1.05), (3.0, 0.0), (-3.0, 0.0)):
        session_id = with_partition(stable_id(api.clock.now() - age, "nothing"), 0)
        asked = asyncio.ensure_future(api.get(f"/sessions/{session_id}"))
        await api.clock.advance(wait)
        assert asked.done()
        problem(await asked, 404, "session_not_found")


async def test_refusals_are_listed_in_pages(api: Api) -> None:
    """Newest first, with number, message and reason."""
    for n in range(3):
        await api.clock.advance(1)
        await api.refusal(f"SM{n}")
    first = (await api.get("/refusals?limit=2")).json()
    rest = (await api.get("/refusals", params={"cursor": first["next_cursor"]})).json()
    found = first["refusals"] + rest["refusals"]
    assert [entry["message_sid"] for entry in found] == ["SM2", "SM1", "SM0"]
    assert (found[0]["phone_number"], found[0]["reason"]) == (ANA, "no_live_call")
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("path", ["/nothing", "/sessions/x/y/z", "/sessions/", "/messages/1", "/", ""])
async def test_an_unknown_address_is_a_problem(api: Api, path: str) -> None:
    """Every address under the API answers in its own form, whatever the method."""
    problem(await api.get(path), 404, "not_found")
    problem(await api.post(path, {}), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/sessions", "GET, HEAD"),
        ("DELETE", "/sessions/x", "GET, HEAD"),
        ("OPTIONS", "/opt-outs/+15550101234", "DELETE, GET, HEAD, PUT"),
        ("GET", "/messages", "POST"),
        ("PUT", "/sessions/x/actions", "POST"),
    ],
)
async def test_a_wrong_method_is_a_problem(api: Api, method: str, path: str, allow: str) -> None:
    """It says which methods there are."""
    answer = await api.client.request(method, f"/api/v1{path}")
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allow


async def test_the_description_refuses_as_the_api_does(api: Api) -> None:
    """It is open to all, to be read only, and says so in the API's form."""
    nobody = {"Authorization": ""}
    assert (await api.client.head("/openapi.json", headers=nobody)).status_code == 200
    for method in ("POST", "DELETE", "OPTIONS"):
        answer = await api.client.request(method, "/openapi.json", headers=nobody)
        problem(answer, 405, "method_not_allowed")
        assert answer.headers["allow"] == "GET, HEAD"


async def test_head_is_a_get_without_a_body(api: Api) -> None:
    """A HEAD of a list is answered."""
    assert (await api.client.head("/api/v1/sessions")).status_code == 200


async def test_a_store_that_is_away_is_a_503(api: Api) -> None:
    """Nothing is claimed while the store does not answer, and the client is told to come back."""
    take_away(api.store, "session", "sessions", "refusals")
    for path in ("/sessions", "/sessions/x", "/sessions/x/events", "/refusals"):
        answer = await api.get(path)
        problem(answer, 503, "store_unavailable")
        assert answer.headers["retry-after"] == "1"
        assert "10.0.0.7" not in answer.text


async def test_a_bug_is_a_problem_without_content(api: Api) -> None:
    """What the house did not foresee is a 500 in the API's form that tells nothing of its inside."""
    session_id = await api.session()
    api.desk.error = RuntimeError("secret inside")
    answer = await api.post(f"/sessions/{session_id}/actions", {"action": "end"})
    problem(answer, 500, "internal")
    assert "secret" not in answer.text
