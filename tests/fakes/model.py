"""A language model behind an OpenAI-compatible endpoint, built from the published reference of chat completions:
it streams, calls tools, counts tokens, and refuses conversations that the reference does not allow.

It is an httpx transport, so that chunks come one by one, and a test can hold them back.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

API_KEY = "sk-model-key"
BASE = "http://model.test/v1"


@dataclass(frozen=True)
class Tool:
    """A tool call in an answer; `arguments` that are text go as they are, `size` cuts them into pieces."""

    name: str
    arguments: dict[str, Any] | str
    size: int = 0


@dataclass(frozen=True)
class Finish:
    """Why the model stopped, where it is neither `stop` nor `tool_calls`. An empty reason ends the stream without
    one, and without `[DONE]`.
    """

    reason: str


Step = str | Tool | Finish | asyncio.Event | bytes | dict[str, Any] | Exception
Played = Sequence[Step] | int | httpx.Response | Callable[[dict[str, Any]], "Played"]


class FakeModel(httpx.AsyncBaseTransport):
    """`will` adds answers: steps (words, calls, an event to wait for, a raw chunk, bytes of the body, an error of the
    connection), a status, a whole response, or a function of the request. Without one left it says nothing.

    `bodies` are the requests.
    """

    def __init__(self) -> None:
        self.answers: list[Played] = []
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.urls: list[str] = []
        self.usage: dict[str, int] | None = {"prompt_tokens": 100, "completion_tokens": 10}
        self.refuses: set[str] = set()

    def will(self, *answers: Played) -> None:
        """Add answers."""
        self.answers.extend(answers)

    def messages(self, request: int = -1) -> list[tuple[str, Any]]:
        """Role and content of a request's messages, but the system's."""
        return [(each["role"], each["content"]) for each in self.bodies[request]["messages"][1:]]

    def system(self, request: int = -1) -> str:
        """The system message of a request."""
        first = self.bodies[request]["messages"][0]
        assert first["role"] == "system"
        return str(first["content"])

    def results(self, request: int = -1) -> list[dict[str, Any]]:
        """What a request says became of the calls before it."""
        return [json.loads(words) for role, words in self.messages(request) if role == "tool"]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        if request.method == "HEAD" or request.url.path.endswith("/models"):
            return self._listed(request)
        body = json.loads(await request.aread())
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        self.urls.append(str(request.url))
        refused = self._refused(request, body)
        if refused is not None:
            return refused
        played = self.answers.pop(0) if self.answers else []
        while callable(played):
            played = played(body)
        if isinstance(played, int):
            return _error(played, "server_error")
        if isinstance(played, httpx.Response):
            return played
        stream = _Stream(played, self.usage if "stream_options" in body else None)
        return httpx.Response(
            200, headers={"content-type": "text/event-stream; charset=utf-8"}, stream=stream
        )

    def _listed(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("authorization") != f"Bearer {API_KEY}":
            return _error(401, "invalid_api_key")
        return httpx.Response(200, json={"object": "list", "data": [{"id": "small", "object": "model"}]})

    def _refused(self, request: httpx.Request, body: dict[str, Any]) -> httpx.Response | None:
        if request.headers.get("authorization") != f"Bearer {API_KEY}":
            return _error(401, "invalid_api_key")
        named = sorted(self.refuses & body.keys())
        if named:
            return _error(400, "unsupported_parameter", f"Unsupported parameter: '{named[0]}'")
        wrong = _wrong(body["messages"])
        return _error(400, "invalid_request_error", wrong) if wrong else None


class _Stream(httpx.AsyncByteStream):
    def __init__(self, steps: Sequence[Step], usage: dict[str, int] | None) -> None:
        self._steps = steps
        self._usage = usage

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield _chunk({"role": "assistant", "content": ""})
        calls = [step for step in self._steps if isinstance(step, Tool)]
        reason = "tool_calls" if calls else "stop"
        for step in self._steps:
            if isinstance(step, Finish):
                reason = step.reason
            elif isinstance(step, asyncio.Event):
                await step.wait()
            elif isinstance(step, Exception):
                raise step
            else:
                for chunk in _written(step, calls):
                    yield chunk
        if reason:
            yield _chunk({}, reason)
            if self._usage is not None:
                yield _event({"choices": [], "usage": self._usage})
            yield b"data: [DONE]\n\n"


def _written(step: str | Tool | bytes | dict[str, Any], calls: list[Tool]) -> list[bytes]:
    """What goes over the wire for a step."""
    match step:
        case str():
            return [_chunk({"content": step})]
        case Tool():
            return _pieces(step, next(place for place, call in enumerate(calls) if call is step))
        case dict():
            return [_event(step)]
    return [step]


def _pieces(tool: Tool, index: int) -> list[bytes]:
    """A call as a stream gives it: id and name first, then its arguments."""
    written = tool.arguments if isinstance(tool.arguments, str) else json.dumps(tool.arguments)
    size = tool.size or len(written) or 1
    head = {"index": index, "id": f"call_{tool.name}_{index}", "type": "function"}
    first = {**head, "function": {"name": tool.name, "arguments": ""}}
    rest = [
        {"index": index, "function": {"arguments": written[at : at + size]}}
        for at in range(0, len(written), size)
    ]
    return [_chunk({"tool_calls": [piece]}) for piece in (first, *rest)]


def _chunk(delta: dict[str, Any], reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return _event({"id": "c-1", "object": "chat.completion.chunk", "choices": [choice], "usage": None})


def _event(content: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(content)}\n\n".encode()


def _error(status: int, code: str, message: str = "no") -> httpx.Response:
    return httpx.Response(status, json={"error": {"message": message, "type": "error", "code": code}})


def _wrong(messages: list[dict[str, Any]]) -> str:
    """Why the reference does not allow a conversation: each call is followed by its result, and none stands alone."""
    open_calls: set[str] = set()
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in open_calls:
                return "a result without its call"
            open_calls.discard(message["tool_call_id"])
            continue
        if open_calls:
            return "a call without its result"
        for call in message.get("tool_calls", ()):
            if not isinstance(json.loads(call["function"]["arguments"]), dict):
                return "arguments that are no object"
            if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", call["function"]["name"]):
                return "a name that is none"
            open_calls.add(call["id"])
        if message["content"] is None and "tool_calls" not in message:
            return "a message without content"
    return "a call without its result" if open_calls else ""
