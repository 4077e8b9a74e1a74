"""The examination of assistants: right ones pass without a word, each wrong one gets the one diagnosis it needs."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from orchestrator.assistants.contract.examine import Report, examine
from orchestrator.assistants.contract.exchange import Asker
from tests.assistants.contract import bots
from tests.assistants.contract.bots import SECRET, Right, gives, item, payload, raw, response, trusting, where

pytestmark = pytest.mark.anyio
TEXT = {"response_type": "text", "text": "Hello"}
NDJSON, SSE = "application/x-ndjson", "text/event-stream"
EVERY = ("call_started", "speech", "dtmf", "no_input", "text_reply", "call_ended", "text", "media")


def is_event(name: str) -> Any:
    """Whether a turn is of this event."""
    return lambda turn: turn["event"] == name


WRONG: list[tuple[str, Right, str, str, str]] = [
    # what is wrong, the assistant, its code, the offending part, and a word of message or hint
    ("it fails", raw(b"", status=500), "fails", "", "500"),
    ("no such path", raw(b"", status=404), "not_found", "", "404"),
    ("it redirects", raw(b"", status=307), "redirected", "", "307"),
    ("another secret", raw(b"", status=401), "signature_refused", "", "401"),
    ("a web page", raw(b"<p>Hello</p>", "text/html"), "content_type", "", "text/html"),
    ("broken JSON", raw(b'{"responses": [}'), "not_json", "", "line 1, column 16"),
    ("two values", raw(b'{"responses": []}\n{"responses": []}'), "not_json", "", "line 2, column 1"),
    ("no UTF-8", raw('{"responses": [], "context": {"a": "é"}}'.encode("latin-1")), "not_utf8", "byte 36", ""),
    ("NaN", raw(b'{"responses": [], "context": {"a": NaN}}'), "not_json", "", "NaN"),
    ("a string", payload(lambda _: "Hello"), "not_an_answer", "", "a string"),
    ("a bare list", payload(lambda _: [TEXT]), "not_an_answer", "", "a list, not an object"),
    ("misspelt responses", payload(lambda _: {"response": [TEXT]}), "not_an_answer", "", "did you mean `responses`"),
    ("one item for a list", payload(lambda _: {"responses": TEXT}), "bad_responses", "responses", "an object"),
    ("context as a list", payload(lambda _: {"responses": [TEXT], "context": [1]}), "bad_context", "context", "a list"),
    ("a flood of items", payload(lambda _: {"responses": [TEXT] * 201}), "too_many_items", "responses", "201"),
    ("too large", raw(b" " * 1024 * 1025 + b"{}"), "too_large", "", "1 MiB"),
    ("an unknown type", item(response_type="txt", text="Hello"), "unknown_type", "responses[1].response_type", "`text`"),
    ("no type", item(text="Hello"), "not_an_item", "responses[1]", "`response_type` is missing"),
    ("words for an item", gives(items=lambda _, __: [TEXT, "Hello"]), "not_an_item", "responses[1]", "no object"),
    ("no text", item(response_type="text", txt="Hello"), "missing_field", "responses[1].text", "`text` is missing"),
    ("a number for words", item(response_type="text", text=42), "wrong_field", "responses[1].text", "a string"),
    ("a bad number", item(response_type="send_text", text="a", to="0555"), "wrong_field", "responses[1].to", "a number"),
    ("a bad pattern", item(response_type="ask_for_text", text="a", pattern="("), "wrong_field", "responses[1].pattern", "a regular expression"),
    ("a misspelt field", item(response_type="send_text", text="a", medias=["https://a.example/1.png"]), "unknown_field", "responses[1].medias", "did you mean `media`"),
    ("an option without labels", item(response_type="option", title="Which?", options=[{}]), "unusable_item", "responses[1]", "no label"),
    ("an unknown channel", item(response_type="text", text="a", channels=["fax"]), "unusable_item", "responses[1]", "other channels"),
    ("it fails on keys", where(lambda turn: turn["input"]["type"] == "dtmf"), "fails", "input.type", "500 where `input.type` is `dtmf`"),
    ("it fails at the end", where(is_event("call_ended")), "fails", "event", "500 where `event` is `call_ended`"),
    ("an unknown event", where(is_event("something_new")), "unknown_event_refused", "event", "500"),
    ("unknown fields", where(lambda turn: "added_later" in turn, 422), "unknown_fields_refused", "", "422"),
    ("a withheld number", where(lambda turn: turn["customer"]["phone_number"] is None), "withheld_refused", "customer.phone_number", "500"),
    ("its own context", where(lambda turn: "last" in turn["context"]), "own_context_refused", "context", "its own context"),
    ("any context", where(lambda turn: bool(turn["context"])), "own_context_refused", "context", "its own context"),
    ("another's context", gives(answer=bots.fails_on_context), "own_context_refused", "context", "not its own"),
    ("no signature is checked", trusting(lambda _, __: True), "signature_not_checked", "webhook-signature", "wrong signature"),
    ("the body is not signed", trusting(bots.signs_the_id_only), "body_not_signed", "webhook-signature", "altered"),
    ("unsigned is fine", trusting(lambda headers, _: "webhook-signature" not in headers), "unsigned_accepted", "webhook-signature", "without a signature"),
    ("unsigned crashes", bots.crashes_unsigned(), "signature_crash", "webhook-signature", "500"),
    ("an old request", trusting(bots.ignores_time), "replay_accepted", "webhook-timestamp", "an hour ago"),
    ("a repeat is refused", bots.Jealous(), "repeat_refused", "turn_id", "409"),
    ("a repeat is counted", bots.Forgetful(), "repeat_differs", "responses", "otherwise"),
    ("it never answers", gives(answer=bots.sleepy), "timeout", "", "0.2 s"),
    ("it says nothing", payload(lambda _: {}), "says_nothing", "responses", "no turn"),
    ("texts without words", payload(lambda _: {"responses": [{"response_type": "text", "text": " "}]}), "says_nothing", "responses", "no turn"),
    ("misspelt channels", item(response_type="text", text="a", channel=["sms"]), "unknown_field", "responses[1].channel", "did you mean `channels`"),
    ("a greeting without words", gives(items=lambda _, turn: [TEXT] if turn["event"] != "call_started" else []), "silent", "", "nothing"),
    ("a text to nobody", gives(items=lambda _, __: [TEXT, {"response_type": "send_text", "text": "a"}]), "not_allowed", "responses[1].response_type", "not in `allowed`"),
    ("half a packed answer", response(bots.badly_packed), "bad_encoding", "", "breaks off"),
    ("half an answer", response(bots.breaks_off), "broken_off", "", "breaks off"),
    ("a stream in several lines", raw(json.dumps(TEXT, indent=1).encode(), NDJSON), "bad_entry", "line 1", "not JSON"),
    ("a whole answer as a line", raw(json.dumps({"responses": [TEXT]}).encode(), NDJSON), "bad_entry", "line 1", "neither an item nor a context"),
    ("events without data", raw(json.dumps(TEXT).encode(), SSE), "bad_entry", "body", "no event has `data`"),
    ("a bad item in a stream", raw(json.dumps(TEXT).encode() + b'\n{"response_type": "pause"}\n', NDJSON), "missing_field", "line 2.time", "`time` is missing"),
]  # fmt: skip


async def report_on(bot: bots.Bot, secret: str = SECRET) -> Report:
    """What is found of an assistant."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(bot)) as http:
        return await examine(Asker("http://bot.example/turn", http, secret=secret, timeout=0.2))


@pytest.mark.parametrize("name", [wrong[0] for wrong in WRONG])
async def test_a_wrong_assistant_gets_its_one_diagnosis(name: str) -> None:
    """The fault is told once, with the offending part and what to do, and nothing else is."""
    _, bot, code, part, words = next(wrong for wrong in WRONG if wrong[0] == name)
    report = await report_on(bot)
    assert [(each.code, each.part) for each in report.findings] == [(code, part)]
    found = report.findings[0]
    assert words in f"{found.message} {found.hint}"
    assert found.turns
    assert report.is_fine == (code in {"silent", "replay_accepted"})


async def test_a_right_assistant_passes() -> None:
    """Nothing is found where nothing is wrong, and every turn was asked once, the speech twice."""
    report = await report_on(Right())
    assert report.findings == []
    assert [name for name, _, _ in report.asked][: len(EVERY)] == list(EVERY)
    assert len(report.asked) == len(EVERY) + 9


async def test_right_streams_pass() -> None:
    """An answer item by item, by lines or by events, with the context at its end, is right."""
    for kind, start in ((NDJSON, b""), (SSE, b"data: ")):
        lines = [json.dumps(TEXT).encode(), b'{"context": {"a": 1}}']
        end = b"\n\n" if kind == SSE else b"\n"
        report = await report_on(raw(b"".join(start + line + end for line in lines), kind))
        assert report.findings == []


async def test_actions_that_are_not_allowed_are_told_by_turn() -> None:
    """A hang-up without a call is told for the turns that have none, not for the others."""
    report = await report_on(item(response_type="hang_up"))
    by_state = {each.turns: each.message for each in report.findings}
    assert {each.code for each in report.findings} == {"not_allowed"}
    assert [turn for turns in by_state for turn in turns] == ["call_ended", "text", "media"]


async def test_without_a_secret_signatures_are_not_looked_at() -> None:
    """Nothing is signed, and whoever wants it signed is told to be given the secret."""
    assert (await report_on(trusting(lambda _, __: True), secret="")).findings == []
    assert [each.code for each in (await report_on(Right(), secret="")).findings] == ["needs_secret"]


async def test_an_assistant_that_is_not_there() -> None:
    """No connection ends the examination at once."""

    async def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    report = await report_on(nobody)
    assert [each.code for each in report.findings] == ["unreachable"]
    assert len(report.asked) == 1
