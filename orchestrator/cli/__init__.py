"""The command line: one verb a file, each added by its `register`.

Exit codes: 0 fine, 1 a failed test or check, 2 usage, 3 configuration, 4 a dependency unreachable or refused.
"""

from __future__ import annotations

from collections.abc import Callable

import typer

from orchestrator.cli.check import register as check
from orchestrator.cli.check_assistant import register as check_assistant
from orchestrator.cli.dead_letters import register as dead_letters
from orchestrator.cli.demo import register as demo
from orchestrator.cli.doctor import register as doctor
from orchestrator.cli.export import register as export
from orchestrator.cli.fuzz import register as fuzz
from orchestrator.cli.init import register as init
from orchestrator.cli.numbers import register as numbers
from orchestrator.cli.opt_outs import register as opt_outs
from orchestrator.cli.record import register as record
from orchestrator.cli.replay import register as replay
from orchestrator.cli.schema import register as schema
from orchestrator.cli.serve import register as serve
from orchestrator.cli.sessions import register as sessions
from orchestrator.cli.tail import register as tail
from orchestrator.cli.terminal import register as terminal
from orchestrator.cli.test import register as test
from orchestrator.cli.version import register as version
from orchestrator.cli.worker import register as worker

VERBS: tuple[Callable[[typer.Typer], None], ...] = (
    demo,
    init,
    serve,
    worker,
    check,
    check_assistant,
    doctor,
    numbers,
    terminal,
    sessions,
    tail,
    export,
    dead_letters,
    opt_outs,
    test,
    record,
    replay,
    fuzz,
    schema,
    version,
)


def build() -> typer.Typer:
    """The command with all its verbs."""
    app = typer.Typer(
        name="tandem",
        help="Phone and SMS as one conversation, for any assistant.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    for register in VERBS:
        register(app)
    return app


def main() -> None:
    """The console script."""
    build()()
