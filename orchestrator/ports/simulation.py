"""What the console plays customers with, where the carrier is the built-in simulator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

WITHHELD = "anonymous"
"""The number of a phone that shows none, as carriers write it."""


class CannotError(Exception):
    """That cannot be done now; the words are for whoever tried."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a telephone."""

    number: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FarSide:
    """An assistant as a phone reaches it; a number is empty where it takes no calls, or no texts."""

    assistant: str
    phone_number: str = ""
    text_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneLine:
    """One thing that a phone has seen. `at` is Unix seconds, `by_carrier` marks announcements of the carrier.

    `media` are addresses elsewhere, `pictures` ids of those that the carrier keeps. `status` is how a text fares:
    of one to the phone as the carrier says, of one from it `taken` or `not_taken` once that is known. `code` says
    why a text did not arrive, `about` what it said.
    """

    id: str
    at: float
    lane: Literal["voice", "sms"]
    who: Literal["bot", "customer", "note", "trouble"]
    text: str
    media: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    status: str = ""
    code: int = 0
    about: str = ""
    by_carrier: bool = False
    is_sound: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneStanding:
    """How a phone stands. `since` is when its call was answered, Unix seconds; `is_listened_to`: it has the
    floor; `call_sid` names the call that it is in, or was in last.
    """

    is_calling: bool = False
    is_ringing: bool = False
    is_listened_to: bool = False
    since: float | None = None
    call_sid: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture: its content type and its bytes."""

    content_type: str
    data: bytes


class Simulation(Protocol):
    """Customers' phones, the carrier's troubles, and time."""

    @property
    def can_move(self) -> bool:
        """Whether time can be moved."""
        ...

    @property
    def happened(self) -> int:
        """Grows with everything that happens at the carrier."""
        ...

    @property
    def failing(self) -> int:
        """The code that the next text fails with; 0 for none."""
        ...

    @property
    def delaying(self) -> float:
        """Seconds between what is told of the next text; 0 for none."""
        ...

    def far_sides(self) -> Sequence[FarSide]:
        """Whom phones can reach."""
        ...

    def people(self) -> Sequence[Person]:
        """Everybody, those who were added last."""
        ...

    def add(self, person: Person) -> None:
        """One more; a number that is known gets the new name. Raises `CannotError` when there are too many."""
        ...

    def lines(self, number: str) -> Sequence[PhoneLine]:
        """What this phone has seen, oldest first, as far as it is kept."""
        ...

    def standing(self, number: str) -> PhoneStanding:
        """How this phone stands now."""
        ...

    async def act(self, number: str, action: str, given: Mapping[str, Any]) -> None:
        """Do something with it: `call`, `say`, `press`, `stay_silent`, `hang_up`, `drop`, `answer`, `decline`,
        `text`, with `pictures` that are kept. Raises `CannotError`.
        """
        ...

    def keep_picture(self, data: bytes) -> str:
        """A picture to be sent; its id. Raises `CannotError` for what is none, or too large."""
        ...

    def picture(self, id_: str) -> Shown | None:
        """The picture with this id, while it is kept."""
        ...

    def fail_next(self, code: int) -> None:
        """Let the next text fail: with a code from 30000 on reported later, with another refused at once, with
        0 not at all.
        """
        ...

    def delay_next(self, seconds: float) -> None:
        """Let the next text arrive, and its statuses be told one after the other, so many seconds apart."""
        ...

    async def advance(self, seconds: float) -> None:
        """Let time pass. Raises `CannotError`."""
        ...
