"""Streamed answers: cut into entries in chunks of any size, and told as they come."""

from __future__ import annotations

import pytest

from orchestrator.assistants.streams import Cutter, Events, Lines, Telling
from orchestrator.core.items import HangUp, Item, Text

HELLO = b'{"response_type": "text", "text": "Hello"}'
BYE = b'{"response_type": "hang_up"}'


def cut(cutter: Cutter, body: bytes, size: int) -> list[bytes]:
    """Every entry of a body that comes in chunks of `size`."""
    chunks = [body[start : start + size] for start in range(0, len(body), size)]
    return [entry for chunk in chunks for entry in cutter.feed(chunk)] + cutter.rest()


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_lines(size: int, end: bytes) -> None:
    """A line is an entry however it arrives; blank ones are none, and the last needs no end."""
    body = HELLO + end + end + BYE
    assert [entry.strip() for entry in cut(Lines(), body, size)] == [HELLO, BYE]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_events(size: int, end: bytes) -> None:
    """An event's data is an entry, over several lines too; comments, names and the end mark are none."""
    lines = [b"\xef\xbb\xbf: hello", b"event: item", b"id: 1", b"data: " + HELLO, b"", b"data:{", b"data: "]
    lines += [b'data: "response_type": "hang_up"}', b"", b"retry: 5", b"", b"data: [DONE]", b"", b"data: {}"]
    assert cut(Events(), end.join(lines), size) == [HELLO, b'{\n\n"response_type": "hang_up"}', b"{}"]


def test_entries_are_told_while_they_are_whole() -> None:
    """An event is told when its blank line comes, not before, and not at the end only."""
    events = Events()
    assert events.feed(b"data: " + HELLO + b"\r\n") == []
    assert events.feed(b"\r\n") == [HELLO]


def test_places_count_items() -> None:
    """A context has no place, and nothing is told behind an entry that cannot be read."""
    told: list[tuple[int, Item]] = []
    telling = Telling(lambda place, item: told.append((place, item)))
    for entry in (HELLO, b'{"context": {"k": 1}}', BYE, b"no json", HELLO):
        telling.tell(entry)
    assert told == [(0, Text(text="Hello")), (1, HangUp())]
