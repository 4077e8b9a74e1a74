"""One socket's part of a call: it says what is committed, and tells what the caller does.

Nothing is decided here. The speaking side looks at the call whenever something was committed, once a
second at least, and waits for silences; the hearing side takes the carrier's frames.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

from channels.twilio.integration import CallStyle
from channels.twilio.relay import frames
from channels.twilio.relay.frames import Frame, Interrupt, Key, Prompt
from channels.twilio.relay.keypad import Keypad
from channels.twilio.relay.mouth import Mouth, Send
from channels.twilio.relay.tuning import Tuning
from orchestrator.core.effects import Continue, Ending, Listen, Play, Say
from orchestrator.core.events import DigitsPressed, DocumentSpoken, SilenceHeard, SpeechHeard
from orchestrator.core.items import Item
from orchestrator.ports import Clock
from orchestrator.ports.relay import CallLine, CallNow

LOOK = 1.0
"""Seconds at most between two looks at the call: a hint may be lost."""
LISTEN = Listen(timeout=7.0)
"""How keys are gathered while no document says it."""

Observe = Callable[[float], None]
"""Told of the seconds from the end of an utterance to the first word of its answer."""


class Session:
    """A `ports.relay.Ear` on one side, the carrier's socket on the other. `name` makes its events' ids."""

    def __init__(
        self,
        line: CallLine,
        call_sid: str,
        name: str,
        *,
        send: Send,
        clock: Clock,
        observe: Observe,
        style: CallStyle,
    ) -> None:
        self._line = line
        self._call_sid = call_sid
        self._name = name
        self._numbers = count()
        self._send = send
        self._clock = clock
        self._observe = observe
        self._style = style
        self._welcome = style.welcome_message
        self._tuning = Tuning(style)
        self._mouth = Mouth(self._timed, clock, self._tuning)
        self._keypad = Keypad()
        self._woken = asyncio.Event()
        self._once = False
        self._tells = False
        self._played = 0
        self._ending: Ending = Continue()
        self._answering = True
        self._cut: str | None = None
        self._asked_at: float | None = None

    # Speaking ------------------------------------------------------------------------------------
    async def speak(self) -> None:
        """Until the call is over, or was handed back to the carrier."""
        self._line.listen(self)
        try:
            while (now := await self._line.look()) is not None:
                await self._catch_up(now)
                await self._mouth.go_on()
                await self._tell_what_was_said()
                if await self._is_left():
                    return
                await self._tell_what_is_due()
                await self._wait()
        finally:
            self._line.leave(self)

    def item(self, turn_id: str, place: int, item: Item) -> None:
        """An item of an answer that is still coming. How it is spoken must not change with the answer."""
        changes = self._once and self._answering
        if not changes and self._mouth.ahead(turn_id, place, item):
            self._woken.set()

    async def _wait(self) -> None:
        """Until the call has changed, or something is to be done; what comes ahead is said meanwhile."""
        changed = asyncio.ensure_future(self._line.changed(self._patience()))
        woken = asyncio.ensure_future(self._woken.wait())
        try:
            while not changed.done():
                await asyncio.wait({changed, woken}, return_when=asyncio.FIRST_COMPLETED)
                if self._woken.is_set():
                    self._woken.clear()
                    woken = asyncio.ensure_future(self._woken.wait())
                    await self._mouth.go_on()
        finally:
            changed.cancel()
            woken.cancel()
            await asyncio.gather(changed, woken, return_exceptions=True)

    async def _catch_up(self, now: CallNow) -> None:
        """Take what is committed and not said yet."""
        newest, self._once = now.newest, now.once
        if newest.number > self._played:
            tuned = self._tuning.follow(now)
            if tuned:
                await self._send(tuned)
        if self._welcome and now.fresh:
            await self._mouth.say_now(self._welcome)
        self._welcome = ""
        if newest.number > self._played:
            await self._take(now)

    async def _take(self, now: CallNow) -> None:
        newest = now.newest
        waits = isinstance(newest.ending, Continue)
        verbs = tuple(
            verb for spoken in now.unsaid if spoken.document > self._played for verb in spoken.verbs
        )
        has_begun = self._mouth.has_begun(newest.turn_id)  # then a filler would stand between its words
        filler = waits and has_begun and verbs == (Say(text=self._style.filler_message),)
        said = not filler and self._mouth.put(verbs, turn_id=newest.turn_id, more=waits and not verbs)
        if said and waits and self._style.hold_audio:
            self._mouth.add(Play(url=self._style.hold_audio, loop=0))
        if not waits:
            self._mouth.forget(newest.turn_id)
            if not verbs:
                self._asked_at = None  # the answer is that nothing is said
        self._played, self._ending, self._answering = newest.number, newest.ending, waits
        self._tells = self._tells or bool(verbs)

    async def _tell_what_was_said(self) -> None:
        if self._tells and not self._mouth.is_busy:
            self._tells = False
            await self._line.tell(DocumentSpoken(**self._facts()))

    async def _is_left(self) -> bool:
        """Whether the document ends the socket's part, and its words are over: then the carrier is told."""
        if isinstance(self._ending, Listen | Continue):
            return False
        if self._mouth.is_busy or self._clock.now() < self._mouth.quiet_at:
            return False
        await self._send(frames.end(self._played))
        return True

    def _patience(self) -> float:
        """Seconds until there is something to do by itself."""
        due = [LOOK + (now := self._clock.now())]
        if self._mouth.is_busy:
            due.append(self._mouth.resume_at)
        if not isinstance(self._ending, Listen | Continue):
            due.append(self._mouth.quiet_at)
        if not self._keypad.is_empty:
            due.append(self._keypad.due(self._listen))
        elif self._waits_for_caller:
            due.append(self._mouth.quiet_at + self._listen.timeout)
        return max(0.01, min(due) - now)

    @property
    def _waits_for_caller(self) -> bool:
        """Whether the caller has the floor, and silence counts. An endless sound is waited with, not for."""
        listens = isinstance(self._ending, Listen) and not self._answering
        return listens and self._keypad.is_empty and not self._mouth.is_busy and not self._mouth.looping

    async def _say_filler(self) -> None:
        """What was said waits behind another turn: nothing is committed that would say so. Later than the
        filler of a turn that is being answered, which is the house's.
        """
        limit = self._style.voice_budget
        if self._asked_at is not None and self._clock.now() >= self._asked_at + limit:
            self._asked_at = None  # the figures count answers, not fillers
            if self._style.filler_message:
                await self._mouth.say_now(self._style.filler_message)

    async def _tell_what_is_due(self) -> None:
        await self._say_filler()
        now = self._clock.now()
        if not self._keypad.is_empty and now >= self._keypad.due(self._listen):
            await self._pressed(self._keypad.take())
        elif self._waits_for_caller and now >= self._mouth.quiet_at + self._listen.timeout:
            self._answering = True
            self._mouth.quiet_at = now  # the next silence is counted from here: nothing may be said meanwhile
            await self._line.tell(SilenceHeard(**self._facts()))

    # Hearing -------------------------------------------------------------------------------------
    async def hear(self, frame: Frame) -> None:
        """One frame of the carrier's, after `setup`."""
        match frame:
            case Prompt(words, last):
                await self._heard(words, last=last)
            case Key(digit) if self._takes_keys:
                keys = self._keypad.press(digit, self._listen, self._clock.now())
                if keys:
                    await self._pressed(keys)
            case Interrupt(heard):
                self._cut = heard
                self._mouth.stop()
                self._woken.set()

    async def _heard(self, words: str, *, last: bool) -> None:
        self._mouth.quiet_at = max(self._mouth.quiet_at, self._clock.now())  # no silence while words come
        if not last or not words or not self._listen.speech:
            return
        self._keypad.take()
        self._ask()
        event = SpeechHeard(**self._facts(), utterance=words, cut=self._cut)
        self._cut = None
        await self._line.tell(event)

    async def _pressed(self, keys: str) -> None:
        self._ask()
        event = DigitsPressed(**self._facts(), digits=keys, cut=self._cut)
        self._cut = None
        await self._line.tell(event)

    def _ask(self) -> None:
        self._answering = True
        self._asked_at = self._clock.now()

    @property
    def _takes_keys(self) -> bool:
        """Whether keys count now: where they may not cut words short, only once these are over."""
        listen = self._listen
        return listen.keys and (listen.key_barge_in or self._clock.now() >= self._mouth.quiet_at)

    @property
    def _listen(self) -> Listen:
        return self._ending if isinstance(self._ending, Listen) else LISTEN

    def _facts(self) -> dict[str, Any]:
        """What every event of the caller's has: the document is the last one that was said."""
        return {
            "id": f"{self._call_sid}:{self._name}.{next(self._numbers)}",
            "at": self._clock.now(),
            "call_sid": self._call_sid,
            "document": self._played,
        }

    async def _timed(self, frame: str) -> None:
        """Send a frame of speech; the first after an utterance ends the caller's wait."""
        if self._asked_at is not None:
            self._observe(self._clock.now() - self._asked_at)
            self._asked_at = None
        await self._send(frame)
