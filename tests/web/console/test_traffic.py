"""The Traffic page: webhooks in and requests out, with their verdicts, and nobody's words."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from channels.simulator.signing import signature
from orchestrator.ports import Behind
from orchestrator.web.console import ConsoleFacts
from orchestrator.web.traffic import Traffic, WebhookTraffic
from tests.fakes.clock import FakeClock
from tests.fakes.world import ANA, API_TOKEN, BASE, NUMBER, SID, TOKEN, World
from tests.web.console.desk import opened
from tests.web.house import Api, new_store

pytestmark = pytest.mark.anyio

SMS = {"From": ANA, "To": NUMBER, "Body": "my secret words", "MessageSid": "SMforged", "CallSid": ""}


async def page_of(world: World) -> str:
    """The page as it is."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(world.service.app), base_url=BASE) as client:
        answer = await client.get("/console/traffic", headers={"Authorization": f"Bearer {API_TOKEN}"})
    return answer.text


async def listed(world: World, query: str = "") -> list[dict[str, Any]]:
    """What the page shows, once it is written."""
    await world.service.traffic.flush()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(world.service.app), base_url=BASE) as client:
        bearer = {"Authorization": f"Bearer {API_TOKEN}"}
        answer = await client.get(f"/console/traffic.json{query}", headers=bearer)
        page = await client.get(f"/console/traffic{query}", headers=bearer)
    assert page.status_code == 200
    assert "my secret words" not in answer.text + page.text
    assert ANA not in answer.text + page.text
    found: list[dict[str, Any]] = answer.json()["traffic"]
    return found


async def test_webhooks_and_requests_are_listed_with_their_verdicts() -> None:
    """A call with a text: what came in, what went out to assistant and carrier, the newest first."""
    async with World() as world:
        ana = world.handset()
        world.bot.will([], [{"response_type": "text", "text": "Yes."}])
        await ana.text("my secret words", to=NUMBER)
        await world.idle()
        rows = await listed(world)
        told = {(row["way"], row["whom"], row["what"], row["verdict"]) for row in rows}
        assert ("in", "carrier", "sms", "ok") in told
        assert ("out", "assistant", "POST bot.test", "ok") in told
        assert all(row["status"] and row["ms"] is not None for row in rows)
        taken = next(row for row in rows if row["what"] == "sms")
        assert taken["numbers"] == "+1555•••1234 → +1958•••0123"
        assert taken["ids"].startswith("SM")
        assert [row["at"] for row in rows] == sorted((row["at"] for row in rows), reverse=True)


async def test_a_wrong_signature_and_a_repeat_are_told() -> None:
    """A forged webhook is a bad signature, one that came before is repeated; problems are found alone."""
    async with World() as world:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(world.service.app), base_url=BASE
        ) as client:
            forged = {"X-Twilio-Signature": "x"}
            assert (await client.post("/twilio/sms", data=SMS, headers=forged)).status_code == 403
            assert (await client.post("/twilio/sms", content=b"\xff{")).status_code == 415
        ana = world.handset()
        await ana.text("my secret words", to=NUMBER)
        await world.idle()
        bad = await listed(world, "?problems=1")
        assert {row["verdict"] for row in bad} == {"bad signature", "no form"}
        assert [row["ids"] for row in await listed(world, "?q=smforged&way=in")] == ["SMforged"]
        assert await listed(world, "?way=out&q=nothing") == []


async def told_again(world: World, url: str, form: dict[str, str]) -> None:
    """The carrier posts this, signed."""
    signed = {"X-Twilio-Signature": signature(TOKEN, url, form.items())}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(world.service.app)) as client:
        assert (await client.post(url, data=form, headers=signed)).status_code < 300


async def test_what_is_no_news_is_told_by_whoever_takes_it() -> None:
    """A report that a younger one overtook is late, and a text that is known by its id is repeated whatever else
    its webhook says; neither is a problem.
    """
    async with World() as world:
        ana = world.handset()
        world.bot.will([{"response_type": "text", "text": "Yes."}])
        await ana.text("my secret words", to=NUMBER)
        await world.idle()
        taken, reply = world.carrier.messages
        account = {"AccountSid": SID, "ApiVersion": "2010-04-01"}
        report = account | {"MessageSid": reply.sid, "From": NUMBER, "To": ANA}
        for status in ("delivered", "sent"):
            await told_again(world, reply.status_callback, report | {"MessageStatus": status, "try": status})
        again = account | {
            "MessageSid": taken.sid,
            "From": ANA,
            "To": NUMBER,
            "Body": "other",
            "NumMedia": "0",
        }
        await told_again(world, f"{BASE}/twilio/sms", again)
        rows = await listed(world)
        told = {(row["what"], row["facts"]): row["verdict"] for row in reversed(rows) if row["way"] == "in"}
        assert told[("sms_status", "sent")] == "late"
        assert told[("sms", "")] == "repeated"
        assert await listed(world, "?problems=1") == []


async def test_the_same_request_again_is_a_repeat() -> None:
    """By path, query and body, within one process."""
    traffic = Traffic(new_store(FakeClock()), FakeClock())
    assert [traffic.is_repeated(request) for request in (b"a", b"b", b"a")] == [False, False, True]


async def test_a_request_without_an_answer_is_listed_as_such() -> None:
    """A carrier that never answers leaves a line; other clients of ours are noted with their status."""
    store = new_store(FakeClock())
    await store.start()
    traffic = Traffic(store, FakeClock())

    async def answer(request: httpx.Request) -> httpx.Response:
        if "Calls" in request.url.path:
            raise httpx.ConnectTimeout("no answer")
        return httpx.Response(404)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        traffic.watch(client)
        accounts = "http://carrier.test/2010-04-01/Accounts/AC1"
        await client.post(f"{accounts}/Messages.json", data={"To": ANA, "Body": "my secret words"})
        with pytest.raises(httpx.ConnectTimeout):
            await client.get(f"{accounts}/Calls/CA1.json")
        await client.post("http://tandem.test/twilio/voice", data=SMS)
    for entry in traffic._waiting:
        entry["began"] -= 60
    await traffic.flush()
    kept = await store.traffic()
    assert [(entry["what"], entry["status"]) for entry in kept] == [
        ("GET Calls/CA1.json", None),
        ("POST Messages.json", 404),
    ]
    assert "secret" not in str(kept)
    traffic.close()
    await store.close()


async def test_a_body_passes_whole() -> None:
    """What is noted is a copy: the channel reads the same bytes, in pieces or not."""
    read: list[bytes] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            read.append(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    traffic = Traffic(new_store(FakeClock()), FakeClock())
    pieces = [urlencode(SMS).encode()[:20], urlencode(SMS).encode()[20:]]
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(0)
        body = pieces.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(pieces)}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/twilio/sms", "query_string": b""}
    await WebhookTraffic(app, traffic)(scope, receive, send)
    assert b"".join(read) == urlencode(SMS).encode()
    assert sent[0]["status"] == 204
    assert traffic._waiting[0]["ids"] == ["SMforged"]
    traffic.close()


async def test_a_request_leads_to_its_session() -> None:
    """What came in, calls, and the reports on what went out; where nobody can replay it, to the session only."""
    async with World() as world:
        ana = world.handset()
        world.bot.will([{"response_type": "text", "text": "Yes."}])
        await ana.text("my secret words", to=NUMBER)
        session = (await world.session())["id"]
        rows = await listed(world)
        owners = {row["what"]: row["session_id"] for row in rows if row["way"] == "in"}
        assert owners == {"sms": session, "sms_status": session}
        assert next(row for row in rows if row["whom"] == "assistant")["session_id"] is None
        page = await page_of(world)
        assert 'href="/console/traffic/session?id=SM' in page
        assert "replay=1" not in page


async def test_a_row_offers_the_replay_of_its_session(api: Api) -> None:
    """Each row with an id of the carrier's asks for its session, once its link is followed; an id that nobody knows
    leads to a page that tells so, and one that is none looks nothing up.
    """
    session_id = await api.session()
    line: dict[str, Any] = {
        "id": "1.1",
        "at": "2025-06-15T15:06:40.000Z",
        "type": "call_started",
        "channel": "voice",
    }
    line |= {"state": "idle", "state_after": "in_call", "data": {"call_sid": "CA12345678"}}
    address = api.store.address("support", ANA)
    behind = Behind(session_id, score=api.clock.now(), lines=(json.dumps(line),))
    await api.store.write_behind(address, behind)
    entry = {"at": line["at"], "way": "in", "whom": "carrier", "status": 200, "ms": 1}
    calls = ("POST Calls/CA12345678.json", "POST Calls/CA99999999.json")
    await api.store.write_traffic([json.dumps({**entry, "what": what}) for what in calls])

    async def replay(_: str) -> dict[str, Any]:
        return {}

    async with opened(api, facts=ConsoleFacts(replay=replay)) as console:
        browser = await console.signed_in()
        page = (await browser.get("/traffic")).text
        assert page.count("&amp;replay=1") == 2
        known = await browser.get("/traffic/session?id=CA99999999&id=CA12345678&replay=1")
        assert known.status_code == 303
        assert known.headers["location"] == f"/console/sessions/{session_id}#replay"
        plain = await browser.get("/traffic/session?id=CA12345678")
        assert plain.headers["location"] == f"/console/sessions/{session_id}"
        for other in ("?id=CA99999999", "?id=../../x", ""):
            unknown = await browser.get(f"/traffic/session{other}")
            assert unknown.status_code == 404
            assert "none of the newest sessions" in unknown.text


async def test_a_page_looks_no_session_up(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many requests it shows: whose they are is asked of one, when its link is followed."""
    entry = {"at": "2025-06-15T15:06:40.000Z", "way": "in", "whom": "carrier", "status": 200, "ms": 1}
    await api.store.write_traffic([json.dumps({**entry, "what": "voice", "ids": ["CA12345678"]})])
    looks: list[Any] = []

    async def recent(*asked: Any) -> Any:
        looks.append(asked)
        return []

    async with opened(api) as console:
        browser = await console.signed_in()
        monkeypatch.setattr(api.store, "recent", recent)
        assert "CA12345678" in (await browser.get("/traffic")).text
    assert looks == []
