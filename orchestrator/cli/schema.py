"""`tandem schema KIND`: JSON Schema of what people and assistants write, for editors and validators."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from typing import Annotated, Any

import typer

from config.json_schema import config_schema
from orchestrator.assistants.contract.answer_schema import answer_schema
from orchestrator.assistants.contract.request_schema import request_schema
from orchestrator.assistants.scripted.schema import schema as script_schema
from orchestrator.scenarios.format.schema import scenario_schema

KINDS: dict[str, Callable[[], dict[str, Any]]] = {
    "config": config_schema,
    "script": script_schema,
    "scenario": scenario_schema,
    "turn-request": request_schema,
    "turn-answer": answer_schema,
}
"""What has a schema, by the word that asks for it; other rooms add theirs before `register`."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schema")(schema)


def schema(
    kind: Annotated[str, typer.Argument(help="What to describe: config and others.")] = "config",
) -> None:
    """Print the JSON Schema (draft 2020-12) of a kind of file or message."""
    if kind not in KINDS:
        near = difflib.get_close_matches(kind, KINDS, n=1)
        meant = f' Did you mean "{near[0]}"?' if near else ""
        raise typer.BadParameter(f"no schema of that name; there are {', '.join(KINDS)}.{meant}")
    typer.echo(json.dumps(KINDS[kind](), indent=2, ensure_ascii=False))
