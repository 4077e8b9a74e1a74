"""A call while it is up: its task, its open Gather, and whoever it is connected to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from channels.simulator.floor import Floor
from channels.simulator.records import Call


@dataclass(frozen=True, slots=True)
class Fetch:
    """A document to be fetched, with what the request carries beyond the call's own fields."""

    url: str
    method: str = "POST"
    extra: tuple[tuple[str, str], ...] = ()
    is_fallback: bool = False
    is_redirect: bool = False


@dataclass(frozen=True, slots=True)
class Inline:
    """A document given in the API request itself."""

    twiml: str


@dataclass(frozen=True, slots=True)
class End:
    """The call is over, with this final status."""

    status: str = "completed"


Source = Fetch | Inline
Step = Source | End
Connected = Callable[[Call, Element], Awaitable[dict[str, str]]]
"""Plays the noun of a Connect; the fields that its action is requested with."""


@dataclass(slots=True, eq=False)
class LiveCall:
    """A call that has not ended. `floor` is open while the caller is heard; `picked_up` is decided by
    the phone while it rings (None: it rings in vain), `over` is set at the end. `farewell` is what is
    still requested when the caller hangs up: the action of a Dial or a Connect.
    """

    call: Call
    floor: Floor | None = None
    farewell: Fetch | None = None
    task: asyncio.Task[None] | None = None
    picked_up: asyncio.Future[bool | None] | None = None
    over: asyncio.Event | None = None
