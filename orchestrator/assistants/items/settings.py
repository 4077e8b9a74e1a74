"""Items that change how a call listens and speaks: `configure` of Watson's speech types, barge-in, and
activities. Their values are ours, or those of IBM's speech services as far as a carrier has them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from orchestrator.assistants.items.fields import (
    FLAG,
    MILLISECONDS,
    SECONDS,
    WORDS,
    Field,
    Kind,
    MalformedError,
    Values,
    at,
)
from orchestrator.core.items import Channel, Configure, Item, SendDigits, Unsupported
from orchestrator.core.manner import Manner, Strategy, given

Channels = tuple[Channel, ...]


def _fraction(value: Any) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not 0 <= number <= 1:
        raise MalformedError("a number from 0 to 1")
    return number


def _hints(value: Any) -> str:
    phrases = value if isinstance(value, list) else [value]
    return ", ".join(word for entry in phrases if (word := WORDS.read(entry).strip()))


def _digits(value: Any) -> str:
    tones = str(WORDS.read(value)).strip()
    if not re.fullmatch(r"[0-9*#wW]{1,100}", tones):
        raise MalformedError("1 to 100 tones: 0 to 9, *, #, w or W")
    return tones


FRACTION = Kind("0 to 1", _fraction)
HINTS = Kind("text, or a list of phrases", _hints)
DIGITS = Kind("key tones", _digits)
_P = "command_info.parameters"
_TYPE = Field(
    "command_info.type", WORDS, "`configure`, `disable_barge_in` or `enable_barge_in`", required=True
)
_STRATEGY = Field(f"{_P}.update_strategy", WORDS, "`replace`, `replace_once`, `merge` or `merge_once`")
HEARING: tuple[Field, ...] = (
    _TYPE,
    _STRATEGY,
    Field(f"{_P}.language", WORDS, "what the caller speaks, such as `en-US`"),
    Field(f"{_P}.hints", HINTS, "phrases that the caller is likely to say"),
    Field(f"{_P}.speech_model", WORDS, "the carrier's recognition model"),
    Field(f"{_P}.speech_timeout", SECONDS, "quiet that ends what the caller says; 0 leaves it to the recogniser"),
    Field(f"{_P}.max_speech_time", SECONDS, "the longest that the caller may speak"),
    Field(f"{_P}.profanity_filter", FLAG, "whether rude words are masked"),
    Field(f"{_P}.confidence_threshold", FRACTION, "speech below it is not understood"),
    Field(f"{_P}.post_response_timeout", SECONDS, "silence, then the turn `no_input`"),
    Field(f"{_P}.narrowband_recognize.model", WORDS, "IBM's model: its language is taken", called="model"),
    Field(f"{_P}.broadband_recognize.model", WORDS, "the same", called="model"),
    Field(f"{_P}.narrowband_recognize.profanity_filter", FLAG, "as `profanity_filter`"),
    Field(f"{_P}.narrowband_recognize.keywords", HINTS, "as `hints`", called="hints"),
    Field(
        f"{_P}.narrowband_recognize.end_of_phrase_silence_time",
        SECONDS,
        "as `speech_timeout`",
        called="speech_timeout",
    ),
)  # fmt: skip
SPEAKING: tuple[Field, ...] = (
    _TYPE,
    _STRATEGY,
    Field(f"{_P}.voice", WORDS, "the carrier's voice, such as `Polly.Joanna-Neural`"),
    Field(f"{_P}.language", WORDS, "what the voice speaks, such as `en-US`"),
    Field(f"{_P}.synthesize.voice", WORDS, "IBM's voice: its language is taken", called="ibm_voice"),
)
KEYS: tuple[Field, ...] = (
    Field(
        f"{_P}.digits", DIGITS, "`send`: the tones, `0-9*#`, `w` for half a second and `W` for one of silence"
    ),
    Field(f"{_P}.value", DIGITS, "the same", called="digits"),
)
LEGACY_HEARING: tuple[Field, ...] = (
    Field("updateMethod", WORDS, "as `update_strategy`", called="update_strategy"),
    Field("confidenceScoreThreshold", FRACTION, "speech below it is not understood", called="confidence_threshold"),
    Field("config.model", WORDS, "IBM's model: its language is taken"),
    Field("config.profanity_filter", FLAG, "whether rude words are masked"),
    Field("config.end_of_phrase_silence_time", SECONDS, "quiet that ends speech", called="speech_timeout"),
    Field("config.keywords", HINTS, "likely phrases", called="hints"),
    Field("postResponseTimeoutCount", MILLISECONDS, "silence, then no_input", called="post_response_timeout"),
)  # fmt: skip
LEGACY_SPEAKING: tuple[Field, ...] = (
    Field("updateMethod", WORDS, "as `update_strategy`", called="update_strategy"),
    Field("config.voice", WORDS, "IBM's voice: its language is taken", called="ibm_voice"),
)
_SETTINGS = frozenset(given_name for given_name in Manner.__dataclass_fields__)
_LANGUAGE = re.compile(r"[a-z]{2,3}-[A-Z]{2}")
_IBM = re.compile(r"([a-z]{2}-[A-Z]{2})_\w+")  # en-US_AllisonV3Voice, en-GB_Telephony
_STRATEGIES: dict[str, Strategy] = {
    "replace": "replace",
    "replaceonce": "replace_once",
    "merge": "merge",
    "mergeonce": "merge_once",
}
_ACTIVITIES = {"speech_to_text_recognition": "hears_speech", "dtmf_collection": "hears_keys"}


def hearing(values: Values, channels: Channels) -> tuple[Item, ...]:
    """`speech_to_text`."""
    if values["type"] == "configure":
        return (configure_hearing(values, channels),)
    return (_barge_in(values["type"], "speech_barge_in", channels),)


def speaking(values: Values, channels: Channels) -> tuple[Item, ...]:
    """`text_to_speech`; its barge-in is that of speech, too."""
    if values["type"] == "configure":
        return (configure_speaking(values, channels),)
    return (_barge_in(values["type"], "speech_barge_in", channels),)


def configure_hearing(values: Values, channels: Channels) -> Item:
    """New settings of recognition."""
    found = {name: values[name] for name in _SETTINGS & values.keys()}
    found.setdefault("language", _from_ibm(values.get("model", "")))
    if found["language"] is not None and not _LANGUAGE.fullmatch(found["language"]):
        raise MalformedError("`language`: expected a language such as en-US")
    return _configure(Manner(**found), "hearing", values, channels)


def configure_speaking(values: Values, channels: Channels) -> Item:
    """New settings of the voice."""
    ibm = values.get("ibm_voice", "")
    language = values.get("language") or _from_ibm(ibm)
    voice = values.get("voice") or (ibm if ibm and language is None else None)
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise MalformedError("`language`: expected a language such as en-US")
    return _configure(Manner(voice=voice, spoken_language=language), "speaking", values, channels)


def _configure(changes: Manner, part: Any, values: Values, channels: Channels) -> Item:
    word = str(values.get("update_strategy", "replace")).replace("_", "").lower()
    if word not in _STRATEGIES:
        raise MalformedError("`update_strategy`: expected replace, replace_once, merge or merge_once")
    if not given(changes) and word.startswith("merge"):
        raise MalformedError("nothing in it that a carrier can set")
    return Configure(changes=changes, part=part, strategy=_STRATEGIES[word], channels=channels)


def keys(values: Values, channels: Channels) -> Item:
    """The commands of `dtmf` besides `collect`."""
    if values["type"] != "send":
        return _barge_in(values["type"], "key_barge_in", channels)
    if "digits" not in values:
        raise MalformedError("`digits` is missing")
    return SendDigits(digits=values["digits"], channels=channels)


def _barge_in(command: str, name: str, channels: Channels) -> Item:
    if command not in {"disable_barge_in", "enable_barge_in"}:
        raise MalformedError("an unknown command")
    return switch(name, channels, on=command == "enable_barge_in")


def switch(name: str, channels: Channels, *, on: bool) -> Item:
    """One setting, on or off."""
    return Configure(changes=_flags({name: on}), channels=channels)


def activities(kind: str, *, on: bool) -> Any:
    """`start_activities` or `stop_activities`: hear speech, keys, or not."""

    def build(values: Values, channels: Channels) -> tuple[Item, ...]:
        names = [at(entry, "type") if isinstance(entry, Mapping) else entry for entry in values["activities"]]
        known = {_ACTIVITIES[name]: on for name in names if isinstance(name, str) and name in _ACTIVITIES}
        if not known:
            return (Unsupported(response_type=kind, why="no activity of a call is named", channels=channels),)
        return (Configure(changes=_flags(known), channels=channels),)

    return build


def _flags(values: dict[str, Any]) -> Manner:
    return Manner(**values)


def _from_ibm(name: str) -> str | None:
    """The language of an IBM model or voice; None where the name is none of theirs."""
    found = _IBM.fullmatch(name)
    return found[1] if found else None
