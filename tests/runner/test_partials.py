"""Words on the way: where they are kept, and with which text they are told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from orchestrator.core.errors import StoreUnavailable
from orchestrator.core.events import SilenceHeard, TextReceived
from orchestrator.core.session import Session
from orchestrator.ports import Address
from orchestrator.ports.overhearing import Half
from orchestrator.runner.partials import attached, half_said
from orchestrator.store import memory_store
from orchestrator.store.overhearing import KEPT
from tests.core.play import Play
from tests.core.scenes import greeted

pytestmark = pytest.mark.anyio
ANA = Address(1, "ana")
TEXT = TextReceived(id="SM1", at=1.0, message_sid="SM1", number="+19585550123", body="Hi")


class Shelf:
    """A store that has heard `halves`, or is away, and counts how often it is asked."""

    def __init__(self, *halves: Half, away: bool = False) -> None:
        self.halves, self.away, self.asked = halves, away, 0

    async def overhear(self, address: Address, half: Half) -> None:
        """Nothing more is heard."""

    async def overheard(self, address: Address) -> Sequence[Half]:
        """What was heard."""
        self.asked += 1
        if self.away:
            raise StoreUnavailable("away")
        return self.halves


def half(document: int, sequence: int, words: str, call_sid: str = "CA1") -> Half:
    """Words on the way in a call."""
    return Half(call_sid, document, sequence, words)


@pytest.mark.parametrize(
    ("halves", "words"),
    [
        ([half(1, 0, "I"), half(1, 1, "I would")], "I would"),
        ([half(1, 1, "I would"), half(1, 0, "I")], "I would"),
        ([half(0, 9, "Old")], ""),
        ([half(9, 9, "Ghost", "CA2"), half(1, 0, "I")], "I"),
        ([], ""),
    ],
)
def test_the_newest_words_of_the_present_document(halves: list[Half], words: str) -> None:
    """The newest words count, whatever order they come in; those of an earlier document, or call, do not."""
    assert half_said(halves, greeted().session) == words


def test_words_of_a_document_that_was_answered() -> None:
    """Once a request shows that the document ran, its words became a turn of their own."""
    play = greeted()
    play.says("I would like to")
    assert half_said([half(1, 0, "I would")], play.session) == ""


async def test_only_a_text_in_a_call_is_worth_a_look() -> None:
    """Other events, and texts outside a call, go on as they are and cost no trip."""
    shelf, play = Shelf(half(1, 0, "I would")), greeted()
    silence = SilenceHeard(id="s", at=1.0, call_sid="CA1", document=1)
    assert await attached(shelf, ANA, silence, play.session) is silence
    ended = greeted()
    ended.hangs_up()
    sessions: list[Session] = [ended.session, Play().session]
    assert [await attached(shelf, ANA, TEXT, session) for session in sessions] == [TEXT, TEXT]
    assert shelf.asked == 0
    told = await attached(shelf, ANA, TEXT, play.session)
    assert (getattr(told, "partial", ""), shelf.asked) == ("I would", 1)


async def test_a_store_that_is_away_has_heard_nothing() -> None:
    """The text is a turn all the same."""
    assert await attached(Shelf(away=True), ANA, TEXT, greeted().session) is TEXT


async def test_every_process_finds_the_words() -> None:
    """They are in the store, a few of each customer, the last that came; erasing a customer takes them."""
    store = memory_store()
    ana, bob = store.address("support", "+15550101234"), store.address("support", "+15550104321")
    for place in range(KEPT + 3):
        await store.overhear(ana, half(1, place, f"{place} words"))
    kept = await store.overheard(ana)
    assert {found.sequence for found in kept} == set(range(3, KEPT + 3))
    assert await store.overheard(bob) == []
    assert 0 < await store.link.call("PTTL", store.keys.half(ana)) <= 60_000
    await store.erase(ana, number="+15550101234")
    assert await store.overheard(ana) == []
    await store.close()
