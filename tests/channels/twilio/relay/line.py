"""A call's line for one socket, played by a test: documents go in, frames and events come out."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any, Self

from channels.twilio.integration import CallStyle
from channels.twilio.relay.frames import Frame
from channels.twilio.relay.session import Session
from orchestrator.core.effects import Document, Ending, Listen, Verb
from orchestrator.core.events import DocumentSpoken, Event
from orchestrator.core.manner import Manner
from orchestrator.core.session import Spoken
from orchestrator.ports.relay import CallNow, Ear
from tests.fakes.clock import FakeClock, settle

STYLE = CallStyle(
    public_url="https://voice.example.com", assistant="support", engine="relay", language="en-US"
)
FLOOR = Listen(timeout=7.0)


class Line:
    """`async with Line() as line`: a `CallLine`, and the carrier's side of the socket. `frames` are what was
    sent, `told` what the house was told.
    """

    def __init__(self, style: CallStyle = STYLE) -> None:
        self.clock = FakeClock()
        self.frames: list[dict[str, Any]] = []
        self.told: list[Event] = []
        self.waits: list[float] = []
        self._now = CallNow(Document(call_sid="CA1", number=0, ending=FLOOR), (), fresh=True)
        self._change = asyncio.Event()
        self.session = Session(
            self, "CA1", "socket", send=self._send, clock=self.clock, observe=self.waits.append, style=style
        )

    async def __aenter__(self) -> Self:
        self._task = asyncio.ensure_future(self.session.speak())
        await settle()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    # The house ------------------------------------------------------------------------------------
    async def commits(
        self,
        *verbs: Verb,
        ending: Ending = FLOOR,
        turn: str = "",
        manner: Manner | None = None,
        once: bool = False,
    ) -> None:
        """The call's next document."""
        number = self._now.newest.number + 1
        document = Document(call_sid="CA1", number=number, ending=ending, verbs=verbs, turn_id=turn)
        unsaid = (*self._now.unsaid, Spoken(document=number, verbs=verbs)) if verbs else self._now.unsaid
        self._now = CallNow(document, unsaid, fresh=number == 1, manner=manner or Manner(), once=once)
        self._change.set()
        await settle()

    async def look(self) -> CallNow | None:
        """As `CallLine`."""
        self._change = asyncio.Event()
        return self._now

    async def changed(self, seconds: float) -> None:
        """As `CallLine`."""
        change = asyncio.ensure_future(self._change.wait())
        timer = asyncio.ensure_future(self.clock.sleep(seconds))
        try:
            await asyncio.wait({change, timer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            change.cancel()
            timer.cancel()

    async def tell(self, event: Event) -> None:
        """As `CallLine`; what was spoken is not at risk any more."""
        self.told.append(event)
        if isinstance(event, DocumentSpoken):
            left = tuple(spoken for spoken in self._now.unsaid if spoken.document > event.document)
            self._now = replace(self._now, unsaid=left)

    def listen(self, ear: Ear) -> None:
        """As `CallLine`."""

    def leave(self, ear: Ear) -> None:
        """As `CallLine`."""

    # The carrier ----------------------------------------------------------------------------------
    async def _send(self, frame: str) -> None:
        self.frames.append(json.loads(frame))

    async def hears(self, frame: Frame) -> None:
        """A frame of the carrier's."""
        await self.session.hear(frame)
        await settle()

    @property
    def words(self) -> list[str]:
        """The words of every text that says something, and the addresses of sounds."""
        said = [frame.get("token", frame.get("source", "")).strip() for frame in self.frames]
        return [words for words in said if words]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The frames of a kind."""
        return [frame for frame in self.frames if frame["type"] == kind]

    @property
    def happened(self) -> list[str]:
        """The names of what the house was told, besides that words were spoken."""
        return [type(event).__name__ for event in self.told if not isinstance(event, DocumentSpoken)]
