"""The contract as an OpenAPI document: one operation, which an assistant serves and Tandem calls."""

from __future__ import annotations

import json
from typing import Any

from orchestrator.assistants.contract.answer_schema import answer_schema
from orchestrator.assistants.contract.request_schema import request_schema
from orchestrator.core.turns import VERSION

_HEADERS = (
    ("webhook-id", "The turn's id; the same when it is asked again"),
    ("webhook-timestamp", "When it was asked, in Unix seconds"),
    ("webhook-signature", "`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`"),
)
"""Of the Standard Webhooks scheme."""


def document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "A Tandem assistant", "version": str(VERSION), "summary": "What answers a turn"},
        "paths": {"/turn": {"post": _turn()}},
        "components": {
            "schemas": {"TurnRequest": _schema("TurnRequest"), "TurnAnswer": _schema("TurnAnswer")}
        },
    }


def _turn() -> dict[str, Any]:
    item = {"description": 'an item of `responses`, or `{"context": {...}}`'}
    return {
        "operationId": "answerTurn",
        "summary": "Answer one turn of a conversation",
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "schema": {"type": "string"},
                "description": text,
            }
            for name, text in _HEADERS
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/TurnRequest"}}},
        },
        "responses": {
            "200": {
                "description": "What to say and do",
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/TurnAnswer"}},
                    "application/x-ndjson": {"schema": {**item, "type": "string"}},
                    "text/event-stream": {"schema": {**item, "type": "string"}},
                },
            },
            "204": {"description": "Nothing to say or do"},
            "401": {"description": "The signature does not match: nothing was done"},
            "429": {"description": "Too many turns: it is asked once more (so for 408, 425 and 5xx)"},
        },
    }


def _schema(name: str) -> dict[str, Any]:
    """A schema as it stands in the document: its own definitions are found from the document's root."""
    made = request_schema() if name == "TurnRequest" else answer_schema()
    made.pop("$schema")
    text = json.dumps(made).replace('"#/$defs/', f'"#/components/schemas/{name}/$defs/')
    found: dict[str, Any] = json.loads(text)
    return found
