"""Performing what a commit claimed, in the background."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrator.core.effects import InterruptCall
from orchestrator.core.events import VoiceRequest
from orchestrator.outbox import Outbox
from orchestrator.outbox.entries import read_entry
from orchestrator.ports import Address, Claimed, Committed
from orchestrator.runner.house import House
from orchestrator.runner.wire import waiting


def perform(house: House, outbox: Outbox, address: Address, committed: Committed, asked_at: float) -> None:
    """Perform the claimed entries. A call that has just spoken to us fetches by itself. `asked_at` is when the
    commit, and with it the claim, was asked for.
    """
    fetching = {event.call_sid for event in waiting(committed.left) if isinstance(event, VoiceRequest)}
    for claimed in committed.claimed:
        effect = read_entry(claimed.payload).effect
        unneeded = isinstance(effect, InterruptCall) and effect.call_sid in fetching
        work = (
            outbox.skip(address, claimed)
            if unneeded
            else _in_turn(outbox, address, claimed, committed.entries, asked_at)
        )
        house.spawn(work, "outbox")


async def _in_turn(
    outbox: Outbox, address: Address, claimed: Claimed, entries: Sequence[str], asked_at: float
) -> None:
    """Perform an entry, and those of the same commit that wait for it: the parts of an answer follow each other
    without a pause. What cannot go now is left to its time.
    """
    await outbox.perform(address, claimed, asked_at)
    for name in entries[entries.index(claimed.entry) + 1 :]:
        if name[0] == claimed.entry[0] and not await outbox.due(address, name):
            return
