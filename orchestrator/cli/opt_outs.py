"""`tandem opt-outs list | export | import | add | remove`: who is not to be texted."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from orchestrator.cli.remote import (
    DEFAULT,
    EXIT_FAILED,
    ConfigOption,
    JsonOption,
    Remote,
    UrlOption,
    remote,
    show_columns,
    show_json,
)

PATH = "/opt-outs"
COLUMNS = ("assistant", "phone_number", "since", "source")
AT_ONCE = 200
"""Entries of one request: within its 64 KiB."""
AssistantOption = Annotated[str, typer.Option("--assistant", help="One assistant; all of them if empty.")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="In international form, such as +15550101234.")]


class Format(StrEnum):
    """How a list is written."""

    csv = "csv"
    json = "json"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(name="opt-outs", help="Who is not to be texted.", no_args_is_help=True)
    group.command("list")(list_opt_outs)
    group.command("export")(export)
    group.command("import")(take_over)
    group.command("add")(add)
    group.command("remove")(remove)
    app.add_typer(group)


def list_opt_outs(
    *,
    assistant: AssistantOption = "",
    config: ConfigOption = DEFAULT,
    url: UrlOption = "",
    as_json: JsonOption = False,
) -> None:
    """List who is opted out, since when and by what."""
    with remote(config, url) as service:
        found = list(entries(service, assistant))
    if as_json:
        show_json({"opt_outs": found})
    else:
        show_columns([[entry[column] for column in COLUMNS] for entry in found], "nobody is opted out")


def export(
    *,
    assistant: AssistantOption = "",
    format_: Annotated[Format, typer.Option("--format", help="CSV, or JSON lines.")] = Format.csv,
    json_: Annotated[bool, typer.Option("--json", help="As --format json.")] = False,
    config: ConfigOption = DEFAULT,
    url: UrlOption = "",
) -> None:
    """Write the list to standard output, as `import` reads it."""
    with remote(config, url) as service:
        found = entries(service, assistant)
        if json_ or format_ is Format.json:
            for entry in found:
                show_json(entry)
            return
        writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


def take_over(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV with a line of names, JSON lines, or JSON.")
    ],
    *,
    assistant: AssistantOption = "",
    config: ConfigOption = DEFAULT,
    url: UrlOption = "",
    as_json: JsonOption = False,
) -> None:
    """Opt out everybody on a list, such as another system's; `phone_number` is all that it needs."""
    read = [told(entry, assistant) for entry in entries_of(file)]
    done = {"imported": 0, "unchanged": 0}
    left = iter(read)
    with remote(config, url) as service:
        while some := list(islice(left, AT_ONCE)):
            answer = service.ask("POST", PATH, {"opt_outs": some})
            done = {name: count + answer[name] for name, count in done.items()}
    if as_json:
        show_json(done)
    else:
        typer.echo(f"opted out: {done['imported']}; unchanged: {done['unchanged']}")


def add(
    number: Number,
    *,
    assistant: AssistantOption = "",
    config: ConfigOption = DEFAULT,
    url: UrlOption = "",
    as_json: JsonOption = False,
) -> None:
    """Opt a customer out."""
    _set("PUT", number, assistant, config, url, as_json=as_json)


def remove(
    number: Number,
    *,
    assistant: AssistantOption = "",
    config: ConfigOption = DEFAULT,
    url: UrlOption = "",
    as_json: JsonOption = False,
) -> None:
    """Opt a customer in again, who asked for it."""
    _set("DELETE", number, assistant, config, url, as_json=as_json)


def _set(method: str, number: str, assistant: str, config: Path, url: str, *, as_json: bool) -> None:
    with remote(config, url) as service:
        done = service.ask(method, f"{PATH}/{quote(number, safe='')}", assistant=assistant)
    if as_json:
        show_json(done)
    else:
        word = "opted out of" if done["opted_out"] else "opted in to"
        typer.echo(f"{done['phone_number']} is {word}: {', '.join(done['assistants'])}")


def entries(service: Remote, assistant: str) -> Iterator[dict[str, Any]]:
    """Every opt-out, page by page."""
    cursor = ""
    while True:
        page = service.ask("GET", PATH, limit=1000, cursor=cursor, assistant=assistant)
        yield from page["opt_outs"]
        cursor = page["next_cursor"] or ""
        if not cursor:
            return


def entries_of(file: Path) -> Iterable[dict[str, Any]]:
    """The entries of a file; what it is shows its first character. What cannot be read ends the command."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        if text.lstrip()[:1] not in {"{", "["}:
            return list(csv.DictReader(text.splitlines()))
        return _of_json(text)
    except OSError as error:
        reason = f"cannot be read: {(error.strerror or 'error').lower()}"
    except UnicodeDecodeError:
        reason = "is not UTF-8 text"
    except (ValueError, csv.Error) as error:
        reason = str(error)
    typer.echo(f"{file}: {reason}", err=True)
    raise typer.Exit(EXIT_FAILED)


def _of_json(text: str) -> list[dict[str, Any]]:
    """A list, an object that holds one as `opt_outs`, or an object a line."""
    try:
        whole = json.loads(text)
    except ValueError:
        whole = [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(whole, dict):
        whole = whole.get("opt_outs", [whole])
    if not isinstance(whole, list) or not all(isinstance(entry, dict) for entry in whole):
        raise ValueError("expected a list of opt-outs")
    return whole


def told(entry: dict[str, Any], assistant: str) -> dict[str, Any]:
    """An entry as the service takes it: columns of ours that hold something, for the named assistant."""
    known = {name: entry[name] for name in COLUMNS if entry.get(name)}
    return {**known, "assistant": assistant} if assistant else known
