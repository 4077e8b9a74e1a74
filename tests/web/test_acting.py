"""Actions and sessions opened by us: from JSON to the desk, and what comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orchestrator.core import items
from orchestrator.core.errors import OverloadedError
from orchestrator.core.items import Item
from orchestrator.ports import Forbidden
from tests.web.house import ANA, BEN, OURS, Api, problem, wrong

pytestmark = pytest.mark.anyio

ALL = ["send_text", "ask_for_text", "say", "switch_channel", "transfer", "hang_up", "set_context", "end"]
ITEMS: list[tuple[dict[str, Any], Item | None]] = [
    (
        {"action": "send_text", "text": "hi", "media": ["https://x.test/a.png"], "to": "+1 555 010 1234"},
        items.SendText(text="hi", media=("https://x.test/a.png",), to=ANA),
    ),
    (
        {"action": "send_text", "text": "hi", "to": BEN, "from": OURS},
        items.SendText(text="hi", to=BEN, sender=OURS),
    ),
    (
        {
            "action": "ask_for_text",
            "text": "Your address?",
            "say": "I sent you a text.",
            "keep_as": "address",
            "timeout": "1m30s",
            "reminder": {"after": 20, "say": "Still there?"},
            "pattern": "[0-9]+ .*",
            "on_mismatch": "A number first.",
        },
        items.AskForText(
            text="Your address?",
            say="I sent you a text.",
            keep_as="address",
            timeout=90.0,
            reminder_after=20.0,
            reminder_say="Still there?",
            pattern="[0-9]+ .*",
            on_mismatch="A number first.",
        ),
    ),
    (
        {
            "action": "ask_for_text",
            "fallback": {"say": "Key it.", "collect": {"count": 5, "ignore_speech": True}},
        },
        items.AskForText(
            fallback=items.Fallback(say="Key it.", collect=items.CollectDigits(count=5, ignore_speech=True))
        ),
    ),
    ({"action": "say", "text": "Hello"}, items.Text(text="Hello", channels=("voice",))),
    (
        {"action": "switch_channel", "to": "sms", "text": "Here", "say": "Bye", "keep_call": True},
        items.SwitchChannel(to="sms", text="Here", say="Bye", keep_call=True),
    ),
    ({"action": "switch_channel", "to": "voice", "text": None}, items.SwitchChannel(to="voice")),
    (
        {
            "action": "transfer",
            "to": "sip:desk@x.test",
            "say": "One moment",
            "timeout": 5,
            "headers": {"X-A": "b"},
        },
        items.Transfer(to="sip:desk@x.test", say="One moment", timeout=5.0, headers={"X-A": "b"}),
    ),
    ({"action": "transfer", "to": "+1 555 010 5678"}, items.Transfer(to=BEN, timeout=30.0)),
    ({"action": "hang_up", "say": "Bye"}, items.HangUp(say="Bye")),
    ({"action": "end"}, items.EndSession()),
    ({"action": "set_context", "context": {"a": None, "b": [1]}}, None),
]


@pytest.mark.parametrize(("body", "item"), ITEMS)
async def test_an_action_reaches_the_desk_as_an_item(
    api: Api, body: dict[str, Any], item: Item | None
) -> None:
    """Each action is the item that an answer would hold, and is acknowledged with its id."""
    session_id = await api.session()
    answer = await api.post(f"/sessions/{session_id}/actions", body)
    assert answer.status_code == 202, answer.text
    assert answer.json() == {"action_id": "A1", "session_id": session_id, "state": "in_call"}
    assert api.desk.acts == [
        {"action": body["action"], "item": item, "context": body.get("context"), "key": ""}
    ]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"action": "send_text"}, {"text"}),
        ({"action": "send_text", "text": "  "}, {"text"}),
        ({"action": "send_text", "text": 7}, {"text"}),
        ({"action": "send_text", "text": "x" * 16_001}, {"text"}),
        ({"action": "send_text", "text": "x", "to": "5550101234"}, {"to"}),
        ({"action": "send_text", "text": "x", "to": "+15550107777", "from": BEN}, {"to", "from"}),
        ({"action": "send_text", "media": ["ftp://x", "https://x.test/a", 3]}, {"media[0]", "media[2]"}),
        ({"action": "send_text", "media": ["https://x.test/a"] * 11}, {"media"}),
        ({"action": "send_text", "media": "https://x.test/a"}, {"media"}),
        ({"action": "say"}, {"text"}),
        ({"action": "say", "text": "x", "voice": "loud", "txt": 1}, {"voice", "txt"}),
        ({"action": "say", "text": "x", "txt": None}, {"txt"}),
        ({"action": "ask_for_text", "timeout": "soon", "pattern": "(", "keep_as": ""}, {"timeout", "pattern", "keep_as"}),
        ({"action": "ask_for_text", "timeout": -1, "reminder": {"after": "5x"}}, {"timeout", "reminder.after", "reminder.say"}),
        ({"action": "switch_channel", "to": "fax", "keep_call": "yes"}, {"to", "keep_call"}),
        ({"action": "switch_channel"}, {"to"}),
        ({"action": "transfer", "to": "the desk", "headers": {"X": "a\r\nb"}}, {"to", "headers"}),
        ({"action": "hang_up", "say": ["x"]}, {"say"}),
        ({"action": "set_context"}, {"context"}),
        ({"action": "set_context", "context": []}, {"context"}),
    ],
)  # fmt: skip
async def test_wrong_fields_are_named_all_at_once(api: Api, body: dict[str, Any], named: set[str]) -> None:
    """Each wrong field of an action is named, what was given is not repeated, and nothing is done."""
    session_id = await api.session()
    assert wrong(await api.post(f"/sessions/{session_id}/actions", body)) == named
    assert not api.desk.acts


async def test_a_withheld_number_may_be_given_one(api: Api) -> None:
    """Where the caller has no number, a text may go to any."""
    session_id = await api.session(None)
    body = {"action": "send_text", "text": "x", "to": "+15550107777"}
    assert (await api.post(f"/sessions/{session_id}/actions", body)).status_code == 202


@pytest.mark.parametrize("action", ["dance", "sendtext", "", None, 7, ["say"], {}])
async def test_an_unknown_action_is_told_the_list(api: Api, action: Any) -> None:
    """The problem holds every action there is."""
    answer = await api.post("/sessions/x/actions", {"action": action})
    assert wrong(answer, "unknown_action") == {"action"}
    assert answer.json()["actions"] == [*ALL, "take_over", "release"]


@pytest.mark.parametrize("body", [[], "say", 7, None, [{"action": "end"}]])
async def test_a_body_that_is_no_object_is_named(api: Api, body: Any) -> None:
    """JSON of another shape is a 422."""
    for path in ("/sessions/x/actions", "/messages"):
        answer = await api.client.post(
            f"/api/v1{path}", content=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        assert wrong(answer) == {"(body)"}


async def test_a_field_nearly_right_is_hinted_at(api: Api) -> None:
    """A slip of the pen gets its correction."""
    answer = await api.post("/messages", {"asistant": "support", "to": ANA})
    assert wrong(answer) == {"assistant", "asistant"}
    assert answer.json()["hint"] == "Did you mean `assistant`?"


async def test_a_long_name_is_not_repeated_whole(api: Api) -> None:
    """A report repeats at most 60 characters of what it was sent."""
    answer = await api.post("/messages", {"assistant": "support", "to": ANA, "x" * 5000: 1})
    assert wrong(answer) == {"x" * 60}
    answer = await api.post("/sessions/x/actions", {"action": "y" * 5000})
    assert len(answer.content) < 2000


async def test_an_action_in_no_session_is_not_found(api: Api) -> None:
    """An id that names nothing is a 404, and the desk is not asked."""
    problem(await api.post("/sessions/x/actions", {"action": "end"}), 404, "session_not_found")
    assert not api.desk.acts


async def test_an_action_in_a_session_that_is_over_is_a_conflict(api: Api) -> None:
    """A session on record whose place another one has taken permits nothing."""
    session_id = await api.session(call_state="ended")
    api.desk.gone = True
    body = problem(await api.post(f"/sessions/{session_id}/actions", {"action": "end"}), 409, "not_allowed")
    assert (body["state"], body["allowed"]) == ("ended", [])


async def test_what_the_state_forbids_is_a_conflict(api: Api) -> None:
    """A 409 holds the state, what it permits, a hint and a code."""
    session_id = await api.session()
    api.desk.act_answer = Forbidden("not_allowed", "text_only", ("send_text", "end"), "Call first.")
    body = problem(
        await api.post(f"/sessions/{session_id}/actions", {"action": "hang_up"}), 409, "not_allowed"
    )
    assert (body["state"], body["allowed"], body["hint"]) == (
        "text_only",
        ["send_text", "end"],
        "Call first.",
    )


async def test_a_session_of_an_assistant_that_is_gone(api: Api) -> None:
    """A session whose assistant is not configured is told so, as a conflict."""
    session_id = await api.session(assistant="removed")
    problem(await api.post(f"/sessions/{session_id}/actions", {"action": "end"}), 409, "assistant_gone")


async def test_a_message_opens_a_session(api: Api) -> None:
    """Number, words, media and context reach the desk; blanks of the number do not."""
    body = {"assistant": "support", "to": " +1 555 010 1234 ", "text": "Hello", "context": {"order": 7}}
    answer = await api.post("/messages", body)
    assert (answer.status_code, answer.json()) == (202, {"session_id": "S1", "message_id": "T1"})
    assert api.desk.opens == [
        {"assistant": "support", "to": ANA, "text": "Hello", "media": (), "context": {"order": 7}, "key": ""}
    ]


async def test_without_words_the_assistant_speaks_first(api: Api) -> None:
    """There is no message to name then."""
    answer = await api.post("/messages", {"assistant": "support", "to": ANA, "text": None})
    assert answer.json() == {"session_id": "S1", "message_id": None}


@pytest.mark.parametrize(
    ("body", "named", "code"),
    [
        ({}, {"assistant", "to"}, "invalid"),
        ({"assistant": "support", "to": "(555) 0101234"}, {"to"}, "invalid"),
        ({"assistant": "support", "to": 15550101234}, {"to"}, "invalid"),
        ({"assistant": "support", "to": OURS}, {"to"}, "invalid"),
        ({"assistant": "support", "to": ANA, "text": "", "context": "x"}, {"text", "context"}, "invalid"),
        ({"assistant": "support", "to": ANA, "text": "x" * 16_001}, {"text"}, "invalid"),
        ({"assistant": "nobody", "to": ANA}, {"assistant"}, "unknown_assistant"),
        ({"assistant": "voice-only", "to": ANA}, {"assistant"}, "no_messaging"),
    ],
)
async def test_a_wrong_message_is_named(api: Api, body: dict[str, Any], named: set[str], code: str) -> None:
    """Nobody is texted by a request with a wrong field."""
    assert wrong(await api.post("/messages", body), code) == named
    assert not api.desk.opens


@pytest.mark.parametrize("code", ["opted_out", "session_open"])
async def test_a_customer_who_cannot_be_written_to(api: Api, code: str) -> None:
    """An opted-out customer and an open session are conflicts."""
    api.desk.open_answer = Forbidden(code, "idle", (), "hint")
    problem(await api.post("/messages", {"assistant": "support", "to": ANA, "text": "x"}), 409, code)


async def test_a_full_house_is_a_503(api: Api) -> None:
    """At its bound the service says so, and that nothing was stored."""
    api.desk.error = OverloadedError("full")
    problem(await api.post("/messages", {"assistant": "support", "to": ANA, "text": "x"}), 503, "overloaded")
