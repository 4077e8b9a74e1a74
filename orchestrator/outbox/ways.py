"""The ways to the carriers of an assistant, and telling a carrier what an entry asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from orchestrator.core.effects import (
    DeliverHook,
    EndCall,
    InterruptCall,
    LookUpCall,
    PlaceCall,
    SendMessage,
    TellDesk,
)
from orchestrator.core.errors import CarrierError
from orchestrator.outbox.entries import Entry
from orchestrator.ports import Address, Carrier, HelpDesk, LogHook, Standby

End = TypeVar("End", Carrier, HelpDesk, LogHook)


class Ways(Protocol):
    """What the outbox needs of an assistant's line."""

    @property
    def texts(self) -> Carrier | None:
        """Where texts go."""
        ...

    @property
    def calls(self) -> Carrier | None:
        """Where calls are."""
        ...

    @property
    def desk(self) -> HelpDesk | None:
        """Where humans answer."""
        ...

    @property
    def reports(self) -> LogHook | None:
        """Where reports go."""
        ...

    @property
    def delivery(self) -> str:
        """`at_least_once` or `at_most_once`, for outcomes that no search settles."""
        ...

    @property
    def reconcile_after(self) -> float:
        """Seconds between two searches that must both find nothing."""
        ...

    @property
    def senders(self) -> Sequence[str]:
        """The numbers of ours that texts may come from; none where the carrier chooses."""
        ...

    @property
    def numbers(self) -> Sequence[str]:
        """All numbers of the account that texts go to first."""
        ...

    @property
    def standby(self) -> Standby | None:
        """The account that sends texts which the first one refuses for its own sake."""
        ...

    @property
    def segments_per_second(self) -> float:
        """How many segments a second the carrier sends from each of our numbers; 0: no limit."""
        ...

    @property
    def queue_ahead(self) -> float:
        """Seconds that a number's queue at the carrier may be long."""
        ...

    @property
    def calls_per_second(self) -> float:
        """How many calls a second each of our numbers may place."""
        ...


async def tell_carrier(ways: Ways, address: Address, name: str, entry: Entry) -> str:
    """Make the request of entry `name`; the carrier's id of what it made, or how the call stands that was
    looked up. Raises `CarrierError`.
    """
    effect = entry.effect
    if isinstance(effect, SendMessage):
        callback = {"assistant": entry.assistant, "customer": address.customer, "entry": name}
        return await there(texts_by(ways, effect.sender)).send_message(
            to=effect.to, sender=effect.sender, body=effect.body, media=effect.media, callback=callback
        )
    if isinstance(effect, TellDesk):
        await there(ways.desk).tell(effect)
        return ""
    if isinstance(effect, DeliverHook):
        await there(ways.reports).deliver(effect)
        return ""
    calls = there(ways.calls)
    if isinstance(effect, InterruptCall):
        await calls.interrupt_call(effect.call_sid, effect.document, beside=effect.beside)
    elif isinstance(effect, EndCall):
        await calls.end_call(effect.call_sid)
    elif isinstance(effect, PlaceCall):
        return await calls.place_call(to=effect.to, sender=effect.sender, reference=effect.reference)
    elif isinstance(effect, LookUpCall):
        return await calls.call_status(effect.call_sid)
    return ""


def texts_by(ways: Ways, sender: str) -> Carrier | None:
    """The account that one of our numbers belongs to: a number that no second account has is the first one's."""
    standby = ways.standby
    return standby.carrier if standby is not None and sender in standby.numbers else ways.texts


def there(carrier: End | None) -> End:
    """The carrier, the help desk or the log webhook; an integration that was removed meanwhile refuses all."""
    if carrier is None:
        raise CarrierError("this assistant has no such integration", outcome="refused")
    return carrier
