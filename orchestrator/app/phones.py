"""The console's way to the built-in carrier: its phones, its troubles and its time."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

from channels.simulator.app import Simulator
from channels.simulator.control import ACTIONS
from channels.simulator.handset import HandsetError
from channels.simulator.records import LIVE
from orchestrator.app.moving import Mover
from orchestrator.app.phone_lines import lines_of
from orchestrator.core.numbers import E164
from orchestrator.ports.simulation import (
    WITHHELD,
    CannotError,
    FarSide,
    Person,
    PhoneLine,
    PhoneStanding,
    Shown,
)

PEOPLE = (
    Person("+15550101234", "Ana"),
    Person("+15550105678", "Ben"),
    Person("+15550109012", "Cleo"),
    Person("+15550103456", "Dan"),
    Person("+15550107890", "Eve"),
    Person("+15550102345", "Finn"),
)
"""Who is there without being asked for; the numbers are of those kept for fiction."""
MOST_PEOPLE = 50
LATER = 30_000
"""Codes from here on are reported after the carrier took the text (Twilio: 30xxx); others refuse it."""


class Phones:
    """`orchestrator.ports.simulation.Simulation`. `mover` is left out where time is not ours alone to move."""

    def __init__(self, carrier: Simulator, far_sides: Sequence[FarSide], mover: Mover | None = None) -> None:
        self._carrier = carrier
        self._far_sides = tuple(far_sides)
        self._mover = mover
        self._people = {person.number: person for person in PEOPLE}

    @property
    def can_move(self) -> bool:
        """Whether time can be moved."""
        return self._mover is not None

    @property
    def happened(self) -> int:
        """Grows with everything that happens at the carrier."""
        return self._carrier.happened

    @property
    def failing(self) -> int:
        """The code that the next text fails with; 0 for none."""
        return self._carrier.trouble.ahead_of_messages

    @property
    def delaying(self) -> float:
        """Seconds between what is told of the next text; 0 for none."""
        return self._carrier.trouble.delay_of_messages

    def far_sides(self) -> Sequence[FarSide]:
        """Whom phones can reach."""
        return self._far_sides

    def people(self) -> Sequence[Person]:
        """Those who are there, who were added, and whose phones were used otherwise."""
        ours = {number for side in self._far_sides for number in (side.phone_number, side.text_number)}
        others = {number: Person(number, "") for number in self._carrier.used if _is_somebody(number, ours)}
        return tuple({**self._people, **{n: p for n, p in others.items() if n not in self._people}}.values())

    def add(self, person: Person) -> None:
        """One more. `CannotError` when there are too many."""
        if person.number not in self._people and len(self._people) >= MOST_PEOPLE:
            raise CannotError(f"There are {MOST_PEOPLE} people already.")
        self._people[person.number] = person

    def lines(self, number: str) -> Sequence[PhoneLine]:
        """What this phone has seen, and which texts to it got lost."""
        return lines_of(self._carrier, number)

    def standing(self, number: str) -> PhoneStanding:
        """How this phone stands now."""
        phone = self._carrier.handset(number)
        last = phone.calls[-1].sid if phone.calls else ""
        up = next((call for call in reversed(phone.calls) if call.status in LIVE), None)
        if phone.is_ringing or up is None:
            return PhoneStanding(is_ringing=phone.is_ringing, call_sid=last)
        return PhoneStanding(
            is_calling=True,
            is_listened_to=phone.is_listened_to,
            since=up.started_at or up.created_at,
            call_sid=up.sid,
        )

    async def act(self, number: str, action: str, given: Mapping[str, Any]) -> None:
        """Do something with it. `CannotError` says why not."""
        phone = self._carrier.handset(number)
        fields, act = ACTIONS[action]
        done: Awaitable[object]
        if action == "text":
            done = phone.text(
                given["body"], to=given["to"], pictures=self._pictures(given.get("pictures", ()))
            )
        else:
            done = act(phone, {name: given.get(name, "") for name in fields})
        try:
            await done
        except HandsetError as error:
            raise CannotError(_reason(str(error))) from None

    def _pictures(self, ids: Sequence[str]) -> Sequence[str]:
        if not all(self._carrier.kept_picture(id_) for id_ in ids):
            raise CannotError("That picture is not kept any more. Choose it again.")
        return ids

    def keep_picture(self, data: bytes) -> str:
        """A picture to be sent; its id."""
        try:
            return self._carrier.keep_picture(data).sid
        except ValueError as error:
            raise CannotError(f"That cannot be sent: {error}.") from None

    def picture(self, id_: str) -> Shown | None:
        """The picture with this id, while it is kept."""
        found = self._carrier.kept_picture(id_)
        return Shown(found.kind, found.data) if found else None

    def fail_next(self, code: int) -> None:
        """Let the next text fail, or none."""
        trouble = self._carrier.trouble
        trouble.spare_messages()
        if code >= LATER:
            trouble.fail_next_message(code)
        elif code:
            trouble.refuse_next_message(code)

    def delay_next(self, seconds: float) -> None:
        """Let what is told of the next text come that much later each."""
        trouble = self._carrier.trouble
        trouble.spare_messages()
        if seconds:
            trouble.delay_statuses(seconds)

    async def advance(self, seconds: float) -> None:
        """Let time pass. `CannotError` where it cannot be moved."""
        if self._mover is None:
            raise CannotError("Time can be moved only with memory:// and no carrier but the simulator.")
        await self._mover.advance(seconds)


def _is_somebody(number: str, ours: set[str]) -> bool:
    return number not in ours and (number == WITHHELD or E164.maybe(number) is not None)


def _reason(told: str) -> str:
    """What a handset says, without the account of what it has seen."""
    words = told.partition(";")[0]
    return f"{words[:1].upper()}{words[1:]}."
