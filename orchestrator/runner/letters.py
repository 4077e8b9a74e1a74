"""A dead letter as the API shows it: what it was, whose, and why it was given up."""

from __future__ import annotations

from typing import Any

from orchestrator.core import codec
from orchestrator.ports import DeadLetter
from orchestrator.runner.views import rfc3339
from orchestrator.runner.wire import owner, read_letter


def letter_line(letter: DeadLetter) -> dict[str, Any]:
    """One line of the list: nothing of what was said or written."""
    assistant, customer = _owner(letter)
    event = _event(letter)
    return {
        "id": f"{letter.address.partition}-{letter.id}",
        "at": rfc3339(letter.at),
        "assistant": assistant,
        "phone_number": customer,
        "event": type(event).__name__ if event is not None else None,
        "event_id": letter.event.event_id,
        "reason": letter.reason,
    }


def whole_letter(letter: DeadLetter) -> dict[str, Any]:
    """The same with the event's fields, whatever is in them."""
    event = _event(letter)
    return {**letter_line(letter), "data": codec.dump(event) if event is not None else {}}


def _owner(letter: DeadLetter) -> tuple[str | None, str | None]:
    try:
        return owner(letter.event)
    except Exception:  # noqa: BLE001 - a letter that nobody can read is shown all the same
        return None, None


def _event(letter: DeadLetter) -> Any:
    try:
        return read_letter(letter.event).event
    except Exception:  # noqa: BLE001 - being unreadable may be why it was given up
        return None
