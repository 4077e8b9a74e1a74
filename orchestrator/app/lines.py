"""From the configuration to what serves each assistant: its backend and its carriers."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import httpx

from channels.twilio.integration import CallStyle, Integration
from channels.twilio.rest import TwilioCarrier
from config import Settings
from config.addresses import SIMULATOR
from config.messaging import Failover, Messaging
from config.phone import Phone
from config.settings import Assistant as AssistantSettings
from orchestrator.app.backends import backend, guards
from orchestrator.app.hooks import hooked, reporting
from orchestrator.assistants.guarded import guarded
from orchestrator.assistants.help_desk import SignedHelpDesk
from orchestrator.assistants.watson import WatsonAssistant
from orchestrator.ports import Clock, Observer, Standby
from orchestrator.runner import Line

DETECTION = {"off": "", "hang_up": "Enable", "message": "DetectMessageEnd", "text": "Enable"}
"""Twilio's MachineDetection: a message is left after the beep, anything else is decided at once."""
SIMULATED_SID = "AC" + "0" * 32
"""The account of the built-in simulator."""


def integrations(settings: Settings, simulator_url: str, simulator_token: str) -> list[Integration]:
    """Every phone and messaging integration of the configuration."""
    found = []
    for name, assistant in settings.assistants.items():
        style = call_style(settings, name, assistant)
        if assistant.phone is not None:
            found.append(_integration(name, "phone", assistant.phone, style, simulator_url, simulator_token))
        if assistant.messaging is not None:
            found.append(
                _integration(name, "messaging", assistant.messaging, style, simulator_url, simulator_token)
            )
            if (second := assistant.messaging.failover) is not None:
                found.append(_integration(name, "messaging", second, style, simulator_url, simulator_token))
    return found


def call_style(settings: Settings, name: str, assistant: AssistantSettings) -> CallStyle:
    """How the calls of an assistant sound."""
    phone = assistant.phone
    if phone is None:
        return CallStyle(public_url=settings.service.public_url)
    return CallStyle(
        public_url=settings.service.public_url,
        language=phone.language,
        voice=phone.voice,
        engine=phone.engine,
        partial_results=phone.partial_results,
        assistant=name,
        welcome_message=phone.welcome_message,
        hold_audio=phone.hold_audio,
        filler_message=phone.filler_message,
        voice_budget=phone.voice_budget,
        hints=phone.hints,
        speech_model=phone.speech_model,
        speech_timeout=phone.speech_timeout,
        profanity_filter=phone.profanity_filter,
        failure_message=phone.failure_message,
        failure_transfer_to=phone.failure_transfer_to,
    )


def _integration(
    name: str,
    kind: str,
    section: Phone | Messaging | Failover,
    style: CallStyle,
    simulator_url: str,
    simulator_token: str,
) -> Integration:
    simulated = section.base_url == SIMULATOR
    tokens = tuple(token.reveal() for token in section.auth_token)
    return Integration(
        assistant=name,
        kind="phone" if kind == "phone" else "messaging",
        numbers=section.numbers,
        account_sid=SIMULATED_SID if simulated else section.account_sid,
        auth_tokens=(simulator_token,) if simulated else tokens,
        style=style,
        base_url=simulator_url if simulated else section.base_url,
        messaging_service_sid="" if isinstance(section, Phone) else section.messaging_service_sid,
        machine_detection=DETECTION[section.machine_detection] if isinstance(section, Phone) else "",
        standby=isinstance(section, Failover),
    )


def _senders(section: Messaging | Failover) -> tuple[str, ...]:
    """The numbers that texts may come from; none where a messaging service chooses."""
    return () if section.messaging_service_sid else section.numbers


def _standby(messaging: Messaging, carrier: TwilioCarrier | None) -> Standby | None:
    second = messaging.failover
    return Standby(carrier, second.numbers, _senders(second)) if second and carrier else None


def _rate(messaging: Messaging) -> dict[str, Any]:
    """How fast each number sends. A messaging service has a rate, and a queue, of its own."""
    if messaging.messaging_service_sid:
        return {}
    return {
        "segments_per_second": float(messaging.segments_per_second),
        "queue_ahead": messaging.queue_ahead,
    }


def _desk(messaging: Messaging | None, http: httpx.AsyncClient, clock: Clock) -> SignedHelpDesk | None:
    told = messaging.help_desk if messaging else None
    return SignedHelpDesk(told.url, secret=told.secret.reveal(), http=http, clock=clock) if told else None


def lines(
    settings: Settings,
    found: list[Integration],
    *,
    http: httpx.AsyncClient,
    asking: httpx.AsyncClient,
    clock: Clock,
    folder: Path,
    observer: Observer,
) -> dict[str, Line]:
    """One line an assistant. `http` is for carriers, `asking` for assistants; `folder` is where relative
    file names of the configuration start.
    """
    carriers = {(entry.assistant, entry.section): TwilioCarrier(http, entry) for entry in found}
    return {
        name: Line(
            rules=settings.to_rules(name),
            calls=carriers.get((name, "phone")),
            **_answering(name, assistant, http=asking, clock=clock, folder=folder, observer=observer),
            **reporting(assistant.hooks, http=asking, clock=clock),
            **_texting(
                assistant.messaging,
                carriers.get((name, "messaging")),
                carriers.get((name, "messaging.failover")),
            ),
            desk=_desk(assistant.messaging, asking, clock),
            calls_per_second=float(assistant.phone.calls_per_second) if assistant.phone else 1.0,
            overhears=bool(assistant.phone and assistant.phone.partial_results)
            and call_style(settings, name, assistant).engine == "gather",
        )
        for name, assistant in settings.assistants.items()
    }


def _answering(
    name: str,
    assistant: AssistantSettings,
    *,
    http: httpx.AsyncClient,
    clock: Clock,
    folder: Path,
    observer: Observer,
) -> dict[str, Any]:
    """Who answers the turns of a line, behind its guards."""
    asked = backend(assistant.backend, http=http, clock=clock, folder=folder)
    bounded = guarded(
        asked,
        guards(assistant.backend),
        name=name,
        clock=clock,
        observer=observer,
        hooked=partial(hooked, hooks=assistant.hooks, http=http, clock=clock),
    )
    return {
        "assistant": bounded,
        "is_full": bounded.is_full,
        "forget": asked.forget if isinstance(asked, WatsonAssistant) else None,
    }


def _texting(
    messaging: Messaging | None, texts: TwilioCarrier | None, second: TwilioCarrier | None
) -> dict[str, Any]:
    """How the texts of a line leave: by which carriers, from which numbers, how fast."""
    if messaging is None:
        return {}
    return {
        "texts": texts,
        "delivery": messaging.delivery,
        "reconcile_after": messaging.reconcile_after,
        "senders": _senders(messaging),
        "numbers": messaging.numbers,
        "standby": _standby(messaging, second),
        **_rate(messaging),
    }
