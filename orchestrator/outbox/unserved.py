"""Entries of an assistant that this process is not configured for: it was removed, or a newer configuration has it."""

from __future__ import annotations

from collections.abc import Container

import structlog

from orchestrator.outbox.entries import read_entry
from orchestrator.outbox.outcomes import is_too_late
from orchestrator.outbox.telling import Telling
from orchestrator.ports import Claimed, Settlement, Uncertain

log = structlog.get_logger("tandem.outbox")

LEFT_FOR = 15.0
"""Seconds for which such an entry is left to other processes: they may be configured for its assistant."""


def left_to_others(
    served: Container[str], claimed: Claimed | Uncertain, now: float, telling: Telling
) -> Settlement | None:
    """How it is given back untouched, or over where it is too late for it; None for one of an assistant that is
    `served` here.
    """
    entry = read_entry(claimed.payload)
    if entry.assistant in served:
        return None
    log.warning("outbox.not_served", assistant=entry.assistant)
    if isinstance(claimed, Uncertain):
        return Settlement("unknown", at=now + LEFT_FOR, reason="not_searched")
    if is_too_late(entry.effect, now):
        return telling.failed(entry, 0, "expired")
    return Settlement("retry", at=now + LEFT_FOR)
