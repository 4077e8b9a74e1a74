"""What a socket says: a script of verbs, performed in order. Silences between words are waited for by
whoever calls `go_on`, so that a newer document need not wait for them.

An item that was said while its answer came is not said again when the answer is committed. Nothing
tells when the carrier has finished speaking, so that it is reckoned from the words.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from channels.twilio.relay import ahead, frames
from channels.twilio.relay.tuning import Tuning
from orchestrator.core.effects import Play, Say, Silence, Tones, Verb
from orchestrator.core.items import Item
from orchestrator.ports import Clock

SECONDS_A_WORD = 0.4
"""150 words a minute, an unhurried voice."""
SECONDS_A_SOUND = 10.0
"""A sound's length is not known; one that is longer may be talked into."""
HUSH = " "
"""Words that cut an endless sound short and say nothing."""

Send = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Line:
    """One verb of the script; `last` closes the talk cycle, `is_ahead` is of an answer that is still coming."""

    verb: Verb
    last: bool = False
    is_ahead: bool = False


class Mouth:
    """Speaks in order. `quiet_at` is when what was said so far is reckoned to be over, `resume_at` when
    the rest of the script goes on (Unix seconds); `looping` is the endless sound that plays, if any.
    """

    def __init__(self, send: Send, clock: Clock, tuning: Tuning) -> None:
        self._send = send
        self._clock = clock
        self._tuning = tuning
        self._script: deque[Line] = deque()
        self._coming = ahead.Coming("")
        self._over: deque[str] = deque(maxlen=8)  # turns; an item of theirs may come late from elsewhere
        self._muted = ""
        self._open = False
        self.looping = ""
        self.quiet_at = self.resume_at = clock.now()

    @property
    def is_busy(self) -> bool:
        """Whether something is left to say, behind a silence."""
        return bool(self._script)

    # An answer on its way ------------------------------------------------------------------------
    def ahead(self, turn_id: str, place: int, item: Item) -> bool:
        """Take an item that may be said before its answer is whole; whether there is something to say."""
        if turn_id in self._over:
            return False
        if turn_id != self._coming.turn_id:
            self._coming = ahead.Coming(turn_id)
            self._drop()
        verb = self._coming.take(place, item)
        if verb is None or turn_id == self._muted:
            return False
        self._script.append(Line(verb, is_ahead=True))
        return True

    def has_begun(self, turn_id: str) -> bool:
        """Whether something of this turn's answer was said while it came."""
        return bool(self._coming.said) and turn_id == self._coming.turn_id

    def stop(self) -> None:
        """The caller cut in: what is left, and what is coming of the answer, is not said."""
        self._muted = self._coming.turn_id
        self._drop()
        self._open, self.looping = False, ""
        self.quiet_at = self._clock.now()

    def _drop(self) -> None:
        """What a pause kept back is not said any more, and nothing waits for the pause."""
        self._script.clear()
        self.resume_at = self._clock.now()

    # What was decided ----------------------------------------------------------------------------
    def put(self, verbs: tuple[Verb, ...], *, turn_id: str, more: bool) -> bool:
        """Take verbs of committed documents but those that were said ahead; whether there are any. They
        replace what is left of the script. `more` leaves the talk cycle open for what follows.
        """
        if more and not verbs:
            return False
        if not turn_id or turn_id != self._coming.turn_id:
            self._drop()
        self._script.clear()
        left = self._coming.rest(verbs)
        if turn_id and turn_id == self._muted:
            left = []
        words = [place for place, verb in enumerate(left) if isinstance(verb, Say)]
        last = words[-1] if words and not more else -1
        self._script.extend(Line(verb, last=place == last) for place, verb in enumerate(left))
        if not words and not more and self._open:
            self._script.append(Line(Say(text=""), last=True))
        if not left and self.looping and not more:
            self._script.append(Line(Say(text=HUSH), last=True))
        return bool(left)

    def add(self, verb: Verb) -> None:
        """One more at the end."""
        self._script.append(Line(verb))

    def forget(self, turn_id: str) -> None:
        """The turn's answer is committed, and all of it is taken."""
        self._over.append(turn_id)
        if turn_id == self._coming.turn_id:
            self._coming = ahead.Coming("")

    async def say_now(self, words: str) -> None:
        """Words of our own, before whatever else there is."""
        await self._perform(Say(text=words), last=False)

    async def go_on(self) -> None:
        """Say what may be said now."""
        while self._script and self._clock.now() >= self.resume_at:
            line = self._script.popleft()
            if line.is_ahead:
                self._coming.said.append(line.verb)
            await self._perform(line.verb, last=line.last)

    async def _perform(self, verb: Verb, *, last: bool) -> None:
        now = self._clock.now()
        over = max(self.quiet_at, now)
        match verb:
            case Say():
                self.quiet_at = over + len(verb.text.split()) * SECONDS_A_WORD
                await self._say(verb, last=last)
            case Play():
                await self._play(verb, over)
            case Silence():
                self.quiet_at = self.resume_at = over + verb.seconds
            case Tones():
                self.quiet_at = over + verb.seconds
                await self._send(frames.send_digits(verb.digits.replace("W", "ww")))

    async def _say(self, verb: Say, *, last: bool) -> None:
        if not verb.text and not self._open:
            return  # the cycle that it would close is closed
        self._open, self.looping = not last, ""
        words = self._tuning.words(verb)
        await self._send(
            frames.text(
                words if last or not verb.text else f"{words} ",
                last=last,
                language=verb.language,
                interruptible=self._tuning.interruptible,
            )
        )

    async def _play(self, verb: Play, over: float) -> None:
        if verb.url == self.looping:
            return
        self.looping = "" if verb.loop else verb.url
        self.quiet_at = over + SECONDS_A_SOUND * verb.loop
        await self._send(frames.play(verb.url, verb.loop, interruptible=self._tuning.interruptible))
