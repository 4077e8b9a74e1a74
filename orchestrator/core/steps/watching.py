"""Calls that fall silent: how long one may, and looking it up at the carrier then.

The carrier reports the end of a call once, and that report may be lost. Each change of a call sets the
timer `lost_call` behind what its newest document can take; when it fires the carrier is asked, and the
timer is set again, for as long as the call is up.
"""

from __future__ import annotations

from orchestrator.core.effects import Dial, Document, Listen, LookUpCall, Play, Say, Verb
from orchestrator.core.session import LIVE_CALL
from orchestrator.core.step import Step

GRACE = 30.0
"""Seconds behind the longest run of a document before the call is looked up."""
RINGS = 60.0
"""Seconds that the carrier rings for us unless told otherwise (Twilio: Calls resource, Timeout)."""
UTTERANCE = 60.0
"""Seconds that one utterance may last (Twilio: <Gather>, maxSpeechTime)."""
SLOW_SPEECH = 8.0
"""Characters a second of a slow voice."""
LONGEST = 600.0
"""Seconds after which a call is looked up although its document may go on: endless sounds, talks with a human."""


def is_up(step: Step) -> bool:
    """Whether the carrier has a call of this session that has not ended."""
    call = step.session.call
    return step.call in LIVE_CALL and call is not None and bool(call.call_sid)


def patience(step: Step) -> float:
    """Seconds that the call may be silent now."""
    if step.call == "dialing":
        return RINGS + GRACE
    newest = step.live.newest
    return min(longest_run(newest), LONGEST) + GRACE if newest else GRACE + UTTERANCE


def longest_run(document: Document) -> float:
    """Seconds that a document may take before the carrier asks for another."""
    said = sum(_length(verb) for verb in document.verbs)
    ending = document.ending
    if isinstance(ending, Listen):
        return said + ending.timeout + UTTERANCE
    return said + (LONGEST if isinstance(ending, Dial) else 0.0)


def _length(verb: Verb) -> float:
    if isinstance(verb, Say):
        return len(verb.text) / SLOW_SPEECH
    return LONGEST if isinstance(verb, Play) else float(verb.seconds)


def look_up(step: Step) -> None:
    """The call is silent: the carrier is asked what became of it."""
    step.set_timer("lost_call", None)
    step.note("call_looked_up", "voice", call_sid=step.live.call_sid)
    step.emit(LookUpCall(call_sid=step.live.call_sid, dialing=step.call == "dialing"))
