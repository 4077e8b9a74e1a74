"""What reached people: every text and every speech, and which of them the play has mentioned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from channels.simulator.records import Message
from orchestrator.scenarios.format.matchers import holds
from orchestrator.scenarios.play import Place, Words

EffectKind = Literal["text", "speech", "sound"]
LONGEST_RUN = 5
"""Speeches in a row that one line may mention together."""


@dataclass(slots=True, eq=False)
class Effect:
    """One text or speech that reached `who`. `place` is the line after which it did, `step` counts the
    acting steps until then. `again` is speech that the service repeats because nothing proves that it was
    heard; `carrier` is what the carrier says of itself in answer to a keyword: neither asks for a mention.
    """

    kind: EffectKind
    who: str
    words: str
    at: float
    place: Place
    step: int
    call_sid: str = ""
    message: Message | None = None
    again: bool = False
    carrier: bool = False
    mentioned: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is an effect of the service's that a line must mention."""
        return not (self.again or self.carrier or self.kind == "sound")


class Ledger:
    """All effects in order. `step` is the number of the acting step that runs."""

    def __init__(self) -> None:
        self.effects: list[Effect] = []
        self.step = 0
        self.spoke = 0
        """The last acting step in which somebody acted, rather than time alone."""
        self._proven: dict[str, int] = {}

    def add(self, effect: Effect) -> None:
        """Something reached somebody."""
        effect.again = effect.kind == "speech" and self._is_again(effect)
        self.effects.append(effect)

    def prove(self, call_sid: str) -> None:
        """The caller did something: what was said in the call before is proven to have been heard."""
        self._proven[call_sid] = len(self.effects)

    def _is_again(self, effect: Effect) -> bool:
        since = self._proven.get(effect.call_sid, 0)
        return any(
            before.call_sid == effect.call_sid and before.kind == "speech" and before.words == effect.words
            for before in self.effects[since:]
        )

    # ---- looking ---------------------------------------------------------------------------------
    def of(self, kind: EffectKind, who: str = "", *, since: int = 0) -> list[Effect]:
        """Those of a kind that count, of a person or of all, from an acting step on."""
        return [
            effect
            for effect in self.effects
            if effect.kind == kind
            and effect.who == (who or effect.who)
            and effect.step >= since
            and effect.counts
        ]

    def last(self, kind: EffectKind, who: str = "") -> Effect | None:
        """The last one of a kind, of a person or of all."""
        found = self.of(kind, who)
        return found[-1] if found else None

    def unmentioned(self) -> list[Effect]:
        """Those that no line has mentioned."""
        return [effect for effect in self.effects if effect.counts and not effect.mentioned]

    def find(self, kind: EffectKind, who: str, words: Words) -> list[Effect]:
        """What `words` mention: the first that nothing has mentioned, several in a row if together they are
        the words; else what was mentioned since somebody last acted, or seems to be said again. Empty if there
        is none.
        """
        found = self._reaching(kind, who)
        fresh = [effect for effect in found if not effect.mentioned and not effect.again]
        old = [effect for effect in found if effect.mentioned and effect.step >= self.spoke]
        again = [effect for effect in found if effect.again and not effect.mentioned]
        for run in (*_runs(fresh), *_runs(old), *_runs(again)):
            if holds(words, " ".join(effect.words for effect in run)):
                return run
        return []

    def _reaching(self, kind: EffectKind, who: str) -> list[Effect]:
        kinds = {"speech", "sound"} if kind == "speech" else {kind}
        return [effect for effect in self.effects if effect.kind in kinds and effect.who == who]


def _runs(effects: list[Effect]) -> Iterator[list[Effect]]:
    """Each of them, then each two that follow each other, and so on."""
    for length in range(1, min(LONGEST_RUN, len(effects)) + 1):
        for start in range(len(effects) - length + 1):
            yield effects[start : start + length]
