"""`service`: what all assistants of one installation share."""

# ruff: noqa: RUF009 - `key` and `section` give a dataclasses.field
from __future__ import annotations

from dataclasses import dataclass

from config.addresses import public_url, secret_text
from config.schema import key
from config.secret import Secret
from config.stores import redis_url
from config.values import duration, flag, time_zone, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The `service` section. Durations are seconds."""

    public_url: str = key(public_url(), meaning="What the carrier calls; signatures are checked against it.")
    redis_url: Secret = key(
        redis_url(),
        "redis://localhost:6379/0",
        meaning="The store: redis:// rediss:// redis+cluster:// redis+sentinel:// or memory:// (embedded, one process).",
    )
    api_token: Secret = key(secret_text(), meaning="Bearer token of the API, and the console's sign-in.")
    api_read_token: Secret = key(
        secret_text(optional=True), "", meaning="A second bearer token, which may only read; empty: none."
    )
    hash_key: Secret = key(
        secret_text(optional=True),
        "",
        meaning="Key of the hash that stands for a phone number in Redis; required unless memory://.",
    )
    retention: float = key(duration("1s"), "7d", meaning="How long an ended session's record stays.")
    timezone: str = key(time_zone(), "UTC", meaning="For quiet hours and displays.")
    log_content: bool = key(flag(), "false", meaning="Whether message text is written to the logs.")
    wait_replicas: int = key(
        whole(0, 10),
        "0",
        meaning="Replicas that must hold an accepted message before it is acknowledged (WAIT).",
    )
