"""What an assistant keeps for itself: it comes with the next turn of the session, and with none of another."""

from __future__ import annotations

from typing import Any

from orchestrator.core import events, items
from orchestrator.core.effects import AskAssistant
from tests.core.play import Play


def asked(play: Play) -> AskAssistant:
    """The last question to the assistant."""
    return [effect for effect in play.effects if isinstance(effect, AskAssistant)][-1]


def answered(play: Play, *answer: items.Item, **fields: Any) -> None:
    """The open turn is answered."""
    play.take(events.AssistantReplied(**play.facts(turn_id=play.turn_id), items=answer, **fields))


def test_memory_comes_with_the_next_turn() -> None:
    """It is empty first, then what the last answer left; an answer without one leaves it as it is."""
    play = Play()
    play.texts("one")
    assert asked(play).memory == {}
    answered(play, memory={"place": 1})
    play.texts("two")
    assert asked(play).memory == {"place": 1}
    answered(play)
    play.texts("three")
    assert asked(play).memory == {"place": 1}
    answered(play, memory={})
    play.texts("four")
    assert asked(play).memory == {}


def test_memory_ends_with_the_session() -> None:
    """The next session begins without it."""
    play = Play()
    play.texts("one")
    answered(play, items.EndSession(), memory={"place": 1})
    assert (play.state, play.session.memory) == ("ended", {"place": 1})
    play.texts("two")
    assert asked(play).memory == {}


def test_memory_is_not_told() -> None:
    """It stands in no turn request and on no timeline."""
    play = Play()
    play.texts("one")
    answered(play, memory={"secret place": 1})
    play.texts("two")
    assert "secret place" not in str(asked(play).request)
    assert "secret place" not in str(
        [effect for effect in play.effects if not isinstance(effect, AskAssistant)]
    )
