"""One turn put to the assistant: whatever becomes of it is an event, never an exception."""

from __future__ import annotations

from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError
from orchestrator.core.events import AssistantFailed, AssistantReplied
from orchestrator.core.session import Session
from orchestrator.ports import Address
from orchestrator.runner.house import House, Line, log


async def reply_of(
    house: House, line: Line, address: Address, session: Session, ask: AskAssistant
) -> AssistantReplied | AssistantFailed:
    """The assistant's answer to a turn of a session, or how it failed."""
    try:
        heard = house.heard(address, session, ask)
        if heard is not None:
            return await line.assistant.ask(ask, heard)
        return await line.assistant.ask(ask)
    except AssistantError as error:
        log.warning(
            "assistant.failed",
            assistant=session.assistant,
            reason=error.reason,
            detail=error.detail,
            turn_id=ask.turn_id,
        )
        return failed(ask.turn_id, house.clock.now(), error.reason, error.detail, error.part)
    except Exception as error:  # noqa: BLE001 - a broken adapter is an assistant without an answer
        log.error("assistant.broken", assistant=session.assistant, turn_id=ask.turn_id, exc_info=error)
        return failed(ask.turn_id, house.clock.now(), "broken")
    finally:
        house.coming.pop(address, None)


def failed(turn_id: str, now: float, reason: str, detail: str = "", part: str = "") -> AssistantFailed:
    """A turn without an answer. `part` is the beginning of an answer that could not be used."""
    return AssistantFailed(
        id=f"{turn_id}:failed", at=now, turn_id=turn_id, reason=reason, detail=detail, part=part
    )
