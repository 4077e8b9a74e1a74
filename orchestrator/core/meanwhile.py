"""While a human answers in the assistant's place: what is said, kept for the assistant and told to the help desk."""

from __future__ import annotations

from typing import Any, Literal

from orchestrator.core.effects import TellDesk
from orchestrator.core.ids import stable_id
from orchestrator.core.items import Channel
from orchestrator.core.step import Step

By = Literal["customer", "operator", "tandem"]
MOST_KEPT = 50
"""Entries that the assistant is told when it is given back; the newest."""
USEFUL = 86_400.0
"""Seconds for which the help desk is told again and again, should it not answer."""


def withhold(
    step: Step, channel: Channel, event: str | None, data: dict[str, Any], given: dict[str, Any] | None
) -> None:
    """A turn that the assistant is not asked: what it would have learned."""
    step.note("turn_withheld", channel, event=event, input_type=given["type"] if given else "none")
    if given is None:
        remember(step, "tandem", channel, event=event, event_data=data)
    else:
        said = {"type": given["type"], "text": given["text"], "media": given["media"]}
        remember(step, "customer", channel, **said)


def remember(step: Step, by: By, channel: Channel, **facts: Any) -> None:
    """One more entry of what was said meanwhile."""
    entry = {"by": by, "channel": channel, **facts}
    step.change(meanwhile=(*step.session.meanwhile, entry)[-MOST_KEPT:])
    if by != "operator":
        tell_desk(step, "customer_said" if by == "customer" else "happened", entry)


def tell_desk(step: Step, kind: str, facts: dict[str, Any]) -> None:
    """Tell the help desk, where one is configured. It leaves by the outbox."""
    if not step.messaging.help_desk:
        return
    session, told = step.session, sum(isinstance(effect, TellDesk) for effect in step.effects)
    step.emit(
        TellDesk(
            message_id=stable_id(step.event.at, session.id, step.event.id, f"desk{told}"),
            type=kind,
            at=step.now,
            data={
                "session_id": session.id,
                "assistant": session.assistant,
                "customer": {"phone_number": session.customer},
                **facts,
            },
            expires_at=step.now + USEFUL,
        )
    )
