"""How a play is told to have failed, from wherever that is seen."""

from __future__ import annotations

from orchestrator.scenarios.play import Place


class FailedError(Exception):
    """The play fails at `place`."""

    def __init__(self, place: Place, reason: str, expected: str = "", got: str = "") -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason
        self.expected = expected
        self.got = got
