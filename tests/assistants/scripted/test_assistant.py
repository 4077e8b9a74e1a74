"""The scripted assistant: its file, and the demo."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from orchestrator.assistants.scripted import DEMO, ScriptedAssistant, ScriptError, load_script, schema
from orchestrator.assistants.scripted.compile import MODIFIERS, VERBS
from orchestrator.core.items import AskForText, SendText, Text
from tests.assistants.scripted.talk import SCRIPTS, Talk
from tests.assistants.turns import turn
from tests.fakes.clock import FakeClock


@pytest.mark.anyio
async def test_answers_and_reloads(tmp_path: Path) -> None:
    """A changed file is played from the next turn on; a broken one leaves the last good one."""
    path, clock = tmp_path / "s.yaml", FakeClock()
    path.write_text("steps: {a: [One]}")
    assistant = ScriptedAssistant(path, clock)
    replied = await assistant.ask(turn(event="call_started"))
    assert (replied.items, replied.turn_id, replied.at) == ((Text(text="One"),), "01JTURN", clock.now())
    for source, answer in (
        ("steps: {a: [Two!]}", "Two!"),
        ("steps: [", "Two!"),
        ("steps: {a: [Three]}", "Three"),
    ):
        path.write_text(source)
        os.utime(path, ns=(len(source), len(source)))
        assert (await assistant.ask(turn("x"))).items == (Text(text=answer),)
        assert (assistant.error is None) == (source != "steps: [")
    path.unlink()
    assert (await assistant.ask(turn("x"))).items == (Text(text="Three"),)
    await assistant.close()


def test_a_broken_file_at_the_start(tmp_path: Path) -> None:
    """At the start there is no last good script."""
    with pytest.raises(ScriptError):
        ScriptedAssistant(tmp_path / "none.yaml", FakeClock())


def test_demo_conversation() -> None:
    """The demo: an address by text inside the call, confirmed aloud, and on by text after it."""
    talk = Talk(load_script(DEMO))
    assert talk.event("call_started") == ["Hello, this is the corner shop. How can I help?"]
    talk.says("I moved house")
    (asked,) = talk.items
    assert isinstance(asked, AskForText)
    assert asked.keep_as == "address"
    assert talk.replies("12 Elm Road") == ["I have 12 Elm Road. Is that right?"]
    assert talk.says("yes, that's right") == [
        "Thank you. Your new address is noted.",
        "What else can I do for you?",
    ]
    talk.says("where is your shop")
    assert isinstance(talk.items[0], SendText)
    talk.says("and where is my order")
    assert talk.says("one two three") == [
        "An order number has five digits. Please say or type it again.",
        "(CollectDigits)",
    ]
    assert talk.presses("12345")[0] == "Order 1 2 3 4 5 is on its way. It comes tomorrow before noon."
    ended = talk.event("call_ended", channel="voice", reply_on=["sms"])
    assert ended == [
        "Thanks for your call. We noted your new address: 12 Elm Road. You can go on here by text."
    ]
    assert talk.texts("call me back") == ["We are calling you now.", "(switch_channel) voice"]
    assert talk.event("call_started") == [
        "Hello, this is the corner shop. You asked us to call. How can I help?"
    ]
    assert talk.says("that is all, bye") == ["(hang_up) Thank you for calling. Goodbye."]


def test_demo_address_after_the_call() -> None:
    """The demo takes the address also when the caller hung up first."""
    talk = Talk(load_script(DEMO))
    talk.event("call_started")
    talk.says("I have a new address")
    talk.event("call_ended", channel="voice", reply_on=["sms"])
    assert talk.texts("12 Elm Road") == ["I have 12 Elm Road. Is that right?"]
    assert talk.texts("no") == ["(ask_for_text) What is your new address? Street, number and town, please."]


def test_demo_without_texts() -> None:
    """A withheld number is asked for its address aloud."""
    talk = Talk(load_script(DEMO))
    talk.event("call_started", allowed=["say", "hang_up"])
    assert talk.says("I moved", allowed=["say"]) == [
        "I cannot send you a text just now. Please tell me your new address."
    ]


def test_schema_knows_every_verb() -> None:
    """The schema for editors is JSON and knows each verb and the fields beside it."""
    fields = json.loads(json.dumps(schema()))["$defs"]["statement"]["anyOf"][1]["properties"]
    assert set(fields) >= {*VERBS, *(name for names in MODIFIERS.values() for name in names), "when"}


@pytest.mark.parametrize("source", [DEMO.read_text(), *SCRIPTS])
def test_schema_takes_good_scripts(source: str) -> None:
    """What plays is valid by the schema, read as an editor reads it."""
    Draft202012Validator(schema()).validate(yaml.safe_load(source))


@pytest.mark.parametrize(
    "source",
    [
        "steps: {}",
        "stepps: {a: [x]}",
        "steps: {a: [{sya: x}]}",
        "steps: {a: [{ask: x, like: digit}]}",
        "events: {call: x}\nsteps: {a: [x]}",
        "steps: {a: [{send_text: {txt: x}}]}",
    ],
)
def test_schema_refuses_bad_scripts(source: str) -> None:
    """What an editor can see is refused by the schema too."""
    assert not Draft202012Validator(schema()).is_valid(yaml.safe_load(source))
