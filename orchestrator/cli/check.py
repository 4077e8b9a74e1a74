"""`tandem check FILE`: reads a configuration offline and tells every mistake of it. Asks no network."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from config import ConfigError, Settings, load, origins
from orchestrator.app.certificates import unusable
from orchestrator.assistants.scripted import Problem
from orchestrator.cli.scripts import script_problems

EXIT_CONFIGURATION = 3


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    file: Annotated[Path, typer.Argument(help="The configuration.")] = Path("tandem.yaml"),
    *,
    explain: Annotated[bool, typer.Option("--explain", help="Each value, and where it came from.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The result as JSON.")] = False,
) -> None:
    """Validate a configuration offline: exit 0 when it is fine, 3 with a report when it is not."""
    try:
        settings = load(file, os.environ)
    except ConfigError as error:
        typer.echo(
            json.dumps(_refused(file, error), ensure_ascii=False) if as_json else str(error), err=not as_json
        )
        raise typer.Exit(EXIT_CONFIGURATION) from None
    problems, certificates = script_problems(settings), unusable(settings, file.resolve().parent)
    mistaken = [problem for problem in problems if not problem.warning] + certificates
    if as_json:
        found = _fine(file, settings, explain=explain)
        found |= {"fine": not mistaken, "scripts": [_script_problem(each) for each in problems]}
        found |= {"certificates": certificates}
        typer.echo(json.dumps(found, ensure_ascii=False))
    for problem in [] if as_json else [*problems, *certificates]:
        typer.echo(str(problem), err=True)
    if mistaken:
        raise typer.Exit(EXIT_CONFIGURATION)
    if as_json:
        return
    typer.echo(f"{file}: fine")
    for line in _explained(settings) if explain else _summary(settings):
        typer.echo(f"  {line}")


def _summary(settings: Settings) -> list[str]:
    """What the configuration sets up, an assistant a line."""
    lines = [f"public URL  {settings.service.public_url}"]
    for name, assistant in settings.assistants.items():
        channels = [
            f"{channel} {', '.join(section.numbers)}"
            for channel, section in (
                ("phone", assistant.phone),
                ("messaging", assistant.messaging),
                ("failover", assistant.messaging and assistant.messaging.failover),
            )
            if section
        ]
        lines.append(f"assistant {name}  ({assistant.backend.kind})  {'; '.join(channels)}")
    return lines


def _explained(settings: Settings) -> list[str]:
    """Each value with its origin, in columns."""
    rows = [(each.path, each.shown, each.said) for each in origins(settings)]
    first, second = (min(max(len(row[n]) for row in rows), width) for n, width in ((0, 60), (1, 40)))
    return [f"{path:<{first}}  {shown:<{second}}  {said}" for path, shown, said in rows]


def _fine(file: Path, settings: Settings, *, explain: bool) -> dict[str, Any]:
    assistants = {
        name: {
            "backend": each.backend.kind,
            "phone": list(each.phone.numbers) if each.phone else [],
            "messaging": list(each.messaging.numbers) if each.messaging else [],
        }
        for name, each in settings.assistants.items()
    }
    found: dict[str, Any] = {"file": str(file), "fine": True, "problems": [], "assistants": assistants}
    if explain:
        found["values"] = [
            {
                "path": each.path,
                "value": each.shown,
                "source": each.source,
                "where": each.where,
                "through": list(each.through),
            }
            for each in origins(settings)
        ]
    return found


def _script_problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.path,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "warning": problem.warning,
    }


def _refused(file: Path, error: ConfigError) -> dict[str, Any]:
    problems = [
        {
            "line": each.place.line,
            "column": each.place.column,
            "path": each.path,
            "message": each.message,
            "expected": each.expected,
            "did_you_mean": each.meant,
        }
        for each in error.problems
    ]
    return {"file": str(file), "fine": False, "problems": problems}
