"""From the sections that people write to the rules that the core decides by."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from zoneinfo import ZoneInfo

from config.messaging import Messaging
from config.phone import Phone
from orchestrator.core.settings import MessagingRules, PhoneRules, Rules


def rules(assistant: str, phone: Phone | None, messaging: Messaging | None, timezone: str) -> Rules:
    """An assistant's rules: of each section the fields that the core knows, by the same names."""
    return Rules(
        assistant=assistant,
        phone=PhoneRules(**_shared(phone, PhoneRules)) if phone else None,
        messaging=MessagingRules(**_shared(messaging, MessagingRules)) if messaging else None,
        timezone=ZoneInfo(timezone),
    )


def _shared(section: Phone | Messaging, target: type[PhoneRules | MessagingRules]) -> dict[str, Any]:
    return {field.name: getattr(section, field.name) for field in fields(target)}
