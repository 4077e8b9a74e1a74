"""Whether Watson Assistant can be asked: a session is made and ended, no message is sent.

That shows that the address, the credentials and the ids are right; a dialogue takes no notice of it.
"""

from __future__ import annotations

import httpx

from config.backends import Watson
from orchestrator.app.backends import watson_api
from orchestrator.app.clock import SystemClock
from orchestrator.assistants.tries import within
from orchestrator.cli.doctor.report import Finding, State
from orchestrator.core.errors import AssistantError

CHECK = "assistant"
ANSWER = 6.0
"""Seconds until the service counts as silent."""

_Row = tuple[State, str, str]
_TOLD: dict[str, _Row] = {
    "status_401": ("fail", "{host} refuses the key", "correct {place}.api_key, or {place}.auth"),
    "status_403": (
        "fail",
        "{host} refuses the key",
        "correct {place}.api_key, or give it access to the assistant",
    ),
    "iam_refused": ("fail", "IAM refuses the key", "correct {place}.api_key"),
    "iam_unreachable": (
        "unknown",
        "IAM gave no token",
        "see that {place}.iam_url is right, and run this again",
    ),
    "iam_malformed": ("fail", "IAM gave no token", "correct {place}.iam_url"),
    "status_404": (
        "fail",
        "{host} has no such assistant",
        "correct {place}.assistant_id: the environment's id, or the assistant's together with {place}.environment_id",
    ),
    "status_400": ("fail", "{host} does not take the request", "correct {place}.version"),
    "redirected": (
        "fail",
        "{host} redirects: turns follow no redirects",
        "give the final address as {place}.url",
    ),
    "timeout": ("unknown", "{host} is slow", "run this again, and see that {place}.url is right"),
    "unreachable": ("fail", "{host} cannot be reached", "correct {place}.url"),
    "malformed": ("fail", "{host} is no Watson Assistant", "correct {place}.url"),
}
_OTHERWISE: _Row = ("unknown", "{host} fails itself", "look at the service's status, and run this again")


async def check_watson(http: httpx.AsyncClient, name: str, backend: Watson) -> Finding:
    """Make a session and end it."""
    clock = SystemClock()
    api = watson_api(backend, http=http, clock=clock)
    host = httpx.URL(backend.url).host
    try:
        session = await within(clock, ANSWER, api.create_session(ANSWER))
        await within(clock, ANSWER, api.delete_session(session, ANSWER))
    except AssistantError as error:
        state, told, fix = _TOLD.get(error.reason, _OTHERWISE)
        place = f"assistants.{name}.backend"
        told = f"{told.format(host=host)} ({error.reason})"
        return Finding(CHECK, name, state, told, fix.format(place=place))
    return Finding(CHECK, name, "ok", f"{host} gives sessions of this assistant; no turn was asked")
