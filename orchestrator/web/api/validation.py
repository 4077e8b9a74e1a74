"""From what a request brings to a checked form, or the problem 422 that names each wrong field."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import QueryParams

from orchestrator.web.api.problems import Problem, wrong_fields
from orchestrator.web.api.queries import Query
from orchestrator.web.api.requests import ACTIONS, Form

Model = TypeVar("Model", bound=BaseModel)
SHOWN = 60
"""Characters of a field's name that a report repeats."""


def read_form(model: type[Model], raw: Any) -> Model:
    """The checked fields of a JSON body."""
    if not isinstance(raw, dict):
        raise wrong_fields([("(body)", "expected an object")])
    return _read(model, raw)


def read_query(model: type[Query], params: QueryParams) -> Query:
    """The checked parameters of an address; those of a list may be repeated."""
    many = {name for name, field in model.model_fields.items() if field.default == []}
    raw = {name: params.getlist(name) if name in many else params[name] for name in params}
    return _read(model, raw)


def read_action(raw: Any) -> Form:
    """The checked fields of an action, by its name."""
    name = raw.get("action") if isinstance(raw, dict) else None
    if isinstance(name, str) and name in ACTIONS:
        return read_form(ACTIONS[name], raw)
    if not isinstance(raw, dict):
        return read_form(Form, raw)
    raise wrong_fields(
        [("action", f"expected one of {', '.join(ACTIONS)}")],
        code="unknown_action",
        hint=_did_you_mean(name, list(ACTIONS)),
        more={"actions": list(ACTIONS)},
    )


def _read(model: type[Model], raw: dict[str, Any]) -> Model:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise _problem(model, error) from None


def _problem(model: type[BaseModel], error: ValidationError) -> Problem:
    found = error.errors(include_input=False, include_url=False, include_context=False)
    what = "parameter" if issubclass(model, Query) else "field"
    wrong = [(_path(entry["loc"]), _told(entry["type"], entry["msg"], what)) for entry in found]
    names = [field.alias or name for name, field in model.model_fields.items()]
    unknown = [_path(entry["loc"]) for entry in found if entry["type"] == "extra_forbidden"]
    return wrong_fields(wrong, hint=_did_you_mean(unknown[0], names) if unknown else "")


def _path(place: tuple[int | str, ...]) -> str:
    """`media[0]`, `reminder.say`."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")[:SHOWN]


def _told(kind: str, message: str, what: str) -> str:
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return f"is not a {what} here"
    if kind == "value_error":
        return "expected " + message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _did_you_mean(given: Any, known: list[str]) -> str:
    close = get_close_matches(given[:SHOWN], known, n=1) if isinstance(given, str) else []
    return f"Did you mean `{close[0]}`?" if close else f"Known: {', '.join(known)}."
