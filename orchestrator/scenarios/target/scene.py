"""The scene of a play against a running service: what the service decided is read from its timelines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import httpx

from orchestrator.scenarios.format.kinds import WITHHELD
from orchestrator.scenarios.play import Rule
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.scene import ALL_STATES, Scene
from orchestrator.scenarios.stage.story import Noted

HEARD = {"text_received": "text", "speech_heard": "speech", "digits_pressed": "dtmf"}
"""Lines of a timeline that hold what a person said, with the type of input that it makes."""
Line = Mapping[str, Any]


class TargetScene(Scene):
    """`patience` are seconds in which what is checked may become true."""

    exact = 3.0  # seconds that the lines before have taken
    patience = 0.0
    _lines: dict[str, int]
    _refused: set[str]
    _states: dict[str, tuple[str, str]]

    def prepare(self, patience: float) -> None:
        """Nothing is known yet."""
        self.patience = patience
        self._lines, self._refused, self._states = {}, set(), {}

    async def settle(self) -> None:
        """Wait until it is quiet, and read what was decided."""
        await self._loop.go_on()
        self.story.catch_up()
        await self._learn()
        self._object()

    async def within(self, seconds: float, look: Callable[[], Awaitable[None]]) -> None:
        """Look; over a network everything takes a moment."""
        await super().within(max(seconds, self.patience), look)

    async def await_turn(self) -> None:
        """Let a turn come that is on its way to the bot."""

        async def look() -> None:
            if not self.bot.unanswered():
                raise self.fails(
                    f"bot {self.line.verb}: the bot was not asked", "an open question to the bot", "none"
                )

        await self.within(self.patience, look)

    async def api(self, method: str, path: str, *, body: Any = None, **query: str) -> httpx.Response:
        """One request, and what follows from it."""
        answer = await self._ask(method, path, body=body, **query)
        if method != "GET":
            await self.settle()
        return answer

    async def sessions(self, who: str = "", *, states: str = ALL_STATES) -> list[dict[str, Any]]:
        """Those of the play's people: a service that runs may have others."""
        found = await super().sessions(who, states=states)
        people = {*self.play.people.values()}
        return [each for each in found if (each["customer"]["phone_number"] or WITHHELD) in people]

    async def close_all(self) -> None:
        """Leave nothing open behind the play."""
        for session in await self.sessions():
            if session["state"] != "ended":
                await self._ask("POST", f"/sessions/{session['id']}/actions", body={"action": "end"})
        await self._loop.go_on()

    async def _ask(self, method: str, path: str, *, body: Any = None, **query: str) -> httpx.Response:
        settings = self.staged.settings.service
        headers = {"Authorization": f"Bearer {settings.api_token.reveal()}"}
        if method == "POST":
            headers["Idempotency-Key"] = self.staged._next_id()  # noqa: SLF001 - a new one each time
        async with httpx.AsyncClient(transport=_Kept(self.wires), trust_env=False, timeout=10.0) as client:
            url = f"{settings.public_url}/api/v1{path}"
            try:
                return await client.request(method, url, json=body, params=query or None, headers=headers)
            except httpx.TransportError:
                raise self.fails("the service does not answer") from None

    # ---- what was decided ------------------------------------------------------------------------
    async def _learn(self) -> None:
        for number in self.play.people.values():
            listed = await self._listed(number, ALL_STATES)
            self._hold_lost(number, {session["id"] for session in listed})
            for session in reversed(listed):
                await self._read(number, session)
                self._hold(number, session)
        answer = await self._ask("GET", "/refusals", limit="50")
        for refused in reversed(answer.json().get("refusals", ())) if answer.is_success else ():
            self._refusal(refused)

    async def _read(self, who: str, session: Line) -> None:
        known = self._lines.get(session["id"], 0)
        answer = await self._ask("GET", f"/sessions/{session['id']}/events", limit="200")
        lines = answer.json().get("events", []) if answer.is_success else []
        self._lines[session["id"]] = max(known, len(lines))
        for place in range(known, len(lines)):
            line = lines[place]
            self.story.noted.append(Noted(who, line["type"], line["data"], self.ledger.step))
            if line["type"] == "turn_asked":
                self.story.ask(request_of(who, session, line, lines[:place]))

    def _refusal(self, refused: Line) -> None:
        number, name = refused["phone_number"], refused["message_sid"]
        if number in self.play.people.values() and name not in self._refused:
            self._refused.add(name)
            self.story.noted.append(Noted(number, "text_refused", refused, self.ledger.step))

    def _hold(self, who: str, session: Line) -> None:
        """The rules of `never` about states, as far as the API shows them."""
        self._states[session["id"]] = (who, session["state"])
        for rule in self.play.never:
            if rule.kind == "state" and session["state"] in rule.value:
                self._break(rule, f"{self.story.name(who)} is {session['state']}")

    def _hold_lost(self, who: str, listed: set[str]) -> None:
        """No session that was open is gone."""
        gone = {
            name
            for name, (whose, state) in self._states.items()
            if whose == who and state != "ended" and name not in listed
        }
        for rule in self.play.never:
            if rule.kind == "a session is lost" and gone:
                self._break(rule, f"{self.story.name(who)}'s open session is gone")

    def _break(self, rule: Rule, got: str) -> None:
        if self.never.broken is None:
            reason = f"never happens: {rule.source or rule.kind}"
            self.never.broken = FailedError(rule.place, reason, "never", got)


class _Kept(httpx.AsyncBaseTransport):
    """A transport that outlives the client."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As the other's."""
        return await self._transport.handle_async_request(request)


def request_of(who: str, session: Line, asked: Line, before: list[Line]) -> dict[str, Any]:
    """A turn as far as a timeline tells it: enough for `bot was asked`."""
    data = asked["data"]
    words = next(_words(before), "") if data["input_type"] != "none" else ""
    return {
        "turn_id": data["turn_id"],
        "session_id": session["id"],
        "customer": {"phone_number": None if who == WITHHELD else who},
        "input": {"type": data["input_type"], "text": words},
        "event": data["event"],
        "event_data": _facts(before, data["event"]),
    }


def _words(lines: list[Line]) -> Iterator[str]:
    """What people said, the last first."""
    for line in reversed(lines):
        if line["type"] in HEARD:
            yield str(
                next(
                    (
                        line["data"][key]
                        for key in ("text", "digits", "pii.text", "pii.digits")
                        if key in line["data"]
                    ),
                    "",
                )
            )


def _facts(lines: list[Line], event: str | None) -> Line:
    found: Line = next((line["data"] for line in reversed(lines) if line["type"] == event), {})
    return found
