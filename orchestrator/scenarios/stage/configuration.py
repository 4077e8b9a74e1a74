"""The configuration that a play runs with: the file's, with the play's own settings, and with the store,
the carrier and, unless it is live, the assistant of the play in the place of the real ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from config import ConfigError, Settings, parse
from config.backends import Http
from config.environment import variable_of
from config.messaging import Messaging
from config.secret import Secret
from config.settings import Assistant
from orchestrator.scenarios.play import NOWHERE, Place, Play
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.wire import BOT, CARRIER, DESK

BUILT_IN = """
service: {public_url: 'https://tandem.test', redis_url: 'memory://', api_token: play-api-token}
assistants:
  support:
    backend: {kind: scripted}
    phone: {numbers: [+19585550123], base_url: simulator}
    messaging: {numbers: [+19585550123], base_url: simulator}
"""
"""What a play runs with that has no configuration beside it."""
UNPACED = float("inf")
"""Calls a second, where the play does not say: no time passes between its lines."""
ACCOUNT = "AC" + "9" * 32
TOKEN = Secret("play-carrier-token")
SECRET = Secret("whsec_cGxheS1zZWNyZXQtcGxheS1zZWNyZXQtMTI=")


@dataclass(frozen=True, slots=True)
class Configuration:
    """A `tandem.yaml`: its text, the name that reports give it (files are sought beside it), and the
    environment that it is read in.
    """

    text: str = BUILT_IN
    name: str = "built-in"
    environ: Mapping[str, str] | None = None


def settings_of(play: Play, configuration: Configuration, live: str) -> tuple[str, Settings]:
    """The assistant that plays, and the configuration with only that one. `live` names the one that
    answers itself.
    """
    name = named(play, configuration, live)
    settings = changed(play, configuration, name)
    own = _staged(
        settings.assistants[name], is_live=bool(live), is_paced="phone.calls_per_second" in play.settings
    )
    service = replace(settings.service, redis_url=Secret("memory://"), timezone=play.zone)
    return name, replace(settings, service=service, assistants={name: own})


def named(play: Play, configuration: Configuration, live: str = "") -> str:
    """The assistant that plays. Raises FailedError."""
    try:
        plain = _parsed(configuration.text, configuration.name, tuple((configuration.environ or {}).items()))
    except ConfigError as error:
        raise FailedError(_blamed(play, error), _first(error)) from error
    name = live or play.assistant or next(iter(plain.assistants))
    if name not in plain.assistants:
        known = ", ".join(plain.assistants)
        is_named = not live and play.assistant_place != NOWHERE
        place = play.assistant_place if is_named else play.place
        raise FailedError(place, f"the configuration has no assistant {name!r}", known, name)
    return name


def changed(play: Play, configuration: Configuration, name: str) -> Settings:
    """The configuration with the play's own settings of that assistant. Raises FailedError."""
    environ = dict(configuration.environ or {}) | {
        variable_of(f"assistants.{name}.{key}"): _written(setting.value)
        for key, setting in play.settings.items()
    }
    try:
        return _parsed(configuration.text, configuration.name, tuple(environ.items()))
    except ConfigError as error:
        raise FailedError(_blamed(play, error), _first(error)) from error


@lru_cache(maxsize=64)
def _parsed(text: str, name: str, environ: tuple[tuple[str, str], ...]) -> Settings:
    """A configuration; plays that have the same one read it once."""
    return parse(text, name=name, environ=dict(environ))


def _staged(assistant: Assistant, *, is_live: bool, is_paced: bool) -> Assistant:
    at_carrier: dict[str, Any] = {"base_url": CARRIER, "account_sid": ACCOUNT, "auth_token": (TOKEN,)}
    old = assistant.backend
    played = Http(
        kind="http",
        url=BOT,
        secret=SECRET,
        headers={},
        timeout=old.timeout,
        retries=old.retries,
        max_concurrent=old.max_concurrent,
        max_waiting=old.max_waiting,
    )
    pace: dict[str, Any] = {} if is_paced else {"calls_per_second": UNPACED}
    return replace(
        assistant,
        backend=old if is_live else played,
        hooks=assistant.hooks if is_live else None,  # what stands around the bot belongs to it
        phone=replace(assistant.phone, **at_carrier, **pace) if assistant.phone else None,
        messaging=_texted(assistant.messaging, at_carrier) if assistant.messaging else None,
    )


def _texted(messaging: Messaging, at_carrier: Mapping[str, Any]) -> Messaging:
    """Texts of the play; a help desk that is told stands in it, too. It has one carrier: there is no second account."""
    desk = messaging.help_desk
    return replace(
        messaging, **at_carrier, failover=None, help_desk=replace(desk, url=DESK) if desk else None
    )


def _written(value: Any) -> str:
    """A setting as it stands in a variable of the environment."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_written, value)) + "]"
    return str(value)


def _blamed(play: Play, error: ConfigError) -> Place:
    """The setting that the configuration's mistake is about, if it is one of the play's."""
    named = f"{error.problems[0].path} {error.problems[0].message}".upper().replace("-", "_")
    for key, setting in play.settings.items():
        if key.upper() in named or variable_of(key).removeprefix("TANDEM_") in named:
            return setting.place
    return play.place if play.place != NOWHERE else NOWHERE


def _first(error: ConfigError) -> str:
    problem = error.problems[0]
    return f"the configuration is refused: {problem.path + ': ' if problem.path else ''}{problem.message}"
