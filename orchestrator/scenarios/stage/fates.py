"""How texts end that the carrier took: open until the play decides, delivered when it is over."""

from __future__ import annotations

import asyncio

from channels.simulator.records import Message
from channels.simulator.trouble import Fate


class Fates:
    """`channels.simulator` asks it for the fate of each text."""

    def __init__(self) -> None:
        self._open: dict[str, asyncio.Future[Fate | None]] = {}

    async def __call__(self, message: Message) -> Fate | None:
        """The fate of a text, once it is decided."""
        decided: asyncio.Future[Fate | None] = asyncio.get_running_loop().create_future()
        self._open[message.sid] = decided
        return await decided

    def decide(self, sid: str, fate: Fate | None) -> bool:
        """End a text; False if that was done before."""
        decided = self._open.pop(sid, None)
        if decided is None or decided.done():
            return False
        decided.set_result(fate)
        return True

    def deliver_all(self) -> None:
        """All that are open are delivered."""
        for sid in list(self._open):
            self.decide(sid, None)
