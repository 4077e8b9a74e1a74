"""`/openapi.json`: OpenAPI 3.1, made from the operations that serve and the models that check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from orchestrator.web.api.answers import ProblemDetails
from orchestrator.web.api.operation_described import FULL, READING, REFERENCE, Plain, described
from orchestrator.web.api.resource import Operation

Mode = Literal["validation", "serialization"]
ABOUT = """\
Sessions of customers over calls and texts: look on, act out of turn, begin them. Every refusal is
`application/problem+json` with a `code` for programs. An address takes HEAD where it takes GET; a method that it does
not take is 405 with `Allow`, an address that there is not is 404. The socket of ConversationRelay under
`/twilio/voice/relay`, and the console for people under `/console`, are not told of here.
"""


@dataclass(frozen=True, slots=True)
class Others:
    """What is served beside the API: path items, and how who asks there proves who it is."""

    paths: Mapping[str, Any] = field(default_factory=dict)
    security_schemes: Mapping[str, Any] = field(default_factory=dict)


NOBODY = Others()


def document(operations: Sequence[Operation], *, base: str = "", others: Others = NOBODY) -> dict[str, Any]:
    """The whole document. `base` is the path that stands before each address, `others` what is served beside
    these operations.
    """
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tandem",
            "version": release(),
            "summary": "Phone and SMS as one conversation",
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base or "/"}],
        "security": [{FULL: []}],
        "paths": {**paths, **others.paths},
        "components": {
            "schemas": _schemas(operations),
            "securitySchemes": {
                FULL: _bearer("`service.api_token`: looks and acts"),
                READING: _bearer("`service.api_read_token`: looks only"),
                **others.security_schemes,
            },
        },
    }


def _bearer(meaning: str) -> dict[str, Any]:
    return {"type": "http", "scheme": "bearer", "description": meaning}


def release() -> str:
    """The version of the installed distribution."""
    try:
        return version("tandem-orchestrator")
    except PackageNotFoundError:
        return "0"


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    models: list[tuple[type[BaseModel], Mode]] = [(ProblemDetails, "validation")]
    for operation in operations:
        models += [(model, "validation") for model in operation.body]
        if operation.gives is not None:
            models.append((operation.gives, "validation"))
    return _described(tuple(dict.fromkeys(models)))


@cache
def _described(models: tuple[tuple[type[BaseModel], Mode], ...]) -> dict[str, Any]:
    """The schemas of models by their names: made once, for a process may begin many services."""
    _, made = models_json_schema(list(models), ref_template=REFERENCE, schema_generator=Plain)
    schemas: dict[str, Any] = made["$defs"]
    return schemas
