"""The doctor's look at Watson Assistant: what is wrong with address, key or ids has its fix."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from orchestrator.cli.doctor.report import Finding
from tests.cli.backends import answering, finding
from tests.fakes.watson import API_KEY, BASE, ENVIRONMENT, FakeWatson


def looked_at(transport: httpx.AsyncBaseTransport, **changes: str) -> Finding:
    """What the doctor says of a service behind this transport; `changes` are keys of the backend."""
    keys = {
        "kind": "watson",
        "url": f"http://watson.test{BASE}",
        "assistant_id": ENVIRONMENT,
        "api_key": API_KEY,
        "iam_url": "http://watson.test/identity/token",
        **changes,
    }
    return finding(transport, keys)


@pytest.mark.parametrize("auth", ["basic", "iam"])
def test_a_session_is_made_and_ended(auth: str) -> None:
    """Credentials and ids are proven without a message, and nothing is left behind."""
    watson = FakeWatson()
    found = looked_at(httpx.ASGITransport(app=watson.app), auth=auth)
    assert (found.state, found.fix) == ("ok", "")
    assert (watson.sessions, watson.deleted, watson.bodies) == ({}, ["session-1"], [])


@pytest.mark.parametrize(
    ("changes", "fix"),
    [
        ({"api_key": "wrong"}, "assistants.support.backend.api_key"),
        ({"api_key": "wrong", "auth": "iam"}, "assistants.support.backend.api_key"),
        ({"assistant_id": "other"}, "assistants.support.backend.assistant_id"),
    ],
)
def test_a_wrong_key_or_id_is_told(changes: dict[str, str], fix: str) -> None:
    """Each mistake fails with the key to correct, and the key's value appears nowhere."""
    found = looked_at(httpx.ASGITransport(app=FakeWatson().app), **changes)
    assert found.state == "fail"
    assert fix in found.fix
    assert "wrong" not in found.told + found.fix


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (httpx.Response(500), "unknown"),
        (httpx.ReadTimeout("x"), "unknown"),
        (httpx.ConnectError("x"), "fail"),
        (httpx.Response(308, headers={"location": "/x"}), "fail"),
        (httpx.Response(200, text="<html>"), "fail"),
    ],
    ids=["fails", "is slow", "is away", "redirects", "is something else"],
)
def test_a_service_that_is_away_or_is_none(answer: Any, state: str) -> None:
    """What cannot be known is unknown, what is wrong fails; both name the address."""
    assert looked_at(answering(answer)).state == state
