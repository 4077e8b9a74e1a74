"""A conversation on the terminal: one time line, two lanes, the state at the right."""

from __future__ import annotations

import os
import sys
import textwrap
from typing import TextIO

LANE = 38
"""Characters of a lane: two lanes, a clock and a state fit a terminal of 110."""
_DIM, _BOLD, _OFF = "\033[2m", "\033[1m", "\033[0m"


class Lanes:
    """Prints lines into the voice lane or the SMS lane. Colours only on a terminal that wants them."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._colours = self._out.isatty() and "NO_COLOR" not in os.environ
        self._state = ""

    def head(self) -> None:
        """The titles of the lanes."""
        self._print(f"{'time':<7}{'VOICE':<{LANE}}  {'SMS':<{LANE}}  state")
        self._print("-" * (7 + 2 * LANE + 4 + 16))

    def line(self, seconds: float, lane: str, who: str, words: str, state: str = "") -> None:
        """What `who` did in `lane` (`voice` or `sms`), and the state if it is another one now."""
        shown = state if state and state != self._state else ""
        self._state = state or self._state
        wrapped = textwrap.wrap(f"{who}: {words}" if who else words, LANE, subsequent_indent="  ") or [""]
        for place, part in enumerate(wrapped):
            clock = f"{seconds:5.1f}  " if place == 0 else " " * 7
            voice, sms = (part, "") if lane == "voice" else ("", part)
            self._print(
                f"{self._dim(clock)}{voice:<{LANE}}  {sms:<{LANE}}  {self._bold(shown) if place == 0 else ''}"
            )

    def say(self, words: str = "") -> None:
        """A line of its own."""
        self._print(words)

    def _print(self, line: str) -> None:
        print(line.rstrip(), file=self._out, flush=True)

    def _dim(self, words: str) -> str:
        return f"{_DIM}{words}{_OFF}" if self._colours else words

    def _bold(self, words: str) -> str:
        return f"{_BOLD}{words}{_OFF}" if self._colours and words else words
