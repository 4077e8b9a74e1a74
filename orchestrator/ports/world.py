"""The world outside: the carrier, the assistant, and time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from orchestrator.core.effects import AskAssistant, DeliverHook, TellDesk
from orchestrator.core.events import AssistantReplied
from orchestrator.core.items import Item

Heard = Callable[[int, Item], None]
"""Told of each item of an answer as it comes, with its place from 0; a second try begins at 0 again."""


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A message in the carrier's list."""

    carrier_id: str
    body: str
    created_at: float
    status: str = ""
    sender: str = ""  # empty where the carrier does not tell


@dataclass(frozen=True, slots=True)
class FoundCall:
    """A call of ours in the carrier's list."""

    carrier_id: str
    created_at: float


CallStanding = Literal["live", "ended", "busy", "no_answer", "failed", "unknown"]
"""How a call stands at the carrier; `unknown` where it has no such call."""


class Carrier(Protocol):
    """One integration's account. Methods raise `CarrierError` with the outcome that is known."""

    async def send_message(
        self, *, to: str, sender: str, body: str, media: Sequence[str], callback: Mapping[str, str]
    ) -> str:
        """Send; the carrier's id. `callback` are the query fields of the status callback address."""
        ...

    def reason(self, code: int) -> str:
        """The word for an error code of this carrier, such as `opted_out`, `landline`, `unreachable`."""
        ...

    def blames_sender(self, code: int) -> bool:
        """Whether a refusal with this code is about our number: another one of ours may send the text."""
        ...

    def blames_account(self, code: int, status: int = 0) -> bool:
        """Whether a refusal with this code, or this HTTP status without one, is about our account: only another
        account of ours may send the text.
        """
        ...

    def shuts_account(self, code: int, status: int = 0) -> bool:
        """Whether such a refusal is none of this recipient's: the account sends to nobody."""
        ...

    def may_pass_later(self, code: int) -> bool:
        """Whether the same text, failed with this code, may get through some time later."""
        ...

    async def find_messages(self, *, to: str, sender: str, since: float) -> Sequence[FoundMessage]:
        """What the carrier took for `to` since then, newest first; from any sender if none is named."""
        ...

    async def interrupt_call(self, call_sid: str, document: int, *, beside: bool = False) -> None:
        """Make the live call fetch its newest document."""
        ...

    async def end_call(self, call_sid: str) -> None:
        """Hang up."""
        ...

    async def place_call(self, *, to: str, sender: str, reference: str) -> str:
        """Call a customer; the carrier's id of the call."""
        ...

    async def find_calls(self, *, to: str, sender: str, since: float) -> Sequence[FoundCall]:
        """The calls of ours to `to` that the carrier took since then, newest first."""
        ...

    async def call_status(self, call_sid: str) -> CallStanding:
        """How a call stands."""
        ...


@dataclass(frozen=True, slots=True)
class Standby:
    """A second account for texts, which sends what the first one refuses for its own sake. `senders` are those of
    its `numbers` that texts may come from, none where the carrier chooses.
    """

    carrier: Carrier
    numbers: Sequence[str]
    senders: Sequence[str] = ()


class HelpDesk(Protocol):
    """Where humans answer. Raises `CarrierError`: `not_sent` where it may be told once more, else `refused`."""

    async def tell(self, message: TellDesk) -> None:
        """Tell it what happens in a session that a human has. A repeated message has the same `message_id`."""
        ...


class LogHook(Protocol):
    """Where reports go. Raises `CarrierError`: `not_sent` where it may be delivered once more, else `refused`."""

    async def deliver(self, report: DeliverHook) -> None:
        """Deliver a report. A repeated one has the same `message_id`."""
        ...


class Assistant(Protocol):
    """A bot. Raises `AssistantError` after its time-out and tries."""

    async def ask(self, ask: AskAssistant, heard: Heard | None = None) -> AssistantReplied:
        """Answer one turn. A repeated turn has the same `turn_id`. An assistant that streams tells `heard`
        of each item before the answer is whole.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class Clock(Protocol):
    """Time as the house sees it, so that tests can move it."""

    def now(self) -> float:
        """Unix seconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Until that much time has passed."""
        ...
