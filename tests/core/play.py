"""A conversation played against the decision: what people, the carrier and the assistant do, and what follows.

`Play` holds a session and a clock that only `wait` moves. Verbs feed one event each; `saw` compares
everything that followed since the last look with lines such as `ask input: hello`, so that a test reads
as a conversation, and nothing else happened. Each decision is made twice and stored and read again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from orchestrator.core import events, items
from orchestrator.core.decide import Decision, decide
from orchestrator.core.effects import (
    Answer,
    AskAssistant,
    Continue,
    Document,
    EndCall,
    HangUpCall,
    InterruptCall,
    Listen,
    LookUpCall,
    Note,
    PlaceCall,
    Refusal,
    Say,
    SendMessage,
    TellDesk,
)
from orchestrator.core.effects import Play as Sound
from orchestrator.core.events import Event
from orchestrator.core.items import Item
from orchestrator.core.numbers import E164
from orchestrator.core.session import Session, from_document, to_document
from orchestrator.core.settings import MessagingRules, PhoneRules, Rules
from orchestrator.core.states import joint_state

ANA = "+15550101234"
OURS = E164("+19585550123")
CALL = "CA1"
START = 1_000_000.0


def rules(*, phone: bool = True, messaging: bool = True, **settings: Any) -> Rules:
    """An assistant's rules; each setting goes to the channel that has it."""
    own = {kind: {f.name for f in fields(kind)} for kind in (PhoneRules, MessagingRules)}
    given = {
        kind: {name: value for name, value in settings.items() if name in names}
        for kind, names in own.items()
    }
    return Rules(
        assistant="support",
        phone=PhoneRules(**{"numbers": (OURS,), **given[PhoneRules]}) if phone else None,
        messaging=MessagingRules(**{"numbers": (OURS,), **given[MessagingRules]}) if messaging else None,
    )


def text(words: str, *channels: items.Channel) -> items.Text:
    """A text item."""
    return items.Text(text=words, channels=channels)


class Play:
    """One customer, one assistant, and the carrier between them."""

    def __init__(
        self, *, customer: str | None = ANA, session: Session | None = None, **settings: Any
    ) -> None:
        self.rules = rules(**settings)
        self.session = session or Session(id="S0", assistant="support", customer=customer)
        self.now = START
        self.effects: list[Any] = []
        self.seen = 0
        self.heard: Document | None = None
        self.number = 0

    # ---- the machine room ------------------------------------------------------------------------
    def take(self, event: Event) -> Decision:
        """Decide one event, keep its session and effects."""
        decision = decide(self.session, event, self.now, self.rules)
        assert decision == decide(self.session, event, self.now, self.rules), "not deterministic"
        assert from_document(to_document(decision.session)) == decision.session, "does not survive storage"
        self.session = decision.session
        self.effects += decision.effects
        for effect in decision.effects:
            if isinstance(effect, Answer):
                self.heard = effect.document
        return decision

    def facts(self, **more: Any) -> dict[str, Any]:
        """The fields that every event has."""
        self.number += 1
        return {"id": f"E{self.number}", "at": self.now, **more}

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.now += seconds

    @property
    def state(self) -> str:
        """The word that people see."""
        return joint_state(self.session)

    @property
    def timers(self) -> dict[str, float]:
        """The timers that people see."""
        return {name: due for name, due in self.session.timers.items() if name != "lost_call"}

    @property
    def sid(self) -> str:
        """The id of the session's call."""
        return self.session.call.call_sid if self.session.call else CALL

    @property
    def turn_id(self) -> str:
        """The open turn."""
        return self.session.turn.id if self.session.turn else ""

    # ---- the caller ------------------------------------------------------------------------------
    def calls(self, call_sid: str = CALL, *, direction: events.Direction = "inbound") -> Decision:
        """A call of the customer reaches us, or one of ours is answered."""
        return self.take(
            events.CallStarted(**self.facts(call_sid=call_sid, number=OURS, direction=direction))
        )

    def _at(self, document: int | None) -> dict[str, Any]:
        number = self.heard.number if document is None and self.heard else document
        return self.facts(call_sid=self.sid, document=number or 0)

    def says(self, words: str, *, document: int | None = None) -> Decision:
        """The caller speaks, to the document heard last unless told otherwise."""
        return self.take(events.SpeechHeard(**self._at(document), utterance=words, confidence=0.9))

    def presses(self, keys: str) -> Decision:
        """The caller presses keys."""
        return self.take(events.DigitsPressed(**self._at(None), digits=keys))

    def is_silent(self, *, document: int | None = None) -> Decision:
        """The caller lets the document run out."""
        return self.take(events.SilenceHeard(**self._at(document)))

    def fetches(self) -> Decision:
        """The carrier fetches: what we interrupted for, else what the last document continues with."""
        call = self.session.call
        due = call.interrupting if call else 0
        facts = self.facts(call_sid=self.sid, document=due or (self.heard.number if self.heard else 0))
        return self.take(events.DocumentRequested(**facts, round=0 if due else 1))

    def hangs_up(self, reason: events.CallEndReason = "ended") -> Decision:
        """The call is over."""
        return self.take(events.CallEnded(**self.facts(call_sid=self.sid, reason=reason)))

    def dialled(self, reason: events.TransferFailReason = "") -> Decision:
        """The dialling of a transfer is over."""
        return self.take(events.TransferEnded(**self._at(None), reason=reason))

    # ---- texts -----------------------------------------------------------------------------------
    def texts(self, body: str, **more: Any) -> Decision:
        """The customer sends a text."""
        facts = self.facts(message_sid=f"SM{self.number}", number=OURS, body=body)
        return self.take(events.TextReceived(**{**facts, **more}))

    def last_text(self) -> SendMessage:
        """The last text that we sent, or could not."""
        return [effect for effect in self.effects if isinstance(effect, SendMessage)][-1]

    def carrier_takes(self) -> Decision:
        """The carrier took our last text."""
        facts = self.facts(text_id=self.last_text().text_id, message_sid="SM-out")
        return self.take(events.TextAccepted(**facts))

    def carrier_refuses(self, code: int = 30006, reason: str = "landline", text_id: str = "") -> Decision:
        """The carrier refused our last text, or reported it failed."""
        facts = self.facts(text_id=text_id or self.last_text().text_id, code=code, reason=reason)
        return self.take(events.TextFailed(**facts))

    # ---- the assistant, time and the API ---------------------------------------------------------
    def answers(self, *given: Item, context: dict[str, Any] | None = None, turn_id: str = "") -> Decision:
        """The assistant answers the open turn."""
        facts = self.facts(turn_id=turn_id or self.turn_id, items=given, context=context or {})
        return self.take(events.AssistantReplied(**facts))

    def fails(self) -> Decision:
        """The assistant gives no answer to the open turn."""
        return self.take(events.AssistantFailed(**self.facts(turn_id=self.turn_id, reason="timeout")))

    def is_slow(self, *, told: bool = False) -> Decision:
        """The open request cannot wait for the open turn."""
        return self.take(events.BudgetSpent(**self.facts(turn_id=self.turn_id, told=told)))

    def rings(self, name: str) -> Decision:
        """A timer comes due; time is then."""
        due = self.session.timers[name]
        self.now = max(self.now, due)
        return self.take(events.TimerFired(**self.facts(name=name, due_at=due)))

    def acts(self, action: str, item: Item | None = None, **context: Any) -> Decision:
        """The API asks for something out of turn."""
        return self.take(events.ActionRequested(**self.facts(action=action, item=item, context=context)))

    # ---- what followed ---------------------------------------------------------------------------
    def saw(self, *lines: str) -> None:
        """This followed since the last look, in this order, and nothing else."""
        new, self.seen = self.effects[self.seen :], len(self.effects)
        assert list(told(new)) == list(lines)

    def asked(self) -> dict[str, Any]:
        """The last request to the assistant."""
        request: dict[str, Any] = [e for e in self.effects if isinstance(e, AskAssistant)][-1].request
        return request

    def notes(self, kind: str) -> list[dict[str, Any]]:
        """The data of the timeline's lines of a kind."""
        return [e.data for e in self.effects if isinstance(e, Note) and e.type == kind]


def told(effects: Iterable[Any]) -> Iterable[str]:
    """Effects as lines; the timeline's own lines are left out."""
    for effect in effects:
        if isinstance(effect, AskAssistant):
            words = effect.request["input"]["text"]
            yield f"ask {effect.request['event'] or 'input'}" + (f": {words}" if words else "")
        elif isinstance(effect, Answer):
            yield spoken(effect.document)
        elif isinstance(effect, SendMessage):
            kind = f"blocked {effect.blocked}" if effect.blocked else "text"
            purpose = "" if effect.purpose == "answer" else f" ({effect.purpose})"
            yield f"{kind}{purpose}: {effect.body}" + "".join(f" [{url}]" for url in effect.media)
        elif isinstance(effect, Refusal):
            yield f"refuse {effect.reason}"
        elif isinstance(effect, TellDesk):
            yield f"tell desk {effect.type}"
        elif not isinstance(effect, Note):
            names = {
                InterruptCall: "interrupt",
                EndCall: "end call",
                PlaceCall: "place call",
                LookUpCall: "look up",
            }
            yield names[type(effect)]


def spoken(document: Document) -> str:
    """A document as a line: what is said, then how it ends."""
    words = [
        verb.text
        if isinstance(verb, Say)
        else f"[play {verb.url}]"
        if isinstance(verb, Sound)
        else f"[silence {verb.seconds}]"
        for verb in document.verbs
    ]
    endings = {Listen: "listen", Continue: "go on", HangUpCall: "hang up"}
    ending = endings.get(type(document.ending)) or f"dial {getattr(document.ending, 'to', '')}"
    return " ".join(["say:", *words, "|", ending])
