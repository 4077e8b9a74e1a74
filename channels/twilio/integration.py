"""What the Twilio channel knows of each integration, and how one is found by our number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["phone", "messaging"]

FAILURE_MESSAGE = "Sorry, something went wrong on our side. Please call again."


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStyle:
    """How an integration's calls sound, and where the carrier reaches us. With `partial_results` it tells
    what a caller is just saying.

    `public_url` is what the carrier calls, with or without a path of its own. Empty `language` and
    `voice` leave the carrier's defaults. `failure_message` is spoken where no document can be had;
    then the call goes to `failure_transfer_to` (+E.164 or `sip:`), or ends. With `engine` relay a socket
    named after the `assistant` carries the call; what follows the name, to `profanity_filter`, is for it
    alone (`voice_budget` and `speech_timeout` in seconds).
    """

    public_url: str
    language: str = ""
    voice: str = ""
    engine: Literal["gather", "relay"] = "gather"
    partial_results: bool = False
    assistant: str = ""
    welcome_message: str = ""
    hold_audio: str = ""
    filler_message: str = ""
    voice_budget: float = 4.0
    hints: str = ""
    speech_model: str = ""
    speech_timeout: float = 0.0
    profanity_filter: bool = True
    failure_message: str = FAILURE_MESSAGE
    failure_transfer_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """One assistant's phone or messaging connection to one account.

    The first of `auth_tokens` authenticates us; each of them may have signed a webhook, so that a
    token can be rotated. With a `messaging_service_sid` the service chooses the sender.
    `validity_period` (seconds, 1 to 36000) is how long the carrier may keep a message waiting; 0
    leaves its own limit of ten hours. `machine_detection` is asked for with each call of ours
    (`Enable`, `DetectMessageEnd`), empty for none. A `standby` sends what the assistant's first account
    for texts refuses for its own sake.
    """

    assistant: str
    kind: Kind
    numbers: tuple[str, ...]
    account_sid: str
    auth_tokens: tuple[str, ...] = field(repr=False)
    style: CallStyle
    base_url: str = "https://api.twilio.com"
    messaging_service_sid: str = ""
    validity_period: int = 0
    machine_detection: str = ""
    standby: bool = False

    @property
    def section(self) -> str:
        """Where its keys stand in the assistant's configuration."""
        return f"{self.kind}.failover" if self.standby else self.kind


class Directory:
    """The integrations, found by kind and our number, or by kind and assistant."""

    def __init__(self, integrations: Iterable[Integration]) -> None:
        self._by_number: dict[tuple[Kind, str], Integration] = {}
        self._by_assistant: dict[tuple[Kind, str], list[Integration]] = {}
        for entry in integrations:
            self._by_assistant.setdefault((entry.kind, entry.assistant), []).append(entry)
            self._by_number.update({(entry.kind, number): entry for number in entry.numbers})

    def by_number(self, kind: Kind, number: str) -> Integration | None:
        """The integration that owns this number."""
        return self._by_number.get((kind, number))

    def by_assistant(self, kind: Kind, assistant: str) -> Integration | None:
        """The first integration of an assistant."""
        return next(iter(self.all_of(kind, assistant)), None)

    def all_of(self, kind: Kind, assistant: str) -> Sequence[Integration]:
        """Every integration of an assistant: two where texts have a second account."""
        return self._by_assistant.get((kind, assistant), ())
