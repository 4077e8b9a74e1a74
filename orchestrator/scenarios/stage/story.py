"""The story of a play as it happens: from the carrier's observations and the service's decisions to
effects, sentences and coverage. What is seen is told to `rules`, who hold `never`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from channels.simulator.app import Simulator
from channels.simulator.records import Message, Observation
from orchestrator.core.decide import Decision
from orchestrator.core.effects import AskAssistant, Note, Refusal
from orchestrator.core.events import Event
from orchestrator.core.session import Session
from orchestrator.core.states import joint_state
from orchestrator.ports import Observer
from orchestrator.scenarios.format.kinds import WITHHELD
from orchestrator.scenarios.play import NOWHERE, Place
from orchestrator.scenarios.stage.clock import VirtualClock
from orchestrator.scenarios.stage.ledger import Effect, Ledger
from orchestrator.scenarios.stage.outcome import Coverage, Happening, Transition
from orchestrator.scenarios.stage.sentences import KINDS, PLAIN, SENTENCES
from orchestrator.scenarios.stage.words import turn_seen


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn that the assistant was asked, in an acting step."""

    who: str
    request: Mapping[str, Any]
    step: int


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of a timeline, in an acting step."""

    who: str
    name: str
    data: Mapping[str, Any]
    step: int


Seen = Effect | Asked | Session | Observation
Watcher = Callable[[Seen], None]


class Story:
    """`place` is the line that runs. It stands in for the house's observer, and passes on what that sees."""

    def __init__(self, clock: VirtualClock, people: Mapping[str, str], figures: Observer) -> None:
        self.ledger = Ledger()
        self.place: Place = NOWHERE
        self.happenings: list[Happening] = []
        self.turns: list[Asked] = []
        self.noted: list[Noted] = []
        self.sessions: dict[str, Session] = {}
        self.watcher: Watcher = lambda _seen: None
        self._clock = clock
        self._names = {number: name for name, number in people.items()}
        self._figures = figures
        self._carrier: Simulator | None = None
        self._seen = 0
        self._known: set[str] = set()
        self._texts: Counter[str] = Counter()
        self._counts: dict[str, Counter[Any]] = {
            name: Counter() for name in ("states", "machines", "transitions", "events", "reasons", "nodes")
        }

    def name(self, number: str) -> str:
        """Who has this number, or the number itself."""
        return self._names.get(number, "a withheld number" if number == WITHHELD else number)

    def happened(self, kind: str, sentence: str, who: str = "") -> None:
        """A line of the story."""
        self.happenings.append(Happening(self._clock.now(), kind, sentence, self.place, who))

    def came_to(self, script: str, step: str) -> None:
        """A scripted assistant came to this step of its script."""
        self._counts["nodes"][f"{Path(script).name}: {step}"] += 1

    def coverage(self) -> Coverage:
        """What the play went through so far."""
        return Coverage(**{name: dict(sorted(counts.items())) for name, counts in self._counts.items()})

    # ---- the carrier -----------------------------------------------------------------------------
    def follow(self, carrier: Simulator) -> None:
        """From now on look at this carrier."""
        self._carrier = carrier

    def catch_up(self) -> None:
        """Take in what happened at the carrier since the last look."""
        if self._carrier is None:
            return
        fresh = self._carrier.happened - self._seen
        self._seen = self._carrier.happened
        newest = islice(reversed(self._carrier.events), fresh)
        for observation in reversed(list(newest)):
            self._observed(observation)

    def _observed(self, seen: Observation) -> None:
        if seen.kind == "heard":
            self._heard(seen)
        elif seen.kind == "received":
            self._received(seen)
        elif seen.kind in {"said", "pressed", "silent"}:
            self.ledger.prove(seen.call_sid)
        sentence = SENTENCES.get(seen.kind)
        if sentence is not None:
            self.happened(
                KINDS.get(seen.kind, "act"), sentence(self.name(seen.number), seen.data), seen.number
            )
        self.watcher(seen)

    def _heard(self, seen: Observation) -> None:
        kind = "sound" if seen.data["sound"] == "play" else "speech"
        self._add(
            Effect(
                "sound" if kind == "sound" else "speech",
                seen.number,
                seen.data["text"],
                seen.at,
                self.place,
                self.ledger.step,
                seen.call_sid,
            )
        )

    def _received(self, seen: Observation) -> None:
        place = self._texts[seen.number]
        self._texts[seen.number] += 1
        received = self._carrier.handset(seen.number).received[place] if self._carrier else None
        message = self._message(received.sid) if received else None
        by_carrier = bool(seen.data["by_carrier"])
        self._add(
            Effect(
                "text",
                seen.number,
                seen.data["text"],
                seen.at,
                self.place,
                self.ledger.step,
                message=message,
                carrier=by_carrier,
            )
        )

    def _message(self, sid: str) -> Message | None:
        messages = self._carrier.messages if self._carrier else []
        return next((message for message in reversed(messages) if message.sid == sid), None)

    def _add(self, effect: Effect) -> None:
        self.ledger.add(effect)
        self.watcher(effect)

    # ---- the house -------------------------------------------------------------------------------
    def decided(self, before: Session, decision: Decision, event: Event) -> None:
        """A decision was committed (`orchestrator.runner.observing.Witness`)."""
        self.catch_up()
        who, after = before.customer or WITHHELD, decision.session
        self._cover(before, decision, event)
        for effect in decision.effects:
            if isinstance(effect, AskAssistant):
                self.ask(effect.request)
            elif isinstance(effect, Note):
                self._note(who, effect.type, effect.data)
            elif isinstance(effect, Refusal):
                self._counts["reasons"][f"refused:{effect.reason}"] += 1
        was, now = joint_state(before), joint_state(after)
        if was != now:
            self.happened("state", f"{self.name(who)}: {was} \u2192 {now}", who)
        self.sessions[f"{who}~{after.call.call_sid}" if after.beside and after.call else who] = after
        self.watcher(after)

    def ask(self, request: Mapping[str, Any]) -> None:
        """The bot is asked. A turn is told of once, be it by the bot or by the decision that asked it."""
        self.catch_up()
        if request["turn_id"] in self._known:
            return
        self._known.add(request["turn_id"])
        who = request["customer"]["phone_number"] or WITHHELD
        turn = Asked(who, request, self.ledger.step)
        self.turns.append(turn)
        if request["event"]:  # what it stands for is on the timeline only once the turn is answered
            self.noted.append(Noted(who, request["event"], request["event_data"], self.ledger.step))
        self.happened("asked", f"the bot is asked: {turn_seen(request)}", who)
        self.watcher(turn)

    def _note(self, who: str, name: str, data: Mapping[str, Any]) -> None:
        self.noted.append(Noted(who, name, data, self.ledger.step))
        self._counts["events"][name] += 1
        if name not in PLAIN:
            reason = f" ({data['reason']})" if data.get("reason") else ""
            self.happened("event", f"event {name}{reason}", who)

    def _cover(self, before: Session, decision: Decision, event: Event) -> None:
        after = decision.session
        self._counts["states"].update({joint_state(before), joint_state(after)})
        for session in (before, after):
            self._counts["machines"].update(
                {f"call:{session.call_state}", f"thread:{session.thread_state}", f"consent:{session.consent}"}
            )
        self._counts["transitions"].update(Transition(*mark.split(":")) for mark in decision.fired)
        self._counts["machines"].update(
            f"{mark.machine}:{mark.dest}"
            for mark in (Transition(*fired.split(":")) for fired in decision.fired)
        )
        if decision.ignored:
            self._counts["reasons"][f"ignored:{decision.ignored}"] += 1
        self._counts["events"][f"in:{type(event).__name__}"] += 1

    # ---- the figures: what the house's own observer is told --------------------------------------
    def session_opened(self) -> None:
        """As `Observer`."""
        self._figures.session_opened()

    def text(self, direction: str, status: str) -> None:
        """As `Observer`."""
        self._figures.text(direction, status)

    def refused(self, reason: str) -> None:
        """As `Observer`."""
        self._figures.refused(reason)

    def asked(self, assistant: str, outcome: str, seconds: float) -> None:
        """As `Observer`."""
        self._figures.asked(assistant, outcome, seconds)

    def tokens(self, assistant: str, kind: str, count: int) -> None:
        """As `Observer`."""
        self._figures.tokens(assistant, kind, count)

    def breaker(self, assistant: str, state: str) -> None:
        """As `Observer`."""
        self._figures.breaker(assistant, state)

    def account(self, assistant: str, account: str, state: str) -> None:
        """As `Observer`."""
        self._figures.account(assistant, account, state)
