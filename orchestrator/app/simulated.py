"""The built-in carrier: which of our numbers it carries, and where it calls us."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

import httpx

from channels.simulator.app import Simulator
from channels.twilio import urls
from channels.twilio.integration import Integration
from config import Settings
from config.addresses import SIMULATOR
from config.messaging import Failover, Messaging
from config.phone import Phone
from orchestrator.app.clock import MovableClock
from orchestrator.app.lines import SIMULATED_SID
from orchestrator.app.moving import Mover
from orchestrator.app.phones import Phones
from orchestrator.ports import Clock
from orchestrator.ports.simulation import FarSide
from orchestrator.store import RedisStore


def is_simulated(settings: Settings) -> bool:
    """Whether any integration uses the built-in carrier."""
    return any(section.base_url == SIMULATOR for section in _sections(settings))


def owns_time(settings: Settings) -> bool:
    """Whether time is this process's alone, so that it can be moved: no store and no carrier elsewhere has a
    time of its own.
    """
    sections = _sections(settings)
    embedded = settings.service.redis_url.reveal().startswith("memory://")
    return embedded and bool(sections) and all(section.base_url == SIMULATOR for section in sections)


def _sections(settings: Settings) -> list[Phone | Messaging | Failover]:
    return [
        section
        for assistant in settings.assistants.values()
        for section in (
            assistant.phone,
            assistant.messaging,
            assistant.messaging.failover if assistant.messaging else None,
        )
        if section is not None
    ]


def token_of(settings: Settings) -> str:
    """The auth token of the built-in carrier's account: whoever holds the API token can tell it, in any
    process, and nobody else.
    """
    key = settings.service.api_token.reveal().encode()
    return hmac.new(key, b"simulator", hashlib.sha256).hexdigest()[:32]  # as long as Twilio's own


def pointed(public_url: str, path: str) -> str:
    """An address of ours as `tandem numbers point` sets it."""
    return urls.absolute(public_url, path) + urls.OVERRIDES


def build_carrier(
    public_url: str, found: list[Integration], *, token: str, clock: Clock, http: httpx.AsyncClient
) -> Simulator:
    """A simulator whose numbers point at us, as `tandem numbers point` would set them at the carrier."""
    ours = [entry for entry in found if entry.account_sid == SIMULATED_SID]
    carrier = Simulator(
        account_sid=SIMULATED_SID,
        auth_token=token,
        clock=clock,
        http=http,
        base_url=ours[0].base_url if ours else public_url,
    )
    kinds: dict[str, set[str]] = {}
    for entry in ours:
        for number in entry.numbers:
            kinds.setdefault(number, set()).add(entry.kind)
    for number, served in kinds.items():
        phone, texts = "phone" in served, "messaging" in served
        carrier.add_number(
            number,
            voice_url=pointed(public_url, urls.VOICE) if phone else "",
            voice_fallback_url=pointed(public_url, urls.VOICE_FALLBACK) if phone else "",
            status_callback=pointed(public_url, urls.VOICE_STATUS) if phone else "",
            sms_url=pointed(public_url, urls.SMS) if texts else "",
            sms_fallback_url=pointed(public_url, urls.SMS_FALLBACK) if texts else "",
        )
    return carrier


def build_phones(
    settings: Settings,
    carrier: Simulator,
    *,
    clock: Clock,
    store: RedisStore,
    is_busy: Callable[[], bool],
    is_watched: Callable[[], bool],
) -> Phones:
    """The phones of the built-in carrier's customers, for the console."""
    mover = None
    if isinstance(clock, MovableClock):
        mover = Mover(clock, next_due=store.next_due, is_busy=is_busy, is_watched=is_watched)
    return Phones(carrier, far_sides(settings), mover)


def far_sides(settings: Settings) -> list[FarSide]:
    """The assistants that phones of the built-in carrier reach, each by the first of its numbers."""
    found = []
    for name, assistant in settings.assistants.items():
        phone, messaging = (
            section.numbers[0] if section is not None and section.base_url == SIMULATOR else ""
            for section in (assistant.phone, assistant.messaging)
        )
        if phone or messaging:
            found.append(FarSide(assistant=name, phone_number=phone, text_number=messaging))
    return found
