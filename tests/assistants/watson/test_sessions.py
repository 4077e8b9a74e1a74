"""Watson's sessions, credentials and stream: made late, made anew, tried again, and let go of."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from orchestrator.assistants.watson import Basic, WatsonApi, WatsonAssistant
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import Item, Text
from tests.assistants.turns import by_text, turn
from tests.assistants.watson.service import Talk
from tests.fakes.clock import FakeClock, settle
from tests.fakes.watson import FakeWatson, set_by_node

pytestmark = pytest.mark.anyio
HELLO = {"response_type": "text", "text": "Hello"}
MADE = "POST /v2/assistants/env-1/sessions"


async def test_a_session_is_made_with_the_first_turn_and_kept() -> None:
    """One session for all turns; every request carries `version`."""
    watson = FakeWatson()
    talk = Talk(watson)
    for said in ("one", "two", "three"):
        await talk.ask(by_text(said))
    assert watson.calls == [MADE, *[f"{MADE}/session-1/message"] * 3]


async def test_addresses_of_2024_name_assistant_and_environment() -> None:
    """With `environment_id` the paths are those of the API since 2024-08-25."""
    watson = FakeWatson()
    talk = Talk(watson, environment="live")
    await talk.ask(by_text("hi"))
    base = "POST /v2/assistants/env-1/environments/live/sessions"
    assert watson.calls == [base, f"{base}/session-1/message"]


async def test_an_invalid_session_is_replaced_once() -> None:
    """The message is sent again to a new session, with our context and Watson's own variables of before."""
    watson = FakeWatson()
    talk = Talk(watson)
    watson.will({"output": {"generic": [HELLO]}, "context": set_by_node(stage="address")})
    await talk.ask(by_text("hi", context={"order": 7}))
    watson.expire()
    watson.will([HELLO])
    await talk.ask(by_text("next", context={"order": 7}))
    assert watson.variables(1)["stage"] == "address"
    assert watson.variables(1)["order"] == 7
    assert "session_id" not in watson.bodies[1]["context"]["global"]
    assert talk.memory["session_id"] == "session-2"


async def test_what_is_kept_survives_a_service_that_returns_no_context() -> None:
    """Where the context does not come back, a new session is told what the old one was."""
    watson = FakeWatson()
    talk = Talk(watson)
    watson.returns_context = False
    await talk.ask(by_text("hi", context={"order": 7}))
    watson.expire()
    await talk.ask(by_text("next", context={"order": 7}))
    assert watson.variables(1)["order"] == 7


async def test_another_404_is_no_expired_session() -> None:
    """A wrong assistant id makes no second session, and is told as what it is, once."""
    watson = FakeWatson()
    talk = Talk(watson)
    talk.assistant._api = WatsonApi(
        url="http://watson.test/instances/i-1",
        assistant_id="wrong",
        version="2024-08-25",
        auth=Basic("watson-key"),
        http=httpx.AsyncClient(transport=httpx.ASGITransport(app=watson.app)),
    )
    with pytest.raises(AssistantError, match="status_404"):
        await talk.ask(by_text("hi"))
    assert len(watson.calls) == 1


async def test_forgetting_deletes_the_session_and_minds_no_failure() -> None:
    """What an ended session of ours held is deleted; one that is gone, or a service that is away, is no error."""
    watson = FakeWatson()
    talk = Talk(watson)
    await talk.ask(by_text("hi"))
    for _ in range(2):
        await talk.assistant.forget(talk.memory)
    assert watson.deleted == ["session-1"]
    await talk.assistant.forget({})

    away = WatsonApi(
        url="http://w.test",
        assistant_id="e",
        version="1",
        auth=Basic("k"),
        http=httpx.AsyncClient(transport=_Away()),
    )
    await WatsonAssistant(away, clock=FakeClock()).forget(talk.memory)


class _Away(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away")


async def test_stateless_messages_hold_the_whole_context() -> None:
    """No session; what came back goes out again, without the commands and one-turn variables in it."""
    watson = FakeWatson()
    talk = Talk(watson, stateless=True)
    action = {"command": "smsActSendMedia", "parameters": {"mediaURL": ["https://x.example/p.png"]}}
    watson.will({"output": {"generic": []}, "context": set_by_node(stage="address", smsAction=action)})
    picture = {"url": "https://m.example/1", "content_type": "image/png"}
    media = {"type": "media", "text": "hi", "confidence": None, "media": [picture]}
    await talk.ask(by_text("hi", input=media, context={"order": 7}))
    await talk.ask(by_text("next", context={"order": 7}))
    assert set(watson.calls) == {"POST /v2/assistants/env-1/message"}
    variables = watson.variables(1)
    assert (variables["stage"], variables["order"]) == ("address", 7)
    assert not {"smsAction", "smsMedia"} & variables.keys()
    skill = watson.bodies[1]["context"]["skills"]["main skill"]
    assert skill["system"]["state"] == "eyJ=="
    assert "session_id" not in talk.memory


@pytest.mark.parametrize(
    ("answers", "asked", "reason"),
    [
        ([500, [HELLO]], 2, ""),
        ([429, [HELLO]], 2, ""),
        ([500, 500], 2, "status_500"),
        ([403], 1, "status_403"),
        ([400], 1, "status_400"),
        ([{"raw": {"output": None}}], 1, "malformed"),
        ([{"raw": {"output": {"generic": HELLO}}}], 1, "malformed"),
        ([{"raw": ["no", "object"]}], 1, "malformed"),
        (
            [{"raw": {"output": {"generic": []}, "context": json.loads("[" * 100 + "]" * 100)}}],
            1,
            "malformed",
        ),
    ],
)
async def test_what_may_pass_is_tried_once_more(answers: list[Any], asked: int, reason: str) -> None:
    """Failures of the service are tried again in the same session, refusals are not."""
    watson = FakeWatson()
    talk = Talk(watson)
    watson.will(*answers)
    work = asyncio.ensure_future(talk.ask(by_text("hi")))
    await settle()
    await talk.clock.advance(1)
    await settle()
    error = work.exception()
    assert (error.reason if isinstance(error, AssistantError) else "") == reason
    assert len(watson.bodies) == asked
    assert watson.calls.count(MADE) == 1


async def test_a_dialogue_gives_itself_its_time() -> None:
    """`turn_settings.timeout_count` and `smsConversationResponseTimeout` bound each try of the following turns."""
    watson = FakeWatson()
    talk = Talk(watson)
    context = set_by_node(smsConversationResponseTimeout="3000")
    context["integrations"] = {"voice_telephony": {"turn_settings": {"timeout_count": 2000}}}
    watson.will({"output": {"generic": []}, "context": context})
    await talk.ask(by_text("hi"))
    for asked, limit in ((turn("hi"), 2.0), (by_text("hi"), 3.0)):
        before = len(watson.bodies)
        watson.will(_never, _never)
        work = asyncio.ensure_future(talk.ask(asked))
        await settle()
        assert len(watson.bodies) == before + 1
        await talk.clock.advance(limit + 0.6)
        await settle()
        assert len(watson.bodies) == before + 2
        await talk.clock.advance(limit + 0.6)
        await settle()
        assert isinstance(work.exception(), AssistantError)


async def _wait() -> None:
    await asyncio.Event().wait()


def _never(_: dict[str, Any]) -> Any:
    return _wait()


# Credentials ---------------------------------------------------------------------------------------
async def test_a_token_is_fetched_once_and_renewed_before_it_expires() -> None:
    """IAM is asked once for many turns at once, again after four fifths of the token's life."""
    watson = FakeWatson()
    clock = FakeClock()
    talk = Talk(watson, iam=True, clock=clock)
    others = [Talk(watson, clock=clock) for _ in range(3)]
    for other in others:
        other.assistant = talk.assistant
    await asyncio.gather(*(each.ask(by_text("hi")) for each in (talk, *others)))
    assert watson.tokens == ["token-1"]
    await clock.advance(2700)
    await talk.ask(by_text("hi"))
    assert watson.tokens == ["token-1"]
    await clock.advance(300)
    await talk.ask(by_text("hi"))
    assert watson.tokens == ["token-1", "token-2"]


async def test_a_token_that_is_still_good_bridges_an_outage_of_iam() -> None:
    """A renewal that fails is no failure while the old token holds."""
    watson = FakeWatson()
    talk = Talk(watson, iam=True)
    await talk.ask(by_text("hi"))
    watson.iam_status = 503
    await talk.clock.advance(3000)
    await talk.ask(by_text("hi"))
    await talk.clock.advance(700)
    with pytest.raises(AssistantError, match="iam_unreachable"):
        await _finished(talk, by_text("hi"))


async def test_a_withdrawn_token_is_replaced() -> None:
    """A 401 in the middle of a token's life asks IAM for another one, once, and the turn goes on."""
    watson = FakeWatson()
    talk = Talk(watson, iam=True)
    await talk.ask(by_text("hi"))
    watson.tokens.append("withdrawn by IBM")
    await talk.ask(by_text("hi"))
    assert watson.heard() == ["hi", "hi"]


async def test_a_wrong_key_is_no_retry_and_in_no_error() -> None:
    """IAM's refusal is told as such, without the key."""
    watson = FakeWatson()
    watson.iam_status = 400
    with pytest.raises(AssistantError, match="iam_refused") as caught:
        await Talk(watson, iam=True).ask(by_text("hi"))
    assert "watson-key" not in str(caught.value)
    assert watson.calls == ["TOKEN"]


async def _finished(talk: Talk, asked: Any) -> Any:
    work = asyncio.ensure_future(talk.ask(asked))
    await settle()
    await talk.clock.advance(1)
    return await work


# The stream ----------------------------------------------------------------------------------------
async def test_items_of_a_stream_are_told_as_they_come() -> None:
    """With `streaming` what is complete is heard before the answer is whole, and the answer is the final one."""
    watson = FakeWatson()
    heard: list[tuple[int, Item]] = []
    talk = Talk(watson, streaming=True)
    watson.will([HELLO, {"response_type": "text", "text": "there"}])
    reply = await talk.ask(turn("hi"), heard=lambda place, item: heard.append((place, item)))
    assert heard == [(0, Text(text="Hello")), (1, Text(text="there"))]
    assert [item.text for item in reply.items if isinstance(item, Text)] == ["Hello", "there"]
    assert watson.calls[-1].endswith("/message_stream")
    await talk.ask(turn("hi"))
    assert watson.calls[-1].endswith("/message")


async def test_a_service_without_a_stream_is_asked_as_ever() -> None:
    """Where there is no `message_stream` the turn is a plain message, and no later one tries the stream."""
    watson = FakeWatson()
    watson.streams = False
    talk = Talk(watson, streaming=True)
    for _ in range(2):
        watson.will([HELLO])
        reply = await talk.ask(turn("hi"), heard=lambda _, __: None)
        assert reply.items == (Text(text="Hello"),)
    assert sum(call.endswith("/message_stream") for call in watson.calls) == 1


async def test_a_stream_of_an_expired_session_begins_a_new_one() -> None:
    """`Invalid Session` on the stream is no sign that there is none."""
    watson = FakeWatson()
    talk = Talk(watson, streaming=True)
    await talk.ask(turn("hi"), heard=lambda _, __: None)
    watson.expire()
    watson.will([HELLO])
    reply = await talk.ask(turn("again"), heard=lambda _, __: None)
    assert reply.items == (Text(text="Hello"),)
    assert watson.calls[-1].endswith("/session-2/message_stream")
