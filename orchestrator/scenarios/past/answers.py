"""Answers of an assistant, put together again from what they led to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

SPOKEN = frozenset({"ask_for_text", "hang_up", "switch_channel"})
"""Items that may have words of their own beside what they do."""
DESK = "+15550100999"
"""Whom a call is transferred to: a timeline does not tell."""
QUESTION = "bot asks for a text"
Step = tuple[str, Any]
NOTHING: Any = None


@dataclass(slots=True)
class Answered:
    """One answer: the names of its items, and what was heard, texted and remembered then."""

    items: list[str]
    channel: str
    said: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)
    keep_as: str = ""
    within: str = ""
    to_voice: bool = False
    keeps_call: bool = False

    def wait(self, within: str) -> None:
        """Its question waited so long."""
        self.within = within

    def takes_words(self) -> bool:
        """Whether words in the call are this answer's."""
        return not self.said and bool(self.items)

    def takes_text(self) -> bool:
        """Whether a text is this answer's."""
        wanted = sum(name in {"send_text", "ask_for_text", "switch_channel"} for name in self.items)
        return bool(self.items) and (len(self.texts) < wanted or self._writes())

    def ends_call(self) -> bool:
        """Whether the call is over behind it by the assistant's will."""
        return bool({"hang_up", "end_session", "transfer", "connect_to_agent"} & set(self.items)) or (
            "switch_channel" in self.items and not self.to_voice and not self.keeps_call
        )

    def steps(self) -> list[Step]:
        """The lines of `bot` that give it."""
        made = [step for name in self.items if (step := _MAKE.get(name, Answered._says)(self)) is not None]
        if rest := self._rest():
            made.append(("bot says", rest))
        if self.context:
            made.append(("bot remembers", self.context))
        return made

    def _writes(self) -> bool:
        return any(name not in _MAKE for name in self.items)

    def _rest(self) -> str:
        """Words that no item took."""
        rest, self.said, self.texts = " ".join([*self.said, *self.texts]), [], []
        return rest

    def _words(self) -> str:
        words, self.said = " ".join(self.said), []
        return words

    def _text(self) -> str:
        return self.texts.pop(0) if self.texts else ""

    # ---- items -----------------------------------------------------------------------------------
    def _says(self) -> Step | None:
        """All that is said by it and those beside it: they are heard in one breath."""
        words = self._words()
        if words and words in self.texts:
            self.texts.remove(words)  # said and written
        return ("bot says", words or self._text()) if words or self.texts else None

    def _sends(self) -> Step | None:
        words = self._text()
        return ("bot texts", words) if words else None

    def _asks(self) -> Step | None:
        fields = {"say": self._words(), "text": self._text(), "keep as": self.keep_as, "within": self.within}
        if not fields["text"]:
            return None  # a question that had to wait, or was refused
        return (QUESTION, {name: value for name, value in fields.items() if value})

    def _hangs_up(self) -> Step:
        return ("bot hangs up", self._words() or NOTHING)

    def _switches(self) -> Step | None:
        if self.to_voice:
            return ("bot calls", NOTHING)
        fields: dict[str, Any] = {"text": self._text(), "say": self._words(), "keep call": self.keeps_call}
        if not fields["text"]:
            return None
        return ("bot switches to sms", {name: value for name, value in fields.items() if value})

    def _transfers(self) -> Step:
        return ("bot transfers to", DESK)

    def _ends(self) -> Step:
        return ("bot answers", {"response_type": "end_session"})


_MAKE: dict[str, Callable[[Answered], Step | None]] = {
    "send_text": Answered._sends,  # noqa: SLF001 - its own
    "ask_for_text": Answered._asks,  # noqa: SLF001 - its own
    "hang_up": Answered._hangs_up,  # noqa: SLF001 - its own
    "switch_channel": Answered._switches,  # noqa: SLF001 - its own
    "transfer": Answered._transfers,  # noqa: SLF001 - its own
    "connect_to_agent": Answered._transfers,  # noqa: SLF001 - its own
    "end_session": Answered._ends,  # noqa: SLF001 - its own
    "pause": lambda _: None,
}
"""Items that do something besides having words."""


class Written:
    """A question whose line is written before it is known how long it waited."""

    def __init__(self, steps: list[Step], place: int, given: list[Step]) -> None:
        self._steps = steps
        self._place = next((place + at for at, (verb, _) in enumerate(given) if verb == QUESTION), None)

    def wait(self, within: str) -> None:
        """Put into its line how long it waited; a question that was not sent has none."""
        if self._place is not None:
            verb, fields = self._steps[self._place]
            self._steps[self._place] = (verb, {**fields, "within": within})
