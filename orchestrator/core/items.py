"""Response items: what an assistant's answer is made of, once it has been read.

`assistants/items.py` reads them from JSON (types and fields as in Watson's response types, plus
ours); `steps.py` carries them out. `channels` names the channels an item is meant for, empty for
"where the turn is answered". Durations are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from orchestrator.core.manner import Manner, Part, Strategy

Channel = Literal["voice", "sms"]
MediaKind = Literal["image", "audio", "video"]
ListKind = Literal["option", "suggestion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words: spoken on voice, part of the one message on SMS. May hold HTML or SSML."""

    text: str
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Silence on voice, rounded up to a second; nothing on SMS."""

    seconds: float
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of an `Options` list: what is shown, what it says when chosen, and a `word` of its own that
    chooses it, if it has one.
    """

    label: str
    value: str
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`option` or `suggestion`: a title and numbered choices. In `prefix`, said or written before each
    choice, `%s` is its number; empty: the session's, else the channel's own.
    """

    title: str
    choices: tuple[Choice, ...]
    description: str = ""
    kind: ListKind = "option"
    prefix: str = ""
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """`image`, `audio` or `video`: a message of its own on SMS; audio is played on voice."""

    kind: MediaKind
    source: str
    title: str = ""
    description: str = ""
    alt_text: str = ""
    loop: bool = False
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """`search`: an introduction and the first result's body are said or written."""

    header: str
    body: str = ""
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SendText:
    """Send a text now; `to` is the customer unless named, `sender` one of our numbers. An `urgent` one
    keeps no quiet hours.
    """

    text: str = ""
    media: tuple[str, ...] = ()
    to: str = ""
    sender: str = ""
    urgent: bool = False
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """How a caller is asked by voice where a text cannot be sent, or does not come: `say`, and how keys are
    gathered, None for what the call has.
    """

    say: str
    collect: CollectDigits | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForText:
    """Ask the customer for a text: `say` is spoken first, `text` is sent, the reply is kept as `keep_as`."""

    text: str = ""
    say: str = ""
    keep_as: str = ""
    timeout: float | None = None  # None: messaging.text_reply_timeout
    reminder_after: float | None = None
    reminder_say: str = ""
    pattern: str = ""
    on_mismatch: str = ""
    fallback: Fallback | None = None
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchChannel:
    """Go on by text (`to: sms`: text, then say, then the call ends unless kept) or by phone."""

    to: Channel
    text: str = ""
    say: str = ""
    keep_call: bool = False
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Hand the call to a human at a number or `sip:` address. An `agent` may be one at the help desk, where
    there is no call, or no `to`.
    """

    to: str
    say: str = ""
    timeout: float = 30.0
    headers: dict[str, str] = field(default_factory=dict)
    whisper: str = ""
    unavailable: str = ""
    agent: bool = False
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """End the call; the session goes on by text if the policy allows."""

    say: str = ""
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSession:
    """Close the call and the thread."""

    say: str = ""
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectDigits:
    """`dtmf` `collect`: how the next keys are gathered. 0 and "" mean: not said. With `stop_after` no keys are
    heard after them, until that is started again.
    """

    count: int = 0
    minimum: int = 0
    maximum: int = 0
    termination_key: str | None = None
    inter_digit_timeout: float = 0.0
    ignore_speech: bool = False
    stop_after: bool = False
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SendDigits:
    """`dtmf` `send`: key tones played into the call; `w` is half a second of silence, `W` a whole one."""

    digits: str
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Configure:
    """Changes how the call listens and speaks. A `*_once` strategy holds until the answer after the next
    turn of the caller; the others until the call ends.
    """

    changes: Manner
    part: Part = "turns"
    strategy: Strategy = "merge"
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListManner:
    """How lists of a kind are given, for the rest of the session: `prefix` as in `Options`, `words` that
    choose the first, the second and so on, and in a call with `keys_only` no other speech is heard.
    """

    kind: ListKind
    prefix: str = ""
    words: tuple[str, ...] = ()
    keys_only: bool = False
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTimeout:
    """How long this session's thread may be silent from now on, instead of `messaging.session_timeout`."""

    seconds: float
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceTurn:
    """Ask the assistant again at once, without waiting for the customer (the turn `resume`)."""

    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """A type or a malformed item that was skipped; `why` is for the timeline, and `part`, what could not be read."""

    response_type: str
    why: str
    part: str = ""
    channels: tuple[Channel, ...] = ()


Item = (
    Text
    | Pause
    | Options
    | Media
    | Search
    | SendText
    | AskForText
    | SwitchChannel
    | Transfer
    | HangUp
    | EndSession
    | CollectDigits
    | SendDigits
    | Configure
    | ListManner
    | SessionTimeout
    | ForceTurn
    | Unsupported
)
