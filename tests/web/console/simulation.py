"""Customers' phones as the console's tests play them, and how the page's script posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from orchestrator.ports.simulation import (
    CannotError,
    FarSide,
    Person,
    PhoneLine,
    PhoneStanding,
    Shown,
)
from tests.web.console.desk import Browser
from tests.web.house import ANA, BEN, OURS

LINE: dict[str, Any] = {"at": 1_750_000_000.0, "lane": "voice", "who": "bot"}
PICTURE = f"ME{1:032x}"
MARKUP = "<script>alert(1)</script>"


@dataclass
class FakeSimulation:
    """Remembers what it was asked for. `error` is what it raises."""

    can_move: bool = True
    happened: int = 0
    failing: int = 0
    delaying: float = 0.0
    seen: list[PhoneLine] = field(default_factory=list)
    how: PhoneStanding = field(default_factory=PhoneStanding)
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    error: CannotError | None = None
    album: dict[str, bytes] = field(default_factory=dict)
    known: list[Person] = field(default_factory=lambda: [Person(ANA, "Ana"), Person(BEN, "Ben")])

    def far_sides(self) -> Sequence[FarSide]:
        """Two, of which one takes texts only."""
        both = FarSide(assistant="support", phone_number=OURS, text_number=OURS)
        return (both, FarSide(assistant="text-only", text_number=OURS))

    def people(self) -> Sequence[Person]:
        """Those who are known."""
        return tuple(self.known)

    def add(self, person: Person) -> None:
        """Remember them."""
        self._may()
        self.known.append(person)

    def lines(self, number: str) -> Sequence[PhoneLine]:
        """Ana's."""
        return self.seen if number == ANA else ()

    def standing(self, number: str) -> PhoneStanding:
        """Ana's."""
        return self.how if number == ANA else PhoneStanding()

    async def act(self, number: str, action: str, given: Mapping[str, Any]) -> None:
        """Remember it."""
        self._may()
        self.asked.append((number, action, {name: value for name, value in given.items() if value}))

    def fail_next(self, code: int) -> None:
        """Remember it."""
        self.failing = code

    def delay_next(self, seconds: float) -> None:
        """Remember it."""
        self.delaying = seconds

    def keep_picture(self, data: bytes) -> str:
        """Remember it."""
        self._may()
        self.album[PICTURE] = data
        return PICTURE

    def picture(self, id_: str) -> Shown | None:
        """What was kept."""
        return Shown("image/png", self.album[id_]) if id_ in self.album else None

    async def advance(self, seconds: float) -> None:
        """Remember it."""
        self._may()
        self.asked.append(("advance", seconds))

    def _may(self) -> None:
        if self.error is not None:
            raise self.error


async def post(browser: Browser, path: str, **body: Any) -> httpx.Response:
    """As the page's script posts."""
    headers = {"X-CSRF-Token": await browser.csrf(), "Accept": "*/*"}
    return await browser.post(f"/phone/{path}", json=body, headers=headers)
