"""What each integration's Webhook URIs are, and what the carrier has now for each of its numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from channels.twilio.account import Account, MessagingService
from channels.twilio.integration import Integration
from orchestrator.cli.numbers.targets import Looked, Target, look
from orchestrator.cli.numbers.wished import IGNORING, addresses, mark, method_of, shown
from orchestrator.core.errors import CarrierError

AT_ONCE = 4
"""Numbers looked up at once; the carrier answers 429 to bursts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of one integration: what the carrier has, and the Messaging Service it is in."""

    integration: Integration
    looked: Looked
    service: MessagingService | None


async def entries(http: httpx.AsyncClient, found: Sequence[Integration]) -> list[Entry]:
    """Every number of every integration, looked up a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(target: Target) -> Looked:
        async with gate:
            return await look(http, target)

    pairs = [(entry, number) for entry in found for number in entry.numbers]
    looked = await asyncio.gather(
        *(one(Target(entry, number, frozenset({entry.kind}))) for entry, number in pairs)
    )
    services = await _services(http, [entry for entry in found if entry.kind == "messaging"])
    return [
        Entry(entry, seen, services.get((entry.base_url, entry.account_sid, number)))
        for (entry, number), seen in zip(pairs, looked, strict=True)
    ]


async def _services(
    http: httpx.AsyncClient, found: Sequence[Integration]
) -> Mapping[tuple[str, str, str], MessagingService]:
    """The services of each account once; none where an endpoint has no such thing."""
    accounts = {(entry.base_url, entry.account_sid): entry for entry in found}
    made: dict[tuple[str, str, str], MessagingService] = {}
    for (base, sid), entry in accounts.items():
        try:
            members = await Account(http, entry).memberships()
        except CarrierError:
            continue  # a trouble of the account is told with its numbers
        made |= {(base, sid, number): service for number, service in members.items()}
    return made


def as_json(entry: Entry, public_url: str) -> dict[str, Any]:
    """A number, for programs."""
    told: dict[str, Any] = {
        "number": entry.looked.target.number,
        "sid": None,
        "settings": [],
        "trouble": None,
    }
    if entry.looked.trouble is not None:
        return told | {"trouble": entry.looked.trouble.told, "fix": entry.looked.trouble.fix}
    owned = entry.looked.owned
    assert owned is not None  # noqa: S101 - without a trouble the number was found
    told["sid"] = owned.sid
    told["settings"] = [
        {
            "field": field,
            "url": shown(owned.settings[field]),
            "method": owned.settings[method_of(field)],
            "mark": mark(owned.settings, field, wished, public_url),
        }
        for field, wished in addresses(public_url, entry.integration.kind).items()
    ]
    told["ignored_because"] = {
        name: owned.settings[name] for name in IGNORING[entry.integration.kind] if owned.settings[name]
    }
    if entry.service is not None:
        told["messaging_service"] = {
            "sid": entry.service.sid,
            "name": entry.service.name,
            "inbound_url": shown(entry.service.inbound_url),
            "use_inbound_webhook_on_number": entry.service.uses_number_url,
        }
    return told


def groups(found: Sequence[Integration], listed: Sequence[Entry], public_url: str) -> list[dict[str, Any]]:
    """The integrations with their addresses and numbers, for programs."""
    return [
        {
            "assistant": each.assistant,
            "kind": each.kind,
            "section": each.section,
            "account_sid": each.account_sid,
            "base_url": each.base_url,
            "webhook_uris": addresses(public_url, each.kind),
            "numbers": [as_json(entry, public_url) for entry in listed if entry.integration is each],
        }
        for each in found
    ]


def lines(grouped: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The same, for people."""
    for group in grouped:
        yield f"{group['assistant']} {group['section']}  (account {group['account_sid']} at {group['base_url']})"
        yield "  Webhook URIs, each with HTTP POST"
        for field, address in group["webhook_uris"].items():
            yield f"    {field:<17} {address}"
        for number in group["numbers"]:
            yield from _number_lines(number)


def _number_lines(number: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {number['number']}  {number['sid'] or ''}".rstrip()
    if number["trouble"]:
        yield f"    {number['trouble']}"
        yield f"    fix: {number['fix']}"
        return
    for each in number["settings"]:
        yield f"    {each['mark']:<10} {each['field']:<17} {each['method']} {each['url'] or '(none)'}"
    for name, sid in number["ignored_because"].items():
        yield f"    {'foreign':<10} {name:<17} {sid}: the carrier ignores the addresses while it is set"
    service = number.get("messaging_service")
    if service:
        reads = "the number's SmsUrl" if service["use_inbound_webhook_on_number"] else service["inbound_url"]
        yield f"    in Messaging Service {service['sid']} ({service['name']}); its texts go to: {reads or 'nobody'}"
