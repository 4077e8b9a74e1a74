"""Conversations in which the assistant collects keys, and says how lists are given and chosen from."""

from __future__ import annotations

import pytest

from orchestrator.core import items
from orchestrator.core.effects import Listen
from orchestrator.core.manner import Manner
from tests.core.play import text
from tests.core.scenes import floor, greeted

COLOURS = (items.Choice(label="Red", value="red"), items.Choice(label="Blue", value="blue"))


@pytest.mark.parametrize(
    ("collect", "keys", "succeeded"),
    [
        (items.CollectDigits(count=4), "1234", True),
        (items.CollectDigits(count=4), "123", False),
        (items.CollectDigits(minimum=2, maximum=5), "12", True),
        (items.CollectDigits(minimum=2, maximum=5), "1", False),
        (items.CollectDigits(), "1", True),
    ],
)
def test_collected_keys(collect: items.CollectDigits, keys: str, *, succeeded: bool) -> None:
    """Too few keys are a turn all the same, which says so; after it keys are not collected any more."""
    play = greeted()
    play.says("Pay")
    play.answers(text("Number?"), collect)
    assert floor(play).num_digits == (collect.count or collect.maximum)
    play.presses(keys)
    assert play.asked()["input"]["text"] == keys
    assert play.asked()["event_data"] == {"dtmf_collection_succeeded": succeeded}
    play.answers(text("Thanks."))
    assert floor(play) == Listen(timeout=7.0)


def test_collecting_goes_on_over_a_text() -> None:
    """A text that is answered in between does not end the collection; silence does, unsuccessfully."""
    play = greeted()
    play.says("Pay")
    play.answers(text("Number?"), items.CollectDigits(count=4, inter_digit_timeout=3.0, ignore_speech=True))
    play.texts("Hi")
    play.answers(text("Got it."))
    play.fetches()
    assert floor(play) == Listen(timeout=7.0, speech=False, num_digits=4, inter_digit_timeout=3.0)
    play.is_silent()
    assert play.asked()["event"] == "no_input"
    assert play.asked()["event_data"] == {"dtmf_collection_succeeded": False}


def test_plain_keys_say_nothing_of_a_collection() -> None:
    """Keys that nobody collects carry no word about one."""
    play = greeted()
    play.presses("1")
    assert play.asked()["event_data"] == {}


def test_keys_stop_after_a_collection() -> None:
    """With `stop_after` no keys are heard any more once some were collected, until they are started again."""
    play = greeted()
    play.says("Pin")
    play.answers(items.CollectDigits(count=4, stop_after=True))
    assert (floor(play).keys, floor(play).num_digits) == (True, 4)
    play.says("I forgot")
    play.answers(items.CollectDigits(count=4, stop_after=True))
    assert floor(play).keys
    play.presses("1234")
    play.answers(text("Thanks."))
    assert (floor(play).keys, floor(play).speech) == (False, True)
    play.says("More")
    play.answers(items.CollectDigits(count=1))
    assert floor(play).keys
    play.says("Never mind")
    play.answers(items.Configure(changes=Manner(hears_keys=True)))
    assert floor(play).keys


def test_a_list_by_its_own_words_and_keys() -> None:
    """Words that were set choose by their place, and with `keys_only` no speech is heard while they are on offer."""
    play = greeted()
    play.says("Paint")
    play.answers(
        items.ListManner(kind="option", words=("alpha", "bravo"), keys_only=True, channels=("voice",)),
        items.Options(title="Which", choices=COLOURS),
    )
    assert (floor(play).speech, floor(play).keys) == (False, True)
    play.says("Bravo, please")
    assert play.asked()["input"]["text"] == "blue"
    play.answers(text("Blue."))
    assert floor(play).speech
    play.says("Again")
    play.answers(items.Options(title="Which", choices=COLOURS, kind="suggestion"))
    assert floor(play).speech
    play.says("alpha")
    assert play.asked()["input"]["text"] == "alpha"


def test_the_prefix_of_a_list() -> None:
    """A list's own prefix is said before each label, with its number; its choices are chosen as ever."""
    play = greeted()
    play.says("Paint")
    play.answers(items.Options(title="Which", choices=COLOURS, prefix="For %s, say "))
    play.saw("ask input: Paint", "say: Which. For 1, say Red. For 2, say Blue. | listen")
    play.says("the second one")
    play.saw("ask input: blue")


def test_a_prefix_lasts_for_its_kind_and_channel() -> None:
    """A prefix that was set holds for the session's lists of that kind on that channel."""
    play = greeted()
    play.says("Paint")
    play.answers(
        items.ListManner(kind="option", prefix="Dial %s: ", channels=("voice",)),
        items.Options(title="Which", choices=COLOURS),
        items.Options(title="Else", choices=COLOURS, kind="suggestion"),
        items.Options(title="By text", choices=COLOURS, channels=("sms",)),
    )
    play.saw(
        "ask input: Paint",
        "text: By text\n1. Red\n2. Blue",
        "say: Which. Dial 1: Red. Dial 2: Blue. Else. Press or say 1 for Red or 2 for Blue. | listen",
    )
