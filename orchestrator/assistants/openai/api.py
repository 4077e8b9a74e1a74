"""The endpoint: one streamed request of the chat-completions API, over httpx.

Nothing of what was asked or answered, and no key, is in an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from orchestrator.assistants.openai.completion import Completion, word_of
from orchestrator.assistants.streams import Events
from orchestrator.assistants.web import chunks, translated
from orchestrator.core.errors import AssistantError

Message = dict[str, Any]
_LEAST = 0.1  # seconds: a round that begins as the turn's time ends is given up by the turn
_CONNECT = 5.0  # seconds: a dead host is known early enough for a second try
_PASSING = frozenset({408, 409, 425, 429})  # "later": the request itself was fine
_EVENTS = "text/event-stream"
_STREAMS = frozenset({_EVENTS, "text/plain", "application/octet-stream", ""})
"""What endpoints that are only compatible call their streams; the bytes are the same."""
_MOST = 4096
"""Tokens: what is left of a session's budget is told to the endpoint from here on down. No model refuses it as
more than it can write, and no answer for a phone or a text is longer.
"""
_STREAM = 16 * 1024 * 1024
"""Bytes of a stream: a chunk takes about 250 for a token, and a model may think for tens of thousands."""
_INSTEAD = {"max_tokens": "max_completion_tokens", "stream_options": "", "tool_choice": ""}
"""Fields that some endpoints, or some models, refuse, and what takes their place; empty: nothing."""


@dataclass(slots=True)
class ChatApi:
    """`base_url` ends before `/chat/completions`. `parameters` are fields of every request, such as
    `temperature`; `headers` are sent besides the key's own. `http` stays the caller's.
    """

    base_url: str
    model: str
    http: httpx.AsyncClient
    api_key: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)

    async def complete(
        self,
        messages: Sequence[Message],
        tools: Sequence[Message],
        *,
        left: float,
        turn_id: str,
        said: Callable[[str], None],
        budget: int = 0,
        only_words: bool = False,
    ) -> Completion:
        """The model's answer, within `left` seconds. `budget` are the tokens that it may cost, 0 any number;
        `only_words` asks for an answer without tool calls.
        """
        body: dict[str, Any] = {"model": self.model, "messages": list(messages), **self.parameters}
        body |= {"stream": True, "stream_options": {"include_usage": True}}
        if tools:
            body["tools"] = list(tools)
            body |= {"tool_choice": "none"} if only_words else {}
        if 0 < budget < _MOST and not {"max_tokens", "max_completion_tokens"} & body.keys():
            body["max_tokens"] = budget
        while True:
            sent = self._spoken_here(body)
            completion = Completion(said)
            refused = await self._once(sent, left, turn_id, completion)
            if not refused:
                return completion
            self._refused |= refused

    def _spoken_here(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The request without what this endpoint refuses."""
        kept = {name: value for name, value in body.items() if name not in self._refused}
        instead = {_INSTEAD[name]: body[name] for name in self._refused if name in body and _INSTEAD[name]}
        return kept | instead

    async def _once(
        self, body: Mapping[str, Any], left: float, turn_id: str, completion: Completion
    ) -> set[str]:
        """Read one answer into `completion`, or give the fields that the endpoint does not take."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        with translated():
            request = self.http.build_request(
                "POST",
                self.address("/chat/completions"),
                content=content,
                headers=self._headers(turn_id),
                timeout=httpx.Timeout(max(left, _LEAST), connect=max(min(left, _CONNECT), _LEAST)),
            )
            response = await self.http.send(request, stream=True, follow_redirects=False)
            try:
                if not response.is_success:
                    return await _refusal(response, body)
                await _read(response, completion)
            finally:
                await response.aclose()
        return set()

    def address(self, path: str) -> httpx.URL:
        """An address of the API; the query of the base stays."""
        base = httpx.URL(self.base_url)
        return base.copy_with(path=base.path.rstrip("/") + path)

    def credentials(self) -> dict[str, str]:
        """The headers that let a request in."""
        key = {"authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        return {**key, **{name.lower(): value for name, value in self.headers.items()}}

    def _headers(self, turn_id: str) -> dict[str, str]:
        own = {
            "content-type": "application/json",
            "accept": _EVENTS,
            "accept-encoding": "identity",  # what is packed comes in blocks, not word by word
            "user-agent": "tandem",
            "x-client-request-id": turn_id,
        }
        return {**self.credentials(), **own}


async def _read(response: httpx.Response, completion: Completion) -> None:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        completion.take(b"".join([chunk async for chunk in chunks(response)]))
        return
    if kind not in _STREAMS:
        raise AssistantError("malformed", "the content type is no event stream", retryable=False)
    events = Events()
    async for chunk in chunks(response, _STREAM):
        for entry in events.feed(chunk):
            completion.take(entry)
    for entry in events.rest():
        completion.take(entry)
    if not completion.finish and not events.is_done:
        raise AssistantError("cut_off", "the stream ended before the answer")


async def _refusal(response: httpx.Response, body: Mapping[str, Any]) -> set[str]:
    """The fields that a refusal names, where it can do without them; else its error."""
    status = response.status_code
    told = b"".join([chunk async for chunk in chunks(response)])
    named = {name for name in _INSTEAD if name in body and name.encode() in told}
    if status in {400, 422} and named:
        return named
    if status in {400, 413, 422} and b"context" in told.lower():
        raise AssistantError("too_long", f"HTTP {status}", retryable=False)
    reason = "redirected" if 300 <= status < 400 else f"status_{status}"
    detail = " ".join(filter(None, (f"HTTP {status}", _word(told))))
    raise AssistantError(reason, detail, retryable=status >= 500 or status in _PASSING)


def _word(told: bytes) -> str:
    try:
        found = json.loads(told)
    except (ValueError, RecursionError):
        return ""
    return word_of(found.get("error")) if isinstance(found, dict) else ""
