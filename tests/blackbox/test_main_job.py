"""The main job from outside: a call, a text asked and answered inside it, and on by text after it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path

import pytest

from tests.blackbox.driver import ANA, NUMBER, PUBLIC, Call, running, until

GREETING = [{"response_type": "text", "text": "Hello, this is Acme. How can I help?"}]
ASK = [
    {
        "response_type": "ask_for_text",
        "say": "I am texting you now.",
        "text": "Acme: please reply with your <b>new</b> address.",
        "keep_as": "address",
    }
]
THANKS = [{"response_type": "text", "text": "Thank you. I have 12 Main Street &amp; so on."}]


@pytest.mark.parametrize("store", ["memory", "redis"])
def test_one_conversation_over_call_and_text(store: str, tmp_path: Path, redis_server_url: str) -> None:
    """Call, speech, text asked in the call, reply spoken in the call, hang-up, on by text: one session."""
    url = "memory://" if store == "memory" else redis_server_url
    with running(tmp_path, redis_url=url) as (service, bot, carrier):
        bot.answers = [GREETING, ASK, THANKS, [], [{"response_type": "text", "text": "Yes, 12 Main St."}]]
        ana = Call(service)
        ana.start()
        assert ana.heard == ["Hello, this is Acme. How can I help?"]
        session = until(lambda: service.session("in_call").get("call") and service.session("in_call"))
        assert session["call"]["call_sid"] == ana.sid

        ana.says("I moved house")
        assert ana.heard[-1] == "I am texting you now."
        until(lambda: len(carrier.messages) == 1)
        assert carrier.messages[0]["Body"] == "Acme: please reply with your new address."
        assert carrier.messages[0]["To"] == ANA
        assert carrier.messages[0]["From"] == NUMBER
        until(lambda: service.session()["state"] == "awaiting_text")
        assert [timer["name"] for timer in service.session()["timers"]] == ["text_reply"]

        ana.is_silent()
        assert len(bot.turns) == 2
        assert service.session()["state"] == "awaiting_text"

        answer = service.text("12 Main St, Apt 4, Springfield")
        assert answer.status_code == 200
        assert answer.text.endswith("<Response/>") or "<Response />" in answer.text
        sid, update = until(lambda: carrier.updates and carrier.updates[0])
        assert sid == ana.sid
        assert update["Url"].startswith(f"{PUBLIC}/twilio/voice/resume?")
        assert "Twiml" not in update
        ana.fetch(update["Url"])
        assert ana.heard[-1] == "Thank you. I have 12 Main Street & so on."
        session = until(lambda: service.session()["state"] == "in_call_and_text" and service.session())
        assert session["context"] == {"address": "12 Main St, Apt 4, Springfield"}

        ana.hangs_up()
        until(lambda: service.session()["state"] == "text_only")
        service.text("Is it noted?", sid="SM" + "2" * 32)
        until(lambda: len(carrier.messages) == 2)
        assert carrier.messages[1]["Body"] == "Yes, 12 Main St."
        assert service.session()["id"] == session["id"]

        assert [(turn["event"], turn["input"]["type"]) for turn in bot.turns] == [
            ("call_started", "none"),
            (None, "speech"),
            ("text_reply", "text"),
            ("call_ended", "none"),
            (None, "text"),
        ]
        assert len({turn["session_id"] for turn in bot.turns}) == 1
        assert bot.turns[2]["context"] == {"address": "12 Main St, Apt 4, Springfield"}
        assert bot.turns[2]["reply_on"] == ["voice"]
        assert bot.turns[3]["reply_on"] == ["sms"]
        assert len(carrier.updates) == 1
        for turn, headers, body in zip(bot.turns, bot.headers, bot.bodies, strict=True):
            assert headers["webhook-id"] == turn["turn_id"]
            signed = f"{turn['turn_id']}.{headers['webhook-timestamp']}.".encode() + body
            key = base64.b64decode("c2VjcmV0LXNlY3JldC1zZWNyZXQ=")
            expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
            assert headers["webhook-signature"] == f"v1,{expected}"

        log = service.said()
        for secret in (
            ANA,
            NUMBER,
            "moved house",
            "12 Main",
            "Acme",
            "noted",
            "the-carrier-token",
            "the-api-token",
            "c2VjcmV0",
        ):
            assert secret not in log, secret


def test_an_unasked_text_in_a_call_is_answered_aloud(tmp_path: Path) -> None:
    """A text that nobody asked for is a turn of the call, spoken at once."""
    with running(tmp_path) as (service, bot, carrier):
        bot.answers = [GREETING, [{"response_type": "text", "text": "I got your text."}]]
        ana = Call(service)
        ana.start()
        service.text("hello from my thumb")
        _, update = until(lambda: carrier.updates and carrier.updates[0])
        ana.fetch(update["Url"])
        assert ana.heard[-1] == "I got your text."
        assert carrier.messages == []
        assert bot.turns[1]["event"] == "text_reply"


def test_repeated_webhooks_change_nothing(tmp_path: Path) -> None:
    """The same webhook twice gets the same bytes, one turn and one text."""
    with running(tmp_path) as (service, bot, carrier):
        bot.answers = [GREETING, ASK, THANKS]
        ana = Call(service)
        first = service.post("/twilio/voice", ana.form)
        assert service.post("/twilio/voice", ana.form).content == first.content
        ana.request("/twilio/voice")
        action = ana._action()
        spoken = {**ana.form, "SpeechResult": "I moved", "Confidence": "0.5"}
        answer = service.post(action, spoken)
        assert service.post(action, spoken).content == answer.content
        for _ in range(3):
            service.text("12 Main St")
        until(lambda: len(carrier.updates) == 1)
        resumed = service.post(carrier.updates[0][1]["Url"], ana.form)
        assert service.post(carrier.updates[0][1]["Url"], ana.form).content == resumed.content
        assert [turn["event"] for turn in bot.turns] == ["call_started", None, "text_reply"]
        assert len(carrier.messages) == 1
