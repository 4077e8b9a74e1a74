"""Hooks from outside: a stranger's webhook changes what the assistant is asked and says, and is told of it all."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.blackbox.driver import Server, running, until

KEY = base64.b64decode("c2VjcmV0LXNlY3JldC1zZWNyZXQ=")


class Hooks:
    """Answers by path; keeps what came, and whether its signature was right. The log is down for `refusals` times."""

    def __init__(self) -> None:
        self.came: list[tuple[str, str, dict[str, Any]]] = []
        self.signed: list[bool] = []
        self.refusals = 1
        self.server = Server(self._handle)

    def _handle(self, _: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        head = {name.lower(): value for name, value in headers.items()}
        signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
        proof = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
        self.signed.append(head["webhook-signature"] == f"v1,{proof}")
        self.came.append((path, head["webhook-id"], json.loads(body)))
        if path == "/before":
            return 200, {"input": {"text": "changed"}, "context": {"seen": True}}
        if path == "/after":
            return 200, {"responses": [{"response_type": "text", "text": "checked"}]}
        self.refusals -= 1
        return (503 if self.refusals >= 0 else 200), {}

    def told(self, path: str) -> list[dict[str, Any]]:
        """What came to an address."""
        return [body for where, _, body in self.came if where == path]


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    """The stranger's webhooks."""
    made = Hooks()
    yield made
    made.server.close()


def test_hooks_around_a_text(hooks: Hooks, tmp_path: Path) -> None:
    """The bot is asked what `before` made of the text, the customer gets what `after` made of the answer, and the log
    gets the turn, although it was down at first.
    """
    secret = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="
    places = {"pre_message": "before", "post_message": "after", "log": "log"}
    section: dict[str, dict[str, Any]] = {
        name: {"url": f"{hooks.server.url}/{path}", "secret": secret} for name, path in places.items()
    }
    section["log"]["include"] = ["turn"]
    backend = f"{{kind: scripted}}\n    hooks: {json.dumps(section)}"
    with running(tmp_path, backend=backend) as (service, bot, carrier):
        service.text("hello")
        until(lambda: len(carrier.messages) == 1)
        assert carrier.messages[0]["Body"] == "checked"
        assert bot.turns == []
        seen = hooks.told("/after")[0]["data"]["turn"]
        assert (seen["input"]["text"], seen["context"]) == ("changed", {"seen": True})
        assert hooks.told("/before")[0]["data"]["turn"]["input"]["text"] == "hello"
        until(lambda: service.session().get("context", {}).get("seen"))
        until(lambda: len(hooks.told("/log")) == 2, 12)
        first, second = hooks.told("/log")
        assert first == second
        assert len({name for path, name, _ in hooks.came if path == "/log"}) == 1
        assert first["data"]["answer"]["responses"] == [{"response_type": "text", "text": "checked"}]
        assert all(hooks.signed)
