"""The world of a run: an assistant that answers by rule, and a carrier that remembers what it took.

Both are the far side of a port; what goes wrong on the way to them is the gate's matter, what goes
wrong with them is steered here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError, CarrierError
from orchestrator.core.events import AssistantReplied
from orchestrator.core.items import AskForText, EndSession, Item, SendText, SwitchChannel, Text
from orchestrator.ports import CallStanding, FoundCall, FoundMessage
from tests.reliability import virtual
from tests.reliability.ledger import Ledger, input_of

Status = Callable[[str, str, str, str], Awaitable[None]]
"""A status callback to be delivered: customer key, entry, message sid, status."""


@dataclass(frozen=True)
class Asked:
    """One question that reached the assistant."""

    turn_id: str
    cause: str
    call_sid: str


def answer(request: dict[str, Any]) -> tuple[Item, ...]:
    """The rule: words are answered with themselves; some mean something."""
    words = request["input"]["text"]
    if request["event"] == "call_started":
        return (Text(text="hello"),)
    if not words:
        return (Text(text=f"so {request['event']}"),) if request["event"] == "text_reply_timeout" else ()
    return RULES.get(words.split()[0], said_again)(words)


def said_again(words: str) -> tuple[Item, ...]:
    """The plain answer."""
    return (Text(text=f"re {words}"),)


RULES: dict[str, Callable[[str], tuple[Item, ...]]] = {
    "ask": lambda said: (AskForText(text=f"please {said}", say="I ask", timeout=60.0),),
    "switch": lambda said: (SwitchChannel(to="sms", text=f"go on {said}"),),
    "three": lambda said: tuple(SendText(text=f"re {said} {n}") for n in range(3)),
    "close": lambda said: (Text(text=f"re {said}"), EndSession()),
}
"""By the first word."""


class Bot:
    """Answers by the rule. `slow` words take that long, `broken` words raise, `fatal` words end the process
    that asks, by `kill`.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.slow: dict[str, float] = {}
        self.broken: dict[str, Exception] = {}
        self.fatal: set[str] = set()
        self.kill: Callable[[], None] = lambda: None

    async def ask(self, ask: AskAssistant, heard: object = None) -> AssistantReplied:
        """Answer one turn."""
        request = ask.request
        call_sid = request["channels"]["voice"]["call_sid"] if request["event"] else None
        self.asked.append(Asked(ask.turn_id, input_of(request), call_sid or ""))
        kind = (request["input"]["text"].split() or [request["event"] or ""])[0]
        if kind in self.slow:
            await asyncio.sleep(self.slow[kind])
        if kind in self.fatal:
            self.kill()
        if kind in self.broken:
            raise self.broken[kind]
        return AssistantReplied(
            id=f"reply:{ask.turn_id}", at=virtual.now(), turn_id=ask.turn_id, items=answer(request)
        )

    async def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True)
class Taken:
    """A text that the carrier took: `late` if the entry's end was on record by then."""

    sid: str
    to: str
    body: str
    customer: str
    entry: str
    at: float
    order: int
    late: bool


@dataclass
class Exchange:
    """The carrier's own state, shared by all processes. `script` says how the next attempts end.

    Words of the script: `ok`, `429`, `500` (not taken), `500 taken` (taken, the answer is lost),
    `30006` (refused with that code).
    """

    ledger: Ledger
    script: list[str] = field(default_factory=list)
    texts: list[Taken] = field(default_factory=list)
    statuses: tuple[str, ...] = ()
    status_first: bool = False
    ring: dict[str, Callable[[int], None]] = field(default_factory=dict)
    tell: Status | None = None
    errands: set[asyncio.Task[None]] = field(default_factory=set)

    async def send_message(
        self, *, to: str, sender: str, body: str, media: Sequence[str], callback: Mapping[str, str]
    ) -> str:
        """Take a text, or not, as the script says."""
        word = self.script.pop(0) if self.script else "ok"
        await asyncio.sleep(0.05)
        if word == "429":
            raise CarrierError("too many", outcome="not_sent", code=20429, status=429)
        if word == "500":
            raise CarrierError("trouble", outcome="unknown", status=500)
        if word.isdigit():
            raise CarrierError("no", outcome="refused", code=int(word), status=400)
        sid = f"SM{len(self.texts):04d}"
        customer, entry = callback["customer"], callback["entry"]
        late = (customer, entry) in self.ledger.recorded
        self.texts.append(Taken(sid, to, body, customer, entry, virtual.now(), self.ledger.step(), late))
        for status in self.statuses:
            await self._report(customer, entry, sid, status)
        if word == "500 taken":
            raise CarrierError("trouble", outcome="unknown", status=500)
        return sid

    def reason(self, code: int) -> str:
        """Two words are enough."""
        return "opted_out" if code == 21610 else "carrier_error"

    def blames_sender(self, code: int) -> bool:
        """No number of ours is refused."""
        return False

    def blames_account(self, code: int, status: int = 0) -> bool:
        """The account is never shut."""
        return False

    def shuts_account(self, code: int, status: int = 0) -> bool:
        """Never."""
        return False

    def may_pass_later(self, code: int) -> bool:
        """No queue is full."""
        return False

    async def find_messages(self, *, to: str, sender: str, since: float) -> Sequence[FoundMessage]:
        """What was taken, newest first."""
        return [
            FoundMessage(text.sid, text.body, text.at)
            for text in reversed(self.texts)
            if text.to == to and text.at >= since
        ]

    async def interrupt_call(self, call_sid: str, document: int, *, beside: bool = False) -> None:
        """The phone fetches its newest document; a call that is over is not in progress."""
        await asyncio.sleep(0.05)
        if call_sid not in self.ring:
            raise CarrierError("not in progress", outcome="refused", code=21220, status=400)
        self.ring[call_sid](document)

    async def end_call(self, call_sid: str) -> None:
        """Hang up."""
        self.ring.pop(call_sid, None)

    async def place_call(self, *, to: str, sender: str, reference: str) -> str:
        """Calls out are no part of these runs."""
        raise CarrierError("no", outcome="refused", code=21211, status=400)

    async def find_calls(self, *, to: str, sender: str, since: float) -> Sequence[FoundCall]:
        """None."""
        return []

    async def call_status(self, call_sid: str) -> CallStanding:
        """A call that rang and was not hung up is up."""
        return "live" if call_sid in self.ring else "ended"

    async def _report(self, customer: str, entry: str, sid: str, status: str) -> None:
        assert self.tell is not None
        told = asyncio.ensure_future(self.tell(customer, entry, sid, status))
        self.errands.add(told)
        told.add_done_callback(self.errands.discard)
        if self.status_first:
            await asyncio.wait({told}, timeout=5.0)


def carrier_trouble() -> Exception:
    """What a lost answer of the carrier is to its caller."""
    return CarrierError("no answer", outcome="unknown")


def assistant_trouble() -> Exception:
    """What a lost answer of the assistant is to its caller."""
    return AssistantError("timeout")
