"""Voice webhooks as the house hears them, and the documents that it answers with."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from structlog.testing import capture_logs

from channels.twilio.integration import CallStyle
from orchestrator.core.effects import Continue, Document
from orchestrator.core.errors import StoreUnavailable
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
from orchestrator.ports.overhearing import Half
from tests.channels.twilio.carrier import CUSTOMER, NOW, PUBLIC_URL, SUPPORT, Carrier, call_form, integration
from tests.fakes.handle import RecordingHandle

TURN = "/twilio/voice/turn?call=CA1&document=3&turn=T1&beside=0"
OUTBOUND: dict[str, str] = {"Direction": "outbound-api", "From": SUPPORT, "To": CUSTOMER}


@pytest.fixture
def handle() -> RecordingHandle:
    """A house that remembers."""
    return RecordingHandle()


@pytest.fixture
def carrier(handle: RecordingHandle) -> Carrier:
    """The carrier in front of it."""
    return Carrier(handle)


def verbs(text: str) -> list[str]:
    """The verbs of a document, in order."""
    return [element.tag for element in ET.fromstring(text)]  # noqa: S314 - our own document


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
@pytest.mark.parametrize("path", ["/twilio/voice", TURN, "/twilio/voice/resume", "/twilio/voice/fallback"])
@pytest.mark.parametrize("error", [StoreUnavailable("down"), RuntimeError("I moved house")])
async def test_a_caller_hears_our_failure_message(
    carrier: Carrier, handle: RecordingHandle, path: str, error: Exception
) -> None:
    """Whatever breaks behind a voice request, the answer is 200: our message, then the end."""
    handle.error = error
    with capture_logs() as logs:
        answer = await carrier.post(path, call_form(SpeechResult="I moved house"))
    assert (answer.status_code, verbs(answer.text)) == (200, ["Say", "Hangup"])
    assert "We failed." in answer.text
    assert "moved" not in str(logs)
    assert CUSTOMER not in str(logs)
    assert logs[-1]["error"] == type(error).__name__


@pytest.mark.anyio
async def test_a_failing_call_goes_to_a_human(handle: RecordingHandle) -> None:
    """With `failure_transfer_to` the failure message is followed by a dialling from our number."""
    style = CallStyle(public_url=PUBLIC_URL, failure_transfer_to="+19585550999")
    handle.error = StoreUnavailable("down")
    answer = await Carrier(handle, integration("phone", style=style)).post("/twilio/voice", call_form())
    dial = ET.fromstring(answer.text).find("Dial")  # noqa: S314 - our own document
    assert verbs(answer.text) == ["Say", "Dial", "Hangup"]
    assert dial is not None
    assert (dial.get("callerId"), dial.findtext("Number")) == (SUPPORT, "+19585550999")


@pytest.mark.anyio
async def test_a_status_that_was_not_stored_is_503(carrier: Carrier, handle: RecordingHandle) -> None:
    """The end of a call is acknowledged only when it is stored."""
    handle.error = StoreUnavailable("down")
    answer = await carrier.post("/twilio/voice/status", call_form(CallStatus="completed"))
    assert answer.status_code == 503


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("failed", "event", "beside"),
    [
        (
            f"{PUBLIC_URL}/twilio/voice",
            CallStarted(id="CA1:start", at=NOW, call_sid="CA1", number=SUPPORT),
            False,
        ),
        (
            f"{PUBLIC_URL}{TURN}",
            DocumentRequested(id="CA1:f3.0", at=NOW, call_sid="CA1", document=3),
            False,
        ),
        (
            f"{PUBLIC_URL}/twilio/voice/resume?document=6&round=2&beside=1",
            DocumentRequested(id="CA1:f6.2", at=NOW, call_sid="CA1", document=6, round=2),
            True,
        ),
        (None, DocumentRequested(id="CA1:f0.0", at=NOW, call_sid="CA1", document=0), False),
        ("https://[::1", DocumentRequested(id="CA1:f0.0", at=NOW, call_sid="CA1", document=0), False),
    ],
)
async def test_the_fallback_goes_on_with_the_call(
    carrier: Carrier, handle: RecordingHandle, failed: str | None, event: object, beside: bool
) -> None:
    """The fallback repeats a call's first request, and in place of another fetches the newest document."""
    handle.document = Document(call_sid="CA1", number=4, ending=Continue())
    with capture_logs() as logs:
        answer = await carrier.post("/twilio/voice/fallback", call_form(ErrorCode="11200", ErrorUrl=failed))
    assert verbs(answer.text) == ["Redirect"]
    assert [(told.event, told.beside) for told in handle.voiced] == [(event, beside)]
    assert logs[0]["error_code"] == 11200
    assert CUSTOMER not in str(logs)


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


@pytest.mark.anyio
@pytest.mark.parametrize("code", ["11200", "11205", "11210", "12100", "12300"])
async def test_a_document_that_did_not_arrive_is_had_again(
    carrier: Carrier, handle: RecordingHandle, code: str
) -> None:
    """Whatever stood in the way, what arrived was none of ours: the same request is answered again."""
    form = call_form(ErrorCode=code, ErrorUrl=f"{PUBLIC_URL}/twilio/voice")
    answer = await carrier.post("/twilio/voice/fallback", form)
    assert verbs(answer.text)[0] == "Gather"
    assert [type(told.event) for told in handle.voiced] == [CallStarted]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("code", "failed", "event"),
    [
        (
            "13520",
            "/twilio/voice",
            DocumentRequested(id="CA1:f1.1", at=NOW, call_sid="CA1", document=1, round=1),
        ),
        ("13310", TURN, DocumentRequested(id="CA1:f4.1", at=NOW, call_sid="CA1", document=4, round=1)),
        (
            "13410",
            "/twilio/voice/resume?document=6&round=2&beside=0",
            DocumentRequested(id="CA1:f7.2", at=NOW, call_sid="CA1", document=7, round=2),
        ),
        ("13224", TURN, TransferEnded(id="CA1:t4", at=NOW, call_sid="CA1", document=4, reason="failed")),
        ("13214", TURN, TransferEnded(id="CA1:t4", at=NOW, call_sid="CA1", document=4, reason="failed")),
    ],
)
async def test_a_document_that_cannot_be_played_is_not_served_again(
    carrier: Carrier, handle: RecordingHandle, code: str, failed: str, event: object
) -> None:
    """The call goes on behind it: a dialling that was no good is a failed transfer."""
    form = call_form(ErrorCode=code, ErrorUrl=f"{PUBLIC_URL}{failed}")
    assert (await carrier.post("/twilio/voice/fallback", form)).status_code == 200
    assert [told.event for told in handle.voiced] == [event]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("sure", "unsure", "words"),
    [
        ("", "I would", "I would"),
        ("I would", "like", "I would like"),
        ("I would", "I would like", "I would like"),
        ("I would", "", "I would"),
    ],
)
async def test_words_on_the_way(
    carrier: Carrier, handle: RecordingHandle, sure: str, unsure: str, words: str
) -> None:
    """What a caller is just saying is told with its document and place, and nothing is answered."""
    form = call_form(StableSpeechResult=sure, UnstableSpeechResult=unsure, SequenceNumber="4")
    answer = await carrier.post("/twilio/voice/partial?call=CA1&document=3&beside=0", form)
    assert (answer.status_code, answer.text) == (204, "")
    assert handle.overheard == [("support", CUSTOMER, Half("CA1", 3, 4, words))]


@pytest.mark.anyio
async def test_no_words_on_the_way(carrier: Carrier, handle: RecordingHandle) -> None:
    """A report without words says nothing."""
    answer = await carrier.post("/twilio/voice/partial?call=CA1&document=3", call_form())
    assert answer.status_code == 204
    beside = "/twilio/voice/partial?call=CA1&document=3&beside=1"  # texts belong to the number's own call
    assert (await carrier.post(beside, call_form(UnstableSpeechResult="I"))).status_code == 204
    assert handle.untouched


@pytest.mark.anyio
async def test_words_on_the_way_may_be_lost(carrier: Carrier, handle: RecordingHandle) -> None:
    """A store that is away is no fault of the carrier's: nothing would be repeated anyway."""
    handle.error = StoreUnavailable("away")
    answer = await carrier.post(
        "/twilio/voice/partial?call=CA1&document=3", call_form(UnstableSpeechResult="I")
    )
    assert answer.status_code == 204
