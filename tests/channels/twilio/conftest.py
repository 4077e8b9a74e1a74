"""What tests of the webhooks begin with: a house that remembers what it was told, and the carrier before it."""

from __future__ import annotations

import pytest

from tests.channels.twilio.carrier import Carrier
from tests.fakes.handle import RecordingHandle


@pytest.fixture
def handle() -> RecordingHandle:
    """A house that remembers."""
    return RecordingHandle()


@pytest.fixture
def carrier(handle: RecordingHandle) -> Carrier:
    """The carrier in front of it."""
    return Carrier(handle)
