"""Words on the way: what a caller is just saying, as the carrier reports it."""

from __future__ import annotations

import pytest

from orchestrator.core.errors import StoreUnavailable
from orchestrator.ports.overhearing import Half
from tests.channels.twilio.carrier import CUSTOMER, Carrier, call_form
from tests.fakes.handle import RecordingHandle


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
