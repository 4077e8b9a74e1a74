"""Items as an assistant would write them: read again they are the same."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from orchestrator.assistants.hooks.reading import read_after
from orchestrator.assistants.items import read_item
from orchestrator.core import items
from orchestrator.core.items import Item
from orchestrator.core.manner import Manner
from orchestrator.core.written import KEPT, written

SAME: list[Item] = [
    items.Text(text="Hello", channels=("sms",)),
    items.Pause(seconds=1.5),
    items.Options(title="Which?", description="One.", prefix="%s)", choices=(items.Choice(label="A", value="a"),)),
    items.Options(title="", kind="suggestion", choices=(items.Choice(label="A", value="A"),)),
    items.Media(kind="image", source="https://a.example/1.png", title="A", description="B", alt_text="C"),
    items.Media(kind="audio", source="https://a.example/1.mp3", loop=True, channels=("voice",)),
    items.Search(header="Found:", body="This."),
    items.SendText(text="a", media=("https://a.example/1.png",), to="+15550101234", sender="+19585550123", urgent=True),
    items.AskForText(
        text="a", say="b", keep_as="c", timeout=5.0, reminder_after=2.0, reminder_say="d", pattern="e+", on_mismatch="f",
        fallback=items.Fallback(say="g", collect=items.CollectDigits(count=4, termination_key="#")),
    ),
    items.SwitchChannel(to="sms", text="a", say="b", keep_call=True),
    items.Transfer(to="+15550101234", say="a", timeout=20.0, headers={"X": "y"}),
    items.Transfer(to="sip:a@b.example", say="a", headers={"X": "y"}, whisper="w", unavailable="u", agent=True),
    items.HangUp(say="Bye"),
    items.EndSession(),
    items.CollectDigits(count=4, minimum=1, maximum=4, termination_key="#", inter_digit_timeout=2.0, ignore_speech=True, stop_after=True),
    items.SendDigits(digits="1w2"),
]  # fmt: skip
KEPT_ONES: list[Item] = [
    items.Configure(changes=Manner(voice="Alice")),
    items.ListManner(kind="option", prefix="%s"),
    items.SessionTimeout(seconds=60.0),
    items.ForceTurn(),
    items.Unsupported(response_type="dance", why="unknown response type"),
]


@pytest.mark.parametrize("item", SAME, ids=lambda item: type(item).__name__)
def test_what_is_written_is_read_as_the_same(item: Item) -> None:
    """No field of an item is lost on the way out and in again."""
    assert read_item(written([item])[0]) == (item,)


def test_what_no_type_says_stands_for_itself() -> None:
    """Such an item is named, and is the same one where it comes back."""
    given = [items.Text(text="a"), *KEPT_ONES]
    told = written(given)
    assert [each["response_type"] for each in told] == ["text", *[KEPT] * len(KEPT_ONES)]
    back = read_after("application/json", json.dumps({"responses": told[::-1]}).encode(), given)
    assert back.items == tuple(given[::-1])


def test_every_kind_of_item_is_written_here() -> None:
    """None is forgotten by these tests."""
    assert {type(item) for item in [*SAME, *KEPT_ONES]} == set(get_args(Item))
