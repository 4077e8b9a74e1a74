"""A carrier that keeps what it took, and fails as a test steers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from orchestrator.core.errors import CarrierError
from orchestrator.ports import CallStanding, FoundCall, FoundMessage
from tests.fakes.clock import FakeClock


@dataclass
class Sent:
    """A text that the carrier took."""

    carrier_id: str
    to: str
    body: str
    at: float
    callback: Mapping[str, str]
    sender: str = ""


class FakeCarrier:
    """Takes texts into `taken`. `ahead` are errors for the next sends; one marked `taken_anyway` is
    raised after the text was taken. `hidden` keeps that many searches from seeing anything.
    """

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.taken: list[Sent] = []
        self.tries = 0
        self.searches = 0
        self.hidden = 0
        self.ahead: list[CarrierError] = []
        self.taken_anyway: list[CarrierError] = []
        self.search_errors: list[CarrierError] = []
        self.interrupted: list[tuple[str, int]] = []
        self.interrupt_errors: list[CarrierError] = []
        self.before_answer: Callable[[Sent], Awaitable[None]] | None = None
        self.placed: list[str] = []
        self.called: list[FoundCall] = []
        self.standing: CallStanding = "live"

    @property
    def bodies(self) -> list[str]:
        """What was taken, in order."""
        return [sent.body for sent in self.taken]

    async def send_message(
        self, *, to: str, sender: str, body: str, media: Sequence[str], callback: Mapping[str, str]
    ) -> str:
        """Take it, or what lies ahead."""
        self.tries += 1
        error = self.ahead.pop(0) if self.ahead else None
        if error is not None and error not in self.taken_anyway:
            raise error
        sent = Sent(f"SM{len(self.taken)}", to, body, self._clock.now(), callback, sender)
        self.taken.append(sent)
        if self.before_answer is not None:
            await self.before_answer(sent)
        if error is not None:
            raise error
        return sent.carrier_id

    def reason(self, code: int) -> str:
        """A word for a code."""
        return {21610: "opted_out", 21211: "invalid_number", 30005: "unknown_number"}.get(
            code, "carrier_error"
        )

    def blames_sender(self, code: int) -> bool:
        """Some codes that do."""
        return code in {21606, 21612, 30034}

    def blames_account(self, code: int, status: int = 0) -> bool:
        """One code that does for this recipient, and what shuts the account."""
        return code == 21608 or self.shuts_account(code, status)

    def shuts_account(self, code: int, status: int = 0) -> bool:
        """Some codes that do, and being shut out without one."""
        return code in {20003, 30002} or (not code and status in {401, 403})

    def may_pass_later(self, code: int) -> bool:
        """A full queue."""
        return code == 30001

    async def find_messages(self, *, to: str, sender: str, since: float) -> Sequence[FoundMessage]:
        """What was taken since, newest first."""
        self.searches += 1
        if self.search_errors:
            raise self.search_errors.pop(0)
        if self.hidden:
            self.hidden -= 1
            return []
        found = [
            FoundMessage(sent.carrier_id, sent.body, sent.at, sender=sent.sender)
            for sent in self.taken
            if sent.to == to and sent.at >= since and sender in {"", sent.sender}
        ]
        return found[::-1]

    async def interrupt_call(self, call_sid: str, document: int, *, beside: bool = False) -> None:
        """Note it."""
        self.interrupted.append((call_sid, document))
        if self.interrupt_errors:
            raise self.interrupt_errors.pop(0)

    async def end_call(self, call_sid: str) -> None:
        """Nothing."""

    async def place_call(self, *, to: str, sender: str, reference: str) -> str:
        """Note it; errors ahead apply."""
        self.tries += 1
        error = self.ahead.pop(0) if self.ahead else None
        if error is not None and error not in self.taken_anyway:
            raise error
        self.placed.append(reference)
        self.called.append(FoundCall(f"CA{len(self.placed)}", self._clock.now()))
        if error is not None:
            raise error
        return self.called[-1].carrier_id

    async def find_calls(self, *, to: str, sender: str, since: float) -> Sequence[FoundCall]:
        """What was placed since, newest first."""
        self.searches += 1
        if self.search_errors:
            raise self.search_errors.pop(0)
        if self.hidden:
            self.hidden -= 1
            return []
        return [call for call in reversed(self.called) if call.created_at >= since]

    async def call_status(self, call_sid: str) -> CallStanding:
        """`standing`, or what lies ahead."""
        if self.search_errors:
            raise self.search_errors.pop(0)
        return self.standing


def unknown() -> CarrierError:
    """The answer was lost."""
    return CarrierError("lost", outcome="unknown")


def not_sent(status: int = 429) -> CarrierError:
    """Never taken."""
    return CarrierError("later", outcome="not_sent", status=status)


def refused(code: int) -> CarrierError:
    """No, for good."""
    return CarrierError("no", outcome="refused", code=code, status=400)
