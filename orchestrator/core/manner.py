"""How a call listens and speaks where it differs from the phone's configuration, and how that changes."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

Part = Literal["hearing", "speaking", "turns"]
Strategy = Literal["replace", "replace_once", "merge", "merge_once"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """Settings of a call; None is "as the phone is configured". Durations are seconds.

    `language`, `hints` (phrases, separated by commas), `speech_model`, `speech_timeout` (quiet that ends
    speech; 0 leaves it to the recogniser), `max_speech_time`, `profanity_filter` and
    `confidence_threshold` are about recognition, `voice` and `spoken_language` about speaking, the others
    about whose turn it is.
    """

    language: str | None = None
    hints: str | None = None
    speech_model: str | None = None
    speech_timeout: float | None = None
    max_speech_time: float | None = None
    profanity_filter: bool | None = None
    confidence_threshold: float | None = None
    voice: str | None = None
    spoken_language: str | None = None
    post_response_timeout: float | None = None
    speech_barge_in: bool | None = None
    key_barge_in: bool | None = None
    hears_speech: bool | None = None
    hears_keys: bool | None = None


_PARTS: dict[Part, frozenset[str]] = {
    "hearing": frozenset(
        {
            "language",
            "hints",
            "speech_model",
            "speech_timeout",
            "max_speech_time",
            "profanity_filter",
            "confidence_threshold",
        }
    ),
    "speaking": frozenset({"voice", "spoken_language"}),
    "turns": frozenset(),
}
"""What a `replace` of each part sets back to the configuration before the new values."""


def changed(manner: Manner, changes: Manner, part: Part, strategy: Strategy) -> Manner:
    """The settings after a change: `merge` keeps what `changes` does not name, `replace` resets its part."""
    kept = manner if strategy.startswith("merge") else replace(manner, **dict.fromkeys(_PARTS[part]))
    return replace(kept, **given(changes))


def given(changes: Manner) -> dict[str, Any]:
    """The settings that are named."""
    values = {entry.name: getattr(changes, entry.name) for entry in fields(changes)}
    return {name: value for name, value in values.items() if value is not None}
