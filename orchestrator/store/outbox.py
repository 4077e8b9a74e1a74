"""The outbox of a customer: who may send what, how it ended, and what the carrier reports later."""

from __future__ import annotations

from orchestrator.ports.entries import Claimed, Delivery, Settlement, Uncertain, Unclaimed
from orchestrator.ports.records import Address, Inboxed
from orchestrator.store.base import Base
from orchestrator.store.keys import DEAD_BOUND
from orchestrator.store.packing import field, ms, seconds

# The order of Twilio's message statuses (Messages API, "status"): later ones never go back.
RANKS = {
    "accepted": 1,
    "scheduled": 1,
    "queued": 2,
    "sending": 3,
    "sent": 4,
    "delivered": 5,
    "undelivered": 5,
    "failed": 5,
    "canceled": 5,
    "read": 6,
}


NOTHING = Inboxed("", "")


class Outbox(Base):
    """Claim, settle and delivery of `orchestrator.ports.Store`."""

    async def claim(self, address: Address, entry: str, token: str) -> Claimed | Uncertain | Unclaimed:
        """Make an outbox entry ours; consent is looked at in the same step."""
        reply = await self._run("claim", address, entry, token)
        word = reply[0]
        if word == b"WAIT":
            return Unclaimed("wait")
        if word == b"GONE":
            return Unclaimed("gone")
        payload = reply[1].decode()
        if word == b"OPTED_OUT":
            return Unclaimed("opted_out", payload)
        attempt, since, searches = int(reply[2]), seconds(reply[3]), int(reply[4])
        if word == b"CLAIMED":
            return Claimed(entry, payload, attempt, token, since)
        return Uncertain(entry, payload, attempt, token, since, searches, lost=reply[5] == b"lost")

    async def settle(self, address: Address, entry: str, token: str, end: Settlement) -> bool:
        """Record how an attempt ended; False if the claim was not ours any more."""
        event, dead = end.event or NOTHING, end.dead or NOTHING
        carrier, reason = field(end.carrier_id), field(end.reason)
        args = (end.outcome, carrier, ms(end.at), end.code, reason, event.event_id, event.payload)
        letter = (dead.event_id, dead.payload, DEAD_BOUND)
        return bool(await self._run("settle", address, entry, token, *args, *letter, end.payload))

    async def delivery(self, address: Address, entry: str, told: Delivery) -> bool:
        """A status callback: proof of acceptance. True if the status moved forward, which is when
        its event goes into the inbox. A status that is not known proves acceptance and moves nothing.
        """
        event, dead, found = told.event or NOTHING, told.dead or NOTHING, told.found or NOTHING
        args: tuple[str | int, ...]
        args = (field(told.carrier_id), told.status, RANKS.get(told.status, 0), told.code)
        letter = (dead.event_id, dead.payload, field(told.reason), DEAD_BOUND)
        args = (*args, event.event_id, event.payload, *letter, told.again, ms(told.at))
        args = (*args, found.event_id, found.payload, told.untold)
        return bool(await self._run("delivery", address, entry, *args))

    async def carrier_ids(self, address: Address) -> frozenset[str]:
        """The carrier's ids that entries of this customer are known under, those of calls beside among them,
        for a day (the newest 256).
        """
        made = await self.link.call("ZRANGE", self.keys.made(address), 0, -1)
        return frozenset(carrier_id.decode() for carrier_id in made)

    async def outbox_entry(self, address: Address, entry: str) -> str | None:
        """The payload of an entry, settled or not, while it is kept (64 of a lane, a day)."""
        payload = await self.link.call("HGET", self.keys.customer(address)[3], entry)
        return None if payload is None else str(payload.decode())
