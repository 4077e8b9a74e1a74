"""Keys pressed one by one, gathered as the document asks for."""

from __future__ import annotations

from orchestrator.core.effects import Listen

BETWEEN = 2.0
"""Seconds to the next key where the document says nothing else."""
FINISH = "#"
"""The key that ends keys where the document says nothing else, as in <Gather>."""


class Keypad:
    """Collects keys. `since` is when the last one came (Unix seconds)."""

    def __init__(self) -> None:
        self._keys = ""
        self.since = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether no key waits."""
        return not self._keys

    def press(self, key: str, listen: Listen, now: float) -> str:
        """Take a key; the keys if they are complete with it."""
        self.since = now
        finish = FINISH if listen.finish_on_key is None else listen.finish_on_key
        if finish and key in finish:
            return self.take()
        self._keys += key
        return self.take() if listen.num_digits and len(self._keys) >= listen.num_digits else ""

    def due(self, listen: Listen) -> float:
        """When the keys are complete if no other comes."""
        return self.since + (listen.inter_digit_timeout or BETWEEN)

    def take(self) -> str:
        """The keys so far; the next one begins anew."""
        keys, self._keys = self._keys, ""
        return keys
