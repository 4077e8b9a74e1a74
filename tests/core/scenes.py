"""How conversations of the tests begin."""

from __future__ import annotations

from typing import Any

from orchestrator.core import items
from orchestrator.core.effects import Listen
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


def taken_thread(**settings: Any) -> Play:
    """A text session that an operator took over."""
    play = Play(**settings)
    play.texts("Hi")
    play.answers(text("Hello"))
    play.acts("take_over")
    desk = ["tell desk taken_over"] if settings.get("help_desk") else []
    play.saw("ask input: Hi", "text: Hello", *desk)
    return play


def taken_call(**settings: Any) -> Play:
    """A call that an operator took over."""
    play = greeted(**settings)
    play.acts("take_over")
    play.saw()
    return play


def floor(play: Play) -> Listen:
    """How the document heard last listens."""
    assert play.heard is not None
    assert isinstance(play.heard.ending, Listen)
    return play.heard.ending


def writes(words: str) -> items.SendText:
    """What an operator writes."""
    return items.SendText(text=words)
