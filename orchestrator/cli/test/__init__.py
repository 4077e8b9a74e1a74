"""`tandem test`: plays scenarios in virtual time, and tells what they went through. Here are its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli.running import EXIT_UNREACHABLE, read_settings
from orchestrator.cli.test.run import Run, once, watching
from orchestrator.cli.test.telling import Report
from orchestrator.scenarios.stage import House
from orchestrator.scenarios.stage.real import UnusableError, reserve
from orchestrator.scenarios.target import Target
from orchestrator.scenarios.target.settings import LONGEST_WAIT, PATIENCE
from orchestrator.scenarios.testing.finding import NothingThereError, wanted

Paths = Annotated[list[Path] | None, typer.Argument(help="Scenario files, and folders of them.")]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config", help="The configuration; else a tandem.yaml beside the scenario, else a built-in one."
    ),
]
Assistant = Annotated[
    str, typer.Option("--assistant", help="Let this assistant answer; the bot's lines are checks then.")
]
Tag = Annotated[list[str] | None, typer.Option("--tag", help="Only scenarios with this tag.")]
Names = Annotated[
    str, typer.Option("-k", help="Only scenarios whose name, file or tags fit: words, and, or, not.")
]
FirstFailure = Annotated[bool, typer.Option("-x", help="Stop at the first failure.")]
Workers = Annotated[
    int, typer.Option("--workers", min=0, help="Processes; 0: as many as there are processors.")
]
RedisUrl = Annotated[
    str,
    typer.Option(
        "--redis", metavar="URL", help="Keep sessions in this real Redis, in a database that is empty."
    ),
]
ServiceWorkers = Annotated[
    int,
    typer.Option("--service-workers", min=1, max=8, help="Workers of the service, which share the webhooks."),
]
TargetUrl = Annotated[
    str,
    typer.Option(
        "--target", metavar="URL", help="Play against this running service; --config is its configuration."
    ),
]
AsBot = Annotated[
    bool, typer.Option("--as-bot", help="With --target: answer at the address of the assistant, too.")
]
Patience = Annotated[
    float, typer.Option("--patience", min=0, help="With --target: seconds in which a check may come true.")
]
LongestWait = Annotated[
    float, typer.Option("--longest-wait", min=0, help="With --target: skip what waits for more seconds.")
]
Cover = Annotated[bool, typer.Option("--cover", help="Tell what was covered, and what was never.")]
CoverMin = Annotated[
    float | None,
    typer.Option("--cover-min", min=0, max=100, help="Fail below this percentage of states and transitions."),
]
Junit = Annotated[Path | None, typer.Option("--junit", help="Write JUnit's XML.")]
Html = Annotated[Path | None, typer.Option("--html", help="Write a report that is one page.")]
Watch = Annotated[bool, typer.Option("--watch", help="Run again when a file changes.")]
AsJson = Annotated[bool, typer.Option("--json", help="The results as JSON.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("test")(play)


def play(
    paths: Paths = None,
    *,
    config: Config = None,
    assistant: Assistant = "",
    tag: Tag = None,
    names: Names = "",
    first_failure: FirstFailure = False,
    workers: Workers = 0,
    redis_url: RedisUrl = "",
    service_workers: ServiceWorkers = 1,
    target: TargetUrl = "",
    as_bot: AsBot = False,
    patience: Patience = PATIENCE,
    longest_wait: LongestWait = LONGEST_WAIT,
    cover: Cover = False,
    cover_min: CoverMin = None,
    junit_file: Junit = None,
    html: Html = None,
    watch: Watch = False,
    as_json: AsJson = False,
) -> None:
    """Play scenarios in virtual time: exit 0 when all pass, 1 when one fails, 3 when a file has mistakes."""
    if target and not config:
        raise typer.BadParameter("--target needs --config: the configuration that the service runs with")
    if config:
        read_settings(config)
    try:
        wished = Run(
            paths=tuple(paths or [Path()]),
            wanted=wanted(tag or (), names),
            configuration=config,
            live=assistant,
            house=House(redis_url, service_workers),
            target=Target(target, as_bot, patience, longest_wait) if target else None,
            workers=workers,
            first_failure=first_failure,
            report=Report(as_json=as_json, cover=cover, cover_min=cover_min, junit=junit_file, html=html),
        )
        code = _played(wished, watch=watch)
    except NothingThereError as error:
        raise typer.BadParameter(str(error)) from None
    raise typer.Exit(code)


def _played(wished: Run, *, watch: bool) -> int:
    """The exit code. A Redis that cannot be used ends the command before anything is played."""
    try:
        if wished.house.redis_url:
            reserve(wished.house.redis_url)
        return watching(wished) if watch else once(wished)
    except UnusableError as error:
        typer.echo(f"--redis: {error}", err=True)
        raise typer.Exit(EXIT_UNREACHABLE) from None
