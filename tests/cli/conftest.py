"""A carrier account over loopback, and a configuration that uses it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner, Result

from orchestrator.cli import build
from tests.cli.twilio import NUMBER, SID, TOKEN, TwilioAccount, serving

PUBLIC = "https://voice.example.com"
SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtMTI="
Run = Callable[..., Result]


@pytest.fixture
def account() -> TwilioAccount:
    """An account with our number, which points at another application."""
    made = TwilioAccount()
    made.add()
    return made


@pytest.fixture
def carrier_url(account: TwilioAccount) -> Iterator[str]:
    """Where the account's REST API is."""
    with serving(account.app) as url:
        yield url


@pytest.fixture
def write(tmp_path: Path, carrier_url: str) -> Callable[..., Path]:
    """Writes a configuration: which channels serve which number, and where things are."""

    def written(**changes: Any) -> Path:
        given: dict[str, Any] = {"public_url": PUBLIC, "kinds": ("phone", "messaging"), "redis": "memory://"}
        given |= {"backend": {"kind": "scripted"}, "token": TOKEN, "sid": SID, "number": NUMBER}
        given |= changes
        section = {
            "numbers": [given["number"]],
            "account_sid": given["sid"],
            "auth_token": given["token"],
            "base_url": given.get("base_url", carrier_url),
        }
        service = {"public_url": given["public_url"], "redis_url": given["redis"]}
        service |= {"api_token": "api-token", "hash_key": "hash-key"}
        support = {"backend": given["backend"]} | dict.fromkeys(given["kinds"], section)
        if "service" in given:
            support["messaging"] = section | {"messaging_service_sid": given["service"]}
        file = tmp_path / "tandem.yaml"
        file.write_text(
            json.dumps({"service": service, "assistants": {"support": support}}), encoding="utf-8"
        )
        return file

    return written


@pytest.fixture
def run() -> Iterator[Run]:
    """Runs `tandem` with these arguments, without a terminal. Afterwards the log goes where it went: a command
    that serves has it go to an output that is closed by then.
    """
    before = structlog.get_config()

    def ran(*arguments: Any) -> Result:
        return CliRunner().invoke(build(), [str(each) for each in arguments])

    yield ran
    structlog.configure(**before)
