"""An answer in lines, told item by item while it comes. What it comes to is read when it is whole."""

from __future__ import annotations

from orchestrator.assistants.items import parse_lines
from orchestrator.core.errors import AssistantError
from orchestrator.ports.world import Heard


class Lines:
    """Fed with the body as it comes. A line that cannot be read ends the telling: the whole answer
    is refused for it.
    """

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._rest = b""
        self._place = 0
        self._broken = False

    def feed(self, chunk: bytes) -> None:
        """Tell of every line that is complete."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            self._tell(line)

    def _tell(self, line: bytes) -> None:
        try:
            items = () if self._broken else parse_lines(line)[0]
        except AssistantError:
            self._broken = True
            return
        for item in items:
            self._heard(self._place, item)
            self._place += 1
