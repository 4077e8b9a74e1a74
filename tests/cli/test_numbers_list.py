"""`tandem numbers list`: the addresses to copy, and what the carrier has."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from channels.twilio.account import messaging_base
from tests.cli.conftest import PUBLIC, Run
from tests.cli.twilio import NUMBER, TwilioAccount

Write = Callable[..., Path]
TAIL = "#rc=3&rp=5xx,ct,rt&rt=4500&tt=15000"


def marks(document: dict[str, Any]) -> dict[str, str]:
    """The mark of each address."""
    return {
        each["field"]: each["mark"]
        for group in document["integrations"]
        for number in group["numbers"]
        for each in number["settings"]
    }


def test_each_address_is_marked(run: Run, write: Write, account: TwilioAccount) -> None:
    """Exactly ours is `same`, ours with another method or tail `different`, another's `foreign`, nothing `none`."""
    account.add(
        voice_url=f"{PUBLIC}/twilio/voice{TAIL}",
        voice_method="POST",
        sms_url=f"{PUBLIC}/twilio/sms{TAIL}",
        sms_method="GET",
        status_callback=f"{PUBLIC}/twilio/voice/status",
        status_callback_method="POST",
    )
    told = run("numbers", "list", "--config", write(), "--json")
    assert told.exit_code == 0, told.output
    assert marks(json.loads(told.stdout)) == {
        "VoiceUrl": "same",
        "VoiceFallbackUrl": "none",
        "StatusCallback": "different",
        "SmsUrl": "different",
        "SmsFallbackUrl": "foreign",
    }


def test_addresses_can_be_copied(run: Run, write: Write) -> None:
    """Each Webhook URI stands whole on a line, with its overrides."""
    told = run("numbers", "list", "--config", write())
    for path in ("voice", "voice/fallback", "voice/status", "sms", "sms/fallback"):
        assert f"{PUBLIC}/twilio/{path}{TAIL}\n" in told.output
    assert NUMBER in told.output


def test_what_makes_addresses_ignored_is_listed(run: Run, write: Write, account: TwilioAccount) -> None:
    """An application, a trunk and a Messaging Service on a later page are listed with the number."""
    account.add(trunk_sid="TK" + "3" * 32, sms_application_sid="AP" + "2" * 32)
    account.add_service("+19585550000", inbound_url=None)
    sid = account.add_service(NUMBER, inbound_url="https://other.example.com/in")
    told = run("numbers", "list", "--config", write())
    for part in ("TK" + "3" * 32, "AP" + "2" * 32, sid, "https://other.example.com/in"):
        assert part in told.output


def test_a_number_of_nobody_fails_the_listing(run: Run, write: Write) -> None:
    """A number that the account lacks is told beside the addresses: exit 4."""
    told = run("numbers", "list", "--config", write(number="+19585550199"))
    assert told.exit_code == 4
    assert "Forbidden: +19585550199" in told.output
    assert f"{PUBLIC}/twilio/sms" in told.output


@pytest.mark.parametrize(
    ("base", "messaging"),
    [
        ("https://api.twilio.com", "https://messaging.twilio.com"),
        ("https://api.dublin.ie1.twilio.com", "https://messaging.dublin.ie1.twilio.com"),
        ("http://127.0.0.1:9000/simulator", "http://127.0.0.1:9000/simulator"),
        ("https://api.twilio.com.example.org", "https://api.twilio.com.example.org"),
    ],
)
def test_messaging_services_have_a_host_of_their_own(base: str, messaging: str) -> None:
    """Twilio's messaging API is on another host, others' on the same; a look-alike host is none of Twilio's."""
    assert messaging_base(base) == messaging
