"""From the configuration to what answers: the assistant of each kind."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import httpx

from config.backends import Backend, Http, OpenAI, Scripted, Watson
from orchestrator.app.certificates import own_client
from orchestrator.assistants.guarded import Guards
from orchestrator.assistants.http import HttpAssistant
from orchestrator.assistants.openai import ChatApi, Limits, OpenAIAssistant, Prompt, Tools
from orchestrator.assistants.openai.prompt import SMS_STYLE, VOICE_STYLE
from orchestrator.assistants.openai.tools import ACTIONS
from orchestrator.assistants.scripted import DEMO, ScriptedAssistant
from orchestrator.assistants.tries import Tries
from orchestrator.assistants.watson import Basic, Habits, IamTokens, WatsonApi, WatsonAssistant
from orchestrator.ports import Assistant, Clock


def backend(found: Backend, *, http: httpx.AsyncClient, clock: Clock, folder: Path) -> Assistant:
    """The assistant that the configuration names. `folder` is where its relative file names start."""
    if isinstance(found, Http):
        own = own_client(found, folder)
        return HttpAssistant(
            found.url,
            http=own or http,
            own=own is not None,
            clock=clock,
            secret=found.secret.reveal(),
            headers={name: value.reveal() for name, value in found.headers.items()},
            timeout=found.timeout,
            voice_timeout=found.voice_timeout,
            retries=found.retries,
        )
    if isinstance(found, Watson):
        return WatsonAssistant(
            watson_api(found, http=http, clock=clock),
            clock=clock,
            timeout=found.timeout,
            voice_timeout=found.voice_timeout,
            retries=found.retries,
            stateless=found.stateless,
            streaming=found.streaming,
            habits=Habits(hang_up_turn=found.hang_up_turn, expiry_turn=found.expiry_turn),
        )
    if isinstance(found, Scripted):
        return ScriptedAssistant(folder / found.file if found.file else DEMO, clock)
    return language_model(found, http=http, clock=clock)


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


def guards(found: Backend) -> Guards:
    """What stands around it."""
    return Guards(**{each.name: getattr(found, each.name) for each in fields(Guards)})


def language_model(found: OpenAI, *, http: httpx.AsyncClient, clock: Clock) -> OpenAIAssistant:
    """The assistant that a `kind: openai` names."""
    return OpenAIAssistant(
        chat_api(found, http=http),
        clock=clock,
        prompt=Prompt(found.system_prompt, found.voice_style or VOICE_STYLE, found.sms_style or SMS_STYLE),
        tools=Tools(found.tools or ACTIONS, found.transfer_to),
        limits=Limits(found.history_turns, found.history_tokens, found.max_turns, found.max_tokens),
        tries=Tries(clock, found.timeout, found.retries, found.voice_timeout),
        farewells=found.farewell_turns,
    )


def chat_api(found: OpenAI, *, http: httpx.AsyncClient) -> ChatApi:
    """The endpoint that a `kind: openai` names, with the key for it."""
    return ChatApi(
        base_url=found.base_url,
        model=found.model,
        http=http,
        api_key=found.api_key.reveal(),
        headers={name: value.reveal() for name, value in found.headers.items()},
        parameters=found.parameters,
    )
