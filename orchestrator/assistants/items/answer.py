"""An assistant's answer, from JSON to core items and the context to merge.

A malformed item becomes `Unsupported` and the rest of the answer stands; only an answer that is
malformed as a whole is an `AssistantError`. Their words say nothing of what was in it; the beginning of the
part that could not be used stands beside them, as `part`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from orchestrator.assistants.items.build import BUILD
from orchestrator.assistants.items.fields import CHANNEL_NAMES, MalformedError, read_fields
from orchestrator.assistants.items.table import TYPES
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import Channel, Item, Unsupported
from orchestrator.core.nesting import LEVELS, is_too_deep

Answer = tuple[tuple[Item, ...], dict[str, Any]]
SHOWN = 200
"""Characters of what could not be used."""
MAX_ITEMS = 200
"""Items of one answer; far above what a turn can say, so that a runaway assistant is stopped."""


def read_answer(payload: Any) -> Answer:
    """The items and the context of an answer: an object with `responses`, or a list of items."""
    if isinstance(payload, list):
        payload = {"responses": payload}
    if not isinstance(payload, Mapping):
        raise _malformed("not an object", payload)
    if payload and not {"responses", "context"} & payload.keys():
        raise _malformed("neither `responses` nor `context`", payload)
    responses, context = payload.get("responses"), payload.get("context")
    if not isinstance(responses, list | None):
        raise _malformed("`responses` is no list", responses)
    if not isinstance(context, dict | None):
        raise _malformed("`context` is no object", context)
    if len(responses or ()) > MAX_ITEMS:
        raise _malformed(f"more than {MAX_ITEMS} items")
    return tuple(item for raw in responses or () for item in read_item(raw)), context or {}


def parse_answer(body: bytes) -> Answer:
    """`read_answer` of a JSON body; an empty body is an empty answer."""
    return read_answer(parse_json(body)) if body.strip() else ((), {})


def parse_entries(entries: Iterable[bytes]) -> Answer:
    """The answer of a stream: each entry is the JSON of an item, or of `{"context": ...}`."""
    responses: list[Any] = []
    context: dict[str, Any] = {}
    for entry in map(parse_json, entries):
        if isinstance(entry, dict) and "response_type" in entry:
            responses.append(entry)
        elif isinstance(entry, dict) and isinstance(entry.get("context"), dict):
            context |= entry["context"]
        else:
            raise _malformed("an entry is no item and no context", entry)
    return read_answer({"responses": responses, "context": context})


def read_item(raw: Any) -> tuple[Item, ...]:
    """The core items of one response item: none for empty words, several for a sequence of commands."""
    if not isinstance(raw, Mapping):
        return (Unsupported(response_type="", why="an item is no object", part=_part(raw)),)
    name = raw.get("response_type")
    if not isinstance(name, str):
        return (Unsupported(response_type="", why="`response_type` is missing", part=_part(raw)),)
    if name not in TYPES:
        return (Unsupported(response_type=name[:40], why="unknown response type", part=_part(raw)),)
    try:
        channels = read_channels(raw.get("channels"))
        return BUILD[name](read_fields(raw, TYPES[name].fields), channels)
    except MalformedError as error:
        return (Unsupported(response_type=name, why=str(error), part=_part(raw)),)


def read_channels(raw: Any) -> tuple[Channel, ...]:
    """The channels that an item names, in any of the spellings; those of other products are left out."""
    if raw is None or raw == []:
        return ()
    entries = raw if isinstance(raw, list) else [raw]
    names = [entry.get("channel") if isinstance(entry, Mapping) else entry for entry in entries]
    if not all(isinstance(name, str) for name in names):
        raise MalformedError("`channels`: expected a list of channel names")
    found = {CHANNEL_NAMES.get(str(name).strip().lower()) for name in names}
    channels: tuple[Channel, ...] = tuple(name for name in ("voice", "sms") if name in found)
    if not channels:
        raise MalformedError("meant for other channels")
    return channels


def parse_json(body: bytes) -> Any:
    """The value of a JSON body, fit to be stored. Raises an `AssistantError`."""
    try:
        payload = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse)
        if b"\\ud" in body.lower():  # half a surrogate pair cannot be stored or sent
            payload = json.loads(json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise AssistantError("malformed", "not JSON", retryable=False, part=body) from None
    if is_too_deep(payload):
        raise AssistantError("malformed", f"more than {LEVELS} levels", retryable=False, part=body)
    return payload


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _malformed(detail: str, part: Any = "") -> AssistantError:
    return AssistantError("malformed", detail, retryable=False, part=_part(part))


def _part(raw: Any) -> str:
    """The beginning of a value, as JSON."""
    return json.dumps(raw, ensure_ascii=False)[:SHOWN]
