"""A conversation with a language model: what it is told, what it says, what is kept between turns."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from orchestrator.assistants.openai.memory import Memory
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import Text
from tests.assistants.openai.talk import Talk
from tests.assistants.turns import by_text, turn
from tests.fakes.model import API_KEY, Finish

pytestmark = pytest.mark.anyio


async def test_what_is_asked_and_answered() -> None:
    """The request is a streamed completion with the operator's prompt first; the words are one text."""
    talk = Talk(parameters={"temperature": 0.2})
    talk.model.will(["Hel", "lo", "."])
    reply = await talk.ask(turn("I moved house", context={"order": 7}))
    body = talk.model.bodies[0]
    assert reply.items == (Text(text="Hello."),)
    assert (talk.model.urls, body["model"], body["stream"]) == (
        ["http://model.test/v1/chat/completions"],
        "small",
        True,
    )
    assert body["temperature"] == 0.2
    assert talk.model.system().startswith("You sell shoes.")
    assert '"order": 7' in talk.model.system()
    assert talk.model.messages() == [("user", "I moved house")]
    assert talk.model.headers[0]["authorization"] == f"Bearer {API_KEY}"
    assert talk.model.headers[0]["x-client-request-id"] == "01JTURN"


async def test_the_conversation_is_kept_in_the_session() -> None:
    """The next turn shows the model what was said, also on another worker: memory is all that goes between."""
    talk = Talk()
    talk.model.will(["Hello."], ["In Rome."])
    await talk.ask(turn(event="call_started", event_data={"direction": "inbound"}))
    other = Talk()
    other.memory = json.loads(json.dumps(talk.memory))
    other.model.will(["In Rome."])
    await other.ask(turn("where are you"))
    (first, greeting), (second, said), (third, words) = other.model.messages()
    assert (first, second, third) == ("user", "assistant", "user")
    assert greeting.startswith("[A call begins (inbound)")
    assert (said, words) == ("Hello.", "where are you")


async def test_speech_and_writing_have_styles_of_their_own() -> None:
    """Spoken answers are asked to be short, written ones to be plain; both where both are answered."""
    talk = Talk()
    await talk.ask(turn("hi"))
    await talk.ask(by_text("hi"))
    await talk.ask(turn("hi", reply_on=["voice", "sms"]))
    voice, sms, both = (talk.model.system(place) for place in range(3))
    assert ("spoken" in voice, "text message (SMS):" in voice) == (True, False)
    assert ("are spoken" in sms, "text message (SMS):" in sms) == (False, True)
    assert ("are spoken" in both, "text message (SMS):" in both) == (True, True)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (turn("42", kind="dtmf"), "[The caller pressed keys:] 42"),
        (
            turn("12 Elm Road", kind="text", event="text_reply", channel="sms"),
            "[The customer sent a text message during the call:]\n12 Elm Road",
        ),
        (
            turn(event="text_failed", event_data={"code": 30003, "reason": "unreachable", "text_id": "t"}),
            "[Your text could not be delivered: unreachable (30003).]",
        ),
        (turn(event="no_input"), "[The caller says nothing.]"),
        (turn(event="renamed", event_data={"by": "desk"}), '[renamed: {"by": "desk"}]'),
        (turn("hm", event_data={"partial": "my add"}), "[The caller was just saying: my add]\nhm"),
        (
            turn(event="transfer_failed"),
            "[Nobody took the transfer: unknown. The caller is on the line again.]",
        ),
    ],
)
async def test_a_turn_in_words(asked: Any, told: str) -> None:
    """What the customer said stands as it is, facts of ours in brackets; events of later releases are told, too."""
    talk = Talk()
    await talk.ask(asked)
    assert talk.model.messages() == [("user", told)]


async def test_a_file_is_told_of_without_its_address() -> None:
    """The carrier's addresses need its credentials: the model learns what came."""
    talk = Talk()
    media = [{"url": "https://api.twilio.com/secret", "content_type": "image/png"}]
    await talk.ask(
        by_text("look", input={"type": "media", "text": "look", "confidence": None, "media": media})
    )
    assert talk.model.messages() == [("user", "look\n[A file came with it: image/png]")]


async def test_the_end_of_a_call_is_told_with_the_next_turn() -> None:
    """Nobody expects a word about it: the model is not asked, unless `farewells` says so."""
    ended: dict[str, Any] = {"event": "call_ended", "event_data": {"reason": "ended"}, "reply_on": ["sms"]}
    talk = Talk()
    reply = await talk.ask(turn(**ended))
    assert (reply.items, talk.model.bodies) == ((), [])
    await talk.ask(by_text("and now?"))
    assert talk.model.messages() == [("user", "[The call is over: ended.]\nand now?")]
    await talk.ask(by_text("well?"))
    assert talk.model.messages()[-1] == ("user", "well?")
    asked = Talk(farewells=True)
    asked.model.will(["Your ticket is 7."])
    assert (await asked.ask(turn(**ended))).items == (Text(text="Your ticket is 7."),)


async def test_history_is_as_long_as_it_is_let() -> None:
    """By turns and by about so many tokens; the newest turn always stays."""
    talk = Talk(limits={"history_turns": 2})
    for place in range(4):
        talk.model.will([f"answer {place}"])
        await talk.ask(turn(f"question {place}"))
    assert [words for _, words in talk.model.messages()] == [
        "question 1", "answer 1", "question 2", "answer 2", "question 3",
    ]  # fmt: skip
    short = Talk(limits={"history_tokens": 60})
    for _ in range(4):
        short.model.will(["word " * 20])
        await short.ask(turn("question"))
    assert len(short.model.messages()) == 3
    none = Talk(limits={"history_turns": 0})
    await none.ask(turn("one"))
    await none.ask(turn("two"))
    assert none.model.messages() == [("user", "two")]


@pytest.mark.parametrize(
    ("heard", "left"),
    [
        ("Your order left on", "Your order left on"),
        ("Your order left on Monday.", "Your order left on Monday."),
        ("One moment, please. Your order", "Your order"),
        ("It comes", "Your order left on Monday. It comes"),
        ("Your order left on Monday. It comes by Friday. Anything else?", None),
        ("", ""),
        ("One moment, please.", ""),
    ],
)
async def test_an_answer_that_was_cut_short_is_what_was_heard(heard: str, left: str | None) -> None:
    """The model does not believe to have said what nobody heard."""
    said = "Your order left on Monday. It comes by Friday. Anything else?"
    talk = Talk()
    talk.model.will([said])
    await talk.ask(turn("where is it"))
    await talk.ask(turn("stop", event_data={"heard_until_interrupt": heard}))
    kept = said if left is None else left
    answers = [words for role, words in talk.model.messages() if role == "assistant"]
    assert answers == ([kept] if kept else [])


async def test_the_budget_of_a_session_holds() -> None:
    """Beyond its turns or tokens the model is not asked; what is left of few tokens is told to the endpoint."""
    turns = Talk(limits={"max_turns": 1})
    await turns.ask(turn("one"))
    with pytest.raises(AssistantError, match="max_turns") as over:
        await turns.ask(turn("two"))
    assert (over.value.retryable, len(turns.model.bodies)) == (False, 1)
    tokens = Talk(limits={"max_tokens": 150})
    reply = await tokens.ask(turn("one"))
    assert reply.usage == {"prompt": 100, "completion": 10}
    await tokens.ask(turn("two"))
    assert [body["max_tokens"] for body in tokens.model.bodies] == [150, 40]
    with pytest.raises(AssistantError, match="max_tokens"):
        await tokens.ask(turn("three"))
    wide = Talk(limits={"max_tokens": 500_000})
    await wide.ask(turn("one"))
    assert "max_tokens" not in wide.model.bodies[0]


async def test_tokens_are_estimated_where_nobody_counts_them() -> None:
    """The budget holds with endpoints that give no usage."""
    talk = Talk()
    talk.model.usage = None
    talk.model.will(["word " * 40])
    reply = await talk.ask(turn("hi"))
    assert reply.usage["prompt"] > 100
    assert 40 <= reply.usage["completion"] <= 80


async def test_what_an_endpoint_refuses_is_left_out() -> None:
    """Fields that it names as unsupported are not sent again; one that has another name is renamed."""
    talk = Talk(limits={"max_tokens": 1000})
    talk.model.refuses = {"stream_options", "max_tokens"}
    talk.model.will(["Hello."])
    reply = await talk.ask(turn("hi"))
    assert reply.items == (Text(text="Hello."),)
    assert len(talk.model.bodies) == 3
    await talk.ask(turn("again"))
    assert len(talk.model.bodies) == 4
    assert talk.model.bodies[-1]["max_completion_tokens"] < 1000


@pytest.mark.parametrize(
    "stored", [{}, {"turns": 5, "notes": {}, "asked": -1}, {"session_id": "s"}, {"turns": [[7]]}]
)
def test_memory_of_another_kind_is_none(stored: dict[str, Any]) -> None:
    """What is there after the configuration changed breaks nothing."""
    assert Memory.of(stored) == Memory()


async def test_a_conversation_that_is_too_long_is_halved() -> None:
    """The model says that it cannot read so much: it is asked with less, and in the end with the turn alone."""
    talk = Talk()
    for place in range(6):
        talk.model.will([f"answer {place}"])
        await talk.ask(turn(f"question {place}"))

    def short(body: dict[str, Any]) -> Any:
        asked = {"error": {"code": "context_length_exceeded", "message": "the maximum context length is 9"}}
        return httpx.Response(400, json=asked) if len(body["messages"]) > 6 else ["Fine."]

    talk.model.will(short, short)
    assert (await talk.ask(turn("and"))).items == (Text(text="Fine."),)
    assert [words for _, words in talk.model.messages()] == [
        "question 4", "answer 4", "question 5", "answer 5", "and",
    ]  # fmt: skip
    talk.model.will(*[httpx.Response(400, text="exceeds the available context size") for _ in range(9)])
    with pytest.raises(AssistantError, match="too_long"):
        await talk.ask(turn("and"))


async def test_an_answer_at_its_limit_ends_with_a_sentence() -> None:
    """What the model could not finish is not said, unless it is all there is."""
    talk = Talk()
    talk.model.will(
        ["It left on Monday. It co", Finish("length")], ["It co", Finish("length")], [Finish("length")]
    )
    assert (await talk.ask(turn("where"))).items == (Text(text="It left on Monday."),)
    assert (await talk.ask(turn("where"))).items == (Text(text="It co"),)
    with pytest.raises(AssistantError, match="length"):
        await talk.ask(turn("where"))


async def test_thoughts_and_markdown_are_not_for_customers() -> None:
    """What an open model thinks aloud is left out, and so are headings, stars and code marks."""
    talk = Talk()
    talk.model.will(["<thi", "nk>He wants", " shoes.</think>\n\n", "## Sizes\n* `40`\n* 41"])
    assert (await talk.ask(by_text("sizes?"))).items == (Text(text="Sizes\n- 40\n- 41"),)
    assert "wants" not in json.dumps(talk.memory)
    talk.model.will(
        ["<"], ["<think>and nothing"], ["<th", "ree pairs"], ["<think>" + "hm " * 30_000, "</think>Yes."]
    )
    assert (await talk.ask(by_text("a sign?"))).items == (Text(text="<"),)
    assert (await talk.ask(by_text("sizes?"))).items == ()
    assert (await talk.ask(by_text("sizes?"))).items == (Text(text="<three pairs"),)
    assert (await talk.ask(by_text("sizes?"))).items == (Text(text="Yes."),)


async def test_a_failed_turn_leaves_the_session_as_it_was() -> None:
    """What is kept is changed by an answer only: also where the turn began by cutting the last one short."""
    talk = Talk(retries=0)
    talk.model.will(["It left on Monday."], 404)
    await talk.ask(turn("where"))
    before = json.dumps(talk.memory)
    with pytest.raises(AssistantError):
        await talk.ask(turn("stop", event_data={"heard_until_interrupt": "It"}))
    assert json.dumps(talk.memory) == before
