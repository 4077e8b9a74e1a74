"""The two commands: what they take, and whom they reach."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from config import Settings, parse
from config.addresses import SIMULATOR
from config.sample import sample
from config.settings import Assistant
from orchestrator.app.lines import SIMULATED_SID
from orchestrator.app.simulated import token_of
from orchestrator.cli.lanes import Lanes
from orchestrator.cli.remote import check_address, does_without
from orchestrator.cli.running import EXIT_CONFIGURATION, EXIT_UNREACHABLE, read_settings
from orchestrator.cli.terminal.board import Board
from orchestrator.cli.terminal.commands import Command
from orchestrator.cli.terminal.feed import Feed
from orchestrator.cli.terminal.phone import FarPhone, Line, PhoneError, ServiceGoneError, StrangerError
from orchestrator.cli.terminal.screen import Screen
from orchestrator.cli.terminal.talk import Talk
from orchestrator.core.numbers import E164

CUSTOMER = "+15550101234"
Config = Annotated[Path, typer.Option("--config", "-c", help="The configuration that the service runs with.")]
From = Annotated[str, typer.Option("--from", metavar="NUMBER", help="The customer's number.")]
To = Annotated[
    str, typer.Option("--to", metavar="NUMBER", help="One of our numbers; the first one if empty.")
]
Url = Annotated[str, typer.Option("--url", help="Where the service or the demo is; public_url if empty.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("call")(call)
    app.command("text")(text)


def call(config: Config = Path("tandem.yaml"), from_: From = CUSTOMER, to: To = "", url: Url = "") -> None:
    """Be a caller: what you type is spoken, and the texts of the same customer are shown beside."""
    raise typer.Exit(converse(config, line_of(settings_of(config, url), "phone", from_, to, url), calls=True))


def text(config: Config = Path("tandem.yaml"), from_: From = CUSTOMER, to: To = "", url: Url = "") -> None:
    """Be a texter: what you type is sent, calls ring here, and what is spoken in one is shown beside."""
    raise typer.Exit(
        converse(config, line_of(settings_of(config, url), "messaging", from_, to, url), calls=False)
    )


def settings_of(config: Path, url: str) -> Settings:
    """The configuration; the demo has no file, so that its address and token in the environment are enough."""
    check_address(url)
    if does_without(config, url):
        return parse(sample("simulator.yaml"), name="simulator.yaml", environ=os.environ)
    return read_settings(config)


def converse(config: Path, line: Line, *, calls: bool) -> int:
    """Talk until the end; the exit code."""
    screen, lanes = Screen(), Lanes()
    acting, following = FarPhone(line), FarPhone(line)
    feed = Feed(following, Board(lanes), screen)
    talk = Talk(acting, feed, screen)
    try:
        acting.news(0)
        lanes.head()
        feed.begin()
        if screen.is_typed:
            screen.note(f"You are {line.customer}. /help lists what a phone can do.")
        talk.run(Command("call") if calls else None)
    except PhoneError as error:
        typer.echo(str(error), err=True)
        return 1
    except StrangerError as error:
        typer.echo(str(error), err=True)
        return EXIT_UNREACHABLE
    except ServiceGoneError as error:
        typer.echo(f"{error}; {_how_to_start(config, line.url)}", err=True)
        return EXIT_UNREACHABLE
    finally:
        feed.end()
    return 1 if talk.failures and not screen.is_typed else 0


def line_of(settings: Settings, kind: str, customer: str, to: str, url: str) -> Line:
    """Whom a phone reaches: the assistant of the number `to`, or the first that the simulated carrier serves."""
    ours = _number(to, "--to") if to else ""
    for name, assistant in settings.assistants.items():
        numbers = {each: simulated(assistant, each) for each in ("phone", "messaging")}
        if numbers[kind] and (not ours or ours in numbers[kind]):
            first = {each: next(iter(found), "") for each, found in numbers.items()}
            if ours:
                first |= {each: ours for each, found in numbers.items() if ours in found}
            return Line(
                url=(url or settings.service.public_url).rstrip("/"),
                account=SIMULATED_SID,
                carrier_token=token_of(settings),
                api_token=settings.service.api_token.reveal(),
                assistant=name,
                customer=_number(customer, "--from"),
                phone_number=first["phone"],
                text_number=first["messaging"],
            )
    whose = f"{to} is no number of" if to else "there is no"
    typer.echo(f"{whose} {kind} with `base_url: simulator` in this configuration", err=True)
    raise typer.Exit(EXIT_CONFIGURATION)


def simulated(assistant: Assistant, kind: str) -> tuple[str, ...]:
    """The numbers of an assistant's phone or messaging, if the built-in carrier serves them."""
    section = assistant.phone if kind == "phone" else assistant.messaging
    return tuple(section.numbers) if section is not None and section.base_url == SIMULATOR else ()


def _number(given: str, option: str) -> E164:
    try:
        return E164.parse(given)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _how_to_start(config: Path, url: str) -> str:
    """The command that starts the service, as it is to be typed."""
    port = urlsplit(url).port
    options = "" if str(config) == "tandem.yaml" else f" --config {config}"
    options += "" if port in {None, 8080} else f" --port {port}"
    return f"start it in another terminal: {Path(sys.argv[0]).name} serve{options}"
