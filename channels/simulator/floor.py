"""The caller's turn to speak: an open Gather, and what was given to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from xml.etree.ElementTree import Element


@dataclass(frozen=True, slots=True)
class Speech:
    """Words, with the recogniser's confidence (0 to 1), or None where it gives none."""

    words: str
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys, without the one that ended them."""

    digits: str
    finished_on: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """The time ran out."""


Given = Speech | Keys | Nothing


class Floor:
    """One Gather from the moment it can hear to its first input. Defaults are Twilio's (Gather)."""

    def __init__(self, verb: Element) -> None:
        self.inputs = frozenset(verb.get("input", "dtmf").split())
        timeout = verb.get("timeout", "5")
        self.timeout = 5.0 if timeout == "auto" else float(timeout)
        self.num_digits = int(verb.get("numDigits", "0"))
        self.finish_on_key = verb.get("finishOnKey", "#")
        self.partial_url = verb.get("partialResultCallback", "")
        self.partial_method = verb.get("partialResultCallbackMethod", "POST")
        self.partials = 0
        self.barge_in = verb.get("bargeIn", "true") == "true"
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.given: asyncio.Future[Given] = asyncio.get_running_loop().create_future()

    @property
    def is_free(self) -> bool:
        """Whether nothing was given yet, nor is being said."""
        return not self.given.done() and not self.begun.done()

    def begin(self) -> None:
        """The caller has said something that the recogniser still thinks about: prompt and time-out end."""
        if self.is_free:
            self.begun.set_result(None)

    def overhear(self, words: str) -> None:
        """The caller is just saying something: where it goes is `partial_url`."""

    def speak(self, words: str, confidence: float | None) -> None:
        """The caller said something."""
        self._give(Speech(words, confidence))

    def press(self, keys: str) -> None:
        """The caller pressed these keys, and no more: the Gather ends as its attributes say."""
        before, found, _ = keys.partition(self.finish_on_key) if self.finish_on_key else (keys, "", "")
        if self.num_digits and len(before) >= self.num_digits:
            before, found = before[: self.num_digits], ""
        # The finishing key alone is no input (Twilio: Gather, finishOnKey).
        self._give(Keys(before, found) if before else Nothing())

    def run_out(self) -> None:
        """The caller said nothing for the whole time."""
        self._give(Nothing())

    def _give(self, given: Given) -> None:
        if not self.given.done():
            self.given.set_result(given)
