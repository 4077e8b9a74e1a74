"""The built-in carrier: which of our numbers it carries, and where it calls us."""

from __future__ import annotations

import hashlib
import hmac

import httpx

from channels.simulator.app import Simulator
from channels.twilio import urls
from channels.twilio.integration import Integration
from config import Settings
from config.addresses import SIMULATOR
from orchestrator.app.lines import SIMULATED_SID
from orchestrator.ports import Clock


def is_simulated(settings: Settings) -> bool:
    """Whether any integration uses the built-in carrier."""
    return any(
        section is not None and section.base_url == SIMULATOR
        for assistant in settings.assistants.values()
        for section in (assistant.phone, assistant.messaging)
    )


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
    carrier = Simulator(account_sid=SIMULATED_SID, auth_token=token, clock=clock, http=http)
    kinds: dict[str, set[str]] = {}
    for entry in found:
        if entry.account_sid == SIMULATED_SID:
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
