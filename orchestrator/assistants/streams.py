"""Answers that come item by item: bodies cut into entries while they arrive, and told as they do.

An entry is one JSON value: a line of `application/x-ndjson`, or the data of an event of
`text/event-stream` (WHATWG HTML, 9.2.6: names, ids and comments mean nothing here). What an answer comes
to is read when it is whole.
"""

from __future__ import annotations

from typing import Protocol

from orchestrator.assistants.items import parse_entries
from orchestrator.core.errors import AssistantError
from orchestrator.ports.world import Heard

DONE = b"[DONE]"
"""The data that ends a stream where assistants are built like OpenAI's; no entry."""


class Cutter(Protocol):
    """Cuts a body into entries, in chunks of any size."""

    def feed(self, chunk: bytes) -> list[bytes]:
        """The entries that are complete with this chunk."""
        ...

    def rest(self) -> list[bytes]:
        """The last entry, where the body ended without its end."""
        ...


class Lines:
    """An entry a line. Only a newline ends one: JSON has no bare ones."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """As `Cutter`."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        return [line for line in lines if line.strip()]

    def rest(self) -> list[bytes]:
        """As `Cutter`."""
        return [self._rest] if self._rest.strip() else []


class Events:
    """An entry an event: its `data` lines, joined. Lines end with CR, LF, or both. `is_done` is set by `DONE`."""

    def __init__(self) -> None:
        self._line = b""
        self._data: list[bytes] = []
        self._after_return = False
        self._begun = False
        self.is_done = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """As `Cutter`."""
        if self._after_return and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        self._after_return = chunk.endswith(b"\r")
        whole = self._line + chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *lines, self._line = whole.split(b"\n")
        return [entry for line in lines for entry in self._take(line)]

    def rest(self) -> list[bytes]:
        """As `Cutter`. A stream that ends without a blank line has said all the same."""
        return self._take(self._line) + self._take(b"")

    def _take(self, line: bytes) -> list[bytes]:
        """One line: the entry that a blank one ends."""
        if not self._begun:
            self._begun, line = True, line.removeprefix(b"\xef\xbb\xbf")
        if line:
            name, _, value = line.partition(b":")
            if name == b"data":
                self._data.append(value.removeprefix(b" "))
            return []
        entry, self._data = b"\n".join(self._data), []
        if entry.strip() == DONE:
            self.is_done = True
            return []
        return [entry] if entry.strip() else []


CUTTERS: dict[str, type[Lines | Events]] = {"application/x-ndjson": Lines, "text/event-stream": Events}
"""By content type."""


class Telling:
    """Tells of the items of entries, with their places. An entry that cannot be read ends it: the whole
    answer is refused for it.
    """

    def __init__(self, heard: Heard | None) -> None:
        self._heard = heard
        self._place = 0

    def tell(self, entry: bytes) -> None:
        """The items of one entry."""
        if self._heard is None:
            return
        try:
            items = parse_entries([entry])[0]
        except AssistantError:
            self._heard = None
            return
        for item in items:
            self._heard(self._place, item)
            self._place += 1
