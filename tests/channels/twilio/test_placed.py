"""Calls of ours on the wire: the request, the first webhook, the carrier's list, and how a call stands."""

from __future__ import annotations

import httpx
import pytest

from orchestrator.core.errors import CarrierError
from orchestrator.core.events import CallFailed, CallStarted
from orchestrator.ports import CallStanding, FoundCall
from tests.channels.twilio.api import Api, carrier, made
from tests.channels.twilio.carrier import CUSTOMER, SUPPORT, Carrier, call_form, integration
from tests.channels.twilio.test_rest import FIRST, check_shape
from tests.fakes.handle import RecordingHandle

pytestmark = pytest.mark.anyio
OUTBOUND = {"Direction": "outbound-api", "From": SUPPORT, "To": CUSTOMER}


@pytest.mark.parametrize(
    ("answered_by", "machine"),
    [
        ("machine_start", True),
        ("machine_end_beep", True),
        ("fax", True),
        ("human", False),
        ("unknown", False),
        (None, False),
    ],
)
async def test_who_answers(answered_by: str | None, *, machine: bool) -> None:
    """Machines are told as such, with the placing that the address names; who is unknown is a human."""
    handle = RecordingHandle()
    form = call_form(**OUTBOUND, AnsweredBy=answered_by)
    await Carrier(handle).post("/twilio/voice?reference=R1", form)
    event = handle.voiced[0].event
    assert isinstance(event, CallStarted)
    assert (event.direction, event.machine, event.reference) == ("outbound", machine, "R1")


async def test_a_call_that_nobody_took_names_its_placing() -> None:
    """The status callback's address says which placing failed."""
    handle = RecordingHandle()
    await Carrier(handle).post("/twilio/voice/status?reference=R1", call_form(**OUTBOUND, CallStatus="busy"))
    event = handle.taken[0].event
    assert isinstance(event, CallFailed)
    assert (event.reason, event.reference) == ("busy", "R1")


async def test_machines_are_looked_for_where_that_is_configured() -> None:
    """`MachineDetection` goes with the request as the integration says."""
    api = Api(made("CA7"))
    async with carrier(api, integration("phone", machine_detection="DetectMessageEnd")) as port:
        await port.place_call(to=CUSTOMER, sender=SUPPORT, reference="R1")
    check_shape(api.requests[0], "CreateCall")
    assert dict(api.form())["MachineDetection"] == "DetectMessageEnd"


async def test_calls_are_found() -> None:
    """Our calls to the number since then, newest first; the customer's own are left out."""
    entries = [
        ("CA3", "13:33:20", "outbound-api"),
        ("CA2", "13:33:15", "inbound"),
        ("CA1", "13:33:09", "outbound-api"),
    ]
    calls = [
        {"sid": sid, "date_created": f"Mon, 21 Sep 2026 {moment} +0000", "direction": direction}
        for sid, moment, direction in entries
    ]
    api = Api(httpx.Response(200, json={"calls": calls, "next_page_uri": None}))
    async with carrier(api) as port:
        found = await port.find_calls(to=CUSTOMER, sender=SUPPORT, since=FIRST)
    assert found == [FoundCall(carrier_id="CA3", created_at=FIRST + 10)]
    assert api.requests[0].url.path == "/2010-04-01/Accounts/AC0/Calls.json"
    params = api.requests[0].url.params
    assert (params["To"], params["From"]) == (CUSTOMER, SUPPORT)


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        ("queued", "live"),
        ("ringing", "live"),
        ("in-progress", "live"),
        ("completed", "ended"),
        ("busy", "busy"),
        ("no-answer", "no_answer"),
        ("failed", "failed"),
        ("canceled", "failed"),
    ],
)
async def test_how_a_call_stands(status: str, standing: CallStanding) -> None:
    """Each status of the carrier is one of our words."""
    api = Api(httpx.Response(200, json={"sid": "CA1", "status": status}))
    async with carrier(api) as port:
        assert await port.call_status("CA1") == standing
    assert api.requests[0].url.path == "/2010-04-01/Accounts/AC0/Calls/CA1.json"


async def test_a_call_that_the_carrier_does_not_know() -> None:
    """Not found is an answer."""
    api = Api(httpx.Response(404, json={"code": 20404, "status": 404}), httpx.Response(404, text="no"))
    async with carrier(api) as port:
        assert await port.call_status("CA1") == "unknown"
        assert await port.call_status("CA1") == "unknown"


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(200, json={}), httpx.Response(200, json={"status": ["x"]}), httpx.Response(503)],
)
async def test_no_status_is_no_answer(answer: httpx.Response) -> None:
    """What names no status, or fails, says nothing about the call, and may be asked again."""
    async with carrier(Api(answer)) as port:
        with pytest.raises(CarrierError) as raised:
            await port.call_status("CA1")
    assert raised.value.retryable
