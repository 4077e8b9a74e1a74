"""The doctor's look at a language model: what is wrong with address, key or name has its fix."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from orchestrator.cli.doctor.report import Finding
from tests.cli.backends import answering, finding
from tests.fakes.model import API_KEY, BASE, FakeModel


def looked_at(transport: httpx.AsyncBaseTransport, **changes: str) -> Finding:
    """What the doctor says of an endpoint behind this transport; `changes` are keys of the backend."""
    keys = {"kind": "openai", "base_url": BASE, "model": "small", "api_key": API_KEY, **changes}
    return finding(transport, keys)


def test_key_and_model_are_proven_without_a_turn() -> None:
    """The list of models is read; nothing is asked of the model."""
    model = FakeModel()
    found = looked_at(model)
    assert (found.state, found.fix) == ("ok", "")
    assert model.bodies == []


@pytest.mark.parametrize(
    ("changes", "state", "fix"),
    [
        ({"api_key": "sk-wrong"}, "fail", "backend.api_key"),
        ({"model": "large"}, "warn", "backend.model"),
    ],
)
def test_a_wrong_key_or_name_is_told(changes: dict[str, str], state: str, fix: str) -> None:
    """Each mistake names the key to correct, and the key's value appears nowhere."""
    found = looked_at(FakeModel(), **changes)
    assert found.state == state
    assert fix in found.fix
    assert "sk-" not in found.told + found.fix


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (httpx.Response(500), "unknown"),
        (httpx.ReadTimeout("x"), "unknown"),
        (httpx.ConnectError("x"), "fail"),
        (httpx.Response(404), "warn"),
        (httpx.Response(308, headers={"location": "/x"}), "warn"),
        (httpx.Response(200, text="<html>"), "warn"),
        (httpx.Response(200, json={"data": 7}), "warn"),
    ],
    ids=["fails", "is slow", "is away", "has no list", "redirects", "is a page", "is something else"],
)
def test_an_endpoint_that_is_away_or_is_none(answer: Any, state: str) -> None:
    """What cannot be known is unknown, what may be right is a warning; all name the fix."""
    found = looked_at(answering(answer))
    assert (found.state, bool(found.fix)) == (state, True)
