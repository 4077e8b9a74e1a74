"""What a caller hears when there is no decided document: fillers, silence, and goodbyes."""

from __future__ import annotations

from orchestrator.core.effects import Continue, Document, HangUpCall, Play, Say, Silence, Verb
from orchestrator.core.events import CallStarted, DocumentRequested, Event
from orchestrator.core.settings import PhoneRules, Rules


def waiting(rules: Rules, event: Event, *, beside: bool) -> Document:
    """The answer is not there yet: a filler for the first time, then hold audio or a second of silence.

    It carries the number of the document that the request proves to have run. An interruption's fetch
    proves none: the words that it was made for are still to be said.
    """
    phone = rules.phone or PhoneRules(numbers=())
    fetch = isinstance(event, DocumentRequested)
    done = event.round if isinstance(event, DocumentRequested) else 0
    verbs: tuple[Verb, ...] = (Say(text=phone.filler_message),) if done == 0 and phone.filler_message else ()
    if not verbs:
        verbs = (Play(url=phone.hold_audio),) if phone.hold_audio else (Silence(seconds=1),)
    return Document(
        call_sid=str(getattr(event, "call_sid", "")),
        number=0 if fetch and done == 0 else int(getattr(event, "document", 0)),
        verbs=verbs,
        ending=Continue(round=done + 1),
        beside=beside,
    )


def busy(rules: Rules, event: CallStarted) -> Document:
    """The assistant is overloaded: the caller is told to call later, and let go."""
    phone = rules.phone or PhoneRules(numbers=())
    said = Say(text=phone.busy_message)
    return Document(call_sid=event.call_sid, number=0, verbs=(said,), ending=HangUpCall())


def farewell(rules: Rules, event: Event) -> Document:
    """No call of ours: the failure message, and the end. A call that is known to be over hears nothing."""
    phone = rules.phone or PhoneRules(numbers=())
    verbs: tuple[Verb, ...] = (Say(text=phone.failure_message),) if phone.failure_message else ()
    return Document(
        call_sid=str(getattr(event, "call_sid", "")),
        number=int(getattr(event, "document", 0)),
        verbs=verbs,
        ending=HangUpCall(),
    )
