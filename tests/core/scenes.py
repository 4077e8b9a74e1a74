"""How conversations of the tests begin."""

from __future__ import annotations

from typing import Any

from orchestrator.core import items
from tests.core.play import Play, text


def greeted(**settings: Any) -> Play:
    """A call whose greeting was heard."""
    play = Play(**settings)
    play.calls()
    play.answers(text("Hello."))
    play.saw("ask call_started", "say: Hello. | listen")
    return play


def asked_for_text(*, hold_audio: str = "", **fields: Any) -> Play:
    """A call in which the assistant waits for a text; `fields` are those of `ask_for_text`."""
    play = greeted(hold_audio=hold_audio)
    play.says("Moved")
    play.answers(items.AskForText(text="Address?", keep_as="address", **fields))
    play.saw("ask input: Moved", "text: Address?", "say: | listen")
    return play
