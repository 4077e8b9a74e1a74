"""One answer of the model, put together from the chunks of its stream (OpenAI, chat completion chunk object).

A chunk that is not JSON, or says that the model failed, ends the try. Fields that are of another shape than
published are passed over: endpoints that are "compatible" differ in what they leave out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.core.errors import AssistantError

_THOUGHT, _THOUGHT_OVER = "<think>", "</think>"
"""Marks of what some open models think aloud before they answer: not for the customer."""
_NO_NAME = re.compile(r"[^a-zA-Z0-9_-]")
_WORD = re.compile(r"[\w.-]{1,40}")
MAX_CALLS = 32
"""Tool calls of one answer; far above what a turn can do."""
MAX_WORDS = 64 * 1024
"""Characters of an answer's words and arguments, an hour of speech; a runaway model is stopped."""


@dataclass(slots=True)
class Call:
    """A tool call; `arguments` is JSON as the model wrote it."""

    id: str
    name: str = ""
    arguments: str = ""


@dataclass(slots=True)
class Completion:
    """`finish` is the published `finish_reason`, empty while the answer is not over. `usage` are tokens, `prompt`
    and `completion`, empty where the endpoint does not count. `said` is told of words as they come.
    """

    said: Callable[[str], None]
    calls: list[Call] = field(default_factory=list)
    finish: str = ""
    usage: dict[str, int] = field(default_factory=dict)
    _raw: str = ""
    _start: int | None = None  # where the words begin; None while it may be thinking
    _told: int = 0
    _size: int = 0
    _places: dict[Any, Call] = field(default_factory=dict)

    @property
    def content(self) -> str:
        """The words so far."""
        return self._raw[self._start :] if self._start is not None else ""

    def message(self) -> dict[str, Any]:
        """The answer as the conversation keeps it."""
        words = self.content.strip()
        if not self.calls:
            return {"role": "assistant", "content": words}
        calls = [{"id": call.id, "type": "function", "function": _function(call)} for call in self.calls]
        return {"role": "assistant", "content": words or None, "tool_calls": calls}

    def take(self, entry: bytes) -> None:
        """One chunk of the stream, or the whole answer of an endpoint that does not stream."""
        chunk = _parse(entry)
        if chunk.get("error"):
            raise AssistantError("model_failed", word_of(chunk["error"]))
        self._count(chunk.get("usage"))
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, Mapping):
            return
        delta = choice.get("delta") or choice.get("message")
        if isinstance(delta, Mapping):
            self._add(delta)
        if isinstance(choice.get("finish_reason"), str):
            self.finish = choice["finish_reason"]
            self._tell()

    def _add(self, delta: Mapping[str, Any]) -> None:
        for name in ("content", "refusal"):
            if isinstance(delta.get(name), str):
                self._raw += delta[name]
                self._find_start(len(delta[name]))
        self._tell()
        calls = delta.get("tool_calls")
        for place, raw in enumerate(calls if isinstance(calls, list) else ()):
            if isinstance(raw, Mapping):
                self._call(raw, place)

    def _find_start(self, added: int) -> None:
        """Where the words begin: at once, or behind the thoughts."""
        if self._start is not None:
            return
        begun = self._raw.lstrip()
        if begun.startswith(_THOUGHT):
            end = self._raw.find(_THOUGHT_OVER, max(0, len(self._raw) - added - len(_THOUGHT_OVER)))
            if end >= 0:
                self._start = end + len(_THOUGHT_OVER)
        elif not _THOUGHT.startswith(begun):
            self._start = 0

    def _tell(self) -> None:
        """Tell of new words. What only looked like the beginning of thoughts is words in the end."""
        if self._start is None and self.finish and not self._raw.lstrip().startswith(_THOUGHT):
            self._start = 0
        if self._start is None:
            return
        begin = max(self._start, self._told)
        if len(self._raw) > begin:
            self._grow(len(self._raw) - begin)
            self.said(self._raw[begin:])
            self._told = len(self._raw)

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > MAX_WORDS:
            raise AssistantError("too_large", f"more than {MAX_WORDS} characters", retryable=False)

    def _call(self, raw: Mapping[str, Any], place: int) -> None:
        """A piece of a call: by its index, or where there is none by its id."""
        key = raw.get("index")
        if not isinstance(key, int):
            key = str(raw.get("id") or place)
        call = self._places.get(key)
        if call is None:
            if len(self.calls) == MAX_CALLS:
                raise AssistantError("malformed", f"more than {MAX_CALLS} tool calls", retryable=False)
            call = self._places[key] = Call(id=self._new_id(raw.get("id")))
            self.calls.append(call)
        function = raw.get("function")
        if isinstance(function, Mapping):
            call.name = call.name or str(function.get("name") or "")
            written = function.get("arguments")
            more = written if isinstance(written, str) else json.dumps(written) if written else ""
            self._grow(len(more))
            call.arguments += more

    def _new_id(self, given: Any) -> str:
        """The call's id; one of ours where there is none, or where another call has it."""
        taken = {call.id for call in self.calls}
        return given if isinstance(given, str) and given and given not in taken else f"call_{len(taken)}_"

    def _count(self, usage: Any) -> None:
        if isinstance(usage, Mapping):
            counted = {kind: usage.get(f"{kind}_tokens") for kind in ("prompt", "completion")}
            self.usage = {kind: n for kind, n in counted.items() if isinstance(n, int) and n >= 0}


def _function(call: Call) -> dict[str, str]:
    """A call as it may be sent back: endpoints refuse a conversation that holds a name or arguments of none."""
    try:
        is_object = isinstance(json.loads(call.arguments or "{}"), dict)
    except (ValueError, RecursionError):
        is_object = False
    name = _NO_NAME.sub("_", call.name)[:64] or "unknown"
    return {"name": name, "arguments": call.arguments or "{}" if is_object else "{}"}


def word_of(error: Any) -> str:
    """The word that an endpoint's error goes by; its message may hold what was asked."""
    if not isinstance(error, Mapping):
        return ""
    words = (error.get("code"), error.get("type"))
    return next((word for word in words if isinstance(word, str) and _WORD.fullmatch(word)), "")


def _parse(entry: bytes) -> Mapping[str, Any]:
    try:
        chunk = json.loads(entry.decode("utf-8"))
        if b"\\ud" in entry.lower():  # half a surrogate pair cannot be stored or sent
            chunk = json.loads(json.dumps(chunk, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise AssistantError("malformed", "a chunk is not JSON", part=entry) from None
    if not isinstance(chunk, dict):
        raise AssistantError("malformed", "a chunk is no object", part=entry)
    return chunk
