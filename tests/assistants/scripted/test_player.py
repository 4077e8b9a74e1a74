"""Scripts, played turn by turn."""

from __future__ import annotations

import pytest

from orchestrator.assistants.scripted import parse_script
from orchestrator.assistants.scripted.player import play
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import CollectDigits, SendText, Text, Unsupported
from tests.assistants.scripted.talk import TODAY, Talk
from tests.assistants.turns import turn

MENU = """
fallback: Pardon?
steps:
  welcome:
    - Hello.
    - listen:
        - when: order
          say: Which one?
          go: welcome
        - when: {keys: "0"}
          transfer: {to: "+15550100300", say: One moment.}
"""


def test_begins_at_the_first_step() -> None:
    """A call begins the dialogue at its first step, or at the one named."""
    assert Talk.about(MENU).event("call_started") == ["Hello."]
    assert Talk.about("start: b\nsteps: {a: [A], b: [B]}").event("call_started") == ["B"]


def test_first_words_may_answer() -> None:
    """A text that answers the first question is not greeted first."""
    assert Talk.about(MENU).texts("where is my ORDER?") == ["Which one?", "Hello."]
    assert Talk.about(MENU).texts("hello") == ["Hello."]


def test_not_understood() -> None:
    """Where no rule holds the fallback is said, and the question stays open."""
    talk = Talk.about(MENU)
    talk.event("call_started")
    assert talk.says("what") == ["Pardon?"]
    assert talk.presses("0") == ["(Transfer)"]


def test_a_finished_dialogue_begins_anew() -> None:
    """After its end the next input begins the dialogue again."""
    talk = Talk.about("steps: {a: [A]}")
    assert talk.says("x") == ["A"]
    assert "_dialogue" not in talk.context
    assert talk.says("x") == ["A"]


def test_silence_repeats_the_question() -> None:
    """`no_input` asks the open question again unless the script says otherwise."""
    talk = Talk.about(MENU)
    talk.event("call_started")
    assert talk.event("no_input") == ["Hello."]
    assert talk.event("call_ended") == []


ASK = """
steps:
  a:
    - ask: Number?
      keep_as: n
      like: digits
      keys: 4
      end_key: "#"
      tries: 2
      give_up: lost
    - say: "Got {context.n:spaced}, {context.nothing}{ x}, {1}"
    - finish:
  lost: [Sorry., {set: {n: null}}]
"""


def test_ask() -> None:
    """A question collects keys, keeps the answer, and fills it in; a brace that is no placeholder stays."""
    talk = Talk.about(ASK)
    talk.event("call_started")
    assert talk.items[1] == CollectDigits(count=4, termination_key="#")
    assert talk.presses("1234") == ["Got 1 2 3 4, { x}, {1}"]
    assert talk.context["n"] == "1234"


def test_give_up() -> None:
    """After the last try the dialogue goes on elsewhere."""
    talk = Talk.about(ASK)
    talk.event("call_started")
    assert talk.says("dunno") == ["Number?", "(CollectDigits)"]
    assert talk.says("dunno") == ["Sorry."]


def test_choose() -> None:
    """Options lead on by number, label, or agreement."""
    source = """
steps:
  a:
    - choose: Sure?
      retry: Please choose.
      options: {"Yes": b, "No": [No., {go: a}], "Later": null}
    - Later, then.
  b: [Great.]
"""
    talk = Talk.about(source)
    assert talk.event("call_started") == ["(option) Sure?"]
    assert talk.says("hm") == ["Please choose."]
    assert talk.says("the second one") == ["No.", "(option) Sure?"]
    assert talk.says("later") == ["Later, then."]
    talk.event("call_started")
    assert talk.says("yeah") == ["Great."]


def test_visits() -> None:
    """A visit comes back to where it left, also from a visit within it."""
    source = """
steps:
  a: [{visit: b}, A, {listen: }]
  b: [{ask: "B?", keep_as: b}, {visit: c}, {if: {context: {b: x}}, then: [{return: }]}, never]
  c: [C]
"""
    talk = Talk.about(source)
    assert talk.event("call_started") == ["B?"]
    assert talk.says("x") == ["C", "A"]


def test_anytime_comes_back() -> None:
    """An interlude leaves the question open, asks it again, or leaves for good."""
    source = """
anytime:
  - when: help
    say: Helping.
  - when: again
    repeat:
  - when: home
    go: a
steps:
  a: [{ask: "A?", keep_as: a}, {go: b}]
  b: [{visit: c}, End]
  c: [{ask: "C?", keep_as: c}]
"""
    talk = Talk.about(source)
    talk.event("call_started")
    assert talk.says("x") == ["C?"]
    assert talk.says("help") == ["Helping."]
    assert talk.says("again") == ["C?"]
    assert talk.says("y") == ["End"]
    talk.says("x")
    talk.says("x")
    assert talk.says("home") == ["A?"]
    assert talk.context["_dialogue"]["stack"] == []


def test_conditions() -> None:
    """Facts of the turn and of the context decide, all of an object, any of a list."""
    source = """
steps:
  a:
    - if: {channel: sms, has: name}
      then: {say: sms}
    - if: {channel: voice, lacks: name}
      then: {say: voice}
      else: {say: other}
    - if: [zebra, "/^z[aeiou]+/", {not: {allowed: fly}, state: in_call, all: [{said: lion}]}]
      then: {say: animal}
    - if: {any: [{input: media}, {event: resume}]}
      then: {say: special}
"""
    talk = Talk.about(source)
    assert talk.says("hm") == ["voice"]
    assert talk.says("a lion") == ["voice", "animal"]
    assert talk.says("zoo") == ["voice", "animal"]
    talk.context = {"name": "Ana"}
    assert talk.texts("hm") == ["sms", "other"]
    assert talk.event("resume") == ["other", "special"]


def test_variants() -> None:
    """Variants in turn stay at the last; random ones are the same for the same turn, and all come."""
    source = "steps: {a: [{in_turn: [one, {hang_up: two}]}, {any_of: [x, y]}, {listen: [{otherwise: a}]}]}"
    talk = Talk.about(source)
    answers = [talk.says("go") for _ in range(12)]
    assert [answer[0] for answer in answers][:3] == ["one", "(hang_up) two", "(hang_up) two"]
    assert {answer[1] for answer in answers} == {"x", "y"}
    request = turn("go").request
    assert len({str(play(talk.script, request, "same", TODAY)) for _ in range(5)}) == 1


def test_a_place_that_is_gone() -> None:
    """A place that the script no longer has is forgotten, whatever was kept."""
    for kept in (
        {"at": ["gone", 1]},
        {"at": ["a", 99]},
        {"at": "x"},
        {"at": ["a", 0]},
        7,
        {"seen": 3, "stack": 4, "tries": "x"},
    ):
        talk = Talk.about("steps: {a: [A]}")
        talk.context = {"_dialogue": kept}
        assert talk.says("x") == ["A"]


def test_a_loop_fails() -> None:
    """A circle without a question is the assistant's error, not a hang."""
    for source in ("steps: {a: [{go: a}]}", "steps: {a: [{visit: a}]}"):
        with pytest.raises(AssistantError, match="no end in step a"):
            Talk.about(source).says("x")


def test_a_bad_value_is_skipped() -> None:
    """A field that is filled with nonsense is an item that is skipped and told."""
    talk = Talk.about("steps: {a: [{transfer: '{context.agent}'}, {say: B, channels: sms}]}")
    talk.says("x")
    assert isinstance(talk.items[0], Unsupported)
    assert talk.items[1] == Text(text="B", channels=("sms",))


def test_play_leaves_the_request_alone() -> None:
    """Playing changes nothing that it was given."""
    ask = turn("x", context={"a": 1})
    before = str(ask.request)
    play(parse_script("steps: {a: [{set: {a: null, b: c}}, {ask: x, keep_as: y}]}"), ask.request, "t", TODAY)
    assert str(ask.request) == before


def test_placeholders() -> None:
    """Facts of the turn fill texts and fields, in the form asked for; what is not known leaves nothing."""
    source = """
steps:
  a:
    - "{input}|{input:upper}|{channel}|{event}|{event.reason}|{customer.phone_number}|{context.deep.x}|{context.flag}|{context}|"
    - set: {kept: ["{input:lower}", {x: "{channel}"}, null]}
    - send_text: {text: "{context.nothing}x", media: ["https://x.example/{input}"]}
"""
    talk = Talk.about(source)
    talk.context = {"deep": {"x": 7}, "flag": True}
    said = talk.says("Hi", event_data={"reason": "busy"})
    assert said[0] == "Hi|HI|voice||busy|+15550101234|7|true||"
    assert talk.context["kept"] == ["hi", {"x": "voice"}, None]
    assert talk.items[1] == SendText(text="x", media=("https://x.example/Hi",))


def test_unawaited_texts_in_a_call() -> None:
    """A text that nobody asked for is input like speech, or goes to its own event."""
    talk = Talk.about(MENU)
    talk.event("call_started")
    assert talk.replies("my order") == ["Which one?", "Hello."]
    talk = Talk.about("events: {text_reply: [Thanks for the text.]}" + MENU)
    talk.event("call_started")
    assert talk.replies("my order") == ["Thanks for the text."]
    assert talk.says("my order") == ["Which one?", "Hello."]
