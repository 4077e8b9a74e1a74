"""What the console of a whole service does with a session that happened: saves it as a scenario, and replays it."""

from __future__ import annotations

import httpx
import pytest

from orchestrator.cli.demo import ANA, demo_service
from orchestrator.scenarios.format import parse
from tests.servers import free_port

pytestmark = pytest.mark.anyio
LOCAL = "http://127.0.0.1"


async def test_a_session_is_saved_and_played_again() -> None:
    """Its page has a link and a button. The file reads as a scenario with what was written, and holds nobody's number.
    Played again by a process beside the service, on a configuration that has no file, nothing differs.
    """
    service = demo_service(free_port(), "token")
    async with (
        service.app.router.lifespan_context(service.app),
        httpx.AsyncClient(transport=httpx.ASGITransport(service.app), base_url=LOCAL) as browser,
    ):
        form = {"assistant": "support", "to": "+15550107788", "text": "Your parcel is here."}
        headers = {"Authorization": "Bearer token"}
        begun = await browser.post("/api/v1/messages", json=form, headers=headers)
        address = f"/console/sessions/{begun.json()['session_id']}"
        page = await browser.get(address)
        assert f'href="{address}/scenario"' in page.text
        assert "data-replay" in page.text
        saved = await browser.get(f"{address}/scenario")
        nobody = await browser.get("/console/sessions/NOBODY/scenario")
        played = await browser.post(f"{address}/replay", json={}, headers=headers)
    assert "attachment" in saved.headers["content-disposition"]
    assert parse(saved.text, "saved.scenario.yaml").problems == ()
    assert "Your parcel is here." in saved.text
    assert ANA in saved.text
    assert "7788" not in saved.text
    assert nobody.status_code == 404
    assert played.status_code == 200, played.text
    assert played.json()["verdict"] == "Nothing differs: it happens as it did."
