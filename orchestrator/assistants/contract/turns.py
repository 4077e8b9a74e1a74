"""Turns as the house asks them, made by its own decisions: a caller speaks, presses keys, texts, and hangs up.

Each is a request of its own kind, from a conversation that a neutral assistant has answered so far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from orchestrator.core.decide import decide
from orchestrator.core.effects import AskAssistant
from orchestrator.core.events import (
    AssistantReplied,
    CallEnded,
    CallStarted,
    DigitsPressed,
    Event,
    InboundMedia,
    SilenceHeard,
    SpeechHeard,
    TextReceived,
)
from orchestrator.core.items import AskForText, Text
from orchestrator.core.numbers import E164
from orchestrator.core.session import Session
from orchestrator.core.settings import MessagingRules, PhoneRules, Rules

OURS = E164("+19585550123")
CUSTOMER = E164("+15550101234")  # numbers like these are never given to anybody
ADDRESS = "12 Mill Lane"


@dataclass(frozen=True, slots=True)
class Sample:
    """A turn: what it is called, in words what happens, and the request."""

    name: str
    story: str
    request: dict[str, Any]


class Rehearsal:
    """A conversation of `customer` (None: a withheld number) that begins at `now`. `run` makes its ids its own."""

    def __init__(self, run: str, now: float, customer: str | None = CUSTOMER) -> None:
        self._run, self._now, self._count = run, now, 0
        self._rules = Rules(
            assistant="support",
            phone=PhoneRules(numbers=(OURS,)),
            messaging=MessagingRules(numbers=(OURS,)),
        )
        self._session = Session(id=f"S-{run}", assistant="support", customer=customer)
        self._call = f"CA{run}"

    def take(self, event: Event) -> dict[str, Any]:
        """The request that an event leads to."""
        decision = decide(self._session, event, self._now, self._rules)
        self._session = decision.session
        return next(effect.request for effect in decision.effects if isinstance(effect, AskAssistant))

    def answer(self, *items: Text | AskForText, context: dict[str, Any] | None = None) -> None:
        """The open turn is answered."""
        turn = self._session.turn
        assert turn is not None  # noqa: S101 - `take` has opened it
        reply = AssistantReplied(**self._fact(), turn_id=turn.id, items=items, context=context or {})
        self._session = decide(self._session, reply, self._now, self._rules).session

    def starts(self) -> dict[str, Any]:
        """The customer calls."""
        return self.take(CallStarted(**self._fact(), call_sid=self._call, number=OURS))

    def says(self, words: str) -> dict[str, Any]:
        """The caller speaks."""
        return self.take(SpeechHeard(**self._fact(), **self._spot(), utterance=words, confidence=0.91))

    def presses(self, digits: str) -> dict[str, Any]:
        """The caller presses keys."""
        return self.take(DigitsPressed(**self._fact(), **self._spot(), digits=digits))

    def is_silent(self) -> dict[str, Any]:
        """The caller says nothing."""
        return self.take(SilenceHeard(**self._fact(), **self._spot()))

    def texts(self, words: str, media: tuple[InboundMedia, ...] = ()) -> dict[str, Any]:
        """The customer texts."""
        sid = f"SM{self._run}{self._count}"
        return self.take(TextReceived(**self._fact(), message_sid=sid, number=OURS, body=words, media=media))

    def hangs_up(self) -> dict[str, Any]:
        """The caller hangs up."""
        return self.take(CallEnded(**self._fact(), call_sid=self._call))

    def _fact(self) -> dict[str, Any]:
        self._count += 1
        self._now += 1.0
        return {"id": f"{self._run}:{self._count}", "at": self._now}

    def _spot(self) -> dict[str, Any]:
        call = self._session.call
        return {"call_sid": self._call, "document": call.documents if call else 0}


def samples(run: str, now: float) -> list[Sample]:
    """A call, and a text in it, from beginning to end; then a conversation by text alone."""
    play, hello = Rehearsal(run, now), Text(text="Hello, how can I help?")
    found = [Sample("call_started", "a customer calls", play.starts())]
    play.answer(hello, context={"greeted": True})
    found.append(Sample("speech", "the caller speaks", play.says("I moved house")))
    play.answer(Text(text="Press 1 to go on."))
    found.append(Sample("dtmf", "the caller presses a key", play.presses("1")))
    play.answer(Text(text="Are you there?"))
    found.append(Sample("no_input", "the caller says nothing", play.is_silent()))
    play.answer(
        AskForText(text="What is your new address?", say="I have sent you a text.", keep_as="address")
    )
    found.append(Sample("text_reply", "the caller answers by text, during the call", play.texts(ADDRESS)))
    play.answer(Text(text="Thank you."))
    found.append(Sample("call_ended", "the caller hangs up", play.hangs_up()))
    play.answer(Text(text="Go on here."))
    found.append(Sample("text", "the customer texts, without a call", play.texts("Is it noted?")))
    play.answer(Text(text="Yes."))
    picture = (InboundMedia(url="https://media.example.com/ME1", content_type="image/jpeg"),)
    found.append(Sample("media", "the customer sends a picture", play.texts("", picture)))
    return found


def withheld(run: str, now: float) -> list[dict[str, Any]]:
    """A caller whose number nobody knows, and to whom no text can be sent: calls, and speaks."""
    play = Rehearsal(f"{run}w", now, None)
    starts = play.starts()
    play.answer(Text(text="Hello, how can I help?"))
    return [starts, play.says("I moved house")]


def unknown_event(request: Mapping[str, Any], turn_id: str) -> dict[str, Any]:
    """A turn of an event that a later release may bring."""
    return {**request, "turn_id": turn_id, "event": "something_new", "event_data": {"detail": "new"}}


def unknown_fields(request: Mapping[str, Any], turn_id: str) -> dict[str, Any]:
    """The same turn with fields that a later release may bring, at every level."""
    inside = {
        name: {**value, "added_later": {"a": 1}} if isinstance(value, dict) and value else value
        for name, value in request.items()
    }
    return {**inside, "turn_id": turn_id, "added_later": [1, {"b": None}]}


def with_context(sample: Sample, context: Mapping[str, Any]) -> Sample:
    """The sample with what earlier answers put into the context."""
    return replace(sample, request={**sample.request, "context": {**sample.request["context"], **context}})
