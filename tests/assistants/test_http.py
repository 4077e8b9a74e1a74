"""Assistants over HTTP: signed, timed, tried again, and never trusted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from orchestrator.assistants.http import MAX_ANSWER, HttpAssistant
from orchestrator.assistants.signing import key_of, verify
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import HangUp, Text
from tests.assistants.turns import by_text, turn
from tests.fakes.clock import FakeClock, settle

pytestmark = pytest.mark.anyio
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HELLO = {"responses": [{"response_type": "text", "text": "Hello"}], "context": {"n": 1}}
Answerer = Callable[[httpx.Request], Any]


class Bot:
    """Answers with `steps` in order, the last one again and again: a response, an error, or a function."""

    def __init__(self, *steps: Any) -> None:
        self.steps = list(steps)
        self.requests: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        self.requests.append(request)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, Exception):
            raise step
        if isinstance(step, httpx.Response):
            return step
        response: httpx.Response = await step(request)
        return response


async def never(_: httpx.Request) -> httpx.Response:
    """A bot that does not answer."""
    await asyncio.Event().wait()
    raise AssertionError


def ok() -> httpx.Response:
    """A fresh good answer."""
    return httpx.Response(200, json=HELLO)


def assistant(bot: Bot, clock: FakeClock, **options: Any) -> HttpAssistant:
    """An assistant whose client reaches `bot`."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(bot))
    return HttpAssistant("http://bot.example/turn", http=client, clock=clock, **options)


async def finish(work: Awaitable[Any], clock: FakeClock, seconds: float) -> Any:
    """The outcome of `work` after `seconds` at most; an error is returned."""
    task = asyncio.ensure_future(work)
    await clock.advance(seconds)
    await settle()
    assert task.done()
    return task.exception() or task.result()


async def test_answer() -> None:
    """A turn is posted as it is, and its answer read."""
    bot, clock = Bot(ok()), FakeClock()
    replied = await assistant(bot, clock).ask(turn("hi"))
    assert replied.items == (Text(text="Hello"),)
    assert (replied.turn_id, replied.context, replied.at) == ("01JTURN", {"n": 1}, clock.now())
    assert json.loads(bot.requests[0].content) == turn("hi").request
    assert "webhook-signature" not in bot.requests[0].headers


async def test_signature() -> None:
    """With a secret the request is signed, with the turn's id."""
    bot, clock = Bot(ok()), FakeClock()
    await assistant(bot, clock, secret=SECRET).ask(turn("é"))
    sent = bot.requests[0]
    assert verify(key_of(SECRET), sent.headers, sent.content, clock.now())
    assert sent.headers["webhook-id"] == "01JTURN"


async def test_headers() -> None:
    """Configured headers go along and do not replace the scheme's."""
    bot = Bot(ok())
    await assistant(bot, FakeClock(), secret=SECRET, headers={"X-Key": "k", "Webhook-Id": "forged"}).ask(
        turn("hi")
    )
    assert bot.requests[0].headers["x-key"] == "k"
    assert bot.requests[0].headers.get_list("webhook-id") == ["01JTURN"]


@pytest.mark.parametrize(
    "first", [httpx.Response(500), httpx.Response(429), httpx.ConnectError("no"), httpx.ReadError("cut")]
)
async def test_tried_again(first: Any) -> None:
    """A fault of the moment is tried once more, as the same turn with the same body."""
    bot, clock = Bot(first, ok()), FakeClock()
    replied = await finish(assistant(bot, clock, secret=SECRET).ask(turn("hi")), clock, 1)
    assert replied.items == (Text(text="Hello"),)
    assert [request.headers["webhook-id"] for request in bot.requests] == ["01JTURN", "01JTURN"]
    assert bot.requests[0].content == bot.requests[1].content


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.Response(400, text="secret words"), "status_400"),
        (httpx.Response(404), "status_404"),
        (httpx.Response(302, headers={"location": "http://other.example/"}), "redirected"),
        (httpx.Response(200, text="secret words", headers={"content-type": "application/json"}), "malformed"),
        (httpx.Response(200, text="{}", headers={"content-type": "text/html"}), "malformed"),
        (httpx.Response(200, json={"context": 7}), "malformed"),
        (httpx.Response(200, content=b" " * (MAX_ANSWER + 1)), "too_large"),
    ],
)
async def test_not_tried_again(answer: httpx.Response, reason: str) -> None:
    """What would come out the same is asked once, and its content is not told."""
    bot, clock = Bot(answer), FakeClock()
    error = await finish(assistant(bot, clock).ask(turn("hi")), clock, 1)
    assert isinstance(error, AssistantError)
    assert error.reason == reason
    assert len(bot.requests) == 1
    assert "secret" not in str(error)


async def test_gives_up() -> None:
    """After the last try the error is the assistant's."""
    bot, clock = Bot(httpx.Response(503)), FakeClock()
    error = await finish(assistant(bot, clock).ask(by_text("hi")), clock, 1)
    assert error.reason == "status_503"
    assert len(bot.requests) == 2


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (httpx.ConnectTimeout("x"), "unreachable"),
        (httpx.ConnectError("x"), "unreachable"),
        (httpx.ReadTimeout("x"), "timeout"),
    ],
)
async def test_reasons(fault: Exception, reason: str) -> None:
    """A host that does not take the connection is told apart from one that does not answer."""
    bot, clock = Bot(fault), FakeClock()
    error = await finish(assistant(bot, clock).ask(by_text("hi")), clock, 1)
    assert error.reason == reason


async def test_no_retries() -> None:
    """`retries: 0` asks once."""
    bot, clock = Bot(httpx.Response(503)), FakeClock()
    await finish(assistant(bot, clock, retries=0).ask(by_text("hi")), clock, 1)
    assert len(bot.requests) == 1


async def test_voice_budget() -> None:
    """In a call the time-out holds over all tries together."""
    bot, clock = Bot(httpx.Response(500), never), FakeClock()
    work = asyncio.ensure_future(assistant(bot, clock).ask(turn("hi")))
    await clock.advance(29.9)
    assert not work.done()
    await clock.advance(0.2)
    assert isinstance(work.exception(), AssistantError)
    assert len(bot.requests) == 2


async def test_text_budget() -> None:
    """By text each try has the time-out to itself."""
    bot, clock = Bot(never), FakeClock()
    work = asyncio.ensure_future(assistant(bot, clock).ask(by_text("hi")))
    await clock.advance(60)
    assert not work.done()
    await clock.advance(1)
    error = work.exception()
    assert isinstance(error, AssistantError)
    assert error.reason == "timeout"
    assert len(bot.requests) == 2


async def test_slow_try_then_answer() -> None:
    """A text's second try may answer after the first one timed out."""
    bot, clock = Bot(never, ok()), FakeClock()
    replied = await finish(assistant(bot, clock).ask(by_text("hi")), clock, 31)
    assert replied.items == (Text(text="Hello"),)


async def test_cancelled() -> None:
    """A cancelled question lets go of the request."""
    bot, clock = Bot(never), FakeClock()
    work = asyncio.ensure_future(assistant(bot, clock).ask(turn("hi")))
    await settle()
    work.cancel()
    await settle()
    assert work.cancelled()


async def test_lines() -> None:
    """An answer of one item a line is read whole."""
    lines = b'{"response_type": "text", "text": "a"}\n{"response_type": "hang_up"}\n{"context": {"k": 1}}\n'
    bot = Bot(
        httpx.Response(200, content=lines, headers={"content-type": "application/x-ndjson; charset=utf-8"})
    )
    replied = await assistant(bot, FakeClock()).ask(turn("hi"))
    assert replied.items == (Text(text="a"), HangUp())
    assert replied.context == {"k": 1}


async def test_no_content() -> None:
    """204 is an empty answer."""
    replied = await assistant(Bot(httpx.Response(204)), FakeClock()).ask(turn("hi"))
    assert replied.items == ()


async def test_events() -> None:
    """A `text/event-stream` is read as lines are, told item by item, and asked for."""
    told: list[tuple[int, object]] = []
    body = b'data: {"response_type": "text", "text": "a"}\n\ndata: {"context": {"k": 1}}\n\ndata: [DONE]\n\n'
    bot = Bot(httpx.Response(200, content=body, headers={"content-type": "text/event-stream"}))
    replied = await assistant(bot, FakeClock()).ask(
        turn("hi"), lambda place, item: told.append((place, item))
    )
    assert (replied.items, replied.context) == ((Text(text="a"),), {"k": 1})
    assert told == [(0, Text(text="a"))]
    assert "text/event-stream" in bot.requests[0].headers["accept"]
