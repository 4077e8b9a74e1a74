"""What the Phone page shows of handsets and of the session beside them, and how it changes."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from orchestrator.core.session import Session, Word, from_document
from orchestrator.core.states import joint_state
from orchestrator.ports import Address, Reader, Store
from orchestrator.ports.simulation import WITHHELD, FarSide, Person, PhoneLine, Simulation
from orchestrator.runner.views import SHOWN_TIMERS, rfc3339
from orchestrator.web.console.phone_lines import mark, shown
from orchestrator.web.console.room import Room
from orchestrator.web.console.session import LINES
from orchestrator.web.console.story import Story
from orchestrator.web.console.visitors import Visitor
from orchestrator.web.streams import event

EVERY = 0.12
"""Seconds between two looks at what the page shows."""
AFTER = 3
"""Looks after the last change in which the session's timeline, written behind its commit, may still grow."""
WORDS: tuple[Word, ...] = (
    "in_call",
    "awaiting_text",
    "in_call_and_text",
    "text_only",
    "dialing",
    "transferring",
    "ended",
)
"""The states in the order of the page: those of most conversations first."""
KEPT = 300
"""Lines of a lane that a page begins with."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One handset on a page, and whom it reaches."""

    person: Person
    far: FarSide


class Handsets:
    """What is to be seen of the simulation and of the sessions that it leads to."""

    def __init__(self, room: Room, reader: Reader, store: Store, simulation: Simulation) -> None:
        self.room = room
        self.simulation = simulation
        self._reader = reader
        self._store = store

    async def documents(self, far: FarSide) -> dict[str, str | None]:
        """The session of each person with this assistant as it is stored, by number."""
        numbers = [person.number for person in self.simulation.people()]
        places = [self._place(far, number) for number in numbers]
        found = await asyncio.gather(*(self._reader.document(place) for place in places))
        return dict(zip(numbers, found, strict=True))

    def _place(self, far: FarSide, number: str) -> Address:
        """Where a person's session is kept; who withholds the number has one for each call."""
        call_sid = self.simulation.standing(number).call_sid if number == WITHHELD else ""
        return self._store.address(far.assistant, f"call:{call_sid}" if number == WITHHELD else number)

    async def people(self, far: FarSide) -> list[dict[str, Any]]:
        """Everybody, with the state of their session."""
        documents = await self.documents(far)
        return [
            {
                "number": person.number,
                "name": person.name,
                "state": word_of(session_of(documents.get(person.number))),
                "ringing": self.simulation.standing(person.number).is_ringing,
            }
            for person in self.simulation.people()
        ]

    async def free(self, far: FarSide) -> Person:
        """Whom a page shows unless it is told: who is in a call, else the first without a session."""
        people = self.simulation.people()
        talking = [person for person in people if self.simulation.standing(person.number).is_calling]
        documents = await self.documents(far)
        fresh = [person for person in people if documents.get(person.number) is None]
        return next(iter([*talking, *fresh, *people]))

    def lines(self, number: str, after: int = 0) -> dict[str, list[dict[str, Any]]]:
        """The lines of both lanes; `after` leaves out what happened by then."""
        lanes: dict[str, list[PhoneLine]] = {"voice": [], "sms": []}
        for line in self.simulation.lines(number):
            if not (line.id.startswith("e") and int(line.id[1:]) <= after):
                lanes[line.lane].append(line)
        return {lane: [shown(line) for line in found[-KEPT:]] for lane, found in lanes.items()}

    def marks(self, number: str) -> dict[str, dict[str, Any]]:
        """How the texts of this phone fare, by the ids of their lines."""
        texts = [line for line in self.simulation.lines(number) if line.status][-KEPT:]
        return {line.id: mark(line) for line in texts}

    async def session_of(self, desk: Desk) -> Session | None:
        """The session at hand as it was committed last."""
        return session_of(await self._reader.document(self._place(desk.far, desk.person.number)))

    async def next_timer(self, desk: Desk) -> tuple[str, float] | None:
        """The timer of the session that people see first, and when it goes off."""
        session = await self.session_of(desk)
        timers = session.timers if session is not None else {}
        found = [(timers[name], name) for name in SHOWN_TIMERS if name in timers]
        return (min(found)[1], min(found)[0]) if found else None

    async def session(self, desk: Desk, visitor: Visitor) -> dict[str, Any]:
        """What the templates take of the session beside the handset, and of the call."""
        session = await self.session_of(desk)
        timer = await self.next_timer(desk)
        standing = self.simulation.standing(desk.person.number)
        kept = await self._reader.session(session.id) if session else None
        events = await self._reader.events(session.id, limit=LINES) if session else []
        word = word_of(session)
        summary = self.room.eyes(visitor).see(kept[1]) if kept else None
        return {
            "word": word,
            "session": summary,
            "session_id": session.id if kept and session else "",
            "timer": {"name": timer[0], "due_at": rfc3339(timer[1])} if timer else None,
            "standing": standing,
            "since": rfc3339(standing.since),
            "words": WORDS,
            "path": path_of(Story(events), word),
        }


class Changes:
    """What changes on one open page. Lines that happened up to `place` are there already."""

    def __init__(self, handsets: Handsets, desk: Desk, visitor: Visitor, place: int) -> None:
        self.pause = EVERY
        self._handsets = handsets
        self._desk = desk
        self._visitor = visitor
        self._place = place
        self._lost: set[str] = set()
        self._seen: Any = None
        self._told: dict[str, Any] = {}
        self._marks: dict[str, dict[str, Any]] | None = None
        self._again = 0

    async def more(self) -> list[str]:
        """One event with how things stand, where they stand otherwise than before."""
        simulation, desk = self._handsets.simulation, self._desk
        now = (
            simulation.happened,
            simulation.failing,
            simulation.delaying,
            simulation.people(),
            simulation.standing(desk.person.number),
            await self._handsets.documents(desk.far),
        )
        if now != self._seen:
            self._seen, self._again = now, AFTER
        elif self._again == 0:
            return []
        self._again -= 1
        told, marks = await self._how_it_stands(), self._handsets.marks(desk.person.number)
        if (told, marks) == (self._told, self._marks) and not any(self._lines(peek=True).values()):
            return []
        before, self._told, self._marks = self._marks or {}, told, marks
        fresh = {id_: marked for id_, marked in marks.items() if before.get(id_) != marked}
        whole = {**told, "lines": self._lines(), "marks": fresh, "now": self._handsets.room.clock.now()}
        return [event(json.dumps(whole), name="changes")]

    async def _how_it_stands(self) -> dict[str, Any]:
        facts = await self._handsets.session(self._desk, self._visitor)
        standing = facts["standing"]
        return {
            "word": facts["word"],
            "calling": standing.is_calling,
            "ringing": standing.is_ringing,
            "listening": standing.is_listened_to,
            "since": facts["since"],
            "timer": facts["timer"],
            "failing": self._handsets.simulation.failing,
            "delaying": self._handsets.simulation.delaying,
            "people": await self._handsets.people(self._desk.far),
            "session": str(self._handsets.room.bit("phone_session.html", self._visitor, **facts)),
        }

    def _lines(self, *, peek: bool = False) -> dict[str, str]:
        """New lines of both lanes as markup."""
        simulation = self._handsets.simulation
        reached = simulation.happened
        found = self._handsets.lines(self._desk.person.number, self._place)
        fresh = {
            lane: [line for line in lines if line["id"] not in self._lost] for lane, lines in found.items()
        }
        if peek:
            return {lane: "x" for lane, lines in fresh.items() if lines}
        self._place = reached
        self._lost |= {line["id"] for lines in fresh.values() for line in lines if line["id"][0] == "m"}
        return {
            lane: str(self._handsets.room.bit("phone_lines.html", self._visitor, lines=lines))
            for lane, lines in fresh.items()
            if lines
        }


def session_of(document: str | None) -> Session | None:
    """The stored session, if there is one."""
    return from_document(document) if document else None


def word_of(session: Session | None) -> str:
    """Its state in one word."""
    return joint_state(session) if session is not None else "idle"


def path_of(story: Story, present: str) -> list[str]:
    """The states that a session went through, the present one last."""
    path = [row.moved for row in story.rows if row.moved]
    return path if path and path[-1] == present else [*path, present]
