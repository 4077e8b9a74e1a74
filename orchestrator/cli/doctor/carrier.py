"""Whether the carrier lets us in, has our numbers, and would bring us their calls and texts. Reads only."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime

import httpx

from channels.twilio.account import Account, MessagingService, OwnedNumber
from channels.twilio.integration import Integration, Kind
from orchestrator.cli.doctor.report import Finding
from orchestrator.cli.numbers.targets import forbidden, targets
from orchestrator.cli.numbers.trouble import Trouble, carrier_trouble
from orchestrator.cli.numbers.wished import IGNORING, addresses, is_ours, mark, shown
from orchestrator.core.errors import CarrierError

ANSWER = 4.0
"""Seconds for one answer of the carrier: three of them in a row stay within the doctor's limit."""
AT_ONCE = 4
"""Numbers of one account looked up at once; the carrier answers 429 to bursts."""
DRIFT_WARN, DRIFT_FAIL = 3.0, 30.0
"""Seconds between our clock and the carrier's. A message is searched by the carrier's time with a margin
of 5 s (reliability); what we sign for an assistant holds for minutes. `Date` has whole seconds."""


class Clock:
    """Remembers how far the carrier's `Date` was from our time; a hook of the HTTP client."""

    def __init__(self) -> None:
        self.drifts: dict[bytes, float] = {}

    async def see(self, response: httpx.Response) -> None:
        """Take the time of an answer. `Date` is cut to the second, so half of one is added."""
        try:
            theirs = parsedate_to_datetime(response.headers["date"]).timestamp() + 0.5
        except (KeyError, ValueError, TypeError):
            return
        self.drifts[_place(response.request.url)] = theirs - time.time()

    def finding(self, integration: Integration) -> Finding | None:
        """What it says of the host of an integration, if that told its time."""
        drift = self.drifts.get(_place(httpx.URL(integration.base_url)))
        if drift is None:
            return None
        told = f"our clock is {abs(drift):.0f} s {'behind' if drift > 0 else 'ahead of'} the carrier's"
        fix = "set this machine's clock by NTP: messages are searched, and requests signed, by the time"
        if abs(drift) > DRIFT_WARN:
            return Finding(
                "clock", integration.base_url, "fail" if abs(drift) > DRIFT_FAIL else "warn", told, fix
            )
        return Finding("clock", integration.base_url, "ok", told)


def _place(url: httpx.URL) -> bytes:
    """Host and port: on one host the carrier's simulator and an assistant may stand side by side."""
    return url.netloc


async def check_credentials(http: httpx.AsyncClient, integration: Integration) -> Finding:
    """Whether the carrier takes an integration's account and token."""
    subject = f"{integration.assistant} {integration.section}"
    account = Account(http, integration, total_timeout=ANSWER)
    try:
        status, _ = await asyncio.gather(account.status(), account.number(integration.numbers[0]))
    except CarrierError as error:
        return _of_trouble("credentials", subject, carrier_trouble(error, integration))
    if status in {"suspended", "closed"}:
        told = f"account {integration.account_sid} is {status}"
        return Finding("credentials", subject, "fail", told, "have the carrier open the account again")
    return Finding("credentials", subject, "ok", f"account {integration.account_sid} lets us in")


async def check_numbers(
    http: httpx.AsyncClient, found: Sequence[Integration], public_url: str
) -> list[Finding]:
    """Every number of one account: whose it is, what it can do, and where it points."""
    account = Account(http, found[0], total_timeout=ANSWER)
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: str) -> OwnedNumber | CarrierError | None:
        async with gate:
            try:
                return await account.number(number)
            except CarrierError as error:
                return error

    wanted = targets(found)
    owned = await asyncio.gather(*(one(target.number) for target in wanted))
    services = await _services(account, found)
    made: list[Finding] = []
    failed: dict[str, Finding] = {}
    for target, have in zip(wanted, owned, strict=True):
        if isinstance(have, CarrierError):
            trouble = carrier_trouble(have, target.integration)
            failed[trouble.told] = _of_trouble("number", f"account {account.sid}", trouble)
        elif have is None:
            made.append(_of_trouble("number", target.number, forbidden(target)))
        else:
            for kind in sorted(target.kinds, reverse=True):
                made += _abilities(have, kind)
                made += _addresses(have, kind, public_url, services)
    made += failed.values()
    return made if failed else made + list(_senders(found, services))


Services = Mapping[str, MessagingService] | CarrierError


async def _services(account: Account, found: Sequence[Integration]) -> Services:
    """The Messaging Service of each number; none where only calls are served, or none such exist."""
    if not any(entry.kind == "messaging" for entry in found):
        return {}
    try:
        return await account.memberships()
    except CarrierError as error:
        absent = {httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED}  # a carrier without services
        return {} if error.status in absent else error


def _abilities(have: OwnedNumber, kind: Kind) -> Iterator[Finding]:
    able, word, need = (have.voice, "voice", "calls") if kind == "phone" else (have.sms, "sms", "texts")
    if able is False:
        fix = f"take it out of {kind}.numbers, or use a number with the capability {word}"
        yield Finding("number", have.number, "fail", f"cannot take {need}: it has no {word}", fix)
    elif able is None:
        yield Finding("number", have.number, "ok", f"is the account's; {word} is not told")
    else:
        yield Finding("number", have.number, "ok", f"is the account's, and can do {word}")


def _addresses(have: OwnedNumber, kind: Kind, public_url: str, services: Services) -> Iterator[Finding]:
    """Where calls or texts of a number go, by the first thing that decides it."""
    yield from _ignored(have, kind)
    service = services.get(have.number) if kind == "messaging" and isinstance(services, Mapping) else None
    if service is not None:
        yield _service(have.number, service, public_url)
    if service is None or service.uses_number_url:
        yield from _urls(have, kind, public_url)


def _ignored(have: OwnedNumber, kind: Kind) -> Iterator[Finding]:
    for name in IGNORING[kind]:
        if have.settings[name]:
            told = f"{name} {have.settings[name]} is set: the carrier ignores the number's addresses"
            fix = f"tandem numbers point {have.number} --replace-application"
            yield Finding("webhooks", have.number, "fail", told, fix)


def _urls(have: OwnedNumber, kind: Kind, public_url: str) -> Iterator[Finding]:
    fix = f"tandem numbers point {have.number}"
    wished = addresses(public_url, kind)
    lesser: list[str] = []
    for place, (field, address) in enumerate(wished.items()):
        value, found = have.settings[field], mark(have.settings, field, address, public_url)
        if found == "different" and value.partition("#")[0] == address.partition("#")[0]:
            lesser.append(field)
        elif found == "different":
            told = f"{field} is an address of ours for something else: {shown(value)}"
            yield Finding("webhooks", have.number, "fail", told, fix)
        elif found != "same":
            told = f"is another application's: {shown(value)}" if found == "foreign" else "is not set"
            # The first address brings the traffic; without the others less is known, or saved.
            yield Finding("webhooks", have.number, "warn" if place else "fail", f"{field} {told}", fix)
    if lesser:
        told = (
            f"{', '.join(lesser)}: ours, but without POST or the connection overrides, so less is tried again"
        )
        yield Finding("webhooks", have.number, "warn", told, fix)
    if all(mark(have.settings, field, address, public_url) == "same" for field, address in wished.items()):
        yield Finding("webhooks", have.number, "ok", f"{'calls' if kind == 'phone' else 'texts'} come to us")


def _service(number: str, service: MessagingService, public_url: str) -> Finding:
    """A Messaging Service takes the texts of its numbers, unless it leaves them to the number."""
    name = f"Messaging Service {service.sid}"
    fix = f"in {name}, choose `Defer to sender's webhook` (UseInboundWebhookOnNumber), or give it our SmsUrl"
    if service.uses_number_url:
        return Finding("service", number, "ok", f"in {name}, which leaves texts to the number's SmsUrl")
    if not service.inbound_url:
        told = f"in {name}, which has no inbound URL: the carrier drops every text that comes in"
        return Finding("service", number, "fail", told, fix)
    if is_ours(service.inbound_url, public_url):
        return Finding("service", number, "ok", f"in {name}, whose inbound URL is ours")
    told = f"in {name}, whose inbound URL is another application's: {shown(service.inbound_url)}"
    return Finding("service", number, "fail", told, fix)


def _senders(found: Sequence[Integration], services: Services) -> Iterator[Finding]:
    """Whether our numbers are senders of the service that the configuration sends by."""
    if isinstance(services, CarrierError):
        yield _of_trouble("service", f"account {found[0].account_sid}", carrier_trouble(services, found[0]))
        return
    for entry in found:
        for number in entry.numbers if entry.messaging_service_sid else ():
            service = services.get(number)
            if service is None or service.sid != entry.messaging_service_sid:
                told = f"is no sender of {entry.messaging_service_sid}: texts leave from other numbers, replies miss us"
                fix = f"add it to the service, or take messaging_service_sid out of {entry.assistant}.{entry.section}"
                yield Finding("service", number, "warn", told, fix)


def _of_trouble(check: str, subject: str, trouble: Trouble) -> Finding:
    return Finding(check, subject, "fail" if trouble.known else "unknown", trouble.told, trouble.fix)
