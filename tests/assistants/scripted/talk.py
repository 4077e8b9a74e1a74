"""A conversation with a script, turn by turn, with the context kept as a session keeps it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestrator.assistants.scripted import Script, parse_script
from orchestrator.assistants.scripted.player import play
from orchestrator.core.effects import AskAssistant
from orchestrator.core.items import AskForText, HangUp, Item, Options, SendText, SwitchChannel, Text
from tests.assistants.turns import by_text, turn

PAGE = (Path(__file__).parents[3] / "docs" / "scripted.md").read_text(encoding="utf-8")
SCRIPTS = [found for found in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "steps:" in found]
TODAY = dt.date(2026, 11, 24)


@dataclass
class Talk:
    """Speaks to `script`; what it answers is returned as lines, and `items` holds the last answer."""

    script: Script
    context: dict[str, Any] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    turns: int = 0

    @classmethod
    def about(cls, source: str) -> Talk:
        """A talk with the script in `source`."""
        return cls(parse_script(source))

    def ask(self, ask: AskAssistant) -> list[str]:
        """One turn."""
        self.turns += 1
        request = ask.request | {"context": self.context}
        self.items, changes = play(self.script, request, f"turn {self.turns}", TODAY)
        self.context = {name: value for name, value in (self.context | changes).items() if value is not None}
        return [line_of(item) for item in self.items]

    def says(self, words: str, **changes: Any) -> list[str]:
        """The caller speaks."""
        return self.ask(turn(words, **changes))

    def presses(self, keys: str) -> list[str]:
        """The caller presses keys."""
        return self.ask(turn(keys, kind="dtmf"))

    def texts(self, words: str, **changes: Any) -> list[str]:
        """The customer writes, without a call."""
        return self.ask(by_text(words, **changes))

    def replies(self, words: str) -> list[str]:
        """The caller writes during the call."""
        return self.ask(by_text(words, event="text_reply", live=True, reply_on=["voice"]))

    def event(self, name: str, **changes: Any) -> list[str]:
        """Something happens."""
        return self.ask(turn(event=name, **changes))


def line_of(item: Item) -> str:
    """An item as a line: words alone for text, else the type before them."""
    match item:
        case Text():
            return item.text
        case Options():
            return f"(option) {item.title}"
        case AskForText() | SendText():
            return f"({'ask_for_text' if isinstance(item, AskForText) else 'send_text'}) {item.text}"
        case HangUp() | SwitchChannel():
            return f"(hang_up) {item.say}" if isinstance(item, HangUp) else f"(switch_channel) {item.to}"
    return f"({type(item).__name__})"
