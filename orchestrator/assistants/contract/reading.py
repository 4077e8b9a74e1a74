"""What is wrong with an answer: its type, its JSON, its shape, and item by item. Reads as the house reads."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.assistants.contract.findings import Finding
from orchestrator.assistants.items import TYPES, read_item
from orchestrator.assistants.items.answer import MAX_ITEMS
from orchestrator.assistants.items.fields import WORDS, at
from orchestrator.assistants.streams import CUTTERS
from orchestrator.core.items import Unsupported

ACTION_OF = {
    "send_text": "send_text",
    "ask_for_text": "ask_for_text",
    "switch_channel": "switch_channel",
    "transfer": "transfer",
    "connect_to_agent": "transfer",
    "hang_up": "hang_up",
    "end_session": "end",
}
"""The action that must be allowed for an item."""
CLEARLY = 0.85
"""How alike `channels` a field must be written to be meant so: one letter more, less or other."""
_FIELD = re.compile(r"`(?P<field>[\w.]+)`(?P<lack> is missing)?")


@dataclass(slots=True)
class Reading:
    """An answer that was read: its items with the part where each stands, its context, and what is wrong."""

    items: list[tuple[str, Any]] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def says(self) -> bool:
        """Whether anything comes of it: a text without words is nothing."""
        return any(not _is_blank(item) for _, item in self.items)

    def wrong(self, code: str, message: str, part: str = "", meant: str = "") -> Reading:
        """Note a fault."""
        self.findings.append(Finding(code, message, part, meant=meant))
        return self


def read(kind: str, body: bytes, request: Mapping[str, Any]) -> Reading:
    """The answer of content type `kind` to `request`."""
    reading = Reading()
    if not body.strip():
        return reading
    try:
        body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return reading.wrong("not_utf8", "the body is not UTF-8", f"byte {error.start}")
    if kind in CUTTERS:
        _read_stream(reading, kind, body)
    elif kind == "application/json" or kind.endswith("+json"):
        _read_object(reading, body)
    else:
        return reading.wrong("content_type", f"the answer comes as {kind[:60] or 'no content type'}")
    for part, item in reading.items:
        reading.findings.extend(of_item(item, part, request))
    return reading


def _read_object(reading: Reading, body: bytes) -> None:
    try:
        payload = _parsed(body)
    except ValueError as error:
        reading.wrong("not_json", f"the body is not JSON: {_place(error)}")
        return
    if not isinstance(payload, dict):  # a bare list is read all the same, but the contract has none
        reading.wrong("not_an_answer", f"the body is {_kind(payload)}, not an object")
        return
    if payload and not {"responses", "context"} & payload.keys():
        near = _near(payload, ("responses", "context"))
        reading.wrong("not_an_answer", "the object has neither `responses` nor `context`", meant=near)
        return
    _take_context(reading, payload.get("context"))
    _take_items(reading, payload.get("responses"))


def _take_context(reading: Reading, context: Any) -> None:
    if isinstance(context, dict | None):
        reading.context = context or {}
    else:
        reading.wrong("bad_context", f"`context` is {_kind(context)}, not an object", "context")


def _take_items(reading: Reading, responses: Any) -> None:
    if not isinstance(responses, list | None):
        reading.wrong("bad_responses", f"`responses` is {_kind(responses)}, not a list", "responses")
    elif len(responses or ()) > MAX_ITEMS:
        reading.wrong("too_many_items", f"there are {len(responses or ())} items", "responses")
    else:
        reading.items = [(f"responses[{place}]", item) for place, item in enumerate(responses or ())]


def _read_stream(reading: Reading, kind: str, body: bytes) -> None:
    name = "line" if kind == "application/x-ndjson" else "event"
    cutter = CUTTERS[kind]()
    entries = [*cutter.feed(body), *cutter.rest()]
    if not entries and not getattr(cutter, "is_done", False):
        reading.wrong("bad_entry", "no event has `data`", "body")
    for number, entry in enumerate(entries, 1):
        part = f"{name} {number}"
        try:
            value = _parsed(entry)
        except ValueError as error:
            reading.wrong("bad_entry", f"it is not JSON: {_place(error)}", part)
            return  # what follows is mostly the rest of the same
        _take_entry(reading, value, part)


def _take_entry(reading: Reading, value: Any, part: str) -> None:
    if isinstance(value, dict) and "response_type" in value:
        reading.items.append((part, value))
    elif isinstance(value, dict) and isinstance(value.get("context"), dict) and "responses" not in value:
        reading.context |= value["context"]
    else:
        reading.wrong("bad_entry", "it is neither an item nor a context", part)


def of_item(item: Any, part: str, request: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong with one item."""
    name = item.get("response_type") if isinstance(item, dict) else None
    if not isinstance(name, str):
        lack = "an item is no object" if not isinstance(item, dict) else "`response_type` is missing"
        yield Finding("not_an_item", lack, part)
        return
    if name not in TYPES:
        near = _near([name], TYPES)
        yield Finding("unknown_type", "an unknown response type", f"{part}.response_type", meant=near)
        return
    skipped = [each for each in read_item(item) if isinstance(each, Unsupported)]
    yield from (_skipped(each, part) for each in skipped)
    if not skipped:
        yield from _wordless(item, name, part)
    yield from _unknown_fields(item, name, part)
    action = ACTION_OF.get(name)
    if not skipped and action and action not in request["allowed"] and not _is_named(item, name, request):
        told = f"`{action}` is not in `allowed` of this turn (state `{request['state']}`)"
        yield Finding("not_allowed", told, f"{part}.response_type")


def _is_named(item: Mapping[str, Any], name: str, request: Mapping[str, Any]) -> bool:
    """A text to a number that is named, for a caller who has none: it is sent."""
    return name == "send_text" and bool(item.get("to")) and request["customer"]["phone_number"] is None


def _skipped(item: Unsupported, part: str) -> Finding:
    named = _FIELD.match(item.why)
    if named is None:
        return Finding("unusable_item", item.why, part)
    code = "missing_field" if named["lack"] else "wrong_field"
    return Finding(code, item.why, f"{part}.{named['field']}")


def _is_blank(item: Any) -> bool:
    if not isinstance(item, dict) or item.get("response_type") != "text":
        return False
    return not str(item.get("text", "")).strip()


def _wordless(item: Mapping[str, Any], name: str, part: str) -> Iterator[Finding]:
    """Numbers and truth values where the contract has words; they are read all the same."""
    for entry in TYPES[name].fields:
        value = at(item, entry.path)
        if entry.kind is WORDS and value is not None and not isinstance(value, str):
            yield Finding("wrong_field", f"`{entry.path}`: expected a string", f"{part}.{entry.path}")


def _unknown_fields(item: Mapping[str, Any], name: str, part: str) -> Iterator[Finding]:
    """Of our own types, and `channels` of any: Watson's have more than is read here. A required field that is
    misspelt is missing.
    """
    ours = TYPES[name].ours
    known = {entry.path.partition(".")[0] for entry in TYPES[name].fields}
    for key in item.keys() - known - {"response_type", "channels"}:
        near = _near([key], known - item.keys()) if ours else ""
        if not near and "channels" not in item:
            near = _near([key], ["channels"], cutoff=CLEARLY)
        if near:
            yield Finding("unknown_field", f"`{name}` has no such field", f"{part}.{key}", meant=near)


def _parsed(body: bytes) -> Any:
    def refuse(constant: str) -> Any:
        raise ValueError(f"{constant} is no value of JSON")

    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _place(error: ValueError) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    if error.msg == "Extra data":
        return f"more follows at line {error.lineno}, column {error.colno}"
    return f"line {error.lineno}, column {error.colno}"


def _kind(value: Any) -> str:
    for kind, word in ((bool, "true or false"), (str, "a string"), (list, "a list"), (dict, "an object")):
        if isinstance(value, kind):
            return word
    return "null" if value is None else "a number"


def _near(words: Iterable[str], known: Iterable[str], cutoff: float = 0.6) -> str:
    choices = list(known)
    found = [near for word in words for near in difflib.get_close_matches(str(word), choices, 1, cutoff)]
    return found[0] if found else ""
