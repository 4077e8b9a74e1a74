"""What a play against a running service needs to know of it, and whether the play fits it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from config import Settings
from config.backends import Http
from config.messaging import Failover, Messaging
from config.phone import Phone
from config.settings import Assistant
from orchestrator.scenarios.play import Play
from orchestrator.scenarios.stage import Configuration
from orchestrator.scenarios.stage.configuration import changed
from orchestrator.scenarios.stage.failing import FailedError

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
INSIDE: Final = frozenset({"redis is down", "worker dies"})
"""What the network of a play does within the service."""
LONGEST_WAIT: Final = 60.0
PATIENCE: Final = 10.0


class UnfitError(Exception):
    """The configuration is not one of a service that can be played against; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Target:
    """A running service. `patience` are seconds in which what a line checks may become true, `longest_wait`
    what the waits of a play may take together; `plays_bot` has the play answer in the assistant's place.
    """

    url: str
    plays_bot: bool = False
    patience: float = PATIENCE
    longest_wait: float = LONGEST_WAIT


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int


def address_of(url: str) -> Address:
    """Where to listen so that who asks `url` is answered here. Raises UnfitError."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.port is None or parts.path.strip("/"):
        raise UnfitError(f"{url} must be http://HOST:PORT, where this machine answers")
    return Address(parts.hostname or "" if parts.hostname in LOOPBACK else "0.0.0.0", parts.port)


def sections(assistant: Assistant) -> Iterator[Phone | Messaging | Failover]:
    """What an assistant has of phone, messaging and a second account for texts."""
    second = assistant.messaging.failover if assistant.messaging else None
    yield from (each for each in (assistant.phone, assistant.messaging, second) if each is not None)


def fit(settings: Settings, target: Target) -> None:
    """Return if services with this configuration can be played against. Raises UnfitError."""
    if not settings.service.api_token.reveal():
        raise UnfitError("service.api_token is not set, and the plays look by the API")
    for name, assistant in settings.assistants.items():
        sides = {(each.base_url, each.account_sid, each.auth_token) for each in sections(assistant)}
        if len(sides) > 1:
            raise UnfitError(f"assistants.{name}: its sections have different carriers or accounts")
        for base, _, _ in sides:
            if base == "simulator":
                raise UnfitError(
                    f"assistants.{name}: base_url is the service's own simulator; let it lead to this machine"
                )
            address_of(base)
        if target.plays_bot and not isinstance(assistant.backend, Http):
            raise UnfitError(f"assistants.{name}: the play can stand in for a backend of the kind http only")


def unfit(play: Play, configuration: Configuration, target: Target, name: str, settings: Settings) -> str:
    """Why a play cannot be performed against that service; empty if it can."""
    return _impossible(play) or _too_long(play, target) or _otherwise(play, configuration, name, settings)


def _impossible(play: Play) -> str:
    """What it does that only a service in its own hands lets it do."""
    lines = (*play.steps, *play.finally_)
    inside = next((line.verb for line in lines if line.kind == "network" and line.verb in INSIDE), "")
    if inside:
        return f"`{inside}` is nothing that can be done to a running service"
    if any(line.kind == "time" and line.verb != "wait" for line in lines):
        return "a running service has a clock of its own: `wait` is all that is possible"
    if any(line.verb == "takes" for line in lines):
        return "how slow the bot is only matters where the clock stands still between lines"
    if play.given.context and not play.given.session:
        return "a running service's context cannot be given"
    if any(rule.kind == "a text is sent between" for rule in play.never):
        return "a running service has a clock of its own"
    return ""


def _too_long(play: Play, target: Target) -> str:
    waits = sum(float(line.value) for line in play.steps if line.kind == "time")
    if waits <= target.longest_wait:
        return ""
    return f"it waits {waits:g} s of real time, longer than {target.longest_wait:g} s"


def _otherwise(play: Play, configuration: Configuration, name: str, settings: Settings) -> str:
    """Its settings that are not the service's."""
    try:
        other = changed(play, configuration, name)
    except FailedError as error:
        return error.reason
    if other.assistants[name] != settings.assistants[name]:
        return "the service has other settings: " + ", ".join(play.settings)
    return ""
