"""From the sections that people write to the rules that the core decides by."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from functools import partial
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
        messaging=_messaging(messaging) if messaging else None,
        minute_of_day=partial(minute_of_day, ZoneInfo(timezone)),
    )


def _messaging(section: Messaging) -> MessagingRules:
    """The numbers of the second account are ours as well: customers know them, and write to them."""
    others = section.failover.numbers if section.failover else ()
    made = {"numbers": (*section.numbers, *others), "help_desk": section.help_desk is not None}
    return MessagingRules(**_shared(section, MessagingRules) | made)


def minute_of_day(zone: ZoneInfo, at: float) -> int:
    """What the clocks of a time zone show at a moment, as the minute of the day."""
    local = datetime.fromtimestamp(at, zone)
    return local.hour * 60 + local.minute


def _shared(section: Phone | Messaging, target: type[PhoneRules | MessagingRules]) -> dict[str, Any]:
    return {field.name: getattr(section, field.name) for field in fields(target)}
