"""The mailbox of a customer: accepted events, the lease, the commit, and what is due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast

from orchestrator.core.errors import ContractError
from orchestrator.core.session import Consent
from orchestrator.ports.commits import Commit, Committed, Fenced, LegAnswer
from orchestrator.ports.entries import Claimed, OutboxEntry
from orchestrator.ports.records import (
    Accepted,
    Address,
    Answered,
    Begun,
    Busy,
    Due,
    Duplicate,
    Empty,
    Full,
    Grant,
    Inboxed,
    Queued,
)
from orchestrator.store.base import Base
from orchestrator.store.keys import DEAD_BOUND
from orchestrator.store.packing import inboxed, ms, pack, seconds, unpack
from orchestrator.store.scripts import script


class Mailbox(Base):
    """Accept, begin, commit, renew, release and poll of `orchestrator.ports.Store`."""

    def address(self, assistant: str, who: str) -> Address:
        """Where `who` (a number, or a call whose number is withheld) lives with this assistant."""
        return self.keys.address(assistant, who)

    async def accept(self, address: Address, event: Inboxed, token: str | None = None) -> Accepted:
        """Take an event durably and once; with a token, and the lease free, take the lease as well."""
        if not event.event_id:
            raise ContractError("an event without an id cannot be taken once")
        args = (event.event_id, event.payload, token or "", self.lifetimes.inbox, int(event.opts_out))
        reply = await self._run("accept", address, *args)
        word = reply[0]
        if word == b"GRANT":
            return _grant(address, token or "", reply)
        if word == b"FULL":
            return Full()
        return Duplicate() if word == b"DUPLICATE" else Queued()

    async def begin(
        self, address: Address, token: str, *, event_id: str = "", leg: str = "", ordinal: int = -1
    ) -> Begun:
        """Lease for a voice request (`event_id` and `leg`), or to work off the inbox (neither)."""
        reply = await self._run("begin", address, token, event_id, leg, ordinal)
        word = reply[0]
        if word == b"GRANT":
            return _grant(address, token, reply)
        if word == b"BUSY":
            return Busy(reply[1].decode(), reply[2].decode())
        if word == b"EMPTY":
            return Empty()
        return Answered(unpack(reply[1]) or "", stale=word == b"STALE")

    async def commit(self, grant: Grant, version: int, change: Commit) -> Committed | Fenced:
        """Change the session: the only way to."""
        address = grant.address
        more = [self.keys.consents(address.partition)]
        if change.record:
            more.append(self.keys.record(address.partition, change.record[0]))
        args = (grant.token, version, *self._change(change), *_lists(change))
        reply = await self._run("commit", address, *args, more_keys=more)
        if reply[0] == b"FENCED":
            return Fenced()
        return _committed(grant.token, change.outbox, reply)

    async def renew(self, grant: Grant) -> bool:
        """Hold the lease longer; False if it is someone else's by now."""
        return bool(await self._run("lease", grant.address, grant.token, "renew", 0, 0))

    async def release(self, grant: Grant, retry_in: float = 0.0, *, untried: bool = False) -> None:
        """Give the lease back without a change; what is in the inbox is due again in `retry_in`. `untried`: this
        lease does not count as an attempt at the head event, nor do those before it.
        """
        await self._run("lease", grant.address, grant.token, "release", ms(retry_in), int(untried))

    async def poll(self, partition: int, limit: int = 32) -> Sequence[Due]:
        """What is due in a partition; hidden from others for a while."""
        keys = [self.keys.of(partition, name) for name in ("due", "ix:ended", "sum", "refused", "find")]
        spans = (ms(self.lifetimes.hidden), ms(self.lifetimes.retention))
        found = await self.link.run(script("poll"), keys, (self._now(), limit, *spans))
        return [
            _due(partition, member.decode(), seconds(at))
            for member, at in zip(found[::2], found[1::2], strict=True)
        ]

    def _change(self, change: Commit) -> tuple[Any, ...]:
        answer = change.answer or LegAnswer("", "", -1, "")
        return (
            pack(change.document),
            change.consumed,
            int(change.keep_lease),
            int(change.unfinished),
            change.dead,
            DEAD_BOUND,
            answer.leg,
            answer.event_id,
            answer.ordinal,
            pack(answer.answer),
            change.consent or "",
            change.consent_source,
            pack(change.record[1]) if change.record else "",
            ms(self.lifetimes.retention),
            ms(change.consent_since) if change.consent_since else "",
            change.consent_of,
        )


def _lists(change: Commit) -> list[Any]:
    timers = [part for name, at in change.timers.items() for part in (_timer_name(name), ms(at))]
    outbox = [
        part
        for entry in change.outbox
        for part in (entry.lane, entry.payload, int(entry.guarded), ms(entry.not_before))
    ]
    counted = (len(change.seen), *change.seen, len(change.timers), *timers, len(change.outbox), *outbox)
    return list(counted)


def _timer_name(name: str) -> str:
    if not name or ":" in name or "\n" in name:
        raise ContractError(f"a timer cannot be called {name!r}")
    return name


def _grant(address: Address, token: str, reply: list[bytes]) -> Grant:
    version, document, consent, attempt, begun, since = reply[1:7]
    inbox = _inbox(reply[7:], int(attempt))
    stands = cast("Consent", consent.decode())
    return Grant(
        address, token, int(version), unpack(document), stands, inbox, begun.decode(), seconds(since)
    )


def _inbox(entries: list[bytes], attempt: int) -> tuple[Inboxed, ...]:
    return tuple(inboxed(entry, attempt if place == 0 else 1) for place, entry in enumerate(entries))


def _committed(token: str, outbox: tuple[OutboxEntry, ...], reply: list[bytes]) -> Committed:
    names_text, claimed_text, at = reply[2].decode().split(";")
    names = tuple(name for name in names_text.split(",") if name)
    payloads = {name: entry.payload for name, entry in zip(names, outbox, strict=True)}
    ours = tuple(
        Claimed(name, payloads[name], 1, token, seconds(at)) for name in claimed_text.split(",") if name
    )
    return Committed(int(reply[1]), _inbox(reply[3:], 1), names, ours)


def _due(partition: int, member: str, at: float) -> Due:
    kind, _, rest = member.partition(":")
    if kind == "o":
        customer, name = rest.rsplit(":", 1)
        return Due("o", Address(partition, customer), name, at)
    if kind == "t":
        customer, name, moment = rest.rsplit(":", 2)
        return Due("t", Address(partition, customer), name, seconds(moment))
    return Due(cast("Literal['i']", kind), Address(partition, rest), "", at)
