"""What the log webhook is told of a change: the turn that was answered, the messages in and out, the call that ended.

A report is an effect of the commit that it reports: it is written with it or not at all, and once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from orchestrator.core.decide import Decision
from orchestrator.core.effects import DeliverHook, Note, Refusal, SendMessage
from orchestrator.core.events import AssistantFailed, AssistantReplied, Event, TextFailed, TextReceived
from orchestrator.core.session import LIVE_CALL, Call, Session
from orchestrator.core.written import written
from orchestrator.runner.house import Line
from orchestrator.runner.views import rfc3339


def with_turn(
    decision: Decision, asked: Session, reply: AssistantReplied | AssistantFailed, line: Line, now: float
) -> Decision:
    """The decision of a reply with the report of its turn, which was open in `asked`."""
    turn = asked.turn
    if "turn" not in line.reported or turn is None:
        return decision
    answer = None
    if isinstance(reply, AssistantReplied):
        answer = {"responses": written(reply.items), "context": reply.context, "usage": reply.usage}
    data = {
        "turn": turn.request,
        "answer": answer,
        "failure": reply.reason if isinstance(reply, AssistantFailed) else None,
        "carried_out": not decision.ignored,
        "asked_at": rfc3339(turn.asked_at),
        "answered_at": rfc3339(now),
    }
    report = _report(line, f"turn_{turn.id}", "turn", data, asked, now)
    return replace(decision, effects=(*decision.effects, report))


def with_reports(
    decision: Decision, before: Session, event: Event, line: Line, now: float, *, consumed: int
) -> Decision:
    """The decision with reports of its messages, and of the call that it ends. `consumed` tells that the event is
    done with here: it is reported once, however many changes it takes.
    """
    if not line.reported & {"message", "call"}:
        return decision
    session, found = decision.session, []
    if "message" in line.reported:
        came = _came(decision, event) if consumed else None
        found += [came] if came else []
        found += [_went(effect) for effect in decision.effects if isinstance(effect, SendMessage)]
    reports = [_report(line, f"message_{name}", "message", data, session, now) for name, data in found]
    if "call" in line.reported and before.call_state in LIVE_CALL and session.call_state not in LIVE_CALL:
        call = session.call or before.call
        if call is not None:
            name = f"call_{call.call_sid or call.reference}"
            reports.append(_report(line, name, "call", _call(call, decision, now), session, now))
    return replace(decision, effects=(*decision.effects, *reports)) if reports else decision


def _report(
    line: Line, name: str, kind: str, data: dict[str, Any], session: Session, now: float
) -> DeliverHook:
    whose = {
        "session_id": session.id,
        "assistant": session.assistant,
        "customer": {"phone_number": session.customer},
    }
    return DeliverHook(
        message_id=name, type=kind, at=now, data=whose | data, expires_at=now + line.reports_last
    )


def _came(decision: Decision, event: Event) -> tuple[str, dict[str, Any]] | None:
    """What came in, and what became of it; a text of ours that failed."""
    if isinstance(event, TextFailed):
        failed = {"direction": "outbound", "text_id": event.text_id, "status": "failed"}
        return event.id, failed | {"code": event.code, "reason": event.reason}
    if not isinstance(event, TextReceived):
        return None
    refusal = next((effect.reason for effect in decision.effects if isinstance(effect, Refusal)), None)
    status = "refused" if refusal else "ignored" if decision.ignored else "taken"
    return event.id, {
        "direction": "inbound",
        "message_sid": event.message_sid,
        "number": event.number,
        "text": event.body,
        "media": [{"url": each.url, "content_type": each.content_type} for each in event.media],
        "status": status,
        "reason": refusal or decision.ignored or None,
    }


def _went(message: SendMessage) -> tuple[str, dict[str, Any]]:
    return message.text_id, {
        "direction": "outbound",
        "text_id": message.text_id,
        "number": message.sender,
        "to": message.to,
        "text": message.body,
        "media": list(message.media),
        "purpose": message.purpose,
        "status": "failed" if message.blocked else "queued",
        "reason": message.blocked or None,
    }


def _call(call: Call, decision: Decision, now: float) -> dict[str, Any]:
    ended_at = call.ended_at or now
    return {
        "call_sid": call.call_sid,
        "direction": call.direction,
        "number": call.number,
        "started_at": rfc3339(call.started_at),
        "ended_at": rfc3339(ended_at),
        "duration": round(max(0.0, ended_at - call.started_at), 3),
        "reason": next(_reasons(decision), "ended"),
    }


def _reasons(decision: Decision) -> Iterator[str]:
    """Why the call is over, as its line of the timeline says."""
    for effect in decision.effects:
        if isinstance(effect, Note) and effect.type in {"call_ended", "call_failed"}:
            yield str(effect.data.get("reason", "ended"))
