"""What a socket says: documents as frames, and the items of an answer that is still coming.

An item that was said while its answer came is not said again when the answer is committed. Nothing
tells when the carrier has finished speaking, so that it is reckoned from the words.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.twilio.relay import frames
from channels.twilio.speech import clean
from orchestrator.core import markup
from orchestrator.core.effects import Play, Say, Silence, Tones, Verb
from orchestrator.core.items import Item, Text
from orchestrator.ports import Clock

SECONDS_A_WORD = 0.4
"""150 words a minute, an unhurried voice."""

Send = Callable[[str], Awaitable[None]]


class Mouth:
    """Speaks in order. `quiet_at` is when the words so far are reckoned to be over (Unix seconds)."""

    def __init__(self, send: Send, clock: Clock) -> None:
        self._send = send
        self._clock = clock
        self._turn = ""
        self._said: list[str] = []
        self._plain = True
        self._muted = ""
        self._open = False
        self.quiet_at = clock.now()

    # An answer on its way ------------------------------------------------------------------------
    def ahead(self, turn_id: str, place: int, item: Item) -> str:
        """The words of an item that may be said before its answer is whole, or nothing. Only words may,
        and only those before anything else: what else an answer asks for is decided first.
        """
        if turn_id != self._turn:
            self._turn, self._said, self._plain = turn_id, [], True
        if place < len(self._said) or not self._plain:
            return ""  # a second try says what the first one said
        words = markup.as_speech(item.text) if isinstance(item, Text) and _is_for_voice(item) else ""
        if not words:
            self._plain = False
            return ""
        self._said.append(words)
        return "" if turn_id == self._muted else words

    async def say_ahead(self, words: str) -> None:
        """Say them now."""
        await self._token(f"{words} ", last=False)

    def has_begun(self, turn_id: str) -> bool:
        """Whether words of this turn's answer were said while it came."""
        return bool(self._said) and turn_id == self._turn

    def stop(self) -> None:
        """The caller cut in: what is left of the answer that is coming is not said."""
        self._muted = self._turn
        self._open = False
        self.quiet_at = self._clock.now()

    # What was decided ----------------------------------------------------------------------------
    async def say(self, verbs: tuple[Verb, ...], *, turn_id: str, more: bool) -> bool:
        """Say verbs of committed documents but those that were said ahead; whether any word was said.
        `more` leaves the talk cycle open for what follows.
        """
        left = [verb for verb in verbs if not self._was_said(verb)]
        if turn_id and turn_id == self._muted:
            left = []
        words = [place for place, verb in enumerate(left) if isinstance(verb, Say)]
        for place, verb in enumerate(left):
            await self._perform(verb, last=not more and bool(words) and place == words[-1])
        if self._open and not more:
            await self._token("", last=True)
        return bool(left)

    def forget(self, turn_id: str) -> None:
        """The turn's answer is committed and said."""
        if turn_id == self._turn:
            self._turn, self._said = "", []

    def _was_said(self, verb: Verb) -> bool:
        if isinstance(verb, Say) and self._said and verb.text == self._said[0]:
            del self._said[0]
            return True
        return False

    async def _perform(self, verb: Verb, *, last: bool) -> None:
        match verb:
            case Say():
                await self._token(verb.text if last else f"{verb.text} ", last=last)
            case Play():
                await self._send(frames.play(verb.url, verb.loop))
            case Silence():
                await self._clock.sleep(verb.seconds)
            case Tones():
                await self._send(frames.send_digits(verb.digits.replace("W", "ww")))

    async def _token(self, words: str, *, last: bool) -> None:
        now = self._clock.now()
        self.quiet_at = max(self.quiet_at, now) + len(words.split()) * SECONDS_A_WORD
        self._open = not last
        await self._send(frames.text(clean(words), last=last))


def _is_for_voice(item: Text) -> bool:
    return not item.channels or "voice" in item.channels
