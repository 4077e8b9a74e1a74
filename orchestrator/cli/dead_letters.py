"""`tandem dead-letters list | show | retry | drop`: events that nothing could finish, texts and reports
that failed.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from orchestrator.cli.remote import (
    DEFAULT,
    ConfigOption,
    JsonOption,
    UrlOption,
    remote,
    show_columns,
    show_fields,
    show_json,
)

PATH = "/dead-letters"
One = Annotated[str, typer.Argument(metavar="ID", help="As `tandem dead-letters list` names it.")]
Some = Annotated[list[str], typer.Argument(metavar="ID...", help="As `tandem dead-letters list` names them.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        name="dead-letters",
        help="Events that nothing could finish, texts and reports that failed.",
        no_args_is_help=True,
    )
    group.command("list")(list_letters)
    group.command("show")(show)
    group.command("retry")(retry)
    group.command("drop")(drop)
    app.add_typer(group)


def list_letters(
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most that many.")] = 100,
    config: ConfigOption = DEFAULT,
    url: UrlOption = "",
    as_json: JsonOption = False,
) -> None:
    """List what was given up, newest first."""
    with remote(config, url) as service:
        found = service.ask("GET", PATH, limit=limit)
    if as_json:
        show_json(found)
        return
    show_columns([line_of(letter) for letter in found["dead_letters"]], "no dead letters")


def line_of(letter: dict[str, Any]) -> tuple[str, ...]:
    """A dead letter on one line."""
    whose = letter["phone_number"] or "unknown"
    return (letter["id"], letter["at"], letter["event"] or "unreadable", whose, letter["reason"])


def show(
    letter: One, *, config: ConfigOption = DEFAULT, url: UrlOption = "", as_json: JsonOption = False
) -> None:
    """Show one with the fields of its event, the words of a customer among them."""
    with remote(config, url) as service:
        found = service.ask("GET", f"{PATH}/{letter}")
    if as_json:
        show_json(found)
    else:
        show_fields(found)


def retry(
    letters: Some, *, config: ConfigOption = DEFAULT, url: UrlOption = "", as_json: JsonOption = False
) -> None:
    """Put them back at the end of their customers' inboxes."""
    with remote(config, url) as service:
        done = [service.ask("POST", f"{PATH}/{letter}/retry") for letter in letters]
    if as_json:
        show_json({"retried": [letter["id"] for letter in done]})
    else:
        typer.echo(f"tried again: {', '.join(letters)}")


def drop(
    letters: Some, *, config: ConfigOption = DEFAULT, url: UrlOption = "", as_json: JsonOption = False
) -> None:
    """Forget them for good."""
    with remote(config, url) as service:
        for letter in letters:
            service.ask("DELETE", f"{PATH}/{letter}")
    if as_json:
        show_json({"dropped": letters})
    else:
        typer.echo(f"dropped: {', '.join(letters)}")
