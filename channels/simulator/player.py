"""Plays the documents of one call, verb by verb, until the call ends or is taken elsewhere.

Say and Play take no time unless the simulator is told a pace; Pause and silence take clock time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from xml.etree.ElementTree import Element

from channels.simulator import forms, twiml
from channels.simulator.errors import DocumentError
from channels.simulator.floor import Floor, Given, Keys, Nothing, Speech
from channels.simulator.live import End, Fetch, Inline, LiveCall, Source, Step
from channels.simulator.records import Heard
from channels.simulator.twiml import Document
from channels.simulator.webhooks import Hook, Webhooks
from channels.simulator.world import World

Verb = Callable[[Element, Document], Awaitable[Step | None]]
APOLOGY = "An application error has occurred. Goodbye."
HAMMERING = 25
"""Redirects in a row, within one second of the clock, that are reported as a loop."""
_SAY_LIMIT = 4096  # characters, Twilio warning 13521


class Player:
    """One call's player. `connect` are the verbs that join the call to others, by name."""

    def __init__(
        self,
        world: World,
        webhooks: Webhooks,
        live: LiveCall,
        connect: dict[str, Verb],
        seconds_per_word: float = 0.0,
    ) -> None:
        self._world = world
        self._webhooks = webhooks
        self._live = live
        self._seconds_per_word = seconds_per_word
        self._redirects: list[float] = []
        self._sounded = False
        self._verbs: dict[str, Verb] = {
            "Say": self._say,
            "Play": self._play,
            "Pause": self._pause,
            "Gather": self._gather,
            "Redirect": self._redirect,
            "Hangup": self._hang_up,
            "Reject": self._reject,
            **connect,
        }

    async def play(self, source: Source) -> str:
        """Play from `source` on; the final status of the call."""
        step: Step = source
        while not isinstance(step, End):
            source = step
            try:
                step = await self._round(source)
            except DocumentError as error:
                step = self._failed(error, source)
        return step.status

    async def _round(self, source: Source) -> Step:
        document = await self._load(source)
        if code := self._world.trouble.take_document_error():
            raise DocumentError(code, "the document cannot be played")
        for verb in document.verbs:
            if verb.tag != "Reject":
                self._answer()
            step = await self._verbs[verb.tag](verb, document)
            if step is not None:
                return step
        self._answer()
        return End()

    # Documents ----------------------------------------------------------------------------------
    async def _load(self, source: Source) -> Document:
        if isinstance(source, Inline):
            return twiml.read(source.twiml, "")
        if source.is_redirect:
            await self._no_hammering(source.url)
        call = self._live.call
        form = forms.voice(self._world.account_sid, call) | dict(source.extra)
        hook = Hook("voice", source.url, source.method, form, call.customer, call.sid)
        answer = await self._webhooks.ask(hook)
        twiml.check_content_type(answer.content_type)
        return twiml.read(answer.body, source.url.partition("#")[0])

    def _failed(self, error: DocumentError, source: Source) -> Step:
        call = self._live.call
        self._world.fault(str(error), call_sid=call.sid)
        is_fallback = isinstance(source, Fetch) and source.is_fallback
        if call.fallback_url and not is_fallback:
            failed = source.url if isinstance(source, Fetch) else ""
            extra = (("ErrorCode", str(error.code)), ("ErrorUrl", failed))
            return Fetch(call.fallback_url, call.fallback_method, extra, is_fallback=True)
        self._hear(APOLOGY, "carrier")
        return End("failed")

    async def _no_hammering(self, url: str) -> None:
        """Redirects without a pause in between never end: reported, unless a sound was played,
        which takes its own time in truth.
        """
        now = self._world.clock.now()
        self._redirects = [at for at in self._redirects if now - at < 1.0] + [now]
        if len(self._redirects) <= HAMMERING:
            return
        if not self._sounded:
            raise DocumentError(11215, f"{HAMMERING} redirects within a second", url)
        await self._world.clock.sleep(1.0)

    def _answer(self) -> None:
        call = self._live.call
        if call.status == "ringing":
            call.status, call.started_at = "in-progress", self._world.clock.now()
            self._world.emit("call_answered", number=call.customer, call_sid=call.sid)

    # Sounds -------------------------------------------------------------------------------------
    async def _say(self, verb: Element, _document: Document) -> None:
        text = " ".join("".join(verb.itertext()).split())
        if not text or len(text) > _SAY_LIMIT:
            self._world.fault("13520 Say: no text" if not text else "13521 Say: too long", call_sid=self._sid)
        for _ in range(max(1, int(verb.get("loop", "1")))):
            self._hear(text, "say")
            await self._pass(len(text.split()) * self._seconds_per_word)
        await self._endless(verb)

    async def _play(self, verb: Element, document: Document) -> None:
        if not verb.get("digits"):
            self._sounded = True
            self._hear(document.resolve(verb.text or ""), "play")
        await self._endless(verb)

    async def _endless(self, verb: Element) -> None:
        """`loop="0"` goes on until the call is taken elsewhere."""
        if verb.get("loop") == "0":
            self._open_early()
            await asyncio.get_running_loop().create_future()

    async def _pause(self, verb: Element, _document: Document) -> None:
        await self._pass(float(verb.get("length", "1")))

    async def _pass(self, seconds: float) -> None:
        if seconds > 0:
            self._open_early()
            await self._world.clock.sleep(seconds)

    def _hear(self, text: str, kind: str) -> None:
        call = self._live.call
        heard = Heard(text, call.sid, self._world.clock.now(), kind)
        self._world.phone(call.customer).heard.append(heard)
        self._world.emit("heard", number=call.customer, call_sid=call.sid, text=text, sound=kind)

    @property
    def _sid(self) -> str:
        return self._live.call.sid

    # Gather -------------------------------------------------------------------------------------
    async def _gather(self, verb: Element, document: Document) -> Step | None:
        action = document.resolve(verb.get("action") or document.url)
        self._waiting_floor = floor = Floor(verb)
        floor.partial_url = floor.partial_url and document.resolve(floor.partial_url)
        try:
            given = await self._listen(floor, verb, document)
        finally:
            self._waiting_floor = self._live.floor = None
        self._redirects.clear()
        method = verb.get("method", "POST")
        match given:
            case Speech(words, confidence):
                return Fetch(action, method, tuple(forms.speech(words, confidence).items()))
            case Keys(digits, finished_on):
                return Fetch(action, method, tuple(forms.digits(digits, finished_on).items()))
            case Nothing():
                if verb.get("actionOnEmptyResult") == "true":
                    return Fetch(action, method, tuple(forms.digits("", "").items()))
                return None

    async def _listen(self, floor: Floor, verb: Element, document: Document) -> Given:
        """The prompt, then silence, and the first thing given during either."""
        time_out = asyncio.ensure_future(self._prompt(floor, verb, document))
        try:
            waiting: set[asyncio.Future[Any]] = {time_out, floor.begun, floor.given}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            time_out.cancel()
            await asyncio.gather(time_out, return_exceptions=True)
        if floor.begun.done():
            await floor.given
        elif not floor.given.done():
            time_out.result()  # tells of an error in the prompt
            floor.run_out()
        return floor.given.result()

    async def _prompt(self, floor: Floor, verb: Element, document: Document) -> None:
        for child in verb:
            await self._verbs[child.tag](child, document)
        self._open(floor)
        await self._world.clock.sleep(floor.timeout)

    _waiting_floor: Floor | None = None

    def _open_early(self) -> None:
        """The caller may cut in as soon as a prompt takes time."""
        if self._waiting_floor is not None and self._waiting_floor.barge_in:
            self._open(self._waiting_floor)

    def _open(self, floor: Floor) -> None:
        if self._live.floor is None:
            self._live.floor = floor
            call = self._live.call
            self._world.emit("listening", number=call.customer, call_sid=call.sid)

    # Ends ---------------------------------------------------------------------------------------
    async def _redirect(self, verb: Element, document: Document) -> Step:
        url = document.resolve(verb.text or document.url)
        return Fetch(url, verb.get("method", "POST"), is_redirect=True)

    async def _hang_up(self, _verb: Element, _document: Document) -> Step:
        return End()

    async def _reject(self, verb: Element, _document: Document) -> Step | None:
        if self._live.call.status != "ringing":
            raise DocumentError(12200, "<Reject> comes before anything else")
        return End("busy" if verb.get("reason") == "busy" else "failed")
