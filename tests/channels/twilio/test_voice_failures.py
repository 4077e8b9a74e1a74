"""Voice webhooks where something fails: ours, the carrier's fetch of a document, or the playing of one."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from structlog.testing import capture_logs

from channels.twilio.integration import CallStyle
from orchestrator.core.effects import Continue, Document
from orchestrator.core.errors import StoreUnavailable
from orchestrator.core.events import (
    CallStarted,
    DocumentRequested,
    TransferEnded,
)
from tests.channels.twilio.carrier import (
    CUSTOMER,
    NOW,
    PUBLIC_URL,
    SUPPORT,
    Carrier,
    call_form,
    integration,
    verbs,
)
from tests.fakes.handle import RecordingHandle

TURN = "/twilio/voice/turn?call=CA1&document=3&turn=T1&beside=0"


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
