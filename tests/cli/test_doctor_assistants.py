"""The doctor's look at the assistants: no turn is asked, and what is wrong has its fix."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from config import Secret
from config.backends import Http, Scripted
from orchestrator.cli.doctor.backend import check_assistant
from orchestrator.cli.doctor.report import Finding

BOT = Http(
    kind="http",
    url="https://bot.example.com/turn",
    secret=Secret("whsec_c2VjcmV0"),
    headers={},
    timeout=30.0,
    retries=1,
    max_concurrent=1,
    max_waiting=1,
)
SOUND = "start: hello\nsteps:\n  hello:\n    - say: Hello.\n    - listen:\n"


def looked_at(answer: httpx.Response | Exception) -> tuple[Finding, list[httpx.Request]]:
    """What the doctor says of an assistant that answers so, and what it sent."""
    sent: list[httpx.Request] = []

    def answered(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def go() -> Finding:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answered)) as http:
            return await check_assistant(http, "support", BOT, Path())

    return asyncio.run(go()), sent


@pytest.mark.parametrize(
    ("answer", "state", "fix"),
    [
        (httpx.Response(200), "ok", ""),
        (httpx.Response(401), "ok", ""),
        (httpx.Response(404), "ok", ""),
        (httpx.Response(405), "ok", ""),
        (httpx.Response(501), "ok", ""),
        (httpx.Response(308, headers={"location": "/x"}), "warn", "assistants.support.backend.url"),
        (httpx.Response(500), "unknown", "log"),
        (httpx.ReadTimeout("x"), "unknown", "assistants.support.backend.url"),
        (httpx.ConnectError("x"), "fail", "assistants.support.backend.url"),
    ],
    ids=lambda value: str(value.status_code) if isinstance(value, httpx.Response) else None,
)
def test_an_endpoint_is_looked_at_without_a_turn(
    answer: httpx.Response | Exception, state: str, fix: str
) -> None:
    """One HEAD without a body or signature is all that an endpoint gets, whatever it answers."""
    found, sent = looked_at(answer)
    assert found.state == state
    assert fix in found.fix
    assert bool(found.fix) == (state != "ok")
    assert [(request.method, request.content) for request in sent] == [("HEAD", b"")]
    assert "webhook-signature" not in sent[0].headers


def script(tmp_path: Path, text: str) -> Finding:
    """What the doctor says of this script, named relative to the configuration's folder."""
    (tmp_path / "talk.yaml").write_text(text, encoding="utf-8")
    backend = Scripted(
        kind="scripted", file="talk.yaml", timeout=30.0, retries=1, max_concurrent=1, max_waiting=1
    )

    async def go() -> Finding:
        async with httpx.AsyncClient() as http:
            return await check_assistant(http, "support", backend, tmp_path)

    return asyncio.run(go())


def test_a_script_is_read(tmp_path: Path) -> None:
    """A sound script is fine; a broken one fails with the first place."""
    assert script(tmp_path, SOUND).state == "ok"
    found = script(tmp_path, SOUND.replace("say:", "sya:"))
    assert found.state == "fail"
    assert "talk.yaml:4:" in found.told
    assert "tandem check" in found.fix


def test_a_loose_end_is_a_warning(tmp_path: Path) -> None:
    """What the lint warns of does not fail."""
    assert script(tmp_path, SOUND + "  lost:\n    - say: Never.\n    - listen:\n").state == "warn"
