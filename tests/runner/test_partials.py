"""Words on the way: which are kept, and with which text they are told."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.core.events import SilenceHeard, TextReceived
from orchestrator.runner.partials import MOST_CALLS, Half, Partials
from tests.core.play import Play
from tests.core.scenes import greeted

TEXT = TextReceived(id="SM1", at=1.0, message_sid="SM1", number="+19585550123", body="Hi")


def told(partials: Partials, play: Play) -> Any:
    """What comes with a text now."""
    event = partials.attached(TEXT, play.session)
    assert isinstance(event, TextReceived)
    return event.partial


@pytest.mark.parametrize(
    ("halves", "words"),
    [
        ([Half(1, 0, "I"), Half(1, 1, "I would")], "I would"),
        ([Half(1, 1, "I would"), Half(1, 0, "I")], "I would"),
        ([Half(0, 9, "Old")], ""),
        ([], ""),
    ],
)
def test_the_newest_words_of_the_present_document(halves: list[Half], words: str) -> None:
    """The newest words count, whatever order they come in; those of an earlier document do not."""
    partials, play = Partials(), greeted()
    for half in halves:
        partials.keep("CA1", half)
    assert told(partials, play) == words


def test_words_of_another_call() -> None:
    """What another call says is not told."""
    partials = Partials()
    partials.keep("CA2", Half(9, 9, "Ghost"))
    assert told(partials, greeted()) == ""


def test_words_of_a_document_that_was_answered() -> None:
    """Once a request shows that the document ran, its words became a turn of their own."""
    partials, play = Partials(), greeted()
    partials.keep("CA1", Half(1, 0, "I would"))
    play.says("I would like to")
    assert told(partials, play) == ""


def test_without_a_call_and_for_other_events() -> None:
    """A text thread has no words on the way, and only texts carry them."""
    partials, play = Partials(), greeted()
    partials.keep("CA1", Half(1, 0, "I would"))
    silence = SilenceHeard(id="s", at=1.0, call_sid="CA1", document=1)
    assert partials.attached(silence, play.session) is silence
    play.hangs_up()
    assert told(partials, play) == ""
    assert told(partials, Play()) == ""


def test_the_calls_kept_are_bounded() -> None:
    """The call that was silent longest is forgotten first."""
    partials, play = Partials(), greeted()
    partials.keep("CA1", Half(1, 0, "I would"))
    for number in range(MOST_CALLS - 1):
        partials.keep(f"CB{number}", Half(1, 0, "x"))
    assert told(partials, play) == "I would"
    partials.keep("CC", Half(1, 0, "x"))
    assert told(partials, play) == ""
