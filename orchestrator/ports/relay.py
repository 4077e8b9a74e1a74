"""A call that a socket carries: what the socket needs of the house, and the house of the socket."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from orchestrator.core.effects import Document
from orchestrator.core.events import Event
from orchestrator.core.items import Item
from orchestrator.core.manner import Manner
from orchestrator.core.session import Spoken


@dataclass(frozen=True, slots=True)
class CallNow:
    """A live call as last committed. `unsaid` are the words that the carrier does not have yet; `fresh`
    that no socket has spoken in it. It listens and speaks in `manner`, which holds `once` where it ends with
    the answer to the caller's next turn.
    """

    newest: Document
    unsaid: tuple[Spoken, ...]
    fresh: bool
    manner: Manner = field(default_factory=Manner)
    once: bool = False


class Ear(Protocol):
    """Hears items of an answer while the assistant is still giving it, before anything is decided."""

    def item(self, turn_id: str, place: int, item: Item) -> None:
        """Item `place` (from 0) of the answer to a turn. A second try begins at 0 again."""
        ...


class CallLine(Protocol):
    """One live call, as its socket sees it."""

    async def look(self) -> CallNow | None:
        """How the call stands, or None once it is over."""
        ...

    async def changed(self, seconds: float) -> None:
        """Until something was committed since the last `look`, or the time is over."""
        ...

    async def tell(self, event: Event) -> None:
        """Take what happened, durably and once."""
        ...

    def listen(self, ear: Ear) -> None:
        """From now on `ear` hears the answers of turns that are asked in this process."""
        ...

    def leave(self, ear: Ear) -> None:
        """No longer."""
        ...


class Relays(Protocol):
    """The house, for sockets."""

    async def line(self, assistant: str, customer: str | None, call_sid: str) -> CallLine | None:
        """The live call with this id, or None: a call that we did not answer, or that is over."""
        ...
