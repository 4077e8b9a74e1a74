"""A decision as one atomic change, and as what is written behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from orchestrator.core.decide import Decision
from orchestrator.core.effects import (
    Answer,
    AskAssistant,
    DeliverHook,
    Document,
    Effect,
    LookUpCall,
    Note,
    Outbound,
    PlaceCall,
    Refusal,
    SendMessage,
    TellDesk,
)
from orchestrator.core.events import ActionRequested, Event, TextFailed, TextReceived
from orchestrator.core.policy import allowed
from orchestrator.core.session import Session, to_document
from orchestrator.core.settings import Rules
from orchestrator.core.states import joint_state
from orchestrator.outbox.entries import Entry
from orchestrator.ports import Behind, Commit, OutboxEntry
from orchestrator.ports.entries import Lane
from orchestrator.runner.telling import notes_of
from orchestrator.runner.views import refusal_line, summary, timeline_line
from orchestrator.runner.wire import dumps, leg_answer


def outbox_entries(session: Session, effects: Sequence[Effect]) -> tuple[OutboxEntry, ...]:
    """The effects that leave later, in order. Texts and calls to customers are guarded by their
    consent.
    """
    return tuple(_entry(session, effect) for effect in effects if isinstance(effect, Outbound))


def _entry(session: Session, effect: Outbound) -> OutboxEntry:
    own = isinstance(effect, SendMessage) and effect.to == session.customer and not effect.blocked
    payload = Entry(session.assistant, session.customer, effect).payload()
    guarded = own or isinstance(effect, PlaceCall)
    not_before = effect.not_before if isinstance(effect, SendMessage) else 0.0
    lane = "q" if not_before else _LANES.get(type(effect), "c")
    return OutboxEntry(lane, payload, guarded=guarded, not_before=not_before)


_LANES: dict[type, Lane] = {SendMessage: "t", LookUpCall: "l", TellDesk: "d", DeliverHook: "w"}
"""Entries of a lane leave in order: texts, those that wait for the morning and hold up no other, looks at
silent calls, which nothing waits for, what the help desk is told, reports, and all else.
"""


def answer_of(effects: Sequence[Effect]) -> Document | None:
    """The document that answers the open request, if the decision made one."""
    return next((effect.document for effect in reversed(effects) if isinstance(effect, Answer)), None)


def change(
    before: Session,
    decision: Decision,
    event: Event,
    *,
    consumed: int,
    is_request: bool,
    keep_lease: bool,
    unfinished: bool,
) -> Commit:
    """The commit of a decision. `is_request`: the event is a voice request, its answer is kept."""
    session = decision.session
    document = answer_of(decision.effects)
    ended = joint_state(session) == "ended" and joint_state(before) != "ended"
    return Commit(
        document=to_document(session),
        consumed=consumed,
        seen=() if consumed else (event.id,),
        answer=leg_answer(event, document) if is_request and document else None,
        outbox=outbox_entries(session, decision.effects),
        timers=session.timers,
        **consent_change(before, session, event),
        record=(session.id, to_document(session)) if ended else None,
        keep_lease=keep_lease,
        unfinished=unfinished,
    )


def consent_change(before: Session, session: Session, event: Event) -> dict[str, Any]:
    """What is kept of a changed consent: whose, since when, and the word for what changed it."""
    if session.consent == before.consent or session.customer is None:
        return {}
    source, since = SOURCES.get(type(event), type(event).__name__), 0.0
    if isinstance(event, ActionRequested):
        source, since = event.actor, float(event.context.get("since", 0.0))
    return {
        "consent": session.consent,
        "consent_source": source,
        "consent_since": since,
        "consent_of": dumps({"assistant": session.assistant, "phone_number": session.customer}),
    }


SOURCES: dict[type, str] = {TextReceived: "text", TextFailed: "carrier"}
"""What changes a consent besides an action: the customer's keyword, and the carrier's refusal."""


def given_up(session: Session, reason: str, *, keep_lease: bool) -> Commit:
    """The first event of the inbox goes to the dead letters; the session, and an open turn, stay."""
    return Commit(
        document=to_document(session),
        consumed=1,
        timers=session.timers,
        keep_lease=keep_lease,
        unfinished=session.turn is not None,
        dead=reason,
    )


def behind(before: Session, decision: Decision, rules: Rules, version: int, now: float) -> Behind:
    """What lists and timelines show of the change."""
    session = decision.session
    state = joint_state(session)
    refusals = [effect for effect in decision.effects if isinstance(effect, Refusal)]
    exists = state != "idle"
    return Behind(
        session_id=session.id if exists else "",
        summary=dumps(summary(session, allowed(session, rules))) if exists else "",
        state=state if exists else "",
        score=session.last_event_at,
        lines=tuple(
            dumps(timeline_line(note, f"{version:08d}.{place:02d}", now, joint_state(before), state))
            for place, note in enumerate(notes_of(before, decision))
        )
        if exists
        else (),
        refusals=tuple(dumps(refusal_line(refusal, session, now)) for refusal in refusals),
        before=joint_state(before) if exists else "",
    )


def asked(decision: Decision) -> AskAssistant | None:
    """The question to the assistant that a decision holds."""
    return next((effect for effect in decision.effects if isinstance(effect, AskAssistant)), None)


def merged(first: Decision, second: Decision) -> Decision:
    """Two decisions about one event as one: the effects of both, in order."""
    return replace(second, effects=first.effects + second.effects, fired=first.fired + second.fired)


def with_note(decision: Decision, event: Event) -> Decision:
    """An ignored event leaves a line on the timeline that says why."""
    note = Note(type="event_ignored", data={"event": type(event).__name__, "reason": decision.ignored})
    return replace(decision, effects=(*decision.effects, note))
