"""A customer's phone, driven by a test, the demo or the console."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from channels.simulator.floor import Floor
from channels.simulator.live import LiveCall
from channels.simulator.records import LIVE, Call, Heard, Message, ReceivedText
from channels.simulator.switchboard import Switchboard
from channels.simulator.texting import Texting
from channels.simulator.world import World

PATIENCE = 20.0
"""Real seconds after which a wait is given up with an account of what the phone has seen."""


class HandsetError(AssertionError):
    """The phone cannot do that now, or waited in vain. An AssertionError, as it fails a test."""


class Handset:
    """One phone: what it does, and in `heard`, `received` and `calls` what it experienced.

    Methods wait for what they need: `say` and `press` for the floor, `answer` for the ringing.
    """

    def __init__(self, number: str, world: World, switchboard: Switchboard, texting: Texting) -> None:
        self.number = number
        self._world = world
        self._switchboard = switchboard
        self._texting = texting
        self._phone = world.phone(number)

    # What it experienced ------------------------------------------------------------------------
    @property
    def heard(self) -> list[Heard]:
        """Everything heard, in order: words, addresses of sounds, announcements of the carrier."""
        return self._phone.heard

    @property
    def spoken(self) -> list[str]:
        """The words heard, in order."""
        return [heard.text for heard in self._phone.heard if heard.kind == "say"]

    @property
    def received(self) -> list[ReceivedText]:
        """The texts received, in order, the carrier's own among them."""
        return self._phone.received

    @property
    def texts(self) -> list[str]:
        """The bodies of the texts that the application sent."""
        return [text.body for text in self._phone.received if not text.by_carrier]

    @property
    def calls(self) -> list[Call]:
        """Every call from and to this phone."""
        return self._phone.calls

    @property
    def call_state(self) -> str:
        """Twilio's status of the present or last call, `ringing` for one not picked up, `idle` if none."""
        return self._phone.calls[-1].status if self._phone.calls else "idle"

    @property
    def is_ringing(self) -> bool:
        """Whether a call to it waits to be picked up."""
        return bool(self._phone.ringing)

    @property
    def is_listened_to(self) -> bool:
        """Whether a Gather is open: the phone has the floor."""
        live = self._live()
        return live is not None and live.floor is not None and live.floor.is_free

    def set_answers(self, answers: bool | None, *, is_machine: bool = False) -> None:
        """How calls to it are met: True picked up, False declined, None rings until told."""
        self._phone.answers, self._phone.is_machine = answers, is_machine

    # Calls --------------------------------------------------------------------------------------
    async def call(self, to: str) -> Call:
        """Call `to`. Returns once the carrier has the call; its first document is being fetched. A
        phone in a call makes a second one, as an office's main number does, and drives the newest.
        """
        return self._switchboard.incoming(self.number, to).call

    async def say(
        self, words: str, confidence: float | None = 0.9, *, wait: bool = True, recognised_in: float = 0.0
    ) -> bool:
        """Say something once the call listens for speech. Without `wait` it is said now, and lost
        (False) if nobody listens. The recogniser knows the words after `recognised_in` seconds of the
        clock; a document that replaces the present one meanwhile takes them away.
        """
        floor = await self._floor("speech", wait=wait)
        if floor is None:
            return False
        self._emit("said", words)
        if recognised_in:
            floor.begin()
            self._world.spawn(self._recognised(floor, words, confidence, recognised_in))
            return True
        floor.speak(words, confidence)
        return True

    async def _recognised(self, floor: Floor, words: str, confidence: float | None, seconds: float) -> None:
        await self._world.clock.sleep(seconds)
        floor.speak(words, confidence)

    async def begin_to_say(self, words: str) -> None:
        """Say the beginning of something, once the call listens for speech: the rest may follow by `say`."""
        floor = await self._floor("speech", wait=True)
        if floor is not None:
            self._emit("began", words)
            await self._switchboard.overhear(self._must_live(), floor, words)

    async def press(self, keys: str, *, wait: bool = True) -> bool:
        """Press keys, and no more after them, once the call listens for keys."""
        if not keys or set(keys) - set("0123456789*#"):
            raise HandsetError(f"no such keys: {keys!r}")
        floor = await self._floor("dtmf", wait=wait)
        if floor is None:
            return False
        self._emit("pressed", keys)
        floor.press(keys)
        return True

    async def stay_silent(self) -> None:
        """Say nothing until the open Gather gives up: its time is over at once."""
        floor = await self._floor("", wait=True)
        if floor is not None:
            self._emit("silent", "")
            floor.run_out()

    async def hang_up(self) -> None:
        """End the call from this side."""
        self._switchboard.hang_up(self._must_live())

    async def drop(self) -> None:
        """Lose the connection: nothing but the call's status is reported."""
        self._switchboard.hang_up(self._must_live(), quietly=True)

    async def answer(self) -> Call:
        """Pick up, once it rings."""
        return await self._pick_up(yes=True)

    async def decline(self) -> Call:
        """Decline, once it rings: the caller finds it busy."""
        return await self._pick_up(yes=False)

    async def ignore(self) -> Call:
        """Let it ring in vain, once it rings: its time is over at once."""
        return await self._pick_up(yes=None)

    async def _pick_up(self, *, yes: bool | None) -> Call:
        await self.wait_until(lambda: bool(self._phone.ringing), "a call to ring")
        live = self._switchboard.live[self._phone.ringing[-1]]
        if live.picked_up is not None and not live.picked_up.done():
            live.picked_up.set_result(yes)
        await self.wait_until(lambda: live.call.status != "ringing", "the call to be connected")
        return live.call

    # Texts --------------------------------------------------------------------------------------
    async def text(
        self, body: str, *, to: str, media: Sequence[str] = (), pictures: Sequence[str] = ()
    ) -> Message:
        """Send a text, with addresses of `media`, or with `pictures` that the carrier keeps. Returns once the
        application's webhook has answered.
        """
        return await self._texting.incoming(self.number, to, body, media, pictures)

    # Waiting ------------------------------------------------------------------------------------
    async def wait_until(
        self, holds: Callable[[], bool], what: str = "it", *, within: float = PATIENCE
    ) -> None:
        """Return once `holds()` is true; it is asked at every change. `within` are real seconds."""
        try:
            async with asyncio.timeout(within):
                await self._phone.bell.until(holds)
        except TimeoutError:
            raise HandsetError(f"waited {within:g} s in vain for {what}; {self.account()}") from None

    async def hears(self, words: str, *, within: float = PATIENCE) -> Heard:
        """The first thing heard that holds `words`, once it is heard."""
        await self.wait_until(
            lambda: any(words in line.text for line in self.heard), repr(words), within=within
        )
        return next(line for line in self.heard if words in line.text)

    async def receives(self, words: str, *, within: float = PATIENCE) -> ReceivedText:
        """The first text received that holds `words`, once it is here."""
        await self.wait_until(
            lambda: any(words in text.body for text in self.received), repr(words), within=within
        )
        return next(text for text in self.received if words in text.body)

    async def is_asked(self, *, within: float = PATIENCE) -> None:
        """Return once the phone has the floor."""
        await self.wait_until(lambda: self.is_listened_to, "the floor", within=within)

    async def is_over(self, *, within: float = PATIENCE) -> str:
        """The final status of the call, once it has ended."""
        await self.wait_until(lambda: self.call_state not in LIVE, "the end of the call", within=within)
        return self.call_state

    def account(self) -> str:
        """What the phone has seen, for an error."""
        heard = [line.text for line in self.heard[-5:]]
        texts = [text.body for text in self.received[-5:]]
        return f"call {self.call_state}, heard {heard}, texts {texts}, faults {self._world.faults[-5:]}"

    # Inside -------------------------------------------------------------------------------------
    def _live(self) -> LiveCall | None:
        """The call that the phone is in: the newest of those that are up."""
        for call in reversed(self._phone.calls):
            if call.sid in self._switchboard.live:
                return self._switchboard.live[call.sid]
        return None

    def _must_live(self) -> LiveCall:
        live = self._live()
        if live is None:
            raise HandsetError(f"the phone is in no call; {self.account()}")
        return live

    async def _floor(self, kind: str, *, wait: bool) -> Floor | None:
        """The open Gather that takes this kind of input, any if `kind` is empty."""
        if not wait:
            return self._open_floor(kind)
        self._must_live()
        await self.wait_until(
            lambda: self._open_floor(kind) is not None or self._live() is None,
            f"the floor for {kind or 'silence'}",
        )
        floor = self._open_floor(kind)
        if floor is None:
            raise HandsetError(f"the call ended before it listened; {self.account()}")
        return floor

    def _open_floor(self, kind: str) -> Floor | None:
        live = self._live()
        if live is None or live.floor is None or not live.floor.is_free:
            return None
        return live.floor if not kind or kind in live.floor.inputs else None

    def _emit(self, what: str, words: str) -> None:
        live = self._live()
        call_sid = live.call.sid if live else ""
        self._world.emit(what, number=self.number, call_sid=call_sid, text=words)
