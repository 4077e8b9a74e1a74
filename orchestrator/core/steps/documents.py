"""The documents of a call: making the next one, and what becomes of words that may not have been heard.

Words are *at risk* when nothing proves that they were played: they were made for an interruption
that the carrier has not fetched yet, or their answer crossed one on the way. They stay in
`call.unheard` and are said in front of the next document, until a request from that document, or a
later one, proves that it ran. A text that cuts a document the carrier did fetch cuts it on purpose.

A request is *late* when a newer document was fetched already: the carrier has left the document that
it comes from, and nobody hears its answer.
"""

from __future__ import annotations

from dataclasses import replace

from orchestrator.core.effects import (
    Answer,
    Continue,
    Document,
    Ending,
    HangUpCall,
    InterruptCall,
    Play,
    Say,
    Silence,
    Verb,
)
from orchestrator.core.events import TextReceived
from orchestrator.core.session import Spoken
from orchestrator.core.step import Step
from orchestrator.core.steps.floor import floor, voiced

HOLD_ROUND = 20.0
"""Seconds of one silent round while a text is awaited: cheap, and short enough to notice a lost call."""
HOLD_PAUSE = 1.0
"""Seconds between two plays of the hold audio: the carrier's least."""


def onward(step: Step) -> Ending:
    """How the call goes on after words of ours: it ends where it was being ended, else the caller has the floor."""
    newest = step.live.newest
    if _is_relayed(step) and step.call == "transferring" and newest is not None:
        return newest.ending  # the words went over the socket, the dialling by the document after it
    leaving = newest is not None and isinstance(newest.ending, HangUpCall)
    if leaving or step.session.closed_by_assistant:
        return HangUpCall()
    return floor(step)


def words(text: str) -> tuple[Verb, ...]:
    """The text as verbs; none for no text."""
    return (Say(text=text),) if text else ()


def hold_verbs(step: Step) -> tuple[Verb, ...]:
    """What a caller hears who waits: the hold audio, else a second of silence. A socket is not asked again:
    it plays the audio without end, and is silent by itself.
    """
    audio, relayed = step.phone.hold_audio, _is_relayed(step)
    if audio:
        return (Play(url=audio, loop=0 if relayed else 1),)
    return () if relayed else (Silence(seconds=1),)


def reply(step: Step, verbs: tuple[Verb, ...], ending: Ending) -> None:
    """Answer the open voice request: words at risk first, then these. A socket says those by itself where
    they are still to be said.
    """
    call = step.live
    document = _make(step, verbs, ending)
    again = () if _is_relayed(step) else _unheard(step)
    step.emit(Answer(document=replace(document, verbs=again + document.verbs)))
    step.change_call(polling=isinstance(ending, Continue) and not is_late(step))
    if verbs and (call.interrupting or _is_relayed(step)):
        _at_risk(step, Spoken(document=document.number, verbs=document.verbs))


def speak(step: Step, verbs: tuple[Verb, ...], ending: Ending, *, as_text: str = "") -> None:
    """Say something to a call that waits for nothing: the carrier is told to fetch it, unless it is about
    to fetch by itself. `as_text` goes by SMS should the call end first.
    """
    call = step.live
    if _cuts(step):
        step.change_call(unheard=tuple(spoken for spoken in call.unheard if not spoken.fetched))
    document = _make(step, verbs, ending)
    if document.verbs:
        _at_risk(step, Spoken(document=document.number, verbs=document.verbs, as_text=as_text))
    if not call.polling:
        _interrupt(step, document)


def serve_newest(step: Step, otherwise: Ending) -> None:
    """Answer a fetch: with the newest document if nothing proves that it ran, else with nothing and `otherwise`."""
    call = step.live
    newest = call.newest
    if newest is None or newest.number <= call.proven:
        reply(step, (), otherwise)
        return
    step.emit(Answer(document=replace(newest, verbs=_unheard(step) or newest.verbs)))
    step.change_call(
        unheard=tuple(replace(spoken, fetched=True) for spoken in call.unheard),
        interrupting=0,
        fetched=newest.number,
        polling=isinstance(newest.ending, Continue),
    )


def prove(step: Step) -> None:
    """A request from a document shows that it ran, and every one before it; an interruption for one of
    them is over, or was not needed.
    """
    call, document = step.live, int(getattr(step.event, "document", 0))
    still = tuple(spoken for spoken in call.unheard if spoken.document > document)
    step.change_call(
        proven=max(call.proven, min(document, call.documents)),
        unheard=still,
        interrupting=call.interrupting if call.interrupting > document else 0,
    )


def is_late(step: Step) -> bool:
    """Whether the request comes from a document that the carrier has left."""
    return getattr(step.event, "document", step.live.fetched) < step.live.fetched


def _cuts(step: Step) -> bool:
    """Whether a text is what speaks: it replaces what plays, anything else lets it be said again."""
    turn = step.session.turn
    return isinstance(step.event, TextReceived) or (turn is not None and turn.channel == "sms")


def has_unserved(step: Step) -> bool:
    """Whether words wait that no request has taken yet."""
    return any(not spoken.fetched for spoken in step.live.unheard)


def _make(step: Step, verbs: tuple[Verb, ...], ending: Ending) -> Document:
    call, turn = step.live, step.session.turn
    first = call.documents == 0 and call.direction == "inbound" and not _is_relayed(step)
    document = Document(
        call_sid=call.call_sid,
        number=call.documents + 1,
        verbs=voiced(step, (words(step.phone.welcome_message) if first else ()) + verbs),
        ending=ending,
        turn_id=turn.id if turn else "",
        beside=step.session.beside,
    )
    step.change_call(documents=document.number, newest=document, hung_up_by_us=isinstance(ending, HangUpCall))
    return document


def _unheard(step: Step) -> tuple[Verb, ...]:
    return tuple(verb for spoken in step.live.unheard for verb in spoken.verbs)


def _at_risk(step: Step, spoken: Spoken) -> None:
    step.change_call(unheard=(*step.live.unheard, spoken))


def _is_relayed(step: Step) -> bool:
    """Whether a socket carries the call. It takes the words that wait as soon as it sees them: nothing
    is interrupted, and all words are at risk until it says that it has them (`DocumentSpoken`).
    """
    return step.phone.engine == "relay"


def _interrupt(step: Step, document: Document) -> None:
    if _is_relayed(step):
        return
    step.change_call(interrupting=document.number)
    step.emit(InterruptCall(call_sid=document.call_sid, document=document.number, beside=step.session.beside))
