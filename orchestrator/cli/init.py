"""`tandem init DIR`: a project that runs at once, with its secrets made. Asks no network."""

from __future__ import annotations

import base64
import os
import secrets
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from config.dotenv import NAME as DOTENV
from config.sample import sample

EXIT_FAILED = 1
FILES = {
    "tandem.yaml": "tandem.yaml",
    "assistant.yaml": "assistant.yaml",
    "address.scenario.yaml": "address.scenario.yaml",
    "bot.py": "bot.txt",
    "README.md": "readme.txt",
    ".env.example": "env.example",
    ".gitignore": "gitignore.txt",
}
"""What is written, and the sample that it is; `.env` besides."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init")(init)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to; made if it is not there.")],
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Write over files of these names; `.env` is kept.")
    ] = False,
) -> None:
    """Write a project that `tandem serve` runs as it is; nothing is written over without `--force`."""
    there = [name for name in (*FILES, DOTENV) if os.path.lexists(folder / name)]
    if there and not force:
        typer.echo(f"{folder}: already there: {', '.join(there)}. --force writes over them.", err=True)
        raise typer.Exit(EXIT_FAILED)
    try:
        write_project(folder, keep_secrets=DOTENV in there)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        typer.echo(f"{error.filename or folder}: cannot be written: {reason}", err=True)
        raise typer.Exit(EXIT_FAILED) from None
    for line in _told(folder, kept=DOTENV in there):
        typer.echo(line)


def write_project(folder: Path, *, keep_secrets: bool) -> None:
    """Write the files. Raises OSError. Secrets are written for the owner's eyes only."""
    folder.mkdir(parents=True, exist_ok=True)
    if not keep_secrets:
        opened = os.open(folder / DOTENV, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(new_secrets())
    for name, source in FILES.items():
        (folder / name).write_text(sample(f"init/{source}"), encoding="utf-8")


def new_secrets() -> str:
    """A `.env` with a new token and new keys."""
    bot = base64.b64encode(secrets.token_bytes(24)).decode()  # Standard Webhooks: 24 to 64 bytes
    return (
        "# Secrets of this machine: not for the repository. The environment wins over this file.\n"
        f"TANDEM_API_TOKEN={secrets.token_urlsafe(24)}\n"
        f"TANDEM_HASH_KEY={secrets.token_urlsafe(32)}\n"
        f"BOT_SECRET=whsec_{bot}\n"
    )


def _told(folder: Path, *, kept: bool) -> Iterable[str]:
    where = shlex.quote(str(folder))
    yield f"Wrote {', '.join(FILES)} and {'kept' if kept else 'made'} {DOTENV} in {where}."
    yield ""
    yield "Next, each in a terminal of its own:"
    yield f"  cd {where} && tandem serve     # the service, with the carrier simulated"
    yield f"  cd {where} && tandem call      # be a caller: what you type is spoken"
    yield f"  cd {where} && tandem text      # the same customer's texts"
    yield "And whenever something has changed:"
    yield f"  cd {where} && tandem test      # plays the conversation in address.scenario.yaml"
    yield ""
    yield f"{folder / 'README.md'} tells what to change for real use."
