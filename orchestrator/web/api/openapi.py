"""`/openapi.json`: OpenAPI 3.1, made from the operations that serve and the models that check."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from orchestrator.web.api.answers import ProblemDetails
from orchestrator.web.api.problems import MEDIA_TYPE
from orchestrator.web.api.queries import Query
from orchestrator.web.api.requests import ACTIONS
from orchestrator.web.api.resource import Operation

REFERENCE = "#/components/schemas/{model}"
Mode = Literal["validation", "serialization"]
MEANINGS = {
    400: "The body is not JSON",
    401: "No bearer token that is known",
    403: "A token that may only read",
    404: "There is no such thing",
    409: "The session's state forbids it",
    413: "The body is larger than 64 KiB",
    415: "The body is not declared as JSON",
    422: "Fields that are not as they should be",
    502: "The carrier did not do it",
    503: "The store does not answer; nothing was stored",
}


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tandem", "version": release(), "summary": "Phone and SMS as one conversation"},
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(operations),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def release() -> str:
    """The version of the installed distribution."""
    try:
        return version("tandem-orchestrator")
    except PackageNotFoundError:
        return "0"


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    models: list[tuple[type[BaseModel], Mode]] = [(ProblemDetails, "validation")]
    for operation in operations:
        models += [(model, "validation") for model in operation.takes if not issubclass(model, Query)]
        if operation.gives is not None:
            models.append((operation.gives, "validation"))
    return _described(tuple(dict.fromkeys(models)))


@cache
def _described(models: tuple[tuple[type[BaseModel], Mode], ...]) -> dict[str, Any]:
    """The schemas of models by their names: made once, for a process may begin many services."""
    _, made = models_json_schema(list(models), ref_template=REFERENCE)
    schemas: dict[str, Any] = made["$defs"]
    return schemas


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {"operationId": operation.name, "summary": operation.summary}
    parameters = list(_parameters(operation))
    if parameters:
        told["parameters"] = parameters
    body = [model for model in operation.takes if not issubclass(model, Query)]
    if body:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": _one_of(body)}}}
    told["responses"] = _responses(operation, with_body=bool(body))
    return told


def _parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", operation.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    for model in operation.takes:
        if issubclass(model, Query):
            for name, schema in model.model_json_schema()["properties"].items():
                yield {"name": name, "in": "query", "required": False, "schema": schema}
    if operation.streams:
        yield _header("Last-Event-ID", "the last line that was seen")
    if operation.once:
        yield _header("Idempotency-Key", "the same key and request get the same answer for a day")


def _header(name: str, meaning: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": meaning,
        "schema": {"type": "string"},
    }


def _one_of(models: Sequence[type[BaseModel]]) -> dict[str, Any]:
    references = [{"$ref": REFERENCE.format(model=model.__name__)} for model in models]
    if len(references) == 1:
        return references[0]
    mapping = {name: REFERENCE.format(model=model.__name__) for name, model in ACTIONS.items()}
    return {"oneOf": references, "discriminator": {"propertyName": "action", "mapping": mapping}}


def _responses(operation: Operation, *, with_body: bool) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if operation.gives is not None:
        content["application/json"] = {"schema": _one_of([operation.gives])}
    if operation.streams:
        content["text/event-stream"] = {"schema": {"type": "string"}}
    responses: dict[str, Any] = {str(operation.status): {"description": "Done", "content": content}}
    problem = {MEDIA_TYPE: {"schema": _one_of([ProblemDetails])}}
    common = (
        {401, 503} | ({400, 403, 413, 415} if with_body else set()) | ({422} if operation.takes else set())
    )
    for status in sorted(common.union(operation.problems)):
        responses[str(status)] = {"description": MEANINGS[status], "content": problem}
    return responses
