"""Runs listen to the log; afterwards it is what it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """Each run sets the log up for itself."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
