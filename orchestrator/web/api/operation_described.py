"""One operation as `/openapi.json` tells it: who may ask, what it takes, and everything that it may answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from orchestrator.web.api import examples
from orchestrator.web.api.answers import ProblemDetails
from orchestrator.web.api.problems import CODES, MEDIA_TYPE
from orchestrator.web.api.queries import Query
from orchestrator.web.api.requests import ACTIONS
from orchestrator.web.api.resource import Operation

REFERENCE = "#/components/schemas/{model}"
FULL, READING = "fullToken", "readToken"
MEANINGS = {
    400: "The body is not JSON",
    401: "No bearer token that is known",
    403: "A token that may only read",
    404: "There is no such thing",
    409: "The session's state forbids it",
    413: "The body is larger than 64 KiB",
    415: "The body is not declared as JSON",
    422: "Fields that are not as they should be",
    500: "A bug of Tandem; its log tells more",
    502: "The carrier did not do it",
    503: "The store does not answer, or more is under way than the service takes; nothing was stored",
}
TYPES: dict[str, dict[str, Any]] = {
    "text/event-stream": {
        "schema": {
            "type": "string",
            "description": "Server-sent events that go on: each with an `id` and an event as JSON in `data`; a comment "
            "every 15 seconds of silence. A client comes back with `Last-Event-ID`.",
        },
        "example": examples.STREAM,
    },
    "text/csv": {
        "schema": {"type": "string", "description": "A row for each entry, under the names of the fields"}
    },
    "application/json": {"schema": {"type": "object"}},
    "*/*": {"schema": {}},
}
"""What operations give besides the JSON of their models."""


class Plain(GenerateJsonSchema):
    """Schemas without titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never: the name says it."""
        del schema
        return False


def described(operation: Operation) -> dict[str, Any]:
    """The operation object."""
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [_tag(operation.path)],
        "security": _security(operation),
    }
    parameters = list(_parameters(operation))
    if parameters:
        told["parameters"] = parameters
    if operation.body:
        content = {"schema": _one_of(operation.body), "examples": examples.BODIES[operation.name]}
        told["requestBody"] = {"required": True, "content": {"application/json": content}}
    told["responses"] = {str(operation.status): _done(operation), **_refusals(operation)}
    return told


def _tag(path: str) -> str:
    """The word behind `/api/v1`; `service` for what is not of the API."""
    found = re.match(r"/api/v1/([a-z-]+)", path)
    return found[1] if found else "service"


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    if operation.is_open:
        return []
    return [{FULL: []}] if operation.acts else [{FULL: []}, {READING: []}]


def _parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", operation.path):
        example = examples.PLACES[name, _tag(operation.path)]
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": example}
    for model in operation.takes:
        if issubclass(model, Query):
            yield from _queries(model)
    if operation.streams:
        yield _header("Last-Event-ID", "the last line that was seen; one that is none counts as not given")
    if operation.once:
        schema = {"pattern": "^[!-~]{1,200}$"}
        yield _header("Idempotency-Key", "the same key and request get the same answer for a day", **schema)


def _queries(model: type[Query]) -> Iterable[dict[str, Any]]:
    made = model.model_json_schema(schema_generator=Plain)
    for name, schema in made["properties"].items():
        meaning = schema.pop("description", "")
        told = {"name": name, "in": "query", "required": name in made.get("required", ()), "schema": schema}
        yield {**told, "description": meaning} if meaning else told


def _header(name: str, meaning: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": meaning,
        "schema": {"type": "string", **schema},
    }


def _one_of(models: Sequence[type[BaseModel]]) -> dict[str, Any]:
    references = [{"$ref": REFERENCE.format(model=model.__name__)} for model in models]
    if len(references) == 1:
        return references[0]
    mapping = {name: REFERENCE.format(model=model.__name__) for name, model in ACTIONS.items()}
    return {"oneOf": references, "discriminator": {"propertyName": "action", "mapping": mapping}}


def _done(operation: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if operation.gives is not None:
        schema = _one_of([operation.gives])
        content["application/json"] = {"schema": schema, "example": examples.ANSWERS[operation.name]}
    content |= {kind: TYPES[kind] for kind in operation.other_types}
    told: dict[str, Any] = {"description": "Done"}
    if content:
        told["content"] = content
    headers = _headers_of_answer(operation)
    return {**told, "headers": headers} if headers else told


def _headers_of_answer(operation: Operation) -> dict[str, Any]:
    headers = {}
    if operation.once:
        headers["Idempotent-Replayed"] = _told("`true` where the answer was given to this key before")
    if "text/csv" in operation.other_types:
        headers["Link"] = _told('with `format=csv`: the next page as `rel="next"`')
    return headers


def _refusals(operation: Operation) -> dict[str, Any]:
    return {str(status): _refusal(operation, status) for status in (*operation.refusals, 500)}


def _refusal(operation: Operation, status: int) -> dict[str, Any]:
    codes = [code for code, (of, _) in CODES.items() if of == status]
    schema = {**_one_of([ProblemDetails]), "properties": {"code": {"enum": codes}}}
    example = examples.problem(operation.name, status)
    told: dict[str, Any] = {
        "description": MEANINGS[status],
        "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
    }
    if status == 401:
        told["headers"] = {"WWW-Authenticate": _told("the scheme, and what is wrong with the token")}
    if status == 503:
        told["headers"] = {"Retry-After": _told("seconds")}
    return told


def _told(meaning: str) -> dict[str, Any]:
    return {"description": meaning, "schema": {"type": "string"}}
