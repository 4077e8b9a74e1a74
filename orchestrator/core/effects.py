"""What is to be done, in two kinds told apart by type.

*Reply effects* are the verbs of a `Document`: they become the answer of the open voice request.
*Outbound effects* leave later, out of the outbox that the same commit writes. `AskAssistant` is
performed under the lease, before the commit; a `Note` is a line of the timeline.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrator.core.items import Channel


# Verbs of a document -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speak `text`: no markup, no raw address. `ssml` is the same with its speech markup, for a voice that
    understands it. Empty `voice` and `language` are those of the phone's configuration.
    """

    text: str
    ssml: str = ""
    voice: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Play the sound at `url`, `loop` times; 0 is without end."""

    url: str
    loop: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Say nothing for whole `seconds`."""

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tones:
    """Play key tones: `0-9*#`, `w` half a second of silence, `W` a whole one."""

    digits: str

    @property
    def seconds(self) -> int:
        """How long it takes at most: no tone, and no silence, lasts longer than a second."""
        return len(self.digits)


Verb = Say | Play | Silence | Tones


# How a document ends -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Give the caller the floor: speech and keys, until `timeout` seconds of silence.

    After the first key the wait for the next one is `inter_digit_timeout`; 0 is `timeout`. Quiet of
    `speech_timeout` ends speech; 0 leaves it to the recogniser. An empty `language` is that of the phone's
    configuration. Without barge-in the words before are not cut short by speech, or by keys.
    """

    timeout: float
    speech: bool = True
    keys: bool = True
    num_digits: int = 0
    finish_on_key: str | None = None
    inter_digit_timeout: float = 0.0
    language: str = ""
    hints: str = ""
    speech_model: str = ""
    speech_timeout: float = 0.0
    max_speech_time: float = 0.0
    profanity_filter: bool = True
    speech_barge_in: bool = True
    key_barge_in: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Continue:
    """Fetch the next document at once: an answer is on its way. `round` counts the fetches."""

    round: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUpCall:
    """End the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Connect the caller to `to` (+E.164 or `sip:`), ringing at most `timeout` seconds.

    `caller_id` is the number that the human sees, empty for the caller's own. `whisper` is said to the
    human before they are connected; `number` is ours, to whom the carrier turns for it. `unavailable` is
    said to the caller if nobody takes the call. `refer` hands the call over to the SIP address instead of
    staying in it.
    """

    to: str
    timeout: float = 30.0
    caller_id: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    whisper: str = ""
    number: str = ""
    unavailable: str = ""
    refer: bool = False


Ending = Listen | Continue | HangUpCall | Dial


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One answer to the carrier. `number` counts the documents of a call and is carried by its addresses.

    `turn_id` names the turn it answers, `beside` that the call does not own its customer's number.
    """

    call_sid: str
    number: int
    ending: Ending
    verbs: tuple[Verb, ...] = ()
    turn_id: str = ""
    beside: bool = False


# Effects -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The open voice request is answered with `document`."""

    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAssistant:
    """Ask the assistant; `request` is the turn as the assistant sees it, `live` that a call waits.

    `memory` is what the assistant's last answer in this session left for itself.
    """

    turn_id: str
    request: dict[str, Any]
    live: bool = False
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage:
    """Send one text or media message.

    `report` asks for `TextAccepted` when the carrier took it. `expires_at` is the moment (Unix
    seconds) after which it is no use any more; 0 is never.
    `blocked` is the reason why it can only fail; it then fails as one that the carrier refuses.
    `not_before` is the moment (Unix seconds) until which it waits; 0 is not at all. `tries` counts how often
    it was reported failed and sent again, `refused` are the numbers of ours that it got nowhere from, `tried_last`
    those whose account takes no texts just now.
    """

    text_id: str
    to: str
    sender: str
    body: str
    media: tuple[str, ...] = ()
    report: bool = False
    purpose: Literal["answer", "refusal", "failure", "notice"] = "answer"
    expires_at: float = 0.0
    blocked: str = ""
    not_before: float = 0.0
    tries: int = 0
    refused: tuple[str, ...] = ()
    tried_last: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptCall:
    """Tell the carrier to fetch the call's newest document now."""

    call_sid: str
    document: int
    beside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCall:
    """Hang up a live call from outside its documents."""

    call_sid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCall:
    """Call the customer. `reference` names this placing, `expires_at` is the moment (Unix seconds)
    after which it is no use any more; 0 is never.
    """

    to: str
    sender: str
    reference: str
    expires_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpCall:
    """Ask the carrier what became of a call that we have not heard of for long. `dialing`: it was not
    answered when we last did.
    """

    call_sid: str
    dialing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TellDesk:
    """Tell the help desk what happens in a session that a human has, or gets. `message_id` is the same however
    often it is told; `at` and `expires_at` (when it is no use any more) are Unix seconds.
    """

    message_id: str
    type: str
    at: float
    data: dict[str, Any]
    expires_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverHook:
    """Deliver `data` to the log webhook as a report of `type`: `turn`, `message` or `call`. `message_id`, `at` and
    `expires_at` are as in `TellDesk`.
    """

    message_id: str
    type: str
    at: float
    data: dict[str, Any]
    expires_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One line of the timeline, behind the commit. `data` holds facts; message text stands under `pii.` keys."""

    type: str
    channel: Channel | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A text that was turned away, for the list of refusals."""

    message_sid: str
    reason: str
    number: str


Outbound = SendMessage | InterruptCall | EndCall | PlaceCall | LookUpCall | TellDesk | DeliverHook
Effect = Answer | AskAssistant | Outbound | Note | Refusal
