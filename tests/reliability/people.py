"""People with phones: what they do becomes webhooks, what they get is kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from orchestrator.core.effects import Continue, Document, HangUpCall, Listen, Say
from orchestrator.core.errors import StoreUnavailable
from orchestrator.core.events import (
    CallEnded,
    CallStarted,
    DocumentRequested,
    Event,
    SpeechHeard,
    TextReceived,
)
from orchestrator.core.events import VoiceRequest as Voiced
from tests.reliability import virtual
from tests.reliability.stage import NUMBER, LostError, Process, Stage

LONGEST = 60
"""Fetches in a row before a call counts as left hanging."""


@dataclass
class Call:
    """One call of a person: the newest document, and all words that were spoken into it."""

    sid: str
    document: Document | None = None
    heard: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    over: bool = False
    fetching: int = 0


@dataclass
class Person:
    """A customer with one number. Several calls at once are an office's phone."""

    stage: Stage
    number: str = "+15550101234"
    calls: list[Call] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    # ---- texts -----------------------------------------------------------------------------------
    async def text(self, body: str, sid: str = "") -> bool:
        """Send a text; whether the carrier could hand it over. Each body is sent once, or has a `sid`."""
        sid = sid or f"SMin-{body}"

        def made() -> TextReceived:  # anew for each request, as the edge does
            return TextReceived(id=sid, at=virtual.now(), message_sid=sid, number=NUMBER, body=body)

        try:
            await self.stage.webhook(lambda process: process.runner.take("support", self.number, made()))
        except LostError:
            return False
        self.sent.append(body)
        self.stage.acknowledged.append(sid)
        return True

    # ---- calls -----------------------------------------------------------------------------------
    async def call(self, sid: str = "CA1") -> Call:
        """Call, and play what is answered until we may speak."""
        call = Call(sid)
        self.calls.append(call)
        self.stage.carrier.ring[sid] = lambda document: self._ring(call, document)
        await self._request(
            call, lambda: CallStarted(id=f"{sid}:start", at=virtual.now(), call_sid=sid, number=NUMBER)
        )
        return call

    async def say(self, call: Call, words: str) -> None:
        """Speak to the newest document, if the call is still up."""
        while call.fetching:  # noqa: ASYNC110 - virtual time: polling costs nothing
            await asyncio.sleep(0.1)
        if call.over or call.document is None:
            return
        call.said.append(words)
        number = call.document.number
        await self._request(
            call,
            lambda: SpeechHeard(
                id=f"{call.sid}:{number}",
                at=virtual.now(),
                call_sid=call.sid,
                document=number,
                utterance=words,
            ),
        )

    async def hang_up(self, call: Call) -> None:
        """End the call, and have the carrier say so."""
        call.over = True
        self.stage.carrier.ring.pop(call.sid, None)
        sid = call.sid

        def event() -> CallEnded:
            return CallEnded(id=f"{sid}:end", at=virtual.now(), call_sid=sid)

        try:
            await self.stage.webhook(
                lambda process: process.runner.take("support", self.number, event(), call_sid=sid)
            )
        except LostError:
            return
        self.stage.acknowledged.append(f"{sid}:end")

    def _ring(self, call: Call, document: int) -> None:
        self.stage.spawn(self._fetch(call, document))

    async def _fetch(self, call: Call, document: int, rounds: int = 0) -> None:
        sid = call.sid
        await self._request(
            call,
            lambda: DocumentRequested(
                id=f"{sid}:r{document}.{rounds}",
                at=virtual.now(),
                call_sid=sid,
                document=document,
                round=rounds,
            ),
        )

    async def _request(self, call: Call, event: object) -> None:
        call.fetching += 1
        try:
            await self._play(call, event)
        finally:
            call.fetching -= 1

    async def _play(self, call: Call, event: object) -> None:
        for _ in range(LONGEST):
            document = await self._document(call, event)
            if document is None or call.over:
                return
            call.document = document
            call.heard += [verb.text for verb in document.verbs if isinstance(verb, Say)]
            if isinstance(document.ending, HangUpCall):
                await self.hang_up(call)
            if not isinstance(document.ending, Continue):
                return
            await asyncio.sleep(1.0)
            event = self._next_fetch(call.sid, document.number, document.ending.round)
        self.stage.faults.append(f"{call.sid} was left hanging")

    def _next_fetch(self, sid: str, number: int, rounds: int) -> object:
        return lambda: DocumentRequested(
            id=f"{sid}:r{number}.{rounds}", at=virtual.now(), call_sid=sid, document=number, round=rounds
        )

    async def _document(self, call: Call, event: object) -> Document | None:
        """The answer; a store that is away, or nobody there, ends the call as the edge does."""
        beside = bool(call.document and call.document.beside)
        assert callable(event)

        async def ask(process: Process) -> Document:
            return await process.runner.voice("support", self.number, event(), beside=beside)

        try:
            document = await self.stage.webhook(ask, repeats_5xx=False)
            await self._again(call, event(), document, beside=beside)
        except (StoreUnavailable, LostError):
            await self.hang_up(call)
            return None
        return document

    async def _again(self, call: Call, event: Event, first: Document, *, beside: bool) -> None:
        """The carrier repeats the request to another process: the answer must be the same one."""
        if isinstance(first.ending, Continue) or not isinstance(event, Voiced) or first.number == 0:
            return
        well = [process for process in self.stage.processes if process.gate.is_up][-1]
        if first.beside:
            beside = True
        second = await well.runner.voice("support", self.number, event, beside=beside)
        if second != first and isinstance(first.ending, Listen) and not isinstance(event, DocumentRequested):
            self.stage.faults.append(f"{event.id} repeated got document {second.number}, not {first.number}")
