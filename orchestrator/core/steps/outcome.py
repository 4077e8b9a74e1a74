"""What an answer comes to while its items are carried out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from orchestrator.core import items, markup
from orchestrator.core.effects import Ending, HangUpCall, Say, Verb
from orchestrator.core.items import Item
from orchestrator.core.session import Turn
from orchestrator.core.ssml import as_ssml
from orchestrator.core.step import Step


@dataclass(slots=True)
class Outcome:
    """What an answer comes to. `written` is the text of its one joined message, sent where its first
    line stood; `spoken` is what the verbs say, as text; `asks` is set once it asks for a text,
    `force` holds the item that asks for another turn, `hands_over` is set once a human is to go on.
    """

    step: Step
    turn: Turn
    verbs: list[Verb] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    messages: list[Callable[[], None] | None] = field(default_factory=list)
    ending: Ending | None = None
    asks: bool = False
    hands_over: bool = False
    force: items.ForceTurn | None = None
    after: list[Callable[[], None]] = field(default_factory=list)

    def say(self, source: str) -> None:
        """Speak it; where it cannot be spoken any more, it may go by text (`spoken`)."""
        words = markup.as_speech(source)
        if words:
            self.verbs.append(Say(text=words, ssml=as_ssml(source)))
            self.spoken.append(markup.as_text(source))

    def end(self, item: Item, ending: Ending) -> bool:
        """Let the call end so. Only the first item that says how is carried out, and none that would keep
        the call of a closed session.
        """
        closed = self.step.session.closed_by_assistant and not isinstance(ending, HangUpCall)
        if self.ending is not None or closed:
            self.skip(item, "call_ending")
            return False
        self.ending = ending
        return True

    def write(self, source: str) -> None:
        """Add it to the joined message."""
        line = markup.as_text(source)
        if not line:
            return
        if not self.written:
            self.messages.append(None)
        self.written.append(line)

    def skip(self, item: Item, why: str) -> None:
        """The item is not carried out; the timeline says so."""
        part = {"pii.part": item.part} if isinstance(item, items.Unsupported) and item.part else {}
        self.step.note("item_skipped", None, response_type=name_of(item), reason=why, **part)


def name_of(item: Item) -> str:
    """The item's `response_type`."""
    if isinstance(item, items.Unsupported):
        return item.response_type
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(item).__name__).lower()
