"""Streams of a language model: words ahead of the whole, and everything that can be wrong with a stream."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from orchestrator.assistants.openai.pieces import STALL
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import SendText, Text
from tests.assistants.openai.talk import Talk
from tests.assistants.turns import turn
from tests.fakes.clock import settle
from tests.fakes.model import Finish, Tool

pytestmark = pytest.mark.anyio


async def test_sentences_are_told_before_the_model_has_finished() -> None:
    """Each sentence with its place, while the next one is still to come; the answer is made of the same."""
    talk, gate = Talk(), asyncio.Event()
    talk.model.will(["Hel", "lo. It le", "ft at 3.5", "0 today. And", gate, " more."])
    asked = asyncio.ensure_future(talk.ask(turn("where"), aloud=True))
    await settle()
    assert talk.heard == [(0, Text(text="Hello.")), (1, Text(text="It left at 3.50 today."))]
    gate.set()
    reply = await asked
    assert tuple(item for _, item in talk.heard) == reply.items
    assert reply.items[2] == Text(text="And more.")


async def test_a_model_that_stalls_is_spoken_as_far_as_it_got() -> None:
    """Whole words after a moment without more; a word that is not over waits."""
    talk, gate = Talk(), asyncio.Event()
    talk.model.will(["Let me look that u", gate, "p for you."])
    asked = asyncio.ensure_future(talk.ask(turn("where"), aloud=True))
    await talk.clock.advance(STALL + 0.01)
    assert talk.heard == [(0, Text(text="Let me look that"))]
    gate.set()
    reply = await asked
    assert reply.items == (Text(text="Let me look that"), Text(text="up for you."))
    assert talk.memory["turns"][0][1]["content"] == "Let me look that up for you."


async def test_words_of_every_round_are_told_in_order() -> None:
    """The text between two rounds has its place between their words."""
    talk = Talk()
    talk.model.will(["Wait.", Tool("send_text", {"text": "7"})], ["Sent."])
    await talk.ask(turn("ticket"), aloud=True)
    assert talk.heard == [(0, Text(text="Wait.")), (1, SendText(text="7")), (2, Text(text="Sent."))]


async def test_a_second_try_is_not_spoken_over_the_first() -> None:
    """The first try broke off having been heard: the second is whole before it is said."""
    talk = Talk()
    talk.model.will(["Hello. It l", httpx.ReadError("gone")], ["Good day. It left."])
    asked = asyncio.ensure_future(talk.ask(turn("where"), aloud=True))
    await talk.clock.advance(1)
    reply = await asked
    assert [item for _, item in talk.heard] == [Text(text="Hello.")]
    assert reply.items == (Text(text="Good day. It left."),)
    assert len({headers["x-client-request-id"] for headers in talk.model.headers}) == 1


WRONG: dict[str, tuple[Any, str]] = {
    "garbage": ([b"data: {nonsense\n\n"], "malformed"),
    "no object": ([b"data: [1]\n\n"], "malformed"),
    "bytes": ([b"data: \xff\xfe\n\n"], "malformed"),
    "an error in the stream": (
        [{"error": {"message": "secret words", "code": "overloaded"}}],
        "model_failed",
    ),
    "cut": (["Hello. ", Finish("")], "cut_off"),
    "broken": (["Hello. ", httpx.ReadError("gone")], "unreachable"),
    "filtered": ([Finish("content_filter")], "content_filter"),
    "500": (500, "status_500"),
    "429": (429, "status_429"),
    "404": (404, "status_404"),
    "a page": (httpx.Response(200, html="<html>secret words</html>"), "malformed"),
    "endless": ([b"data: " + b"x" * 1_000_000] * 18, "too_large"),
    "talks on": (["And then. " * 1000] * 10, "too_large"),
    "calls on": ([Tool("send_text", {"text": "x" * 70_000})], "too_large"),
    "many calls": ([Tool("send_text", {"text": "x"}) for _ in range(40)], "malformed"),
}


@pytest.mark.parametrize(("played", "reason"), WRONG.values(), ids=WRONG)
async def test_what_is_wrong_is_told_without_its_words(played: Any, reason: str) -> None:
    """The reason is a word; neither the key nor what was asked or answered stands in the error."""
    talk = Talk(retries=0)
    talk.model.will(played)
    with pytest.raises(AssistantError) as wrong:
        await talk.ask(turn("my words"))
    assert wrong.value.reason == reason
    told = f"{wrong.value} {wrong.value.detail} {wrong.value!r} {talk.api!r}"
    assert not any(words in told for words in ("secret", "my words", "sk-model-key"))


async def test_the_part_that_cannot_be_read_is_kept_apart() -> None:
    """For the timeline: the beginning of the chunk, in 200 characters at most."""
    talk = Talk(retries=0)
    talk.model.will([b"data: {nonsense" + b"!" * 500 + b"\n\n"])
    with pytest.raises(AssistantError) as wrong:
        await talk.ask(turn("hi"))
    assert wrong.value.part.startswith("{nonsense!")
    assert len(wrong.value.part) == 200


@pytest.mark.parametrize("chunk", [
    {"choices": []},
    {"choices": [{"delta": None}]},
    {"choices": [{"delta": {"tool_calls": [None, {"function": 7}]}, "finish_reason": 3}]},
    {"choices": "x", "usage": "y"},
    {"prompt_filter_results": []},
])  # fmt: skip
async def test_chunks_of_another_shape_are_passed_over(chunk: dict[str, Any]) -> None:
    """Endpoints that are compatible add and leave out; the words count."""
    talk = Talk()
    talk.model.will(["Hel", chunk, "lo."], ["Hello."])
    assert Text(text="Hello.") in (await talk.ask(turn("hi"))).items


async def test_an_endpoint_that_does_not_stream() -> None:
    """A whole completion is read, too, with its calls and its usage."""
    talk = Talk()
    call = {"id": "c1", "type": "function", "function": {"name": "send_text", "arguments": '{"text": "7"}'}}
    choices = [{"message": {"content": "Here.", "tool_calls": [call]}, "finish_reason": "tool_calls"}]
    usage = {"prompt_tokens": 3, "completion_tokens": 2}
    talk.model.will(httpx.Response(200, json={"choices": choices, "usage": usage}), ["Sent."])
    talk.model.usage = usage
    reply = await talk.ask(turn("ticket"))
    assert reply.items == (Text(text="Here."), SendText(text="7"), Text(text="Sent."))
    assert reply.usage == {"prompt": 6, "completion": 4}


@pytest.mark.parametrize(
    "kind", ["text/plain", "text/event-stream; charset=utf-8", "application/octet-stream"]
)
async def test_a_stream_by_another_name(kind: str) -> None:
    """Small servers do not name what they stream; `[DONE]` ends it where no reason is given."""
    talk = Talk()
    body = b'data: {"choices": [{"delta": {"content": "Hello."}}]}\r\n\r\ndata: [DONE]\r\n\r\n'
    talk.model.will(httpx.Response(200, content=body, headers={"content-type": kind}))
    assert (await talk.ask(turn("hi"))).items == (Text(text="Hello."),)


async def test_calls_without_an_index_are_told_apart_by_id() -> None:
    """Some endpoints give whole calls and no index, and arguments as an object."""
    talk = Talk()
    calls = [
        {"id": name, "function": {"name": "send_text", "arguments": {"text": name}}}
        for name in ("one", "two")
    ]
    talk.model.will([{"choices": [{"delta": {"tool_calls": calls}}]}], ["Done."])
    reply = await talk.ask(turn("both"))
    assert reply.items == (SendText(text="one"), SendText(text="two"), Text(text="Done."))


async def test_half_a_surrogate_pair_can_be_kept() -> None:
    """What no store takes is replaced."""
    talk = Talk()
    talk.model.will([b'data: {"choices": [{"delta": {"content": "\\ud83d"}}]}\n\n'])
    await talk.ask(turn("hi"))
    json.dumps(talk.memory, ensure_ascii=False).encode()


async def test_a_model_that_hangs_is_given_up() -> None:
    """All tries of a caller's turn together have the time-out, however many rounds they take."""
    talk, never = Talk(), asyncio.Event()
    talk.model.will([Tool("set_context", {"values": {"a": 1}})], ["Hello", never])
    asked = asyncio.ensure_future(talk.ask(turn("hi")))
    await talk.clock.advance(29)
    assert not asked.done()
    await talk.clock.advance(2)
    with pytest.raises(AssistantError, match="timeout"):
        await asked
