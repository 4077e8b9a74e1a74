"""Sessions that happened, as scenarios and played again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import httpx
import pytest

from orchestrator.scenarios.format import parse
from orchestrator.scenarios.past import replay, scenario
from orchestrator.scenarios.past.comparing import timeline
from orchestrator.scenarios.stage import Configuration, run
from orchestrator.scenarios.stage.configuration import BUILT_IN
from tests.scenarios.past.happening import history
from tests.scenarios.stage.plays import why

CALL = 'Ana calls\nbot says: "Hello."\n'
HAPPENED = {
    "an address by text during a call": CALL
    + """wait: 20s
Ana says: I moved house
bot asks for a text: { say: I am texting you., text: "Your address?", keep as: address }
wait: 50s
Ana texts: 12 Main St
bot says: "Thank you."
bot remembers: { moved: "yes" }
Ana hangs up
bot texts: "Goodbye.\"""",
    "a question that nobody answers": CALL
    + """Ana says: my order
bot asks for a text: { say: I am texting you., text: "Number?", within: 40s }
wait: 41s
bot says: "No text has come."
Ana presses: 12
bot hangs up: "Goodbye.\"""",
    "a question that nobody answers, and words meanwhile": CALL
    + """Ana says: my order
bot asks for a text: { say: I am texting you., text: "Number?", within: 40s }
wait: 10s
Ana says: one moment
bot says: "Take your time."
wait: 31s
bot says: "No text has come."
Ana hangs up""",
    "a slow answer": CALL
    + """Ana says: look it up
bot takes: 12s
bot says: "Found it."
wait: 15s
Ana hears: "One moment, please."
Ana hangs up""",
    "a call of ours that rings until the carrier gives up": """Ana texts: call me
bot calls
wait: 61s
bot texts: "We could not reach you."
Ana texts: sorry
bot texts: "Shall we try again?\"""",
    "texts, and a call of ours": """Ana texts: call me
bot calls
Ana answers
bot says: "Hello Ana."
Ana hangs up
Ana texts: again
bot calls
Ana is busy
bot texts: "You are busy.\"""",
    "a bot that fails": """Ana texts: hi
bot fails: 500
Ana receives: "We're sorry, but we can't respond to your message.\"""",
    "a text that fails, and one that is refused": """Ana texts: hi
bot texts: "Hello."
text fails: 30005
Ana texts: hi again
bot texts: "Hello again."
Ana calls
bot says: "Here I am."
text is refused: 21211
Ana says: send it
bot asks for a text: { say: I am texting you., text: "Your address?" }
Ana hears: "I could not send you that text."
Ana hangs up""",
    "an operator takes part": """Ana texts: hi
bot texts: "Hello."
operator texts: This is Bo.
Ana receives: This is Bo.
operator takes over
Ana texts: thanks
operator hands back
bot texts: "Back again."
operator ends the session""",
    "a switch to text that keeps the call": CALL
    + """Ana says: send it
bot switches to sms: { text: "Here it is.", say: It is there., keep call: true }
Ana says: got it
bot says: "Fine."
Ana hangs up""",
    "stop": """Ana texts: hi
bot texts: "Hello."
Ana texts: STOP""",
    "a bot with a memory of its own": CALL
    + """Ana says: I moved house
bot says: "Where to?"
bot remembers: { _place: 2, moved: "yes" }
Ana says: to Springfield
bot says: "Thank you."
bot remembers: { _place: 3 }
Ana hangs up""",
    "we begin": 'bot texts: "Your parcel is here."\nAna texts: thanks\nbot texts: "Welcome."\nwait: 25h\n',
}


@pytest.mark.parametrize("name", HAPPENED)
def test_what_was_recorded_passes(name: str) -> None:
    """The scenario of a session loads, and passes on the code on which it happened."""
    text = scenario(history(HAPPENED[name]))

    loaded = parse(text)
    assert not loaded.problems, f"{text}\n{loaded.report}"
    assert why(run(loaded.plays[0])) == "", text


@pytest.mark.parametrize("name", HAPPENED)
def test_what_is_played_again_does_not_differ(name: str) -> None:
    """On the code on which a session happened, nothing differs."""
    found = replay(history(HAPPENED[name]), Configuration())

    assert found.lines == ()
    assert found.stopped == ""


def test_no_number_of_a_customer_is_recorded() -> None:
    """A scenario goes into a repository: the customer's number does not, wherever it stood."""
    past = history("Ana texts: my number is +15550101234\nbot texts: hi")
    secret = "+15557654321"
    other = type(past)(past.id, past.assistant, secret, past.state, past.lines)

    assert secret not in scenario(other)


def test_what_differs_is_shown() -> None:
    """Another configuration, or other code, leads elsewhere: the lines that were, and those that are."""
    past = history('Ana texts: hi\nbot texts: "Hello."')
    off = BUILT_IN.replace("messaging: {", "messaging: {initiate_from_inbound: false, ")

    found = replay(past, Configuration(off, "tandem.yaml", {}))

    assert not found.is_none
    assert any(line.startswith("-") and "text_received hi" in line for line in found.lines)


def test_a_stop_on_the_way_is_told() -> None:
    """Where people cannot do any more what they did, that is the difference."""
    past = history(CALL + 'Ana says: hi\nbot says: "Hi."\nAna hangs up')
    deaf = BUILT_IN.replace("phone: {numbers: [+19585550123]", "phone: {numbers: [+19585550199]")

    assert replay(past, Configuration(deaf, "tandem.yaml", {})).is_none  # another number is no other talk
    found = replay(
        past,
        Configuration(
            BUILT_IN.replace("    phone: {numbers: [+19585550123], base_url: simulator}\n", ""), "t", {}
        ),
    )
    assert "takes no calls" in found.stopped


def test_what_people_bring_and_an_answer_is_made_of_is_no_difference() -> None:
    """A recogniser was as sure as it was, and a bot said in two parts what is put together as one."""
    past = history(CALL + 'Ana says: hi\nbot says: "Hi."\nAna hangs up')
    told = {"confidence": 0.31, "items": ["text", "pause", "text"], "usage": {"prompt": 9}}
    lines = tuple(
        replace(line, data={**line.data, **{key: told[key] for key in told.keys() & keys}})
        for line in past.lines
        for keys in [{"items", "usage"} if line.type == "turn_answered" else line.data.keys()]
    )
    other = replace(past, lines=lines)

    assert other != past
    assert replay(other, Configuration()).is_none


def test_the_customers_own_number_stands_in_what_differs() -> None:
    """Played is another number, which nobody has; what is shown is the customer's."""
    past = history("Ana texts: my number is +15550101234\nbot texts: hi")
    own = "+15557654321"
    moved = tuple(
        replace(line, data={key: _with(value, own) for key, value in line.data.items()})
        for line in past.lines
    )
    off = BUILT_IN.replace("messaging: {", "messaging: {initiate_from_inbound: false, ")
    found = replay(replace(past, number=own, lines=moved), Configuration(off, "tandem.yaml", {}))

    assert own in str(found.lines)
    assert "+15550101234" not in str(found.lines)


def _with(value: Any, number: str) -> Any:
    return value.replace("+15550101234", number) if isinstance(value, str) else value


@pytest.mark.anyio
async def test_a_long_session_is_read_to_its_end() -> None:
    """A timeline of more lines than a page of the API holds is read page by page."""

    class Pages:
        async def api(self, method: str, path: str, **query: str) -> httpx.Response:
            after = int(query["cursor"] or 0)
            return httpx.Response(
                200, json={"events": [after], "next_cursor": str(after + 1) if after < 2 else None}
            )

    found: list[Any] = await timeline(cast("Any", Pages()), "S1")
    assert found == [0, 1, 2]


def test_what_has_no_beginning_cannot_be_played() -> None:
    """A timeline holds so many lines: what is older is gone, and a play without it would tell nonsense."""
    past = history('Ana texts: hi\nbot texts: "Hello."')

    with pytest.raises(ValueError, match="beginning is not kept"):
        replay(replace(past, lines=past.lines[1:]), Configuration())
