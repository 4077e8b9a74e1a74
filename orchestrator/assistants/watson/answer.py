"""Watson's answer as items: what it says, and the commands that stand beside it.

`output.generic` is read in order. A command beside it, under `output` or in the context, is carried out before what the
node says; only a sound begins after the words. A *sequence* beside it says nothing of the node but where
it holds `vgwActPlayText` (IBM: "Phone integration reference" of 2020).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from orchestrator.assistants.items import TYPES, read_actions, read_item
from orchestrator.assistants.items.actions import PLACES
from orchestrator.assistants.watson.memory import Memory
from orchestrator.assistants.watson.stored import Command
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import EndSession, Item, SendText, Text, Transfer, Unsupported

MAX_ITEMS = 200
"""As many as an answer of any kind may have."""
_SEQUENCE = "Sequence"
_PLAY_TEXT, _PLAY_SOUND, _SEND_TEXT = "vgwactplaytext", "vgwactplayurl", "vgwactsendsms"


def read_output(output: Any, stored: list[Command], *, live: bool) -> tuple[Item, ...]:
    """The items of an answer, with the commands of its context that are new. `live`: a call can speak."""
    if not isinstance(output, Mapping):
        raise AssistantError("malformed", "no `output`", retryable=False)
    generic = output.get("generic")
    if not isinstance(generic, list | None):
        part = json.dumps(generic, ensure_ascii=False)
        raise AssistantError("malformed", "`output.generic` is no list", retryable=False, part=part)
    said = tuple(item for raw in _generic(output) for item in read_generic(raw, live=live))
    return _in_order([*stored, *_beside(output)], said)[:MAX_ITEMS]


def read_generic(raw: Any, *, live: bool) -> tuple[Item, ...]:
    """The items of one entry of `output.generic`. `end_session` ends a call, and nothing else; in
    `user_defined` there may be one of our own items.
    """
    if not isinstance(raw, Mapping):
        return read_item(raw)
    if raw.get("response_type") == "end_session":
        why = "it ends calls; a text conversation is ended by terminateSession"
        return (
            read_item({**raw, "response_type": "hang_up"})
            if live
            else (Unsupported(response_type="end_session", why=why),)
        )
    own = raw.get("user_defined")
    if isinstance(own, Mapping) and _is_ours(own.get("response_type")):
        return read_item({"channels": raw.get("channels"), **own})
    return read_item(raw)


def _is_ours(name: Any) -> bool:
    return isinstance(name, str) and name in TYPES and TYPES[name].ours


def _generic(output: Mapping[str, Any]) -> list[Any]:
    """`generic`, or the plain `text` of versions before 2021-11-27 where there is none."""
    found = output.get("generic")
    if isinstance(found, list) and found:
        return found
    lines = output.get("text")
    lines = lines if isinstance(lines, list) else [lines]
    return [{"response_type": "text", "text": line} for line in lines if isinstance(line, str)]


def _beside(output: Mapping[str, Any]) -> Iterator[Command]:
    """Commands under `output`, and under what the API makes of free keys there, `output.user_defined`."""
    for holder in (output, output.get("user_defined")):
        for place in PLACES:
            if isinstance(holder, Mapping) and holder.get(place):
                yield place, holder[place]


def _in_order(commands: list[Command], said: tuple[Item, ...]) -> tuple[Item, ...]:
    if any(_is_sequence(*command) for command in commands):
        return _sequence([each for _, value in commands for each in _flat(value)], said)
    late = [command for command in commands if _name(command[1]) == _PLAY_SOUND]
    early = [command for command in commands if command not in late]
    return (*_items(early), *said, *_items(late))


def _is_sequence(place: str, value: Any) -> bool:
    return place.startswith("vgw") and (place.endswith(_SEQUENCE) or _name(value) == _PLAY_TEXT)


def _items(commands: list[Command]) -> Iterator[Item]:
    for place, value in commands:
        yield from read_actions({place: value})


def _sequence(commands: list[Any], said: tuple[Item, ...]) -> tuple[Item, ...]:
    """The commands, the node's words in the place of the first `vgwActPlayText` without words of its own."""
    items: list[Item] = []
    left = tuple(item for item in said if not isinstance(item, Text))
    played = False
    for command in commands:
        if _name(command) == _PLAY_TEXT and not _parameters(command).get("text"):
            items += () if played else said
            played = True
        else:
            items += read_actions({"vgwAction": command})
    return (*items, *(() if played else left))


def _flat(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name(command: Any) -> str:
    name = command.get("command") if isinstance(command, Mapping) else None
    return name.lower() if isinstance(name, str) else ""


def _parameters(command: Any) -> Mapping[str, Any]:
    found = command.get("parameters") if isinstance(command, Mapping) else None
    return found if isinstance(found, Mapping) else {}


# What the next turn must know --------------------------------------------------------------------
def note_for_next(output: Mapping[str, Any], stored: list[Command], memory: Memory) -> None:
    """Whether the text that was asked for is to be the next input itself, and what the labels of lists stand for."""
    raws = [raw for raw in _generic(output) if isinstance(raw, Mapping)]
    held = [raw["user_defined"] for raw in raws if isinstance(raw.get("user_defined"), Mapping)]
    beside = [value for _, value in [*stored, *_beside(output)]]
    commands = [*beside, *(holder[place] for holder in held for place in PLACES if holder.get(place))]
    for command in (each for value in commands for each in _flat(value)):
        if _name(command) == _SEND_TEXT:
            memory.as_input = str(_parameters(command).get("setAsInputText")).lower() in {"true", "yes"}
    memory.choices = {text: given for raw in raws for text, given in _choices(raw)}


def _choices(raw: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The inputs of a list that hold more than their text, such as `suggestion_id`."""
    entries = raw.get("options") or raw.get("suggestions")
    for entry in entries if isinstance(entries, list) else ():
        value = entry.get("value") if isinstance(entry, Mapping) else None
        given = value.get("input") if isinstance(value, Mapping) else None
        if isinstance(given, Mapping) and isinstance(given.get("text"), str) and len(given) > 1:
            yield given["text"], dict(given)


# Items in their place ------------------------------------------------------------------------------
def after_hang_up(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """What an answer to a hang-up may still do: nobody hears it, and its words are no texts."""
    return tuple(
        item
        if item.channels or isinstance(item, SendText | EndSession)
        else replace(item, channels=("voice",))
        for item in items
    )


def with_failure_words(items: tuple[Item, ...], variables: Any) -> tuple[Item, ...]:
    """Transfers that say `vgwTransferFailedMessage` where nobody takes the call, as dialogues of 2020 set it."""
    words = variables.get("vgwTransferFailedMessage") if isinstance(variables, Mapping) else None
    if not isinstance(words, str):
        return items
    return tuple(
        replace(item, unavailable=words) if isinstance(item, Transfer) and not item.unavailable else item
        for item in items
    )
