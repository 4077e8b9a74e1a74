"""Dialogues of Watson Assistant from outside: a service in its place, a carrier, and `tandem serve` between them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.blackbox.driver import Call, Server, running, until

BASE = "/instances/i-1/v2/assistants/env-1/sessions"
SEND = {"command": "vgwActSendSMS", "parameters": {"message": "Reply with your address"}}
HELLO = {"response_type": "text", "text": "How can I help?"}
BYE = {"response_type": "user_defined", "user_defined": {"smsAction": {"command": "terminateSession"}}}


class Watson:
    """IBM's service as its reference has it: IAM, sessions that keep what nodes set, messages that are answered in order."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)
        self.messages: list[dict[str, Any]] = []
        self.requests: list[str] = []
        self.kept: dict[str, Any] = {}
        self.server = Server(self._handle)

    def _handle(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        place = urlsplit(path)
        self.requests.append(f"{method} {place.path}")
        if place.path == "/identity/token":
            right = dict(parse_qsl(body.decode())).get("apikey") == "the-key"
            return (200, {"access_token": "t-1", "expires_in": 3600}) if right else (400, {})
        named = {name.lower(): value for name, value in headers.items()}
        if named.get("authorization") != "Bearer t-1" or place.query != "version=2024-08-25":
            return 401, {"error": "Unauthorized", "code": 401}
        if method == "POST" and place.path == BASE:
            return 201, {"session_id": "s-1"}
        if method == "DELETE" and place.path == f"{BASE}/s-1":
            return 200, {}
        if place.path != f"{BASE}/s-1/message":
            return 404, {"error": "Invalid Session", "code": 404}
        return 200, self._answer(json.loads(body))

    def _answer(self, message: dict[str, Any]) -> dict[str, Any]:
        self.messages.append(message)
        sent = message["context"]["skills"]["main skill"]["user_defined"]
        answer = self.answers.pop(0) if self.answers else {}
        self.kept |= sent | answer.get("set", {})
        context = {"skills": {"main skill": {"user_defined": self.kept, "system": {"state": "abc"}}}}
        return {"output": {"generic": answer.get("generic", [])}, "context": context}

    @property
    def backend(self) -> str:
        """The configuration's entry for it."""
        url = self.server.url
        return (
            f"{{kind: watson, url: {url}/instances/i-1, assistant_id: env-1, api_key: the-key,"
            f" auth: iam, iam_url: {url}/identity/token}}"
        )

    def said(self) -> list[str]:
        """The text of each message."""
        return [message["input"]["text"] for message in self.messages]


def test_a_dialogue_of_2020_texts_in_a_call_and_goes_on_after_it(tmp_path: Path) -> None:
    """A command in the stored context texts once; the reply is a turn of the call and answered aloud; the conversation
    goes on by text, in one session, until `terminateSession`. The key is in no log.
    """
    watson = Watson(
        {"generic": [HELLO]},
        {"generic": [{"response_type": "text", "text": "I am texting you."}], "set": {"vgwAction": SEND}},
        {"generic": [{"response_type": "text", "text": "Twelve Elm Road it is."}]},
        {"generic": [{"response_type": "text", "text": "At nine."}]},
        {"generic": [BYE]},
    )
    with running(tmp_path, backend=watson.backend) as (service, _, carrier):
        call = Call(service)
        call.start()
        call.says("I moved house")
        until(lambda: carrier.messages)
        assert call.heard == ["How can I help?", "I am texting you."]
        service.text("12 Elm Road\nFlat 3")
        _, update = until(lambda: carrier.updates and carrier.updates[0])
        call.fetch(update["Url"])
        assert call.heard[-1] == "Twelve Elm Road it is."
        call.hangs_up()
        until(lambda: service.session()["state"] == "text_only")
        service.text("When do you open?", sid="SM" + "2" * 32)
        until(lambda: len(carrier.messages) == 2)
        service.text("Thanks, bye", sid="SM" + "3" * 32)
        until(lambda: f"DELETE {BASE}/s-1" in watson.requests)

        assert [message["Body"] for message in carrier.messages] == ["Reply with your address", "At nine."]
        assert watson.said() == ["", "I moved house", "vgwSMSMessage", "When do you open?", "Thanks, bye"]
        told = watson.messages[2]["input"]["integrations"]["voice_telephony"]
        assert told["sms_message"] == "12 Elm Road\nFlat 3"
        assert watson.requests.count(f"POST {BASE}") == 1
        assert watson.requests.count("POST /identity/token") == 1
        assert service.session("ended")["state"] == "ended"
        assert "the-key" not in service.said()
        assert "t-1" not in service.said()
    watson.server.close()
