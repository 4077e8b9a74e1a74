"""The lines of a play as the director looks ahead in them. Places count from 0."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestrator.scenarios.play import Line

CHECKING = frozenset({"hears", "receives", "hears nothing", "receives nothing"})
"""What a person is checked for, and does not do."""


class Script:
    """The steps of one play."""

    def __init__(self, steps: Sequence[Line]) -> None:
        self.steps = steps

    def group(self, place: int) -> list[Line]:
        """The lines of a bot from a place on: together they are one answer."""
        end = place
        while end < len(self.steps) and self.steps[end].kind == "bot":
            end += 1
        return list(self.steps[place:end])

    def next_answer(self, place: int, *, passing: frozenset[str] = frozenset({"check"})) -> int | None:
        """Where the bot's next lines begin, if nothing but lines of those kinds comes before."""
        following = (at for at in self._after(place) if self.steps[at].kind not in passing)
        at = next(following, None)
        return at if at is not None and self.steps[at].kind == "bot" else None

    def is_answered(self, place: int) -> bool:
        """Whether the bot speaks before anybody acts, or is asked what they heard."""
        return self.next_answer(place, passing=frozenset({"check", "time", "network"})) is not None

    def is_left_open(self, place: int) -> bool:
        """Whether a turn stays open behind a check: for the bot, for time, or for the network."""
        passing = (at for at in self._after(place) if self.steps[at].kind != "check")
        at = next(passing, None)
        return at is not None and self.steps[at].kind in {"bot", "time", "network"}

    def later_answer(self, place: int) -> int | None:
        """Where the bot speaks next at all, from a place on."""
        return next((at for at in range(place, len(self.steps)) if self.steps[at].kind == "bot"), None)

    def next_act(self, place: int) -> str:
        """The verb of the next line that makes somebody's webhook."""
        lines = (self.steps[at] for at in self._after(place))
        acting = (line.verb for line in lines if line.kind in {"person", "network"})
        return next((verb for verb in acting if verb not in CHECKING), "")

    def _after(self, place: int) -> Iterator[int]:
        return iter(range(place + 1, len(self.steps)))
