"""The session: one customer's conversation with one assistant, over calls and texts.

Frozen; a decision makes a new one with `dataclasses.replace`. It is stored as one document, by
`to_document` and `from_document`, together with a schema version.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrator.core import codec
from orchestrator.core.effects import Document, Verb
from orchestrator.core.events import Direction, InboundMedia
from orchestrator.core.items import AskForText, Channel, Choice, CollectDigits, Fallback, ListManner
from orchestrator.core.manner import Manner

SCHEMA = 1
"""Raised when a document of this release could be misread by the one before."""

CallState = Literal["none", "dialing", "listening", "thinking", "transferring", "ended"]
ThreadState = Literal["none", "open", "awaiting_reply", "closed"]
Consent = Literal["opted_in", "opted_out"]
Handler = Literal["assistant", "human"]
Word = Literal[
    "dialing", "transferring", "awaiting_text", "in_call_and_text", "in_call", "text_only", "ended", "idle"
]
LIVE_CALL: frozenset[CallState] = frozenset({"dialing", "listening", "thinking", "transferring"})
TALKING: frozenset[CallState] = frozenset({"listening", "thinking"})
OPEN_THREAD: frozenset[ThreadState] = frozenset({"open", "awaiting_reply"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The words of a document that nothing proves to have been heard yet.

    `as_text` is what goes by SMS should the call end first; empty for answers to speech, which are
    dropped then. `fetched` is set once the carrier took the document.
    """

    document: int
    verbs: tuple[Verb, ...]
    as_text: str = ""
    fetched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenQuestion:
    """A question that went over to the call, as its text could not be sent or did not come (`reason`).
    `mismatches` counts the answers that did not fit.
    """

    keep_as: str = ""
    pattern: str = ""
    on_mismatch: str = ""
    collect: CollectDigits | None = None
    reason: str = ""
    mismatches: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The present or last call. `documents` counts what was answered; `newest` is the last one made.

    `interrupting` is the document that we told the carrier to fetch, until it does, else 0; `proven`
    the last one that a later request proves to have run, `fetched` the last one served to a fetch.
    `manner` is how the call listens and speaks, `once` the same until the answer to the caller's next turn,
    `collect` how keys are gathered.
    `polling` is set while the carrier fetches the next document by itself. `reference` names the
    placing of a call of ours. `question` is one that is now asked by voice;
    `with_human`: the human who took the session over has the call as well.
    """

    call_sid: str
    number: str
    started_at: float
    direction: Direction = "inbound"
    documents: int = 0
    newest: Document | None = None
    unheard: tuple[Spoken, ...] = ()
    interrupting: int = 0
    proven: int = 0
    fetched: int = 0
    polling: bool = False
    silent_turns: int = 0
    manner: Manner = field(default_factory=Manner)
    once: Manner | None = None
    collect: CollectDigits | None = None
    ended_at: float | None = None
    hung_up_by_us: bool = False
    reference: str = ""
    question: SpokenQuestion | None = None
    with_human: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An open `ask_for_text`: where the reply is kept, what it must match, how it is asked by voice."""

    text_id: str
    keep_as: str = ""
    pattern: str = ""
    on_mismatch: str = ""
    reminder_say: str = ""
    fallback: Fallback | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldText:
    """A text that was taken, and waits for others to become one turn with it. `keep_as` is the context
    key of the question that it answers, `partial` what the caller was saying when it came, `facts` what
    else came with it.
    """

    body: str
    media: tuple[InboundMedia, ...] = ()
    keep_as: str = ""
    partial: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The text exchange: our number in it, who began it, the open question, those of the same answer that
    wait for its reply, and texts not yet a turn.
    """

    number: str = ""
    started_by_us: bool = False
    question: Question | None = None
    queue: tuple[AskForText, ...] = ()
    held: tuple[HeldText, ...] = ()
    texts_sent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The turn being answered. `request` is what the assistant sees, so that a repeat sees the same.

    `waiting` is set while a voice request is open for it: its answer goes out there. `forced` counts the
    turns in a row that the assistant asked for itself.
    """

    id: str
    cause: str
    channel: Channel
    reply_on: tuple[Channel, ...]
    asked_at: float
    request: dict[str, Any]
    waiting: bool = False
    forced: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A `switch_channel` to SMS under way: the call ends once the carrier took the text."""

    text_id: str
    say: str = ""
    keep_call: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingText:
    """A text of ours that waits for the end of the quiet hours, at `until` (Unix seconds)."""

    text_id: str
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One conversation. `opened_at` 0 is "no session yet"; `id` is then the one that a new session takes.

    `texts_in` are the moments (whole Unix seconds) of the customer's last texts, those turned away among
    them; `flooded` is set while they are too many. `handler` is who has the session (`states.handler_of` who
    answers now), `meanwhile` what was said while a human had it.
    """

    id: str
    assistant: str
    customer: str | None
    opened_at: float = 0.0
    last_event_at: float = 0.0
    call_state: CallState = "none"
    thread_state: ThreadState = "none"
    consent: Consent = "opted_in"
    call: Call | None = None
    thread: Thread = field(default_factory=Thread)
    context: dict[str, Any] = field(default_factory=dict)
    timers: dict[str, float] = field(default_factory=dict)
    turn: Turn | None = None
    switch: Switch | None = None
    choices: tuple[Choice, ...] = ()
    choices_by_keys: bool = False  # no speech is heard while they are on offer
    lists: tuple[ListManner, ...] = ()  # one for each channel and kind
    last_text_error: dict[str, Any] | None = None
    previous_session_id: str | None = None
    known_number: str = ""  # ours, of the last text in either direction: sessions come and go, it stays
    refusal_sent_at: float | None = None
    apology: str = ""  # the failure text that stands for expired answers, until the carrier takes it
    closed_by_assistant: bool = False
    beside: bool = False
    waiting: tuple[WaitingText, ...] = ()
    texts_in: tuple[int, ...] = ()
    flooded: bool = False
    handler: Handler = "assistant"
    meanwhile: tuple[dict[str, Any], ...] = ()
    session_timeout: float | None = None  # None: messaging.session_timeout
    memory: dict[str, Any] = field(
        default_factory=dict
    )  # what the assistant's kind keeps; nobody else reads it

    @property
    def live_call(self) -> bool:
        """Whether a call of this session is up, or ringing, or being transferred."""
        return self.call_state in LIVE_CALL


def to_document(session: Session) -> str:
    """The session as it is stored."""
    return json.dumps({"schema": SCHEMA, "session": codec.dump(session)}, separators=(",", ":"))


def from_document(document: str) -> Session:
    """The stored session; unknown fields of a later release are dropped."""
    session: Session = codec.load(Session, json.loads(document)["session"])
    return session
