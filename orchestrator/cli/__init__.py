"""The command line: one verb a file, each added by its `register`; `verbs` lists them.

Exit codes: 0 fine, 1 a failed test or check, 2 usage, 3 configuration, 4 a dependency unreachable or refused.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated

import typer

from orchestrator.cli.verbs import VERBS, add, add_lines
from orchestrator.cli.version import version

COMPLETING = "_TANDEM_COMPLETE"
"""The variable in which a shell asks what may follow: every option of every verb is wanted then."""


def build() -> typer.Typer:
    """The command with all its verbs."""
    app = _empty()
    add(app, *VERBS)
    return app


def built_for(words: list[str]) -> typer.Typer:
    """The command for a line of these words: the verb that it calls, or the list of verbs."""
    if COMPLETING in os.environ:
        return build()
    app = _empty()
    if words and words[0] in VERBS:
        add(app, words[0])
    else:
        add_lines(app)
    return app


def _empty() -> typer.Typer:
    app = typer.Typer(
        name="tandem",
        help="Phone and SMS as one conversation, for any assistant.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_options)  # also, so that a command of one verb has to be told by its name
    return app


def _print_version(asked: bool) -> None:
    if asked:
        version()
        raise typer.Exit


def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version.")
    ] = False,
) -> None:
    """Take what stands before every verb."""


def main() -> None:
    """The console script."""
    _hurried(sys.argv[1:])()


def _hurried(words: list[str]) -> typer.Typer:
    """As `built_for`, sooner. What is imported stays, so the collector need not look through it: not while it
    grows, which is a tenth of the time, and not later. httpx imports a command line of its own where it can,
    with rich and pygments; nobody here calls it.
    """
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # so an import is barred: importlib's docs
    gc.disable()
    app = built_for(words)
    gc.freeze()
    gc.enable()
    return app
