"""The part made from the command line itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from orchestrator.cli import build
from tools.reference.markdown import code, first_sentence, table

Command = Any
"""A click command; Typer brings a click of its own, whose types it does not publish."""


def commands() -> str:
    """Every command with its arguments and options."""
    rows = [
        [code(name), " ".join(_parameters(command)), first_sentence(command.help)]
        for name, command in leaves()
    ]
    return table(["command", "takes", "does"], rows)


def leaves() -> list[tuple[str, Command]]:
    """Every command that does something, groups followed to their ends, in the order of the names."""
    return list(_leaves(typer.main.get_command(build()), "tandem"))


def _leaves(command: Command, name: str) -> Iterator[tuple[str, Command]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield name, command
        return
    for verb, child in sorted(children.items()):
        yield from _leaves(child, f"{name} {verb}")


def _parameters(command: Command) -> Iterator[str]:
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            yield code(parameter.name.upper())
        elif "--help" not in parameter.opts:
            yield code(parameter.opts[0])
