"""The verbs of `tandem`: the module of each, and its line in the list of all.

A verb is imported when it is called, and no other with it, as each stands on much of Tandem. So the list
repeats here what each verb says of itself.
"""

from __future__ import annotations

from importlib import import_module

import typer

VERBS: dict[str, tuple[str, str]] = {
    "demo": (
        "demo",
        "Play a linked conversation, then keep the service up until Ctrl-C (without a terminal: end).",
    ),
    "init": (
        "init",
        "Write a project that `tandem serve` runs as it is; nothing is written over without `--force`.",
    ),
    "serve": ("serve", "Serve the carrier's webhooks and the API until stopped."),
    "worker": (
        "worker",
        "Work off what is due until stopped; any number of these may run beside `tandem serve`.",
    ),
    "check": (
        "check",
        "Validate a configuration offline: exit 0 when it is fine, 3 with a report when it is not.",
    ),
    "check-assistant": (
        "check_assistant",
        "Ask sample turns, and tell what breaks the contract: exit 0 when nothing does, 1 with faults.",
    ),
    "doctor": (
        "doctor",
        "Check Redis, carrier, numbers, public address and assistants, and tell the fix of each trouble.",
    ),
    "call": (
        "terminal",
        "Be a caller: what you type is spoken, and the texts of the same customer are shown beside.",
    ),
    "text": (
        "terminal",
        "Be a texter: what you type is sent, calls ring here, and what is spoken in one is shown beside.",
    ),
    "tail": (
        "tail",
        "Print a session's timeline, or what happens in all of them from now on, as it happens.",
    ),
    "export": ("export", "Write sessions, their events or refusals, newest first, as JSON lines or CSV."),
    "test": (
        "test",
        "Play scenarios in virtual time: exit 0 when all pass, 1 when one fails, 3 when a file has mistakes.",
    ),
    "record": (
        "record",
        "Write a session that happened as a scenario, and play it: exit 0 if it passes, 1 if it is to be mended.",
    ),
    "replay": (
        "replay",
        "Send a session's webhooks to the present code and configuration: exit 0 if nothing differs, else 1.",
    ),
    "fuzz": (
        "fuzz",
        "Let people, bot, network and time do anything: exit 0 if all holds, 1 with a scenario if not.",
    ),
    "schema": ("schema", "Print the JSON Schema (draft 2020-12) of a kind of file or message."),
    "version": ("version", "Print the version."),
    "numbers": ("numbers", "Where the carrier sends our numbers' calls and texts."),
    "sessions": ("sessions", "The conversations of a running service."),
    "dead-letters": ("dead_letters", "Events that nothing could finish, texts and reports that failed."),
    "opt-outs": ("opt_outs", "Who is not to be texted."),
}
"""In the order of the list: commands, then groups of commands."""


def add(app: typer.Typer, *named: str) -> None:
    """Add these verbs, whole."""
    for module in dict.fromkeys(VERBS[name][0] for name in named):
        import_module(f"orchestrator.cli.{module}").register(app)


def add_lines(app: typer.Typer) -> None:
    """Add every verb as its line in the list, for who asks for no verb that there is."""
    for name, (_, line) in VERBS.items():
        app.command(name, help=line)(lambda: None)
