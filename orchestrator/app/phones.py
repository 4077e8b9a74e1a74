"""The console's way to the built-in carrier: its phones, its troubles and its time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal

from channels.simulator.app import Simulator
from channels.simulator.control import ACTIONS
from channels.simulator.handset import HandsetError
from channels.simulator.records import LIVE, Message, Observation
from orchestrator.app.moving import Mover
from orchestrator.core.numbers import E164
from orchestrator.ports.simulation import CannotError, FarSide, Person, PhoneLine, PhoneStanding

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
ENDS = {
    "completed": "call over",
    "busy": "call declined",
    "no-answer": "call not picked up",
    "failed": "call failed",
    "canceled": "call given up",
}
Lane = Literal["voice", "sms"]
Who = Literal["bot", "customer", "note", "trouble"]
SPOKEN: dict[str, tuple[Lane, Who]] = {
    "heard": ("voice", "bot"),
    "said": ("voice", "customer"),
    "received": ("sms", "bot"),
    "texted": ("sms", "customer"),
}
NOTES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "call_started": lambda data: "calling" if data.get("direction") == "inbound" else "incoming call",
    "call_answered": lambda _: "call is up",
    "call_ended": lambda data: ENDS.get(str(data.get("status")), "call ended"),
    "pressed": lambda data: f"keys {data['text']}",
    "silent": lambda _: "silence",
    "dialed": lambda data: f"put through: {data.get('status')}",
    "referred": lambda data: f"handed over: {data.get('status')}",
}
"""Kinds of observations that are told without being words of anybody."""


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
        first = self._carrier.happened - len(self._carrier.events)
        seen = [
            line
            for place, what in enumerate(self._carrier.events, 1)
            if what.number == number and (line := _line(first + place, what)) is not None
        ]
        lost = [_lost(text) for text in self._carrier.messages if text.to == number and _is_lost(text)]
        return sorted([*seen, *lost], key=lambda line: line.at)

    def standing(self, number: str) -> PhoneStanding:
        """How this phone stands now."""
        phone = self._carrier.handset(number)
        up = next((call for call in reversed(phone.calls) if call.status in LIVE), None)
        if phone.is_ringing or up is None:
            return PhoneStanding(is_ringing=phone.is_ringing)
        return PhoneStanding(
            is_calling=True, is_listened_to=phone.is_listened_to, since=up.started_at or up.created_at
        )

    async def act(self, number: str, action: str, given: Mapping[str, Any]) -> None:
        """Do something with it. `CannotError` says why not."""
        fields, act = ACTIONS[action]
        done: Awaitable[object] = act(
            self._carrier.handset(number), {name: given.get(name, "") for name in fields}
        )
        try:
            await done
        except HandsetError as error:
            raise CannotError(_reason(str(error))) from None

    def fail_next(self, code: int) -> None:
        """Let the next text fail, or none."""
        trouble = self._carrier.trouble
        trouble.spare_messages()
        if code >= LATER:
            trouble.fail_next_message(code)
        elif code:
            trouble.refuse_next_message(code)

    async def advance(self, seconds: float) -> None:
        """Let time pass. `CannotError` where it cannot be moved."""
        if self._mover is None:
            raise CannotError("Time can be moved only with memory:// and no carrier but the simulator.")
        await self._mover.advance(seconds)


def _is_somebody(number: str, ours: set[str]) -> bool:
    try:
        return number not in ours and bool(E164.parse(number))
    except ValueError:
        return False


def _line(place: int, seen: Observation) -> PhoneLine | None:
    data = seen.data
    if seen.kind in SPOKEN:
        lane, who = SPOKEN[seen.kind]
        sound = str(data.get("sound", "say"))
        return PhoneLine(
            id=f"e{place}",
            at=seen.at,
            lane=lane,
            who=who,
            text=str(data.get("text", "")),
            media=tuple(data.get("media", ())),
            by_carrier=bool(data.get("by_carrier")) or sound == "carrier",
            is_sound=sound == "play",
        )
    telling = NOTES.get(seen.kind)
    if telling is None:
        return None
    return PhoneLine(id=f"e{place}", at=seen.at, lane="voice", who="note", text=telling(data))


def _is_lost(text: Message) -> bool:
    return text.status in {"undelivered", "failed"}


def _lost(text: Message) -> PhoneLine:
    words = f"a text did not arrive: {text.error_code or text.status}"
    return PhoneLine(id=f"m{text.sid}", at=text.updated_at, lane="sms", who="trouble", text=words)


def _reason(told: str) -> str:
    """What a handset says, without the account of what it has seen."""
    words = told.partition(";")[0]
    return f"{words[:1].upper()}{words[1:]}."
