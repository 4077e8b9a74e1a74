"""Whatever an endpoint streams: an answer or an `AssistantError`, and a conversation that it takes again."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.assistants.openai.tools import ACTIONS
from orchestrator.core.errors import AssistantError
from orchestrator.core.session import Session, from_document, to_document
from tests.assistants.openai.talk import Talk
from tests.assistants.turns import turn

ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.integers(-2, 2), st.text(max_size=4), st.just([]), st.just({})
)
WORDS = st.one_of(st.sampled_from(["Hello. ", "<think>", "</think>", "`x`\n", "...", "\ud800"]), ODD)
ARGUMENTS = st.one_of(
    st.sampled_from(['{"text": "x"}', '{"to": "+15550109999"}', '{"say": 1}', '{"te', "[]", ""]), ODD
)


def having(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with these fields, now and then of another shape."""
    return st.fixed_dictionaries({name: mostly(each) for name, each in fields.items()})


def mostly(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The usual value, one time in sixteen another one."""
    return st.integers(0, 15).flatmap(lambda number: ODD if number == 7 else usual)


FUNCTION = having(name=st.sampled_from([*ACTIONS, "pay now!", ""]), arguments=ARGUMENTS)
CALL = having(index=st.integers(0, 1), id=st.sampled_from(["call_1", "call_2"]), function=FUNCTION)
DELTA = having(content=WORDS, tool_calls=st.lists(CALL, max_size=3))
REASON = st.sampled_from([None, "stop", "tool_calls", "length", "content_filter"])
CHUNK = having(choices=st.lists(having(delta=DELTA, finish_reason=REASON), min_size=1, max_size=1), usage=ODD)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CHUNK, max_size=5), min_size=1, max_size=3))
def test_any_stream_is_answered_or_refused(streams: list[list[Any]]) -> None:
    """The next turn's conversation is one that the endpoint takes, and the session can be stored."""

    async def go() -> None:
        talk = Talk(retries=0)
        talk.model.will(*[[f"data: {json.dumps(chunk)}\n\n".encode() for chunk in each] for each in streams])
        for _ in streams:
            try:
                reply = await talk.ask(turn("hi"), aloud=True)
            except AssistantError as error:
                assert error.reason != "status_400"  # noqa: PT017 - most of them are right, this one is not
                continue
            assert [item for _, item in talk.heard] == list(reply.items)
            stored = to_document(Session(id="s", assistant="a", customer=None, memory=talk.memory))
            stored.encode()
            assert from_document(stored).memory == talk.memory

    asyncio.run(go())
