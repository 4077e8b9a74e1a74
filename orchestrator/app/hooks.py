"""From the configuration to the hooks of an assistant."""

from __future__ import annotations

from typing import Any

import httpx

from config.hooks import Hook, Hooks, LogHook
from orchestrator.assistants.hooks import Around, Endpoint, HookedAssistant, LogWebhook
from orchestrator.ports import Assistant, Clock

KINDS = frozenset({"turn", "message", "call"})
"""What can be reported."""


def hooked(inner: Assistant, hooks: Hooks | None, *, http: httpx.AsyncClient, clock: Clock) -> Assistant:
    """The assistant between its hooks; itself where it has none."""
    if hooks is None or (hooks.pre_message is None and hooks.post_message is None):
        return inner
    before, after = hooks.pre_message, hooks.post_message
    return HookedAssistant(
        inner,
        clock,
        before=_around("pre_message", before, http, clock) if before else None,
        after=_around("post_message", after, http, clock) if after else None,
    )


def reporting(hooks: Hooks | None, *, http: httpx.AsyncClient, clock: Clock) -> dict[str, Any]:
    """What a line needs to report."""
    log = hooks.log if hooks else None
    if log is None:
        return {}
    return {
        "reports": LogWebhook(_endpoint(log, http, clock)),
        "reported": frozenset(log.include) or KINDS,
        "reports_last": log.retry_for,
    }


def _around(name: str, hook: Hook, http: httpx.AsyncClient, clock: Clock) -> Around:
    return Around(name, _endpoint(hook, http, clock), retries=hook.retries, fails=hook.on_failure == "fail")


def _endpoint(hook: Hook | LogHook, http: httpx.AsyncClient, clock: Clock) -> Endpoint:
    password = hook.password.reveal()
    return Endpoint(
        hook.url,
        http=http,
        clock=clock,
        secret=hook.secret.reveal(),
        basic=(hook.username, password) if hook.username or password else None,
        bearer=hook.bearer_token.reveal(),
        headers={name: value.reveal() for name, value in hook.headers.items()},
        timeout=hook.timeout,
    )
