"""The event stream of `message_stream`: items as they are ready, then the whole answer.

Each event's data is one JSON object that holds `partial_item` (a piece of a text), `complete_item` (an item of
`output.generic`) or `final_response` (the answer as `message` gives it). Pieces are passed over: what is spoken is
whole sentences.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from orchestrator.assistants.streams import Events
from orchestrator.core.errors import AssistantError
from orchestrator.core.nesting import LEVELS, is_too_deep


class FinalResponse:
    """Fed with the stream; `complete` is told of every item that is whole."""

    def __init__(self, complete: Callable[[Any], None]) -> None:
        self._complete = complete
        self._events = Events()
        self._final: dict[str, Any] | None = None

    def feed(self, chunk: bytes) -> None:
        """Some more of the body."""
        self._take(self._events.feed(chunk))

    def whole(self) -> dict[str, Any]:
        """The answer, once the stream is over. Cut off before its end it is none, and is asked for again."""
        self._take(self._events.rest())
        if self._final is None:
            raise AssistantError("cut_off", "the stream ended before its final response")
        return self._final

    def _take(self, entries: list[bytes]) -> None:
        for entry in entries:
            try:
                event = json.loads(entry)
            except (ValueError, RecursionError):
                raise AssistantError("malformed", "an event is not JSON", retryable=False) from None
            if not isinstance(event, dict):
                raise AssistantError("malformed", "an event is no object", retryable=False)
            if is_too_deep(event):
                raise AssistantError("malformed", f"more than {LEVELS} levels", retryable=False)
            if isinstance(event.get("final_response"), dict):
                self._final = event["final_response"]
            elif isinstance(event.get("complete_item"), dict):
                self._complete(event["complete_item"])
