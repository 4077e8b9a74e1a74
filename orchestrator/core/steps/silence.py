"""Actions for a caller who gives nothing: silence, or speech that was not understood."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.core.effects import HangUpCall
from orchestrator.core.events import SpeechHeard
from orchestrator.core.step import Step
from orchestrator.core.steps import documents
from orchestrator.core.steps.floor import collected, floor
from orchestrator.core.turns import ask


def hold(step: Step) -> None:
    """Silence while a text is awaited: the hold audio again and again, or more silence; no turn."""
    audio = documents.hold_verbs(step) if step.phone.hold_audio else ()
    pause = documents.HOLD_PAUSE if audio else documents.HOLD_ROUND
    documents.reply(step, audio, replace(floor(step), timeout=pause))


def say_goodbye(step: Step) -> None:
    """Too many silent turns: a goodbye, and the call ends."""
    _count_silence(step)
    documents.reply(step, documents.words(step.phone.goodbye_message), HangUpCall())


def ask_no_input(step: Step) -> None:
    """Silence after a document is a turn, and so is speech that was not understood: its words are told."""
    data = _count_silence(step) | collected(step, "")
    ask(step, channel="voice", reply_on=("voice",), event="no_input", data=data, waiting=True)


def _count_silence(step: Step) -> dict[str, object]:
    """One more silent turn; what was said in it, if anything was."""
    event = step.event
    step.change_call(silent_turns=step.live.silent_turns + 1)
    if not isinstance(event, SpeechHeard):
        step.note("silence", "voice", silent_turns=step.live.silent_turns)
        return {}
    step.note(
        "speech_not_understood",
        "voice",
        confidence=event.confidence,
        silent_turns=step.live.silent_turns,
        **{"pii.text": event.utterance},
    )
    return {"utterance": event.utterance, "confidence": event.confidence}
