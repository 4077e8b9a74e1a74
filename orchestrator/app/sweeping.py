"""Which numbers are swept: those that take texts, at a carrier that outlives this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import httpx

from channels.twilio.inbound import TwilioInbound
from channels.twilio.integration import Integration
from config import Settings
from orchestrator.app.lines import SIMULATED_SID
from orchestrator.runner import House, Runner
from orchestrator.store import RedisStore
from orchestrator.sweep import Plan, Sweeper


def sweeper(
    settings: Settings,
    found: Sequence[Integration],
    *,
    house: House,
    runner: Runner,
    store: RedisStore,
    http: httpx.AsyncClient,
) -> Sweeper:
    """The sweeper of a process. A store that is away, and a text that was not stored, are its faults."""
    return Sweeper(
        house,
        runner,
        store,
        list(_plans(settings, found, http)),
        faults=lambda: store.link.failures + house.lost,
    )


def _plans(settings: Settings, found: Sequence[Integration], http: httpx.AsyncClient) -> Iterator[Plan]:
    for integration in found:
        messaging = settings.assistants[integration.assistant].messaging
        if integration.kind != "messaging" or messaging is None:
            continue
        if integration.account_sid == SIMULATED_SID:
            continue
        for number in integration.numbers:
            inbound = TwilioInbound(http, integration, number)
            yield Plan(inbound, every=messaging.sweep_every, look_back=messaging.sweep_look_back)
