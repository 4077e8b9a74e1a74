"""Resources and parameters of the API are those of Twilio's own description."""

from __future__ import annotations

import json
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from channels.simulator.rest import calls, messages, numbers
from tests.channels.simulator.customer import API, OURS, PHONE, PUBLIC, House, settled

pytestmark = pytest.mark.anyio


SPEC: dict[str, Any] = json.loads((Path(__file__).parents[2] / "data" / "twilio_shapes.json").read_text())


PYTHON = {"string": str, "integer": int, "boolean": bool, "object": dict}


def check_resource(name: str, resource: dict[str, Any]) -> None:
    """Every field that the description names is there, in its type, and no other."""
    described: dict[str, Any] = SPEC["resources"][name]
    assert set(resource) == set(described)
    for field, kind in described.items():
        value = resource[field]
        if value is None:
            assert kind.get("nullable"), field
            continue
        assert isinstance(value, PYTHON[kind["type"]]), field
        assert value in kind.get("enum", [value]), field
        if kind.get("format") == "date-time-rfc-2822":
            assert parsedate_to_datetime(str(value)).tzinfo is UTC, field


async def test_a_message_has_the_described_fields(house: House) -> None:
    """Creating, fetching and listing answer with the Message of the OpenAPI description."""
    created = await house.send(StatusCallback=f"{PUBLIC}/delivery")
    assert created.status_code == 201
    check_resource("message", created.json())
    assert (created.json()["status"], created.json()["num_segments"]) == ("queued", "1")
    await settled()
    fetched = await house.api.get(created.json()["uri"])
    check_resource("message", fetched.json())
    assert fetched.json()["status"] == "delivered"
    listed = await house.api.get(f"{API}/Messages.json")
    assert set(listed.json()) == set(SPEC["lists"]["Messages"])
    assert [message["sid"] for message in listed.json()["messages"]] == [created.json()["sid"]]


async def test_a_call_has_the_described_fields(house: House) -> None:
    """Creating, fetching, listing and ending answer with the Call of the description."""
    form = {"To": PHONE, "From": OURS, "Url": f"{PUBLIC}/voice"}
    created = await house.api.post(f"{API}/Calls.json", data=form)
    assert (created.status_code, created.json()["status"]) == (201, "queued")
    check_resource("call", created.json())
    ended = await house.update(created.json()["sid"], Status="completed")
    check_resource("call", ended.json())
    assert ended.json()["status"] == "canceled"
    listed = await house.api.get(f"{API}/Calls.json", params={"Status": "canceled"})
    assert set(listed.json()) == set(SPEC["lists"]["Calls"])
    check_resource("call", listed.json()["calls"][0])


async def test_a_number_has_the_described_fields(house: House) -> None:
    """Numbers are found by their digits, and changed by the API for the next call or text."""
    listed = await house.api.get(f"{API}/IncomingPhoneNumbers.json", params={"PhoneNumber": OURS})
    assert set(listed.json()) == set(SPEC["lists"]["IncomingPhoneNumbers"])
    (number,) = listed.json()["incoming_phone_numbers"]
    check_resource("number", number)
    assert number["voice_url"] == f"{PUBLIC}/voice"
    changed = await house.api.post(number["uri"], data={"VoiceUrl": f"{PUBLIC}/other", "StatusCallback": ""})
    check_resource("number", changed.json())
    assert (changed.json()["voice_url"], changed.json()["status_callback"]) == (f"{PUBLIC}/other", "")
    await house.phone.call(OURS)
    await house.phone.is_over()
    assert [asked.path for asked in house.customer.asked] == ["/other"]


@pytest.mark.parametrize(
    ("operation", "known"),
    [
        ("POST Messages.json", messages.CREATE),
        ("GET Messages.json", messages.LIST),
        ("POST Messages/{Sid}.json", messages.UPDATE),
        ("POST Calls.json", calls.CREATE),
        ("GET Calls.json", calls.LIST),
        ("POST Calls/{Sid}.json", calls.UPDATE),
        ("GET IncomingPhoneNumbers.json", numbers.LIST),
        ("POST IncomingPhoneNumbers/{Sid}.json", numbers.UPDATE),
    ],
)
async def test_the_parameters_are_the_described_ones(operation: str, known: frozenset[str]) -> None:
    """The parameters that a request may have are those of the OpenAPI description."""
    assert sorted(known) == SPEC["requests"][operation]
