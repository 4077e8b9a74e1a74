"""The terminal that two threads share: one reads a line, the other prints above it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

try:
    import readline as _readline
except ImportError:  # a Python without it reads lines without editing and history
    _line_editor: ModuleType | None = None
else:
    _line_editor = _readline

CLEAR_LINE = "\r\033[K"


class Screen:
    """Lines to type and lines to see. `is_typed` where a person sits at a terminal; else lines come by a pipe."""

    def __init__(self) -> None:
        self.is_typed = sys.stdin.isatty() and sys.stdout.isatty()
        self._lock = threading.Lock()
        self._prompt: Callable[[], str] | None = None

    def read(self, prompt: Callable[[], str]) -> str | None:
        """The next line without its end, None after the last one. KeyboardInterrupt as `input` raises it.

        `prompt` gives one of a fixed width: it is drawn again when it changes under the typing.
        """
        if not self.is_typed:
            line = sys.stdin.readline()
            return line.rstrip("\r\n") if line else None
        self._prompt = prompt
        try:
            return input(prompt())
        except EOFError:
            print()
            return None
        finally:
            self._prompt = None

    @contextmanager
    def above(self) -> Iterator[None]:
        """Print in this block; a line that is being typed is moved below."""
        with self._lock:
            prompt = self._prompt
            if prompt:
                sys.stdout.write(CLEAR_LINE)
            yield
            if prompt:
                typed = _line_editor.get_line_buffer() if _line_editor else ""
                sys.stdout.write(prompt() + typed)
                sys.stdout.flush()

    def note(self, words: str) -> None:
        """A line about the terminal itself: beside what is shown, so that a pipe of it stays clean."""
        with self.above():
            print(words, file=sys.stderr, flush=True)
