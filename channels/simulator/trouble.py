"""Troubles that a test asks for: each one is taken once, in the order asked, by what it fits; a filter, and a
full queue, last until they are ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

RestTrouble = Literal["status", "drop", "lose", "delay"]
T = TypeVar("T")
WebhookKind = Literal["", "voice", "sms", "voice-status", "voice-partial", "sms-status"]


@dataclass(frozen=True, slots=True)
class OnRequest:
    """What befalls an API request: `status` answers it unprocessed, `drop` does it and breaks the
    connection, `lose` breaks it without doing it, `delay` does it after `seconds`.
    """

    what: RestTrouble
    status: int = 0
    seconds: float = 0.0
    path: str = ""


@dataclass(frozen=True, slots=True)
class OnWebhook:
    """What befalls a webhook: `repeat` sends it again, `delay` sends it late, `lose` never sends it."""

    what: Literal["repeat", "delay", "lose"]
    kind: WebhookKind = ""
    times: int = 1
    seconds: float = 0.0
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Fate:
    """How an accepted message ends: `undelivered` or `failed`, with the code that is reported."""

    status: str
    code: int


class Trouble:
    """The troubles ahead. `path` picks requests by a part of their path, `kind` webhooks by theirs."""

    def __init__(self) -> None:
        self._requests: list[OnRequest] = []
        self._webhooks: list[OnWebhook] = []
        self._refusals: list[int] = []
        self._fates: list[Fate] = []
        self._unplayable: list[int] = []
        self._filtered: list[str] = []
        self._full: set[str] = set()
        self._slow: list[float] = []
        self.reversed_statuses = 0
        self.doubled_statuses = 0
        self.early_statuses = 0

    # Messages -----------------------------------------------------------------------------------
    def refuse_next_message(self, code: int) -> None:
        """The next message is refused at once with this code."""
        self._refusals.append(code)

    def fail_next_message(self, code: int, status: str = "undelivered") -> None:
        """The next message is accepted, then reported `undelivered` or `failed` with this code."""
        self._fates.append(Fate(status, code))

    def spare_messages(self) -> None:
        """The next messages fare well after all."""
        self._refusals.clear()
        self._fates.clear()
        self._slow.clear()

    @property
    def ahead_of_messages(self) -> int:
        """The code that the next message is refused or fails with; 0 for none."""
        return next(iter([*self._refusals, *(fate.code for fate in self._fates)]), 0)

    @property
    def delay_of_messages(self) -> float:
        """Seconds between the statuses of the next message; 0 for none."""
        return next(iter(self._slow), 0.0)

    def filter_messages(self, word: str) -> None:
        """From now on messages that hold the word, in any case, are accepted and reported undelivered with
        30007; an empty word ends it.
        """
        self._filtered = [*self._filtered, word.casefold()] if word else []

    def fill_queue(self, number: str, *, full: bool = True) -> None:
        """The queue of one of our numbers overflows, until it is told to be `full` no more: the number's
        messages are refused with 21611 (429), those of a Messaging Service accepted and failed with 30001.
        """
        (self._full.add if full else self._full.discard)(number)

    def delay_statuses(self, seconds: float, messages: int = 1) -> None:
        """Each status of the next messages comes that many seconds of the clock after the one before."""
        self._slow += [seconds] * messages

    def shuffle_statuses(self, messages: int = 1) -> None:
        """The status callbacks of the next messages arrive last first."""
        self.reversed_statuses += messages

    def duplicate_statuses(self, messages: int = 1) -> None:
        """Each status callback of the next messages is sent twice."""
        self.doubled_statuses += messages

    def status_before_answer(self, messages: int = 1) -> None:
        """The status callbacks of the next messages come before the API has answered."""
        self.early_statuses += messages

    # Documents ----------------------------------------------------------------------------------
    def fail_next_document(self, code: int) -> None:
        """The next document of a call cannot be played, for this reason (13xxx)."""
        self._unplayable.append(code)

    # API requests -------------------------------------------------------------------------------
    def answer_next_request(self, status: int, path: str = "") -> None:
        """The next API request is answered with this status (429, 500, 503) and not processed."""
        self._requests.append(OnRequest("status", status=status, path=path))

    def drop_next_request(self, path: str = "", *, done: bool = True) -> None:
        """The connection of the next API request breaks, after it was done (or, not `done`, before)."""
        self._requests.append(OnRequest("drop" if done else "lose", path=path))

    def delay_next_request(self, seconds: float, path: str = "") -> None:
        """The next API request is done after that many seconds of the clock."""
        self._requests.append(OnRequest("delay", seconds=seconds, path=path))

    # Webhooks -----------------------------------------------------------------------------------
    def repeat_next_webhook(self, kind: WebhookKind = "", *, times: int = 1, at_once: bool = False) -> None:
        """The next webhook is sent again, after its answer or, `at_once`, beside the first."""
        self._webhooks.append(OnWebhook("repeat", kind, times=times, at_once=at_once))

    def delay_next_webhook(self, seconds: float, kind: WebhookKind = "") -> None:
        """The next webhook leaves that many seconds of the clock late."""
        self._webhooks.append(OnWebhook("delay", kind, seconds=seconds))

    def lose_next_webhook(self, kind: WebhookKind = "") -> None:
        """The next webhook never arrives; one that wants an answer counts as not retrieved."""
        self._webhooks.append(OnWebhook("lose", kind))

    # Taken by the simulator ---------------------------------------------------------------------
    def take_refusal(self) -> int:
        """The code that the message at hand is refused with, or 0."""
        return self._refusals.pop(0) if self._refusals else 0

    def take_fate(self) -> Fate | None:
        """How the message at hand ends, if not well."""
        return self._fates.pop(0) if self._fates else None

    def take_document_error(self) -> int:
        """The code that the document at hand cannot be played for, or 0."""
        return self._unplayable.pop(0) if self._unplayable else 0

    def take_delay(self) -> float:
        """Seconds between the statuses of the message at hand."""
        return self._slow.pop(0) if self._slow else 0.0

    def is_filtered(self, body: str) -> bool:
        """Whether carriers take the message for spam."""
        return any(word in body.casefold() for word in self._filtered)

    def is_full(self, number: str) -> bool:
        """Whether nothing more goes into the number's queue."""
        return number in self._full

    def take_request(self, path: str) -> OnRequest | None:
        """The trouble of an API request, if one fits."""
        return _take(self._requests, lambda trouble: trouble.path in path)

    def take_webhook(self, kind: str) -> OnWebhook | None:
        """The trouble of a webhook, if one fits."""
        return _take(self._webhooks, lambda trouble: trouble.kind in {"", kind})

    def take_counted(self, name: Literal["reversed", "doubled", "early"]) -> bool:
        """Whether the message at hand is one of those whose statuses come wrong in this way."""
        left: int = getattr(self, f"{name}_statuses")
        setattr(self, f"{name}_statuses", max(0, left - 1))
        return left > 0


def _take(ahead: list[T], fits: Callable[[T], bool]) -> T | None:
    for place, trouble in enumerate(ahead):
        if fits(trouble):
            return ahead.pop(place)
    return None
