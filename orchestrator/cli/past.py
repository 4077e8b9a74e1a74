"""Where `tandem record` and `tandem replay` find the session that happened, at a running service or in a file; and
how the console does the same.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from config.dotenv import with_dotenv
from orchestrator.app.past import Past
from orchestrator.cli.remote import remote
from orchestrator.cli.running import read_settings
from orchestrator.scenarios.past import Apart, History, scenario
from orchestrator.scenarios.stage import Configuration

SessionArgument = Annotated[
    str,
    typer.Argument(
        metavar="SESSION",
        help="The session's id, or a file of what `tandem sessions show SESSION --json` gave.",
    ),
]


def history_of(session: str, config: Path, url: str) -> History:
    """The session with its timeline; what cannot be read ends the command."""
    if Path(session).is_file():
        try:
            found = json.loads(Path(session).read_text(encoding="utf-8"))
            return History.of(found, found["events"])
        except (OSError, ValueError, KeyError, TypeError):
            raise typer.BadParameter(
                f"{session} is not what `tandem sessions show SESSION --json` gives"
            ) from None
    with remote(config, url) as service:
        found = service.ask("GET", f"/sessions/{session}")
        return History.of(found, list(service.pages(f"/sessions/{session}/events", "events")))


def present(config: Path) -> Configuration:
    """The configuration to play with. One with mistakes ends the command."""
    read_settings(config)
    return Configuration(config.read_text(encoding="utf-8-sig"), str(config), with_dotenv(config, os.environ))


def written(session: Mapping[str, Any], events: Sequence[Mapping[str, Any]], welcome: str) -> str:
    """A session as a scenario, for the console: `orchestrator.app.past.Writing`."""
    return scenario(History.of(session, events), welcome=welcome)


def past_in(configuration: Configuration) -> Past:
    """What the console of a service with this configuration does with sessions that happened."""
    return Past(writing=written, replaying=Apart(configuration))


def past_of(config: Path) -> Past:
    """The same, for a configuration in a file, as it is now. Raises ConfigError."""
    file = config.resolve()
    text = file.read_text(encoding="utf-8-sig")
    return past_in(Configuration(text, str(file), with_dotenv(file, os.environ)))
