"""`assistants.<name>.hooks`: webhooks around the turn, and the log webhook."""

# ruff: noqa: RUF009 - `key` and `section` give a dataclasses.field
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from config.addresses import secret_text, web_url, webhook_secret
from config.headers import headers
from config.kinds import ListOf
from config.schema import Section, key, section
from config.secret import Secret
from config.values import choice, duration, text, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hook:
    """What every hook has."""

    url: str = key(web_url("https://hooks.example.com/tandem"), meaning="Where it is posted.")
    secret: Secret = key(
        webhook_secret(optional=True),
        "",
        meaning="Signs each request (Standard Webhooks): whsec_ and base64.",
    )
    username: str = key(text(), "", meaning="User of Basic authentication, with `password`.")
    password: Secret = key(secret_text(optional=True), "", meaning="Password of Basic authentication.")
    bearer_token: Secret = key(secret_text(optional=True), "", meaning="Bearer token, in place of Basic.")
    headers: Mapping[str, Secret] = key(
        headers(), "", meaning="Further request headers, such as a key; values are secrets."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook(_Hook):
    """`pre_message` and `post_message`: asked in the midst of a turn."""

    timeout: float = key(duration("100ms", "30s"), "3s", meaning="Per try; it adds to the turn's.")
    retries: int = key(whole(0, 3), "1", meaning="Further tries, with the same webhook-id.")
    on_failure: Literal["continue", "fail"] = key(
        choice("continue", "fail"),
        "continue",
        meaning="continue: the turn goes on as if there were no hook; fail: the turn fails as if the assistant did.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogHook(_Hook):
    """`log`: told afterwards."""

    timeout: float = key(duration("100ms", "8s"), "5s", meaning="Per try.")
    include: tuple[str, ...] = key(
        ListOf(choice("turn", "message", "call")),
        "",
        meaning="What is told: turn, message, call; empty: all of them.",
    )
    retry_for: float = key(
        duration("1s", "20h"), "12h", meaning="How long a delivery is tried again; then it is a dead letter."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """The `hooks` section."""

    pre_message: Hook | None = section(
        Section(Hook), meaning="Asked before the assistant; left out: none.", required=False
    )
    post_message: Hook | None = section(
        Section(Hook), meaning="Asked after the assistant; left out: none.", required=False
    )
    log: LogHook | None = section(
        Section(LogHook),
        meaning="Told of turns, messages and calls, with their words; left out: none.",
        required=False,
    )
