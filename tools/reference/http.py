"""The parts made from the API: its operations, the fields they take, what they refuse, and the figures."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from orchestrator.web.api import operations
from orchestrator.web.api.problems import CODES
from orchestrator.web.api.queries import Query
from orchestrator.web.api.requests import ACTIONS
from orchestrator.web.api.resource import Operation
from orchestrator.web.metrics import Metrics
from tools.reference.markdown import code, codes, table


def api_operations() -> str:
    """Each operation: what it does, takes, answers and may refuse."""
    rows = [
        [
            code(f"{entry.method} {entry.path}"),
            entry.summary,
            str(entry.status),
            ", ".join(map(str, entry.refusals)),
        ]
        for entry in _operations()
    ]
    return table(["call", "does", "answer", "refusals"], rows)


def api_fields() -> str:
    """The parameters and fields of each operation, and of each action."""
    parts = []
    for entry in _operations():
        for model in entry.takes:
            if model in ACTIONS.values():
                continue
            kind = "Parameters" if issubclass(model, Query) else "Body"
            parts.append(f"{kind} of {code(f'{entry.method} {entry.path}')}:\n\n{_fields(model)}")
    return "\n\n".join(parts)


def api_actions() -> str:
    """Each action and its fields."""
    rows = [
        [code(name), codes(_named(model)), (model.__doc__ or "").strip()] for name, model in ACTIONS.items()
    ]
    return table(["action", "fields; a question mark: may be left out", "does"], rows)


def api_codes() -> str:
    """Each error code with its status and meaning."""
    return table(
        ["code", "status", "means"], [[code(name), str(at), told] for name, (at, told) in CODES.items()]
    )


def metrics() -> str:
    """Each figure under the name that a board asks for."""
    rows = []
    registry = Metrics().registry
    for collector in list(registry._collector_to_names):  # noqa: SLF001 - the library tells labels nowhere else
        for family in collector.collect():
            name = f"{family.name}_total" if family.type == "counter" else family.name
            labels = codes(getattr(collector, "_labelnames", ()))
            rows.append([code(name), family.type, labels, family.documentation])
    return table(["name", "is", "labels", "tells"], rows)


def _operations() -> list[Operation]:
    nothing: Any = None
    return operations(
        reader=nothing,
        desk=nothing,
        store=nothing,
        operators=nothing,
        assistants={},
        clock=nothing,
        closing=lambda: False,
        streams=0,
    )


def _named(model: type[BaseModel]) -> list[str]:
    fields = list(model.model_fields.items())
    return [
        f"{field.alias or name}{'' if field.is_required() else '?'}"
        for name, field in fields
        if name != "action"
    ]


def _fields(model: type[BaseModel]) -> str:
    described = model.model_json_schema(by_alias=True)["properties"]
    rows = [
        [
            code(name),
            _kind(schema),
            "required" if _is_required(model, name) else "",
            schema.get("description", ""),
        ]
        for name, schema in described.items()
    ]
    return table(["field", "is", "", "meaning"], rows)


def _is_required(model: type[BaseModel], name: str) -> bool:
    field = model.model_fields.get(name)
    return field is not None and field.is_required()


def _kind(schema: dict[str, Any]) -> str:
    """The type of a field, as short as it goes."""
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"] if part.get("type") != "null")
    kind: Any = schema.get("type", "object")
    words = {"string": "text", "integer": "number", "array": "list", "boolean": "true or false"}
    kinds: list[str] = kind if isinstance(kind, list) else [kind]
    return " or ".join(words.get(word, word) for word in kinds if word != "null")
