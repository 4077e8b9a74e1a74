"""Kinds of values in requests: how each is checked, and how it is described in `/openapi.json`.

Where an assistant's answer has the same kind, its reader (`assistants.items.fields`) checks it here too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from orchestrator.assistants.items.fields import (
    ADDRESS,
    HEADERS,
    MAX_SECONDS,
    PATTERN,
    PHONE,
    SECONDS,
    TARGET,
)
from orchestrator.core.media import MOST_MEDIA

MAX_TEXT = 16_000
"""Characters of one text: ten messages of 1600, which is Twilio's limit of one body (error 21617)."""


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("some words, or leave it out")
    return text


def _of_strings(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A reader that takes strings only, where answers of assistants may also hold numbers."""

    def checked(value: Any) -> Any:
        if not isinstance(value, str):
            raise ValueError("a string")  # noqa: TRY004 - pydantic reports ValueErrors
        return read(value)

    return checked


_INK = {"pattern": "\\S"}
Words = Annotated[str, Field(max_length=MAX_TEXT, json_schema_extra=_INK), AfterValidator(_not_blank)]
Key = Annotated[str, Field(min_length=1, max_length=200)]
Context = Annotated[dict[str, Any], Field(description="merged at the top level; a null deletes its key")]
Phone = Annotated[
    str,
    BeforeValidator(_of_strings(PHONE.read)),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\s*(tel:)?\s*\+\s*[1-9](\s*[0-9]){6,14}\s*$",
            "description": "E.164, spaces allowed",
            "examples": ["+1 555 010 1234"],
        }
    ),
]
Target = Annotated[
    str,
    BeforeValidator(_of_strings(TARGET.read)),
    WithJsonSchema({"type": "string", "description": "a number in E.164, or a sip: address"}),
]
Address = Annotated[
    str,
    BeforeValidator(_of_strings(ADDRESS.read)),
    WithJsonSchema({"type": "string", "format": "uri", "description": "http or https"}),
]
Media = Annotated[list[Address], Field(max_length=MOST_MEDIA, description="pictures or sounds")]
Pattern = Annotated[
    str,
    BeforeValidator(_of_strings(PATTERN.read)),
    WithJsonSchema({"type": "string", "maxLength": 500, "description": "a regular expression"}),
]
Seconds = Annotated[
    float,
    BeforeValidator(SECONDS.read),
    WithJsonSchema(
        {
            "type": ["number", "string"],
            "minimum": 0,
            "maximum": MAX_SECONDS,
            "description": "seconds, or a duration such as 45s",
        }
    ),
]
Headers = Annotated[
    dict[str, str],
    BeforeValidator(HEADERS.read),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "string"}}),
]
