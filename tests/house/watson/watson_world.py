"""The house with a Watson-shaped service behind it."""

from __future__ import annotations

from typing import Any

from tests.fakes.watson import API_KEY, BASE, ENVIRONMENT, FakeWatson, set_by_node
from tests.fakes.world import World


class WatsonWorld(World):
    """`World` whose assistant is `kind: watson`; `fields` are further keys of the backend."""

    def __init__(self, *, fields: str = "", **sections: Any) -> None:
        self.watson = FakeWatson()
        backend = (
            f"{{kind: watson, url: 'http://watson.test{BASE}', assistant_id: {ENVIRONMENT}, api_key: {API_KEY},"
            f" iam_url: 'http://watson.test/identity/token' {fields}}}"
        )
        super().__init__(backend=backend, hosts={"watson.test": self.watson.app}, **sections)


def text(words: str, **fields: Any) -> dict[str, Any]:
    """A `text` item."""
    return {"response_type": "text", "text": words, **fields}


def send_sms(message: str, **parameters: Any) -> dict[str, Any]:
    """The command that texts the caller."""
    return {"command": "vgwActSendSMS", "parameters": {"message": message, **parameters}}


def defined(**content: Any) -> dict[str, Any]:
    """A `user_defined` item."""
    return {"response_type": "user_defined", "user_defined": content}


def node(*generic: dict[str, Any], **context: Any) -> dict[str, Any]:
    """A dialog node of 2020: what it says, and the context that it sets."""
    return {"output": {"generic": list(generic)}, "context": set_by_node(**context)}


def gateway(*generic: dict[str, Any], **output: Any) -> dict[str, Any]:
    """A node as Voice Gateway and Voice Agent have it: commands under `output`."""
    return {"output": {"generic": list(generic), **output}}


def sequence(*commands: dict[str, Any]) -> list[dict[str, Any]]:
    """A list of commands."""
    return list(commands)


def command(name: str, **parameters: Any) -> dict[str, Any]:
    """One command."""
    return {"command": name, "parameters": parameters}


def dtmf(kind: str, **parameters: Any) -> dict[str, Any]:
    """A `dtmf` item."""
    return {"response_type": "dtmf", "command_info": {"type": kind, "parameters": parameters}}
