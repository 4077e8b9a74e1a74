"""One event being decided: the machines' model, thrown away after the decision."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from orchestrator.core.effects import Effect, Note
from orchestrator.core.events import Event
from orchestrator.core.items import Channel
from orchestrator.core.notes import NoteKind
from orchestrator.core.session import Call, CallState, Consent, Session, Thread, ThreadState
from orchestrator.core.settings import MessagingRules, PhoneRules, Rules


@dataclass(slots=True)
class Step:
    """Carries a session through one decision. `call`, `thread` and `consent` are the machines' states;
    `session` holds the rest, `before` is how it was. Actions append effects and replace the session, nothing else.
    """

    session: Session
    event: Event
    now: float
    rules: Rules
    call: CallState
    thread: ThreadState
    consent: Consent
    before: Session
    effects: list[Effect] = field(default_factory=list)
    fired: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, session: Session, event: Event, now: float, rules: Rules) -> Step:
        """A step at the session's present states."""
        states = (session.call_state, session.thread_state, session.consent)
        return cls(session, event, now, rules, *states, before=session)

    @property
    def current(self) -> Session:
        """The session with the states that the machines have reached."""
        return replace(self.session, call_state=self.call, thread_state=self.thread, consent=self.consent)

    @property
    def phone(self) -> PhoneRules:
        """The phone's rules; an assistant without a phone has no calls, so none are missing."""
        return self.rules.phone or PhoneRules(numbers=())

    @property
    def messaging(self) -> MessagingRules:
        """The messaging rules, or the defaults with no number."""
        return self.rules.messaging or MessagingRules(numbers=())

    @property
    def live(self) -> Call:
        """The call of the session; only asked for where there is one."""
        if self.session.call is None:
            raise ValueError("no call in this session")
        return self.session.call

    def change(self, **fields: Any) -> None:
        """Replace fields of the session."""
        self.session = replace(self.session, **fields)

    def change_to(self, session: Session) -> None:
        """Go on with another session: the machines' states stay what they are."""
        self.session = session

    def change_call(self, **fields: Any) -> None:
        """Replace fields of its call."""
        self.change(call=replace(self.live, **fields))

    def change_thread(self, **fields: Any) -> None:
        """Replace fields of its thread."""
        thread: Thread = replace(self.session.thread, **fields)
        self.change(thread=thread)

    def emit(self, *effects: Effect) -> None:
        """Add effects, in order."""
        self.effects.extend(effects)

    def note(self, kind: NoteKind, channel: Channel | None = None, **data: Any) -> None:
        """Add a line to the timeline."""
        self.effects.append(Note(type=kind, channel=channel, data=data))

    def set_timer(self, name: str, due_at: float | None) -> None:
        """Set a timer, or drop it with None."""
        timers = {key: due for key, due in self.session.timers.items() if key != name}
        if due_at is not None:
            timers[name] = due_at
        self.change(timers=timers)
