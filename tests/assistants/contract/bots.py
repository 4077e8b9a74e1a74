"""A right assistant, and deliberately wrong ones: each differs from the right one in one thing."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import httpx

from orchestrator.assistants.signing import key_of, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
Turn = dict[str, Any]
Answer = tuple[int, str, bytes] | httpx.Response
JSON = "application/json"


class Right:
    """Checks signatures, answers every turn, keeps its answers by turn id."""

    def __init__(self) -> None:
        self.kept: dict[str, Answer] = {}

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        answer = await self.respond(request)
        if isinstance(answer, httpx.Response):
            return answer
        status, kind, body = answer
        return httpx.Response(status, headers={"content-type": kind}, content=body)

    async def respond(self, request: httpx.Request) -> Answer:
        """A refusal, or the answer of the turn."""
        if not self.is_ours(dict(request.headers), request.content):
            return 401, JSON, b"{}"
        turn = json.loads(request.content)
        if turn["turn_id"] not in self.kept:
            self.kept[turn["turn_id"]] = await self.answer(turn)
        return self.kept[turn["turn_id"]]

    def is_ours(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the signature is right and fresh."""
        return verify(key_of(SECRET), headers, body, time.time())

    async def answer(self, turn: Turn) -> Answer:
        """The answer of one turn."""
        return 200, JSON, json.dumps(self.payload(turn)).encode()

    def payload(self, turn: Turn) -> Any:
        """The answer as an object."""
        return {"responses": self.items(turn), "context": {"last": turn["input"]["text"]}}

    def items(self, turn: Turn) -> list[Any]:
        """What is said."""
        return [{"response_type": "text", "text": f"You said: {turn['input']['text']}"}]


def gives(**methods: Any) -> Right:
    """The right assistant with other methods."""
    wrong: Right = type("Wrong", (Right,), methods)()
    return wrong


def payload(make: Callable[[Turn], Any]) -> Right:
    """Answers with what `make` gives."""
    return gives(payload=lambda _, turn: make(turn))


def item(**fields: Any) -> Right:
    """Answers each turn with this item behind a good one."""
    good = {"response_type": "text", "text": "Yes"}
    return gives(items=lambda _, __: [good, fields])


def raw(body: bytes, kind: str = JSON, status: int = 200) -> Right:
    """Answers each turn with these bytes."""
    return gives(answer=lambda _, __: _ready((status, kind, body)))


def response(make: Callable[[], httpx.Response]) -> Right:
    """Answers each turn with a response of its own."""
    return gives(answer=lambda _, __: _ready(make()))


def where(test: Callable[[Turn], bool], status: int = 500) -> Right:
    """Fails at turns of this kind."""

    async def answer(self: Right, turn: Turn) -> Answer:
        return (status, JSON, b"{}") if test(turn) else await Right.answer(self, turn)

    return gives(answer=answer)


async def _ready(answer: Answer) -> Answer:
    return answer


async def sleepy(_: Right, __: Turn) -> Answer:
    """Never answers."""
    await asyncio.Event().wait()
    raise AssertionError


async def fails_on_context(self: Right, turn: Turn) -> Answer:
    """Leaves no context, and fails where another did."""
    if turn["context"]:
        return 500, JSON, b"{}"
    return 200, JSON, json.dumps({"responses": self.items(turn)}).encode()


class Forgetful(Right):
    """Counts instead of keeping its answers."""

    count = 0

    async def respond(self, request: httpx.Request) -> Answer:
        """A new answer each time."""
        self.kept.clear()
        self.count += 1
        return await super().respond(request)

    def items(self, turn: Turn) -> list[Any]:
        """Answer number so and so."""
        return [{"response_type": "text", "text": f"Answer {self.count} to {turn['turn_id']}"}]


class Jealous(Right):
    """Refuses a turn that it has seen."""

    async def respond(self, request: httpx.Request) -> Answer:
        """409 for what was answered before."""
        known = request.headers.get("webhook-id") in self.kept
        return (409, JSON, b"{}") if known else await super().respond(request)


def trusting(accepts: Callable[[Mapping[str, str], bytes], bool]) -> Right:
    """Accepts what `accepts` does, besides what is right."""
    return gives(
        is_ours=lambda self, headers, body: Right.is_ours(self, headers, body) or accepts(headers, body)
    )


def crashes_unsigned() -> Right:
    """Looks for a signature without asking whether there is one."""

    def is_ours(self: Right, headers: Mapping[str, str], body: bytes) -> bool:
        return Right.is_ours(self, headers, body) if headers["webhook-signature"] else False

    async def respond(self: Right, request: httpx.Request) -> Answer:
        try:
            return await Right.respond(self, request)
        except KeyError:
            return 500, JSON, b"{}"

    return gives(is_ours=is_ours, respond=respond)


def signs_the_id_only(headers: Mapping[str, str], body: bytes) -> bool:
    """Does not look at the body: what was altered by a blank behind it is believed."""
    return verify(key_of(SECRET), headers, body.rstrip(b" "), time.time())


def ignores_time(headers: Mapping[str, str], body: bytes) -> bool:
    """A right signature of any age."""
    then = headers.get("webhook-timestamp", "")
    return then.isdecimal() and verify(key_of(SECRET), headers, body, float(then))


def badly_packed() -> httpx.Response:
    """Half of a packed answer."""
    packed = gzip.compress(b'{"responses": []}' * 50)[:40]
    return httpx.Response(
        200, headers={"content-type": JSON, "content-encoding": "gzip"}, stream=Body(packed)
    )


class Body(httpx.AsyncByteStream):
    """A body that comes as it is."""

    def __init__(self, body: bytes, error: Exception | None = None) -> None:
        self._body, self._error = body, error

    async def __aiter__(self) -> Any:
        yield self._body
        if self._error is not None:
            raise self._error


def breaks_off() -> httpx.Response:
    """Less than it promised."""
    stream = Body(b'{"respon', httpx.RemoteProtocolError("closed"))
    return httpx.Response(200, headers={"content-type": JSON}, stream=stream)


Bot = Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]
