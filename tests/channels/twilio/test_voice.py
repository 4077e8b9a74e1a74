"""Voice webhooks as the house hears them, and the documents that it answers with."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from orchestrator.core.events import (
    CallEnded,
    CallFailed,
    CallStarted,
    DigitsPressed,
    DocumentRequested,
    SilenceHeard,
    SpeechHeard,
    TransferEnded,
)
from tests.channels.twilio.carrier import CUSTOMER, NOW, SUPPORT, Carrier, call_form, verbs
from tests.fakes.handle import RecordingHandle

TURN = "/twilio/voice/turn?call=CA1&document=3&turn=T1&beside=0"
OUTBOUND: dict[str, str] = {"Direction": "outbound-api", "From": SUPPORT, "To": CUSTOMER}


@pytest.mark.anyio
async def test_a_call_begins(carrier: Carrier, handle: RecordingHandle) -> None:
    """The first request of a call is `CallStarted` with our number and the customer's."""
    answer = await carrier.post("/twilio/voice", call_form(CallStatus="ringing"))
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert verbs(answer.text) == ["Gather", "Redirect"]
    (told,) = handle.voiced
    assert (told.assistant, told.customer, told.beside) == ("support", CUSTOMER, False)
    assert told.event == CallStarted(id="CA1:start", at=NOW, call_sid="CA1", number=SUPPORT)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("fields", "event"),
    [
        (
            {"SpeechResult": " I moved house. ", "Confidence": "0.91"},
            SpeechHeard(
                id="CA1:3", at=NOW, call_sid="CA1", document=3, utterance="I moved house.", confidence=0.91
            ),
        ),
        (
            {"SpeechResult": "yes"},
            SpeechHeard(id="CA1:3", at=NOW, call_sid="CA1", document=3, utterance="yes"),
        ),
        (
            {"SpeechResult": "yes", "Confidence": "NaN"},
            SpeechHeard(id="CA1:3", at=NOW, call_sid="CA1", document=3, utterance="yes"),
        ),
        (
            {"Digits": "12#", "FinishedOnKey": "", "msg": "Gather End"},
            DigitsPressed(id="CA1:3", at=NOW, call_sid="CA1", document=3, digits="12#"),
        ),
        (
            {"Digits": "1", "SpeechResult": ""},
            DigitsPressed(id="CA1:3", at=NOW, call_sid="CA1", document=3, digits="1"),
        ),
        ({}, SilenceHeard(id="CA1:3", at=NOW, call_sid="CA1", document=3)),
        ({"Digits": ""}, SilenceHeard(id="CA1:3", at=NOW, call_sid="CA1", document=3)),
        (
            {"SpeechResult": " \n", "Confidence": "0.0"},
            SilenceHeard(id="CA1:3", at=NOW, call_sid="CA1", document=3),
        ),
    ],
)
async def test_what_the_caller_does(
    carrier: Carrier, handle: RecordingHandle, fields: dict[str, str], event: object
) -> None:
    """Words, keys and silence at one document are three events with one id."""
    await carrier.post(TURN, call_form(**fields))
    assert [told.event for told in handle.voiced] == [event]


@pytest.mark.anyio
@pytest.mark.parametrize(
    "query",
    ["", "?document=", "?document=-1", "?document=x", "?document=%D9%A3", "?d&=&beside=2", "?document=1e3"],
)
async def test_a_broken_query_is_an_absent_one(carrier: Carrier, handle: RecordingHandle, query: str) -> None:
    """Unknown or broken query fields count as absent: document 0, not beside."""
    assert (await carrier.post("/twilio/voice/turn" + query, call_form(Digits="1"))).status_code == 200
    (told,) = handle.voiced
    assert (told.event.document, told.event.id, told.beside) == (0, "CA1:0", False)


@pytest.mark.anyio
async def test_a_call_beside_says_so(carrier: Carrier, handle: RecordingHandle) -> None:
    """A call that does not own its customer's number carries that in its addresses."""
    await carrier.post("/twilio/voice/resume?call=CA1&document=2&beside=1", call_form())
    assert handle.voiced[0].beside


@pytest.mark.anyio
async def test_the_next_document_is_fetched(carrier: Carrier, handle: RecordingHandle) -> None:
    """Each round of fetching a document has its own id."""
    for round_ in (0, 1, 2):
        await carrier.post(f"/twilio/voice/resume?call=CA1&document=4&round={round_}", call_form())
    assert [told.event for told in handle.voiced] == [
        DocumentRequested(id=f"CA1:r4.{round_}", at=NOW, call_sid="CA1", document=4, round=round_)
        for round_ in (0, 1, 2)
    ]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("completed", ""),
        ("answered", ""),
        ("busy", "busy"),
        ("no-answer", "no_answer"),
        ("failed", "failed"),
        ("canceled", "canceled"),
        ("new-word", "failed"),
        (None, "failed"),
    ],
)
async def test_a_transfer_ends(
    carrier: Carrier, handle: RecordingHandle, status: str | None, reason: Any
) -> None:
    """The dialling's end is told with its reason; one that is not known to be answered has failed."""
    await carrier.post("/twilio/voice/transfer?call=CA1&document=5", call_form(DialCallStatus=status))
    assert handle.voiced[0].event == TransferEnded(
        id="CA1:t5", at=NOW, call_sid="CA1", document=5, reason=reason
    )


@pytest.mark.anyio
@pytest.mark.parametrize(
    "caller", ["anonymous", "unknown", "", "client:ana", "sip:ana@example.com", "+266696687", "ANONYMOUS"]
)
async def test_a_withheld_number_is_none(carrier: Carrier, handle: RecordingHandle, caller: str) -> None:
    """A caller without a phone number is served, as nobody."""
    assert (await carrier.post("/twilio/voice", call_form(From=caller))).status_code == 200
    assert handle.voiced[0].customer is None


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("fields", "event"),
    [
        (
            {"CallStatus": "completed", "CallDuration": "42"},
            CallEnded(id="CA1:end", at=NOW, call_sid="CA1", duration=42),
        ),
        ({"CallStatus": "completed", "CallDuration": "x"}, CallEnded(id="CA1:end", at=NOW, call_sid="CA1")),
        ({"CallStatus": "canceled"}, CallEnded(id="CA1:end", at=NOW, call_sid="CA1")),
        ({"CallStatus": "failed"}, CallEnded(id="CA1:end", at=NOW, call_sid="CA1", reason="failed")),
        (
            OUTBOUND | {"CallStatus": "completed", "CallDuration": "7"},
            CallEnded(id="CA1:end", at=NOW, call_sid="CA1", duration=7),
        ),
        (OUTBOUND | {"CallStatus": "busy"}, CallFailed(id="CA1:end", at=NOW, call_sid="CA1", reason="busy")),
        (
            OUTBOUND | {"CallStatus": "no-answer"},
            CallFailed(id="CA1:end", at=NOW, call_sid="CA1", reason="no_answer"),
        ),
        (
            OUTBOUND | {"CallStatus": "failed"},
            CallFailed(id="CA1:end", at=NOW, call_sid="CA1", reason="failed"),
        ),
        (
            OUTBOUND | {"CallStatus": "canceled"},
            CallFailed(id="CA1:end", at=NOW, call_sid="CA1", reason="failed"),
        ),
    ],
)
async def test_a_call_is_over(
    carrier: Carrier, handle: RecordingHandle, fields: dict[str, str], event: object
) -> None:
    """A terminal status is the call's end, or, for a call of ours that nobody took, its failure."""
    answer = await carrier.post("/twilio/voice/status", call_form(**fields))
    assert (answer.status_code, answer.content) == (204, b"")
    (told,) = handle.taken
    assert (told.event, told.call_sid, told.customer) == (event, "CA1", CUSTOMER)


@pytest.mark.anyio
@pytest.mark.parametrize("status", ["queued", "initiated", "ringing", "in-progress", "new-word", "", None])
async def test_a_report_on_the_way_is_no_end(
    carrier: Carrier, handle: RecordingHandle, status: str | None
) -> None:
    """Any other call status is acknowledged and told to nobody."""
    assert (await carrier.post("/twilio/voice/status", call_form(CallStatus=status))).status_code == 204
    assert handle.untouched


@pytest.mark.anyio
async def test_a_repeated_request_is_the_same_event(carrier: Carrier, handle: RecordingHandle) -> None:
    """The carrier's second delivery of one request carries the id of the first."""
    target = "/twilio/voice/turn?" + urlencode({"call": "CA1", "document": 3})
    for token in ("a", "b"):
        await carrier.post(
            target, call_form(SpeechResult="yes"), headers={"I-Twilio-Idempotency-Token": token}
        )
    first, second = handle.voiced
    assert first == second
