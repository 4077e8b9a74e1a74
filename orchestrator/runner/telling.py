"""What a decision adds to its session's timeline: its notes, the words that the caller hears, and how the
context changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orchestrator.core.decide import Decision
from orchestrator.core.effects import Answer, Document, Note, Say
from orchestrator.core.session import Session


def notes_of(before: Session, decision: Decision) -> list[Note]:
    """The lines of the change, in order: what happened, what is said, what the context became."""
    found = [effect for effect in decision.effects if isinstance(effect, Note)]
    return [*found, *_said(before, decision), *_context_changed(before, decision.session)]


def _said(before: Session, decision: Decision) -> Iterator[Note]:
    """The words of the document that goes out; one that the carrier fetches again was told before."""
    answers = [effect for effect in decision.effects if isinstance(effect, Answer)]
    for answer in answers[-1:]:
        words = words_of(answer.document)
        if words and not _was_fetched(before, answer.document):
            yield Note(
                type="said",
                channel="voice",
                data={"document": answer.document.number, "pii.text": words},
            )


def words_of(document: Document) -> str:
    """What a document speaks."""
    return " ".join(verb.text for verb in document.verbs if isinstance(verb, Say))


def _was_fetched(before: Session, document: Document) -> bool:
    call = before.call
    return call is not None and call.call_sid == document.call_sid and call.fetched >= document.number


def _context_changed(before: Session, after: Session) -> Iterator[Note]:
    old = before.context if before.id == after.id and before.opened_at == after.opened_at else {}
    changes = changed(old, after.context)
    if changes:
        yield Note(type="context_changed", data={"pii.changes": changes})


def changed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each key that differs, with what it was and is; one side is missing where there was, or is, none."""
    found: dict[str, dict[str, Any]] = {}
    for key in sorted(old.keys() | new.keys()):
        if key not in old or key not in new or old[key] != new[key]:
            sides = {"from": old, "to": new}
            found[key] = {side: values[key] for side, values in sides.items() if key in values}
    return found
