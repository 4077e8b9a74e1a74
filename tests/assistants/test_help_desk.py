"""What a help desk answers: its status counts, whatever comes with it and however slowly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from orchestrator.assistants.help_desk import PATIENCE, SignedHelpDesk
from orchestrator.core.effects import TellDesk
from orchestrator.core.errors import CarrierError
from tests.fakes.clock import FakeClock
from tests.fakes.world import SECRET

pytestmark = pytest.mark.anyio

TOLD = TellDesk(message_id="D1", type="session.taken_over", at=1.0, data={})


class Endless(httpx.AsyncByteStream):
    """A body without an end. `given` counts what was taken of it."""

    def __init__(self) -> None:
        self.given = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.given < 10_000:
            self.given += 1
            yield b"x" * 1000


class Desk(httpx.AsyncBaseTransport):
    """Answers `status` with an endless body, or with nothing at all."""

    def __init__(self, status: int = 0) -> None:
        self.status = status
        self.body = Endless()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer."""
        if not self.status:
            await asyncio.get_running_loop().create_future()
        return httpx.Response(self.status, stream=self.body, request=request)


def asked(desk: Desk, clock: FakeClock) -> SignedHelpDesk:
    """That desk as the outbox has it."""
    client = httpx.AsyncClient(transport=desk)
    return SignedHelpDesk("http://desk.test/tandem", secret=SECRET, http=client, clock=clock)


async def test_what_a_help_desk_answers_is_not_read() -> None:
    """A body without an end holds nobody up: the status is the answer."""
    desk = Desk(200)
    await asked(desk, FakeClock()).tell(TOLD)
    assert desk.body.given == 0


async def test_a_refusal_counts_before_its_words() -> None:
    """The same for one that is gone, which ends it."""
    with pytest.raises(CarrierError) as caught:
        await asked(Desk(410), FakeClock()).tell(TOLD)
    assert (caught.value.outcome, caught.value.status) == ("refused", 410)


async def test_a_help_desk_that_does_not_answer_is_given_up_in_time() -> None:
    """In all, not from one byte to the next: the entry's claim must not end before."""
    clock = FakeClock()
    telling = asyncio.ensure_future(asked(Desk(), clock).tell(TOLD))
    await clock.advance(PATIENCE - 1)
    assert not telling.done()
    await clock.advance(1)
    with pytest.raises(CarrierError, match="timeout") as caught:
        await telling
    assert caught.value.outcome == "not_sent"
