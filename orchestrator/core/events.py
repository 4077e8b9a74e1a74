"""What happened: frozen facts in the past tense, the only input of a decision.

Every event has an `id` (the carrier's own where it has one: the same fact delivered twice has the
same id) and `at`, Unix seconds, when it was taken. Don't subclass any but `Fact`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrator.core.items import Item

Direction = Literal["inbound", "outbound"]
CallEndReason = Literal["ended", "hung_up_by_us", "transferred", "failed", "lost"]
CallFailReason = Literal["busy", "no_answer", "failed", "machine"]
TransferFailReason = Literal["", "busy", "no_answer", "failed", "canceled"]
RETRY_TEXT = "retry_text"
RETRY_HOOK = "retry_hook"
OptOutType = Literal["", "STOP", "START", "HELP"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMedia:
    """A picture or sound that came with a text: where it lies at the carrier, and what it is."""

    url: str
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every event has; see above."""

    id: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted(Fact):
    """The customer's call reached us, or a call of ours was answered; by `machine`, not by a human.
    `reference` names the placing that a call of ours comes from, where the carrier says it.
    """

    call_sid: str
    number: str
    direction: Direction = "inbound"
    machine: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechHeard(Fact):
    """The caller said something to document `document` of the call. Confidence is 0 to 1, or None.

    `cut` is what the caller had heard of our words when cutting them short; None where nothing was cut.
    """

    call_sid: str
    document: int
    utterance: str
    confidence: float | None = None
    cut: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitsPressed(Fact):
    """The caller pressed keys at document `document`. `cut` is as in `SpeechHeard`."""

    call_sid: str
    document: int
    digits: str
    cut: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceHeard(Fact):
    """Document `document` ran out and the caller neither spoke nor pressed."""

    call_sid: str
    document: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRequested(Fact):
    """The carrier fetches the call's next document: after a redirect, or after we interrupted the call.

    `document` is the number its address carries; the newest one is served.
    """

    call_sid: str
    document: int
    round: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSpoken(Fact):
    """The call's socket has handed every word up to document `document` to the carrier."""

    call_sid: str
    document: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferEnded(Fact):
    """The dialling that document `document` asked for is over. `reason` is empty if somebody answered."""

    call_sid: str
    document: int
    reason: TransferFailReason = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(Fact):
    """The call is over, by whichever path we learned it."""

    call_sid: str
    reason: CallEndReason = "ended"
    duration: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFailed(Fact):
    """A call of ours reached nobody."""

    call_sid: str
    reason: CallFailReason
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlaced(Fact):
    """The carrier took a call of ours and is ringing the customer."""

    call_sid: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived(Fact):
    """A text or picture message came in. `number` is the one of ours that it was sent to, `partial` what
    the caller was just saying in the call, as far as it was recognised. `late`: its webhook never came, the
    carrier's list told of it. `facts` are what else it brought: `location`, `button`.
    """

    message_sid: str
    number: str
    body: str
    media: tuple[InboundMedia, ...] = ()
    opt_out_type: OptOutType = ""
    late: bool = False
    partial: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAccepted(Fact):
    """The carrier took a text of ours that something waits for, or that left from another `number` of ours
    than was meant, or that had been `given_up` without knowing.
    """

    text_id: str
    message_sid: str
    number: str = ""
    given_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFailed(Fact):
    """A text of ours was refused, or reported failed later. `code` is the carrier's error code.

    `to` names the recipient where it is not the customer. `withheld`: we did not try to send it, so that the code
    says nothing new of the customer.
    """

    text_id: str
    code: int
    reason: str
    to: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantReplied(Fact):
    """The assistant answered turn `turn_id`: items to carry out, context to merge (None deletes).

    `memory` is what it keeps for itself until its next turn of this session; None: what it had. `usage` is what
    the answer cost, where that is counted: tokens, by kind.
    """

    turn_id: str
    items: tuple[Item, ...] = ()
    context: dict[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] | None = None
    usage: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantFailed(Fact):
    """The assistant gave no answer to turn `turn_id` after all tries. `reason` is a word, `detail` says more;
    neither holds content. `part` is the beginning of an answer that could not be used.
    """

    turn_id: str
    reason: str
    detail: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSpent(Fact):
    """The open voice request cannot wait longer for turn `turn_id`: the caller hears a filler, unless
    the request waited behind others and was `told` so already.
    """

    turn_id: str
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(Fact):
    """The timer `name` of the session came due at `due_at`."""

    name: str
    due_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequested(Fact):
    """The assistant, out of turn, or an operator asks for something through the API.

    `RETRY_TEXT` is the action of an operator who sends a failed text again, `RETRY_HOOK` of one who delivers a
    report again (it stands in `context`), in whatever state.
    """

    action: str
    item: Item | None = None
    context: dict[str, Any] = field(default_factory=dict)
    actor: str = "api"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRequested(Fact):
    """A text session is opened by us: with `text`, or with the assistant speaking first. An `urgent` text
    keeps no quiet hours.
    """

    text: str = ""
    media: tuple[str, ...] = ()
    context: dict[str, Any] = field(default_factory=dict)
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequested(Fact):
    """We call the customer: in the open session, or in a new one."""

    context: dict[str, Any] = field(default_factory=dict)


# Read as families, one a line.
# fmt: off
Event = (
    CallStarted | SpeechHeard | DigitsPressed | SilenceHeard | DocumentRequested | DocumentSpoken | TransferEnded
    | CallEnded | CallFailed | CallPlaced
    | TextReceived | TextAccepted | TextFailed
    | AssistantReplied | AssistantFailed | BudgetSpent
    | TimerFired | ActionRequested | SessionRequested | CallRequested
)
# fmt: on
VoiceRequest = CallStarted | SpeechHeard | DigitsPressed | SilenceHeard | DocumentRequested | TransferEnded
