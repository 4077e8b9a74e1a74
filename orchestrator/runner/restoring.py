"""From a grant to the session that a shift works on."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.core.errors import ContractError
from orchestrator.core.events import Event
from orchestrator.core.ids import session_id, with_partition
from orchestrator.core.session import Session, from_document
from orchestrator.ports import Grant
from orchestrator.runner.wire import Letter, owner, waiting


def restore(grant: Grant, first: Letter | None) -> Session:
    """The customer's session with the consent of the present, or an empty one with the id it would take."""
    if grant.document is not None:
        return replace(from_document(grant.document), consent=grant.consent)
    if grant.inbox:
        assistant, customer = owner(grant.inbox[0])
        events = waiting(grant.inbox[:1])
    elif first is not None:
        assistant, customer, events = first.assistant, first.customer, [first.event]
    else:
        raise ContractError("a lease without a session, an inbox or an event")
    at, event_id = (dated(events[0], grant).at, events[0].id) if events else (0.0, "")
    return Session(
        id=with_partition(session_id(at, assistant, customer, event_id), grant.address.partition),
        assistant=assistant,
        customer=customer,
        consent=grant.consent,
        beside=grant.address != grant.address.main,
    )


def dated(event: Event, grant: Grant) -> Event:
    """A voice request with the time at which it was first begun: its turn keeps its id after a crash."""
    return replace(event, at=grant.begun_at) if event.id == grant.begun else event
