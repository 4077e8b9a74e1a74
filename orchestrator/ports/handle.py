"""The house, as a channel sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from orchestrator.core.effects import Document
from orchestrator.core.items import Item
from orchestrator.ports.overhearing import Half


class Handle(Protocol):
    """The house, as a channel sees it. `customer` is E.164, or None where the caller withholds it."""

    async def voice(
        self, assistant: str, customer: str | None, event: Any, *, beside: bool = False
    ) -> Document:
        """A voice request: the document that answers it, within `voice_budget` and two seconds."""
        ...

    async def take(self, assistant: str, customer: str | None, event: Any, *, call_sid: str = "") -> bool:
        """A fact without an answer: durable when this returns; False if it was known already."""
        ...

    async def overhear(self, assistant: str, customer: str, half: Half) -> None:
        """What a caller is just saying, as far as it was recognised; not kept durably."""
        ...

    async def delivery(
        self, *, customer_key: str, entry: str, message_sid: str, status: str, code: int
    ) -> bool:
        """A message status callback."""
        ...


@dataclass(frozen=True, slots=True)
class Acted:
    """An action was stored: it is carried out in its order."""

    action_id: str
    session_id: str
    state: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A text session was opened by us; `message_id` names its first text, None if the assistant speaks first."""

    session_id: str
    message_id: str | None


@dataclass(frozen=True, slots=True)
class Called:
    """A call of ours rings; `call_sid` is None where the carrier has not answered within the bound."""

    session_id: str
    call_sid: str | None


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The state forbids it (409): `code` such as `opted_out`, `session_open`, `not_allowed`."""

    code: str
    state: str
    allowed: tuple[str, ...]
    hint: str


class Desk(Protocol):
    """What the API asks for on behalf of the assistant and of operators."""

    async def act(
        self,
        session_id: str,
        action: str,
        item: Item | None,
        *,
        context: dict[str, Any] | None = None,
        key: str = "",
        actor: str = "api",
    ) -> Acted | Forbidden | None:
        """Do `action` in a session; `item` is the action in the form of an answer's item, `actor` who
        asks, for the timeline. The same
        `key` (Idempotency-Key) is done once. None: there is no such session.
        """
        ...

    async def open_call(
        self, assistant: str, to: str, *, context: dict[str, Any], key: str = ""
    ) -> Called | Forbidden:
        """Call the customer, in the open session or in a new one; answered once the carrier answered."""
        ...

    async def open_text(
        self,
        assistant: str,
        to: str,
        *,
        text: str,
        media: tuple[str, ...],
        context: dict[str, Any],
        key: str = "",
        urgent: bool = False,
    ) -> Opened | Forbidden:
        """Open a text session, business first; without text the assistant speaks first. An `urgent` text
        keeps no quiet hours.
        """
        ...

    async def set_consent(
        self, assistant: str, to: str, *, opted_out: bool, source: str = "api", since: float | None = None
    ) -> None:
        """Opt a customer out of an assistant's texts, or in again, as the customer's own word would: by
        `source`, since then (Unix seconds; None: now).
        """
        ...
