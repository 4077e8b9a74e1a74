"""Tools of a language model: what it may call, what becomes of a call, and what it is told of it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from orchestrator.assistants.items import TYPES
from orchestrator.assistants.items.schema import fields_schema
from orchestrator.assistants.openai import Tools
from orchestrator.assistants.openai.assistant import MAX_ROUNDS
from orchestrator.assistants.openai.tools import ACTIONS
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import (
    AskForText,
    EndSession,
    HangUp,
    SendText,
    SwitchChannel,
    Text,
    Transfer,
    Unsupported,
)
from tests.assistants.openai.talk import Talk
from tests.assistants.turns import by_text, turn
from tests.fakes.model import Tool

pytestmark = pytest.mark.anyio


def fields_of(schema: dict[str, Any]) -> dict[str, Any]:
    """The names of the fields, nested as they are, and which are required."""
    inner = {name: fields_of(value) for name, value in schema.get("properties", {}).items()}
    return {"fields": inner, "required": schema.get("required", [])}


def types_of(schema: dict[str, Any]) -> list[Any]:
    """The type of every field."""
    inner = [kind for value in schema.get("properties", {}).values() for kind in types_of(value)]
    return [schema["type"], *inner]


async def test_every_action_of_an_answer_is_a_tool() -> None:
    """Each with the fields of its response type, as JSON Schema; the same in every request."""
    talk = Talk()
    await talk.ask(turn("hi"))
    await talk.ask(by_text("hi"))
    first, second = (body["tools"] for body in talk.model.bodies)
    assert first == second
    named = {tool["function"]["name"]: tool["function"] for tool in first}
    ours = [name for name, row in TYPES.items() if row.ours]
    assert list(named) == [*ours, "set_context"]
    for name in ours:
        assert fields_of(named[name]["parameters"]) == fields_of(fields_schema(name))
        assert all(isinstance(kind, str) for kind in types_of(named[name]["parameters"]))
    for tool in named.values():
        jsonschema.Draft202012Validator.check_schema(tool["parameters"])
    reminder = named["ask_for_text"]["parameters"]["properties"]["reminder"]
    assert set(reminder["properties"]) == {"after", "say"}


@pytest.mark.parametrize(
    ("name", "arguments", "item"),
    [
        ("hang_up", {"say": "Bye."}, HangUp(say="Bye.")),
        ("end_session", {}, EndSession()),
        ("transfer", {"to": "+15550109999", "timeout": "10s"}, Transfer(to="+15550109999", timeout=10.0)),
        ("switch_channel", {"to": "sms", "text": "Here."}, SwitchChannel(to="sms", text="Here.")),
        ("ask_for_text", {"text": "Address?", "say": "I text you.", "keep_as": "address"},
         AskForText(text="Address?", say="I text you.", keep_as="address")),
    ],
)  # fmt: skip
async def test_a_call_that_leaves_the_floor_ends_the_answer(
    name: str, arguments: dict[str, Any], item: Any
) -> None:
    """The action is part of the answer, and nothing more is asked; its result stands in the next request."""
    talk = Talk()
    talk.model.will([Tool(name, arguments)])
    reply = await talk.ask(turn("go"))
    assert reply.items == (item,)
    assert len(talk.model.bodies) == 1
    await talk.ask(turn("and?"))
    assert [role for role, _ in talk.model.messages()] == ["user", "assistant", "tool", "user"]


async def test_the_result_of_a_call_is_told_and_the_model_goes_on() -> None:
    """A text is sent, then the model says so; both are one answer, in order."""
    talk = Talk()
    talk.model.will(["Just a moment.", Tool("send_text", {"text": "Ticket 7"})], ["I sent it."])
    reply = await talk.ask(turn("send me my ticket"))
    assert reply.items == (
        Text(text="Just a moment."),
        SendText(text="Ticket 7"),
        Text(text="I sent it."),
    )
    assert talk.model.results() == [{"status": "done"}]
    call = talk.model.bodies[1]["messages"][2]["tool_calls"][0]
    assert json.loads(call["function"]["arguments"]) == {"text": "Ticket 7"}
    assert reply.usage == {"prompt": 200, "completion": 20}


async def test_calls_side_by_side_in_pieces() -> None:
    """Arguments that come in pieces of three characters, of three calls in one answer."""
    talk = Talk()
    talk.model.will(
        [
            Tool("send_text", {"text": "One"}, size=3),
            Tool("set_context", {"values": {"ticket": 7, "old": None}}, size=3),
            Tool("send_text", {"text": "Two"}, size=3),
        ],
        ["Done."],
    )
    reply = await talk.ask(turn("both"))
    assert reply.items == (SendText(text="One"), SendText(text="Two"), Text(text="Done."))
    assert reply.context == {"ticket": 7, "old": None}
    assert [result["status"] for result in talk.model.results()] == ["done"] * 3


async def test_a_caller_is_not_left_in_silence_by_a_question() -> None:
    """`ask_for_text` without words to say: the model is asked for some. By text none are needed."""
    talk = Talk()
    talk.model.will([Tool("ask_for_text", {"text": "Address?"})], ["I have texted you."])
    reply = await talk.ask(turn("I moved"))
    assert reply.items == (AskForText(text="Address?"), Text(text="I have texted you."))
    assert talk.model.results()[0]["status"] == "waiting"
    written = Talk()
    written.model.will([Tool("ask_for_text", {"text": "Address?"})])
    await written.ask(by_text("I moved"))
    assert len(written.model.bodies) == 1


@pytest.mark.parametrize(
    ("call", "error", "detail"),
    [
        (Tool("send_text", '{"text": "Ticket'), "malformed", "not JSON"),
        (Tool("send_text", "[1]"), "malformed", "no object"),
        (Tool("send_text", '{"text": NaN}'), "malformed", "not JSON"),
        (Tool("set_context", '{"a": ' + "[" * 100 + "]" * 100 + "}"), "malformed", "100 levels"),
        (Tool("send_text", {}), "malformed", "neither"),
        (Tool("ask_for_text", {"keep_as": "a"}), "malformed", "`text`"),
        (Tool("transfer", {"say": "Wait."}), "malformed", "`to` is missing"),
        (Tool("transfer", {"to": "the boss"}), "malformed", "`to`"),
        (Tool("switch_channel", {"to": "fax"}), "malformed", "`to`"),
        (Tool("set_context", {"values": 3}), "malformed", "`values`"),
        (Tool("pay", {"amount": 3}), "unknown_tool", "no such tool"),
    ],
)
async def test_a_call_that_cannot_be_read_is_told(call: Tool, error: str, detail: str) -> None:
    """The model learns what is wrong and does better; the timeline gets a line, the customer the better answer."""
    talk = Talk()
    talk.model.will([call], ["Sorry, I cannot do that."])
    reply = await talk.ask(turn("do it"))
    (told,) = talk.model.results()
    assert told["error"] == error
    assert detail in told["detail"]
    skipped, said = reply.items
    assert isinstance(skipped, Unsupported)
    assert skipped.response_type == call.name
    assert said == Text(text="Sorry, I cannot do that.")


async def test_what_the_state_forbids_is_an_error() -> None:
    """A hang-up in a text thread: the model is told what is allowed, and nothing is done."""
    talk = Talk()
    talk.model.will([Tool("hang_up", {}), Tool("end_session", {})], ["Fine."])
    reply = await talk.ask(by_text("bye", allowed=["send_text", "set_context"]))
    assert [told["error"] for told in talk.model.results()] == ["not_allowed", "not_allowed"]
    assert talk.model.results()[0]["allowed"] == ["send_text", "set_context"]
    assert [type(item) for item in reply.items] == [Unsupported, Unsupported, Text]


async def test_who_hides_the_number_may_name_one() -> None:
    """A text to a named number is possible although the caller's own is not known."""
    talk = Talk()
    hidden = {"allowed": ["say"], "customer": {"phone_number": None}}
    talk.model.will(
        [Tool("send_text", {"text": "Hi", "to": "+15550107777"}), Tool("send_text", {"text": "Hi"})],
        ["Sent."],
    )
    reply = await talk.ask(turn("to my other phone", **hidden))
    assert reply.items[0] == SendText(text="Hi", to="+15550107777")
    assert [told.get("error") for told in talk.model.results()] == [None, "not_allowed"]


async def test_calls_are_handed_to_known_places_only() -> None:
    """With `transfer_to` a model that was talked into another number is refused; `tools` leaves tools out."""
    talk = Talk(tools=Tools(names=("transfer",), transfer_to=("+15550109999",)))
    talk.model.will([Tool("transfer", {"to": "+19005550100"})], [Tool("hang_up", {})], ["No."])
    reply = await talk.ask(turn("put me through to +19005550100"))
    assert not any(isinstance(item, Transfer | HangUp) for item in reply.items)
    assert [told["error"] for told in talk.model.results()] == ["not_allowed", "unknown_tool"]
    (tool,) = talk.model.bodies[0]["tools"]
    assert tool["function"]["parameters"]["properties"]["to"]["enum"] == ["+15550109999"]


async def test_a_model_that_only_calls_is_stopped() -> None:
    """In the last round it may call nothing; the turn ends whatever it does."""
    talk = Talk()
    talk.model.will(*[[Tool("set_context", {"values": {"n": n}})] for n in range(20)])
    await talk.ask(turn("loop"))
    assert len(talk.model.bodies) == MAX_ROUNDS
    assert [body.get("tool_choice") for body in talk.model.bodies] == [None] * (MAX_ROUNDS - 1) + ["none"]


async def test_a_model_whose_calls_can_never_be_used_has_failed() -> None:
    """Nothing but broken arguments in every round is a failure, with the last of them, and not asked again; one word
    makes it an answer.
    """
    talk = Talk()
    talk.model.will(*[[Tool("send_text", '{"text": "Tick')]] * MAX_ROUNDS)
    with pytest.raises(AssistantError) as failed:
        await talk.ask(turn("my ticket"))
    assert (failed.value.reason, failed.value.retryable) == ("malformed", False)
    assert failed.value.part == '{"text": "Tick'
    assert len(talk.model.bodies) == MAX_ROUNDS
    talk.model.will(["Wait.", Tool("pay", {})], *[[Tool("pay", {})]] * (MAX_ROUNDS - 1))
    reply = await talk.ask(turn("my ticket"))
    assert Text(text="Wait.") in reply.items


def test_every_tool_has_a_name_of_the_api() -> None:
    """Names are those of the actions API and of response types; letters and underscores as endpoints want them."""
    assert set(ACTIONS) == {
        "send_text", "ask_for_text", "switch_channel", "transfer", "hang_up", "end_session", "set_context",
    }  # fmt: skip
