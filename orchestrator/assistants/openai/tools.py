"""The tools that the model may call: the actions of an answer, as their response types are read, and what it is
told of each call.

An action takes effect with the answer, when the turn is committed; its result says so. What is not
allowed, or cannot be read, is an error in the result: the model may do better at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.assistants.items import TYPES, read_item
from orchestrator.assistants.items.answer import SHOWN
from orchestrator.assistants.items.schema import fields_schema
from orchestrator.assistants.openai.completion import Call
from orchestrator.core.items import AskForText, Item, SendText, Transfer, Unsupported
from orchestrator.core.nesting import LEVELS, is_too_deep

SET_CONTEXT = "set_context"
ACTIONS = (*(name for name, row in TYPES.items() if row.ours), SET_CONTEXT)
"""Every tool, by name."""
LEAVING = frozenset({"switch_channel", "transfer", "hang_up", "end_session"})
"""After these the model has the floor no more."""
_PERMISSION = {"end_session": "end"}
"""What an action is called in a turn's `allowed`, where it is called something else."""
_HINTS = {
    "send_text": "It leaves together with your answer. Do not use it to answer a text: just answer.",
    "ask_for_text": "Use it for what is hard to say or to spell: addresses, names, e-mail, pictures. "
    "The reply comes with a later message.",
    "hang_up": "Use it only once everything is said; say goodbye in `say`.",
}
_CONTEXT: dict[str, Any] = {
    "type": "object",
    "properties": {"values": {"type": "object", "description": "names and values; null forgets a name"}},
    "required": ["values"],
    "additionalProperties": False,
}
_DONE = {
    "ask_for_text": {
        "status": "waiting",
        "detail": "the text leaves now; the reply comes with a later message",
    }
}


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a call: the item that carries it out, the context it changes, the result for the model."""

    result: dict[str, Any]
    item: Item | None = None
    context: Mapping[str, Any] | None = None
    is_last: bool = False
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools by `names`. `transfer_to` are the only places that a call may be handed to, if any are named."""

    names: Sequence[str] = ACTIONS
    transfer_to: Sequence[str] = ()

    def described(self) -> list[dict[str, Any]]:
        """As a request names them; the same in every request, so that endpoints may keep them."""
        return [self._described(name) for name in ACTIONS if name in self.names]

    def _described(self, name: str) -> dict[str, Any]:
        effect = TYPES[name].effect if name in TYPES else "keeps values for the rest of the conversation"
        schema = _simple(fields_schema(name)) if name in TYPES else _CONTEXT
        if name == "transfer" and self.transfer_to:
            schema["properties"]["to"]["enum"] = list(self.transfer_to)
        told = f"{effect[0].upper()}{effect[1:]}. {_HINTS.get(name, '')}".strip()
        return {"type": "function", "function": {"name": name, "description": told, "parameters": schema}}

    def do(self, call: Call, request: Mapping[str, Any]) -> Done:
        """Read one call of a turn's answer."""
        if call.name not in self.names:
            return _wrong(call, "unknown_tool", "no such tool", tools=list(self.names))
        try:
            values = json.loads(call.arguments or "{}", parse_constant=_refuse)
        except (ValueError, RecursionError):
            return _wrong(call, "malformed", "the arguments are not JSON")
        if not isinstance(values, dict):
            return _wrong(call, "malformed", "the arguments are no object")
        if is_too_deep(values):
            return _wrong(call, "malformed", f"more than {LEVELS} levels")
        if not _is_allowed(call.name, values, request):
            return _wrong(call, "not_allowed", "not possible just now", allowed=list(request["allowed"]))
        return self._act(call, values)

    def _act(self, call: Call, values: dict[str, Any]) -> Done:
        if call.name == SET_CONTEXT:
            return _keep(call, values)
        items = read_item({**values, "response_type": call.name})
        item = items[0] if items else Unsupported(response_type=call.name, why="nothing in it")
        if isinstance(item, Unsupported):
            return _wrong(call, "malformed", item.why)
        if isinstance(item, SendText) and not (item.text.strip() or item.media):
            return _wrong(call, "malformed", "neither `text` nor `media`")
        if isinstance(item, AskForText) and not (item.text.strip() or item.say.strip()):
            return _wrong(call, "malformed", "`text` is missing")
        if isinstance(item, Transfer) and self.transfer_to and item.to not in self.transfer_to:
            return _wrong(call, "not_allowed", "no calls are handed there", to=list(self.transfer_to))
        return Done(_DONE.get(call.name, {"status": "done"}), item=item, is_last=call.name in LEAVING)


def _simple(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema that every endpoint takes: some know no choice of types, and no empty `required`."""
    kept = {name: value for name, value in schema.items() if name != "required" or value}
    if isinstance(kept.get("type"), list):
        kept["type"] = kept["type"][0]
    if "properties" in kept:
        kept["properties"] = {name: _simple(value) for name, value in kept["properties"].items()}
    return kept


def _is_allowed(name: str, values: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    if _PERMISSION.get(name, name) in request["allowed"]:
        return True
    nobody = request["customer"]["phone_number"] is None  # who hides the number may name one
    return name == "send_text" and nobody and bool(values.get("to"))


def _keep(call: Call, values: Mapping[str, Any]) -> Done:
    kept = values.get("values")
    if not isinstance(kept, dict):
        return _wrong(call, "malformed", "`values` is no object")
    return Done({"status": "done"}, context=kept)


def _wrong(call: Call, error: str, detail: str, **more: Any) -> Done:
    """The model is told; the timeline says which call came to nothing."""
    why, part = f"{error}: {detail}", call.arguments[:SHOWN]
    skipped = Unsupported(response_type=call.name[:40] or "tool", why=why, part=part)
    return Done({"error": error, "detail": detail, **more}, item=skipped, is_wrong=True)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
