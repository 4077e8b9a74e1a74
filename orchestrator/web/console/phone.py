"""The Phone page: customers' handsets on the built-in carrier, its troubles and its time, and the session
beside them.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from orchestrator.ports import Reader, Store
from orchestrator.ports.simulation import WITHHELD, CannotError, FarSide, Person, Simulation
from orchestrator.web.api.body import read_json
from orchestrator.web.api.problems import Problem, wrong_fields
from orchestrator.web.api.validation import read_form
from orchestrator.web.console.acts import Act, Fault, Move, NewPerson
from orchestrator.web.console.codes import MEANINGS
from orchestrator.web.console.handset import Changes, Desk, Handsets
from orchestrator.web.console.pages import HEADERS
from orchestrator.web.console.room import Room
from orchestrator.web.console.visitors import Visitor
from orchestrator.web.streams import Streams

LATER = (30003, 30005, 30006, 30007, 30008, 30034)
AT_ONCE = (21211, 21408, 21610, 21612, 21614)
"""Codes to choose from: of texts that the carrier takes and reports later, and of those that it refuses."""
LATE = 0.5
"""Seconds that a timer may be late: whoever looks for due work looks once a second."""
LOOKS = 6
SLOW = 30
"""Seconds between what is told of a text that is made late."""


class PhonePage:
    """The page, its stream, and what its buttons do."""

    def __init__(
        self, room: Room, reader: Reader, store: Store, simulation: Simulation, *, streams: Streams
    ) -> None:
        self._room = room
        self._simulation = simulation
        self._streams = streams
        self._handsets = Handsets(room, reader, store, simulation)

    async def page(self, request: Request, visitor: Visitor) -> Response:
        """The whole page. Without a number in its address it shows who is in a call, else who has no session."""
        far = self._far(request.query_params.get("assistant", ""))
        person = self._person(request.query_params.get("number", "")) or await self._handsets.free(far)
        desk = Desk(person, far)
        happened = self._simulation.happened
        return self._room.page(
            "phone.html",
            visitor,
            "phone",
            person=person,
            far=far,
            far_sides=self._simulation.far_sides(),
            happened=happened,
            can_move=self._simulation.can_move,
            failing=self._simulation.failing,
            delaying=self._simulation.delaying,
            slow=SLOW,
            can_text=bool(far.text_number) and person.number != WITHHELD,
            codes=[("Not delivered", told(LATER)), ("Refused at once", told(AT_ONCE))],
            zone=str(self._room.pages.zone),
            people=await self._handsets.people(far),
            lines=self._handsets.lines(person.number),
            **await self._handsets.session(desk, visitor),
        )

    async def stream(self, request: Request, visitor: Visitor) -> Response:
        """The page's changes after what it shows."""
        query = request.query_params
        person = self._person(query.get("number", ""))
        if person is None:
            raise wrong_fields([("number", "expected the number of a phone of the page")])
        after = query.get("after", "")
        desk = Desk(person, self._far(query.get("assistant", "")))
        place = int(after) if after.isdecimal() and len(after) < 16 else 0
        return await self._streams.open(Changes(self._handsets, desk, visitor, place))

    async def act(self, request: Request, _: Visitor) -> Response:
        """Something that a phone does. The answer comes when it is done: `say` waits for the floor."""
        form = read_form(Act, await read_json(request))
        if missing := form.missing():
            raise wrong_fields([(missing, "is missing")])
        if form.action == "text" and form.number == WITHHELD:
            raise cannot("Who withholds the number sends no texts.")
        far = self._far(form.assistant)
        to = far.text_number if form.action == "text" else far.phone_number
        if form.action in {"call", "text"} and not to:
            raise cannot(f"The assistant {far.assistant} takes no {form.action}s here.")
        given = {"to": to, **form.model_dump(include={"words", "keys", "body", "pictures"})}
        try:
            await self._simulation.act(form.number, form.action, given)
        except CannotError as error:
            raise cannot(str(error)) from None
        return self._done()

    async def add(self, request: Request, _: Visitor) -> Response:
        """One more customer."""
        form = read_form(NewPerson, await read_json(request))
        name = "".join(char for char in form.name if char.isprintable()).strip()
        name = name or ("Withheld" if form.number == WITHHELD else "")
        try:
            self._simulation.add(Person(form.number, name))
        except CannotError as error:
            raise cannot(str(error)) from None
        return self._done(number=form.number)

    async def fail(self, request: Request, _: Visitor) -> Response:
        """The next text fails, is late, or fares well after all."""
        form = read_form(Fault, await read_json(request))
        if form.late:
            self._simulation.delay_next(form.late)
        else:
            self._simulation.fail_next(form.code)
        return self._done(failing=self._simulation.failing, delaying=self._simulation.delaying)

    async def move(self, request: Request, _: Visitor) -> Response:
        """Time moves; the answer comes when everything has happened that was due meanwhile."""
        form = read_form(Move, await read_json(request))
        try:
            if form.seconds:
                await self._simulation.advance(form.seconds)
            else:
                await self._to_timer(Desk(Person(form.number, ""), self._far(form.assistant)))
        except CannotError as error:
            raise cannot(str(error)) from None
        return self._done()

    async def _to_timer(self, desk: Desk) -> None:
        """To the session's next timer, until it has gone off."""
        timer = await self._handsets.next_timer(desk)
        if timer is None:
            raise CannotError("No timer runs in this session.")
        for _ in range(LOOKS):
            await self._simulation.advance(max(timer[1] - self._room.clock.now(), LATE))
            if await self._handsets.next_timer(desk) != timer:
                return

    def _done(self, **facts: Any) -> Response:
        return JSONResponse({"now": self._room.clock.now(), **facts}, headers=HEADERS)

    def _far(self, assistant: str) -> FarSide:
        sides = self._simulation.far_sides()
        return next((side for side in sides if side.assistant == assistant), sides[0])

    def _person(self, number: str) -> Person | None:
        plain = number.strip().lstrip("+")
        compact = plain if plain == WITHHELD else f"+{plain}"  # an unquoted plus is a blank
        return next((person for person in self._simulation.people() if person.number == compact), None)


def told(codes: tuple[int, ...]) -> list[tuple[int, str]]:
    """Codes with their meaning."""
    return [(code, MEANINGS[code]) for code in codes]


def cannot(why: str) -> Problem:
    """A phone, or time, that cannot do that now."""
    return Problem(409, "cannot", why)
