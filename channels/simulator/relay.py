"""The carrier's side of ConversationRelay: speaks what comes as text, and tells what the caller does.

Frames as in Twilio's ConversationRelay WebSocket messages. A message against them is a fault (64107),
and the session goes on, as at Twilio.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from channels.simulator.live import LiveCall
from channels.simulator.records import Call, Heard
from channels.simulator.signing import signature, signed_url
from channels.simulator.sockets import Dial, Socket, SocketRefusedError
from channels.simulator.world import World

NOUN = "ConversationRelay"
SENT: Mapping[str, Mapping[str, type]] = {
    "text": {"token": str, "last": bool, "lang": str, "interruptible": bool, "preemptible": bool},
    "play": {"source": str, "loop": int, "preemptible": bool, "interruptible": bool},
    "sendDigits": {"digits": str},
    "language": {"ttsLanguage": str, "transcriptionLanguage": str},
    "end": {"handoffData": str},
}
"""What the application may send: fields by kind. The first of each is required, of `language` none."""


@dataclass(slots=True)
class RelayFloor:
    """What the caller says and presses while the socket is open: a `Floor` that stays open."""

    socket: Socket
    world: World
    inputs: frozenset[str]
    is_free: bool = True
    spoken: str = ""
    partial_url: str = ""
    interruptible: bool = True

    def speak(self, words: str, confidence: float | None) -> None:
        """The caller said something: it cuts short what is being spoken, if that may be."""
        del confidence  # the socket has none
        if self.spoken and self.interruptible:
            self.interrupt(self.spoken)
        self._send(type="prompt", voicePrompt=words[: len(words) // 2], lang="en-US", last=False)
        self._send(type="prompt", voicePrompt=words, lang="en-US", last=True)

    def begin(self) -> None:
        """The caller has said something: what is being spoken ends."""
        if self.spoken:
            self.interrupt(self.spoken)

    def overhear(self, words: str) -> None:
        """The caller is just saying something."""
        self.begin()
        self._send(type="prompt", voicePrompt=words, lang="en-US", last=False)

    def interrupt(self, heard: str) -> None:
        """The caller cut in, having heard so much."""
        self.spoken = ""
        self._send(type="interrupt", utteranceUntilInterrupt=heard, durationUntilInterruptMs=500)

    def press(self, keys: str) -> None:
        """Keys, one by one, if they are listened for."""
        for key in keys if "dtmf" in self.inputs else "":
            self._send(type="dtmf", digit=key)

    def run_out(self) -> None:
        """Silence is the application's to notice."""

    def _send(self, **frame: Any) -> None:
        self.world.spawn(self.socket.send(json.dumps(frame)))


class RelayClient:
    """Plays the noun of a <Connect>, as `live.Connected`."""

    def __init__(self, world: World, live: Mapping[str, LiveCall], dial: Dial) -> None:
        self._world = world
        self._live = live
        self._dial = dial
        self._open: dict[str, Socket] = {}

    async def __call__(self, call: Call, noun: Element) -> dict[str, str]:
        """Until the application ends it or the socket is gone; the fields of the action."""
        session = self._world.sid("VX")
        url = noun.get("url", "")
        headers = {"X-Twilio-Signature": signature(self._world.auth_token, signed_url(url, voice=True))}
        try:
            socket = await self._dial(url, headers)
        except SocketRefusedError:
            self._world.fault("64102 cannot connect to the WebSocket", call_sid=call.sid)
            return _over(session, "failed", ErrorCode="64102")
        self._open[call.sid] = socket
        try:
            return await self._talk(call, noun, socket, session)
        finally:
            self._open.pop(call.sid, None)
            self._world.spawn(socket.close())

    def drop(self, call_sid: str) -> None:
        """The connection of a call's socket is lost."""
        self._world.spawn(self._open[call_sid].close())

    async def _talk(self, call: Call, noun: Element, socket: Socket, session: str) -> dict[str, str]:
        await socket.send(json.dumps(_setup(call, session, self._world.account_sid)))
        live = self._live[call.sid]
        keys = {"dtmf"} if noun.get("dtmfDetection") == "true" else set()
        cuts = noun.get("interruptible", "any") in {"any", "speech", "true"}
        floor = RelayFloor(socket, self._world, frozenset({"speech"} | keys), interruptible=cuts)
        live.floor = floor  # type: ignore[assignment]  # it does what a Gather's floor does, and stays
        self._world.emit("listening", number=call.customer, call_sid=call.sid)
        try:
            return await self._hear_out(call, socket, floor, session)
        finally:
            if live.floor is floor:  # type: ignore[comparison-overlap]  # as above
                live.floor = None

    async def _hear_out(self, call: Call, socket: Socket, floor: RelayFloor, session: str) -> dict[str, str]:
        """What the application sends, until it ends the socket or the socket is gone."""
        tokens, cuts = "", floor.interruptible
        while (text := await socket.receive()) is not None:
            frame = self._checked(text, call)
            if frame.get("type") == "text":
                tokens += frame["token"]
                floor.spoken, floor.interruptible = tokens, frame.get("interruptible", cuts)
                if frame.get("last"):
                    self._hear(call, " ".join(tokens.split()), "say")
                    tokens = floor.spoken = ""
            elif frame.get("type") == "play":
                self._hear(call, frame["source"], "play")
            elif frame.get("type") == "language":
                self._world.emit("language", number=call.customer, call_sid=call.sid, languages=frame)
            elif frame.get("type") == "end":
                self._hear(call, " ".join(tokens.split()), "say")
                return _over(session, "ended", HandoffData=frame.get("handoffData", ""))
        self._hear(call, " ".join(tokens.split()), "say")
        return _over(session, "failed", ErrorCode="39001", ErrorMessage="Network connection failed")

    def _checked(self, text: str, call: Call) -> dict[str, Any]:
        try:
            frame = json.loads(text)
        except ValueError:
            frame = None
        fields = SENT.get(frame.get("type", "")) if isinstance(frame, dict) else None
        if fields is None or not isinstance(frame, dict) or not _fits(frame, fields):
            self._world.fault("64107 not a message of ConversationRelay", call_sid=call.sid)
            return {}
        return frame

    def _hear(self, call: Call, text: str, kind: str) -> None:
        if not text:
            return
        self._world.phone(call.customer).heard.append(Heard(text, call.sid, self._world.clock.now(), kind))
        self._world.emit("heard", number=call.customer, call_sid=call.sid, text=text, sound=kind)


def connected(relay: RelayClient) -> Any:
    """A `live.Connected` that plays this noun only; in any other the caller stays."""

    async def play(call: Call, noun: Element) -> dict[str, str]:
        if noun.tag == NOUN:
            return await relay(call, noun)
        await asyncio.get_running_loop().create_future()
        return {}

    return play


def _fits(frame: Mapping[str, Any], fields: Mapping[str, type]) -> bool:
    given = {name: value for name, value in frame.items() if name != "type"}
    needed = next(iter(fields))
    typed = all(name in fields and isinstance(value, fields[name]) for name, value in given.items())
    return typed and (needed in given or frame["type"] in {"language", "end"})


def _setup(call: Call, session: str, account_sid: str) -> dict[str, Any]:
    return {
        "type": "setup",
        "sessionId": session,
        "accountSid": account_sid,
        "parentCallSid": "",
        "callSid": call.sid,
        "from": call.caller,
        "to": call.to,
        "forwardedFrom": "",
        "callType": "PSTN",
        "callerName": "",
        "direction": call.direction,
        "callStatus": "RINGING" if call.direction == "inbound" else "IN-PROGRESS",
        "customParameters": {},
    }


def _over(session: str, status: str, **more: str) -> dict[str, str]:
    return {"SessionId": session, "SessionStatus": status, "SessionDuration": "1", **more}
