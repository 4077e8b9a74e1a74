"""From the values of a response type to core items. Fields are checked before, by the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from orchestrator.assistants.items import settings
from orchestrator.assistants.items.actions import read_actions
from orchestrator.assistants.items.fields import WORDS, MalformedError, Values, at
from orchestrator.core.items import (
    AskForText,
    Channel,
    Choice,
    CollectDigits,
    EndSession,
    Fallback,
    HangUp,
    Item,
    Media,
    Options,
    Pause,
    Search,
    SendText,
    SwitchChannel,
    Text,
    Transfer,
)

Channels = tuple[Channel, ...]
Build = Callable[[Values, Channels], tuple[Item, ...]]
_SEARCH_LIMIT = 5000  # Watson: a result from here on is not read out


def _text(values: Values, channels: Channels) -> tuple[Item, ...]:
    words = values["text"] if "text" in values else _variant(values)
    return (Text(text=words, channels=channels),) if words.strip() else ()


def _variant(values: Values) -> str:
    if "values" not in values:
        raise MalformedError("`text` is missing")
    lines = [_line(entry) for entry in values["values"]]
    if values.get("selection_policy") == "multiline":
        return str(values.get("delimiter", "\n")).join(lines)
    return lines[0] if lines else ""


def _line(entry: Any) -> str:
    """The words of a variant: a text, or as Watson's editor keeps it, pieces whose variables are unknown here."""
    pieces = at(entry, "text_expression.concat")
    if isinstance(pieces, list):
        return "".join(
            WORDS.read(piece) for piece in (at(each, "scalar") for each in pieces) if piece is not None
        )
    return str(WORDS.read(at(entry, "text") if isinstance(entry, Mapping) else entry))


def _options(values: Values, channels: Channels) -> tuple[Item, ...]:
    choices = tuple(_choice(entry) for entry in values.get("options") or values.get("suggestions") or [])
    if not choices:
        raise MalformedError("no choices are given")
    return (
        Options(
            title=values.get("title", ""),
            choices=choices,
            description=values.get("description", ""),
            kind="suggestion" if "suggestions" in values and "options" not in values else "option",
            prefix=values.get("prefix", ""),
            channels=channels,
        ),
    )


def _choice(entry: Any) -> Choice:
    label = entry if isinstance(entry, str) else at(entry, "label")
    given = at(entry, "value.input.text")
    if given is None and isinstance(at(entry, "value"), str | int | float):
        given = at(entry, "value")
    if label is None and given is None:
        raise MalformedError("a choice has no label")
    try:
        label = WORDS.read(given if label is None else label)
        return Choice(label=label, value=label if given is None else WORDS.read(given))
    except MalformedError:
        raise MalformedError("the label of a choice is no string") from None


def _pause(values: Values, channels: Channels) -> tuple[Item, ...]:
    return (Pause(seconds=values["time"], channels=channels),)


def _media(kind: Literal["image", "audio", "video"]) -> Build:
    def build(values: Values, channels: Channels) -> tuple[Item, ...]:
        return (Media(kind=kind, channels=channels, **values),)

    return build


def _search(values: Values, channels: Channels) -> tuple[Item, ...]:
    results = values.get("primary_results") or values.get("results") or []
    body = _first(results[0], "body", "highlight.body", "title") if results else ""
    if len(body) >= _SEARCH_LIMIT:
        body = ""
    if not body and "header" not in values:
        raise MalformedError("neither a header nor a result")
    return (Search(header=values.get("header", ""), body=body, channels=channels),)


def _first(result: Any, *paths: str) -> str:
    for path in paths:
        found = at(result, path)
        if isinstance(found, list) and found:
            found = found[0]
        if isinstance(found, str) and found.strip():
            return found
    return ""


def _dtmf(values: Values, channels: Channels) -> tuple[Item, ...]:
    if values["type"] != "collect":
        return (settings.keys(values, channels),)
    return (
        CollectDigits(
            count=values.get("count", 0),
            minimum=values.get("minimum_count", 0),
            maximum=values.get("maximum_count", 0),
            termination_key=values.get("termination_key"),
            inter_digit_timeout=values.get("inter_digit_timeout_count", 0.0),
            ignore_speech=values.get("ignore_speech", False),
            stop_after=values.get("stop_after_collection", False),
            channels=channels,
        ),
    )


def _agent(raw: Values, channels: Channels) -> tuple[Item, ...]:
    to = raw.get("uri") or raw.get("phone_number") or ""
    return (
        Transfer(
            to=to,
            say=raw.get("available", ""),
            unavailable=raw.get("unavailable", ""),
            whisper=raw.get("message_to_human_agent", ""),
            headers=raw.get("transfer_headers", {}),
            agent=True,
            channels=channels,
        ),
    )


def _channel_transfer(values: Values, channels: Channels) -> tuple[Item, ...]:
    words, link = values.get("message_to_user", ""), values["url"]
    sent = SendText(text=f"{words}\n{link}" if words else link, channels=channels)
    if not words or (channels and "voice" not in channels):
        return (sent,)
    return (Text(text=words, channels=("voice",)), sent)


def _user_defined(values: Values, channels: Channels) -> tuple[Item, ...]:
    return read_actions(values["user_defined"], channels)


def _send_text(values: Values, channels: Channels) -> tuple[Item, ...]:
    item = SendText(
        text=values.get("text", ""),
        media=values.get("media", ()),
        to=values.get("to", ""),
        sender=values.get("from", ""),
        urgent=values.get("urgent", False),
        channels=channels,
    )
    if not item.text.strip() and not item.media:
        raise MalformedError("neither text nor media")
    return (item,)


def _ask_for_text(values: Values, channels: Channels) -> tuple[Item, ...]:
    """The fields of `fallback.collect` are those of `dtmf` `collect`."""
    asked = {name: value for name, value in values.items() if name in _ASKED}
    gathered = {_GATHERED[name]: value for name, value in values.items() if name in _GATHERED}
    collect = CollectDigits(**gathered) if gathered else None
    fallback = None
    if "by_voice" in values:
        fallback = Fallback(say=values["by_voice"], collect=collect)
    elif collect is not None:
        raise MalformedError("`fallback.say` is missing")
    return (AskForText(**asked, fallback=fallback, channels=channels),)


_ASKED = frozenset(
    {"text", "say", "keep_as", "timeout", "reminder_after", "reminder_say", "pattern", "on_mismatch"}
)
_GATHERED = {
    "count": "count",
    "minimum_count": "minimum",
    "maximum_count": "maximum",
    "termination_key": "termination_key",
    "ignore_speech": "ignore_speech",
}


def _made(kind: Callable[..., Item]) -> Build:
    return lambda values, channels: (kind(**values, channels=channels),)


BUILD: dict[str, Build] = {
    "text": _text,
    "option": _options,
    "suggestion": _options,
    "pause": _pause,
    "image": _media("image"),
    "audio": _media("audio"),
    "video": _media("video"),
    "search": _search,
    "dtmf": _dtmf,
    "speech_to_text": settings.hearing,
    "text_to_speech": settings.speaking,
    "start_activities": settings.activities("start_activities", on=True),
    "stop_activities": settings.activities("stop_activities", on=False),
    "connect_to_agent": _agent,
    "channel_transfer": _channel_transfer,
    "user_defined": _user_defined,
    "send_text": _send_text,
    "ask_for_text": _ask_for_text,
    "switch_channel": _made(SwitchChannel),
    "transfer": _made(Transfer),
    "hang_up": _made(HangUp),
    "end_session": _made(EndSession),
}
