"""From the configuration to what answers: the assistant of each kind."""

from __future__ import annotations

from pathlib import Path

import httpx

from config.backends import Backend, Http, Scripted, Watson
from orchestrator.assistants.http import HttpAssistant
from orchestrator.assistants.scripted import DEMO, ScriptedAssistant
from orchestrator.assistants.watson import Basic, Habits, IamTokens, WatsonApi, WatsonAssistant
from orchestrator.core.errors import TandemError
from orchestrator.ports import Assistant, Clock


class UnsupportedBackendError(TandemError):
    """The configuration names a kind of assistant that this release does not carry."""


def backend(found: Backend, *, http: httpx.AsyncClient, clock: Clock, folder: Path) -> Assistant:
    """The assistant that the configuration names. `folder` is where its relative file names start."""
    if isinstance(found, Http):
        return HttpAssistant(
            found.url,
            http=http,
            clock=clock,
            secret=found.secret.reveal(),
            headers={name: value.reveal() for name, value in found.headers.items()},
            timeout=found.timeout,
            retries=found.retries,
        )
    if isinstance(found, Watson):
        return WatsonAssistant(
            watson_api(found, http=http, clock=clock),
            clock=clock,
            timeout=found.timeout,
            retries=found.retries,
            stateless=found.stateless,
            streaming=found.streaming,
            habits=Habits(hang_up_turn=found.hang_up_turn, expiry_turn=found.expiry_turn),
        )
    if isinstance(found, Scripted):
        return ScriptedAssistant(folder / found.file if found.file else DEMO, clock)
    raise UnsupportedBackendError(f"kind: {found.kind} is not carried by this release")


def watson_api(found: Watson, *, http: httpx.AsyncClient, clock: Clock) -> WatsonApi:
    """The service that a `kind: watson` names, with the credentials for it."""
    key = found.api_key.reveal()
    iam = found.auth == "iam"
    return WatsonApi(
        url=found.url,
        assistant_id=found.assistant_id,
        environment_id=found.environment_id,
        version=found.version,
        auth=IamTokens(key, http=http, clock=clock, url=found.iam_url) if iam else Basic(key),
        http=http,
    )
