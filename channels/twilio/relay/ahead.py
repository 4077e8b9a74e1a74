"""An answer that is still coming: which of its items may be said before anything is decided, and what of
the decided words was said so.
"""

from __future__ import annotations

from math import ceil

from orchestrator.core import markup
from orchestrator.core.effects import Play, Say, Silence, Tones, Verb
from orchestrator.core.items import Item, Media, Pause, SendDigits, SendText, Text
from orchestrator.core.ssml import as_ssml


class Coming:
    """The answer to one turn. `said` are the verbs that were said ahead and not found in a document yet."""

    def __init__(self, turn_id: str) -> None:
        self.turn_id = turn_id
        self.said: list[Verb] = []
        self._next = 0
        self._is_over = False

    def take(self, place: int, item: Item) -> Verb | None:
        """The verb of an item that may be said now. Only what sounds may, and only before anything that
        must be decided first; a text that is sent stands in no one's way. A second try says what the first
        one said; where an item was lost on the way, the rest is said with the whole answer.
        """
        if place < self._next or self._is_over:
            return None
        verb = _verb(item) if _is_for_voice(item) else None
        passes = verb is not None or isinstance(item, SendText)
        if place > self._next or not passes:
            self._is_over = True
            return None
        self._next += 1
        return verb

    def rest(self, verbs: tuple[Verb, ...]) -> list[Verb]:
        """The verbs that were not said ahead."""
        return [verb for verb in verbs if not self._was_said(verb)]

    def _was_said(self, verb: Verb) -> bool:
        if self.said and _sound(verb) == _sound(self.said[0]):
            del self.said[0]
            return True
        return False


def _verb(item: Item) -> Verb | None:
    match item:
        case Text():
            words = markup.as_speech(item.text)
            return Say(text=words, ssml=as_ssml(item.text)) if words else None
        case Pause() if item.seconds > 0:
            return Silence(seconds=ceil(item.seconds))
        case Media(kind="audio"):
            return Play(url=item.source, loop=0 if item.loop else 1)
        case SendDigits():
            return Tones(digits=item.digits)
    return None


def _sound(verb: Verb) -> Verb | str:
    """What tells a verb from others: words are the same in any voice."""
    return verb.text if isinstance(verb, Say) else verb


def _is_for_voice(item: Item) -> bool:
    return not item.channels or "voice" in item.channels
