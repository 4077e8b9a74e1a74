"""What the house asks of the world: Protocols with few methods, and the records they exchange."""

from orchestrator.ports.commits import Commit, Committed, Fenced, LegAnswer
from orchestrator.ports.entries import Claimed, Delivery, OutboxEntry, Settlement, Uncertain, Unclaimed
from orchestrator.ports.handle import Acted, Called, Desk, Forbidden, Handle, Opened
from orchestrator.ports.observer import Observer, Unobserved
from orchestrator.ports.operators import Backlog, ConsentRecord, DeadLetter, Operators
from orchestrator.ports.reader import Reader
from orchestrator.ports.records import (
    Accepted,
    Address,
    Answered,
    Begun,
    Behind,
    Busy,
    Due,
    Duplicate,
    Empty,
    Full,
    Grant,
    Inboxed,
    Logged,
    Queued,
)
from orchestrator.ports.store import Store
from orchestrator.ports.visits import Visits
from orchestrator.ports.world import (
    Assistant,
    CallStanding,
    Carrier,
    Clock,
    FoundCall,
    FoundMessage,
    HelpDesk,
    LogHook,
    Standby,
)

__all__ = [
    "Accepted",
    "Acted",
    "Address",
    "Answered",
    "Assistant",
    "Backlog",
    "Begun",
    "Behind",
    "Busy",
    "CallStanding",
    "Called",
    "Carrier",
    "Claimed",
    "Clock",
    "Commit",
    "Committed",
    "ConsentRecord",
    "DeadLetter",
    "Delivery",
    "Desk",
    "Due",
    "Duplicate",
    "Empty",
    "Fenced",
    "Forbidden",
    "FoundCall",
    "FoundMessage",
    "Full",
    "Grant",
    "Handle",
    "HelpDesk",
    "Inboxed",
    "LegAnswer",
    "LogHook",
    "Logged",
    "Observer",
    "Opened",
    "Operators",
    "OutboxEntry",
    "Queued",
    "Reader",
    "Settlement",
    "Standby",
    "Store",
    "Uncertain",
    "Unclaimed",
    "Unobserved",
    "Visits",
]
