"""The verbs that join a call to someone else: Dial, Refer, Connect."""

from __future__ import annotations

import asyncio
from typing import Protocol
from xml.etree.ElementTree import Element

from channels.simulator.errors import DocumentError
from channels.simulator.live import Connected, Fetch, LiveCall, Step
from channels.simulator.player import Verb
from channels.simulator.records import Call
from channels.simulator.twiml import Document
from channels.simulator.world import World

_DIAL_TIMEOUT = "30"  # Twilio: Dial, timeout
_SIP_CODES = {"busy": "486", "no-answer": "487", "failed": "404", "completed": "200"}


class Lines(Protocol):
    """What joining needs of the switchboard."""

    live: dict[str, LiveCall]
    connected: Connected | None

    def new_call(self, caller: str, to: str, *, direction: str, status: str, parent_sid: str = "") -> Call:
        """A call on record."""
        ...

    async def ring(self, live: LiveCall, seconds: float) -> str:
        """Ring a phone: `in-progress`, `busy` or `no-answer`."""
        ...

    def finish(self, live: LiveCall, status: str) -> None:
        """End a call, once."""
        ...

    async def hear(self, live: LiveCall, source: Fetch) -> None:
        """Play a document to a phone that has picked up."""
        ...


class Joining:
    """Those verbs, for one call. Who is dialed is a phone of the simulator if one was made for the
    address, or `World.rings_everywhere`; else `World.outcomes` says how it goes: `no-answer` unless set.
    """

    def __init__(self, world: World, live: LiveCall, switchboard: Lines) -> None:
        self._world = world
        self._live = live
        self._switchboard = switchboard
        self._before: Fetch | None = None
        self.verbs: dict[str, Verb] = {"Dial": self._dial, "Refer": self._refer, "Connect": self._connect}

    async def _dial(self, verb: Element, document: Document) -> Step | None:
        targets = _targets(verb)
        if not targets:
            raise DocumentError(13225, "Dial: nobody to dial", document.url)
        action = document.resolve(verb.get("action") or "") if verb.get("action") else ""
        method = verb.get("method", "POST")
        if action:
            self._live.farewell = Fetch(action, method, (("DialCallStatus", "completed"),))
        caller = verb.get("callerId") or self._live.call.caller
        first = verb[0] if len(verb) else verb
        before = Fetch(document.resolve(first.get("url", "")), first.get("method", "POST"))
        self._before = before if first.get("url") else None
        fields = await self._reach(targets[0], caller, float(verb.get("timeout", _DIAL_TIMEOUT)))
        self._live.farewell = None
        return Fetch(action, method, tuple(fields.items())) if action else None

    async def _reach(self, target: str, caller: str, seconds: float) -> dict[str, str]:
        child = self._switchboard.new_call(
            caller, target, direction="outbound-dial", status="ringing", parent_sid=self._live.call.sid
        )
        status = self._world.outcomes.get(target, "no-answer")
        if self._world.rings_everywhere and target not in self._world.outcomes:
            self._world.phone(target)
        if target in self._world.phones:
            status = await self._talk(LiveCall(child, over=asyncio.Event()), seconds)
        now = self._world.clock.now()
        child.status, child.ended_at = status, child.ended_at or now
        self._world.emit(
            "dialed", number=self._live.call.customer, call_sid=self._live.call.sid, status=status
        )
        bridged = status == "completed"
        fields = {"DialCallStatus": status, "DialCallSid": child.sid, "DialBridged": str(bridged).lower()}
        if bridged:
            fields["DialCallDuration"] = str(child.duration)
        if target.startswith("sip:"):
            fields["DialSipResponseCode"] = _SIP_CODES.get(status, "500")
        return fields

    async def _talk(self, child: LiveCall, seconds: float) -> str:
        self._switchboard.live[child.call.sid] = child
        self._world.phone(child.call.to).calls.append(child.call)
        try:
            status = await self._switchboard.ring(child, seconds)
            if status == "in-progress" and self._before is not None:
                await self._switchboard.hear(child, self._before)
            if status == "in-progress" and child.over is not None:
                await child.over.wait()
                return "completed"
            return status
        finally:
            self._switchboard.finish(child, "completed" if child.call.started_at else "no-answer")

    async def _refer(self, verb: Element, document: Document) -> Step | None:
        targets = _targets(verb)
        if not targets or not targets[0].startswith("sip:"):
            raise DocumentError(12200, "<Refer> needs one <Sip>", document.url)
        status = self._world.outcomes.get(targets[0], "completed")
        code = _SIP_CODES.get(status, "500")
        self._world.emit(
            "referred", number=self._live.call.customer, call_sid=self._live.call.sid, status=status
        )
        fields = {"ReferCallStatus": status, "ReferSipResponseCode": "202", "NotifySipResponseCode": code}
        if not verb.get("action"):
            return None
        return Fetch(
            document.resolve(verb.get("action", "")), verb.get("method", "POST"), tuple(fields.items())
        )

    async def _connect(self, verb: Element, document: Document) -> Step | None:
        if len(verb) != 1:
            raise DocumentError(12200, "<Connect> needs one noun", document.url)
        call, noun = self._live.call, verb[0]
        self._world.emit(
            "connect", number=call.customer, call_sid=call.sid, noun=noun.tag, attributes=dict(noun.attrib)
        )
        action = document.resolve(verb.get("action", "")) if verb.get("action") else ""
        if action:
            over = (("CallStatus", "completed"), ("SessionStatus", "completed"))
            self._live.farewell = Fetch(action, verb.get("method", "POST"), over)
        connected = self._switchboard.connected
        if connected is None:
            # Nobody plays the socket: the caller stays in it until hang-up or an update.
            await asyncio.get_running_loop().create_future()
            return None
        fields = await connected(call, noun)
        self._live.farewell = None
        return Fetch(action, verb.get("method", "POST"), tuple(fields.items())) if action else None


def _targets(verb: Element) -> list[str]:
    nouns = [(noun.text or "") for noun in verb] or [verb.text or ""]
    return [noun.strip().partition("?")[0] for noun in nouns if noun.strip()]
