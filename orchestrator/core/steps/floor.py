"""The caller's turn: how a call listens now, what counts as an input, and how keys are collected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from orchestrator.core.effects import Listen, Say, Verb
from orchestrator.core.events import SilenceHeard, SpeechHeard
from orchestrator.core.items import CollectDigits
from orchestrator.core.manner import Manner, changed
from orchestrator.core.step import Step

MAX_WAIT = 600.0
"""Seconds that an assistant may let the caller be silent for: as `post_response_timeout` allows."""


def floor(step: Step) -> Listen:
    """The caller's turn: as the answer, the call, the context and the configuration say, in this order."""
    phone, manner = step.phone, manner_of(step)
    collect = collection(step)
    return Listen(
        timeout=_silence(step, manner),
        speech=_either(manner.hears_speech, default=True) and not _wants_keys_only(step),
        keys=_either(manner.hears_keys, default=True) or collect is not None,
        num_digits=(collect.count or collect.maximum) if collect else 0,
        finish_on_key=collect.termination_key if collect else None,
        inter_digit_timeout=collect.inter_digit_timeout if collect else 0.0,
        language=manner.language or "",
        hints=phone.hints if manner.hints is None else manner.hints,
        speech_model=phone.speech_model if manner.speech_model is None else manner.speech_model,
        speech_timeout=phone.speech_timeout if manner.speech_timeout is None else manner.speech_timeout,
        max_speech_time=manner.max_speech_time or telephony(step, "final_utterance_timeout_count") or 0.0,
        profanity_filter=_either(manner.profanity_filter, default=phone.profanity_filter),
        speech_barge_in=_either(manner.speech_barge_in, default=True),
        key_barge_in=_either(manner.key_barge_in, default=True),
    )


def _wants_keys_only(step: Step) -> bool:
    """Whether what is asked for, digits or a choice of a list, is given by keys alone."""
    collect, session = collection(step), step.session
    return bool(collect and collect.ignore_speech) or bool(session.choices and session.choices_by_keys)


def collection(step: Step) -> CollectDigits | None:
    """How keys are gathered now: as the assistant asked for, else as a question that is asked by voice does."""
    call = step.live
    return call.collect or (call.question.collect if call.question else None)


def manner_of(step: Step) -> Manner:
    """The settings that hold now."""
    return step.live.once or step.live.manner


def voiced(step: Step, verbs: tuple[Verb, ...]) -> tuple[Verb, ...]:
    """The verbs with the voice and language that the assistant set."""
    manner = manner_of(step)
    if manner.voice is None and manner.spoken_language is None:
        return verbs
    voice, language = manner.voice or "", manner.spoken_language or ""
    return tuple(
        replace(verb, voice=voice, language=language) if isinstance(verb, Say) else verb for verb in verbs
    )


def is_misheard(step: Step) -> bool:
    """Speech that the recogniser is less sure of than the threshold; one without a confidence is heard."""
    event, own = step.event, manner_of(step).confidence_threshold
    if not isinstance(event, SpeechHeard) or event.confidence is None:
        return False
    return event.confidence < (step.phone.confidence_threshold if own is None else own)


def is_nothing(step: Step) -> bool:
    """The caller gave nothing that could be a turn: silence, or speech that was not understood."""
    return isinstance(step.event, SilenceHeard) or is_misheard(step)


def collected(step: Step, keys: str) -> dict[str, object]:
    """End a collection of keys: whether there are enough of them; nothing where none was asked for."""
    collect = collection(step)
    step.change_call(collect=None)
    if collect is None:
        return {}
    if collect.stop_after and keys:
        stopped, once = Manner(hears_keys=False), step.live.once
        step.change_call(
            manner=changed(step.live.manner, stopped, "turns", "merge"),
            once=changed(once, stopped, "turns", "merge") if once else None,
        )
    return {"dtmf_collection_succeeded": len(keys) >= max(collect.count, collect.minimum, 1)}


def telephony(step: Step, name: str) -> float | None:
    """Seconds of a time-out that the context holds in milliseconds, where Watson's dialogues put it:
    `integrations.voice_telephony`.
    """
    found: Any = step.session.context
    for part in ("integrations", "voice_telephony", name):
        found = found.get(part) if isinstance(found, Mapping) else None
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return found / 1000 if is_number and 0 < found <= MAX_WAIT * 1000 else None


def _silence(step: Step, manner: Manner) -> float:
    own = manner.post_response_timeout or telephony(step, "post_response_timeout_count")
    return min(own or step.phone.post_response_timeout, MAX_WAIT)


def _either(own: bool | None, *, default: bool) -> bool:
    return default if own is None else own
