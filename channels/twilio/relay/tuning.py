"""How a socket is tuned: the languages that the carrier hears and speaks, the voice, and what may cut words
short. Hints, models and the voice are fixed by the <Connect>; the rest follows the call's documents.
"""

from __future__ import annotations

from channels.twilio.integration import CallStyle
from channels.twilio.relay import frames, voices
from orchestrator.core.effects import Listen, Say
from orchestrator.ports.relay import CallNow


class Tuning:
    """As the carrier is told last. `interruptible` is False where the caller's speech may not cut words
    short, and True where keys may again: the carrier does not tell speech from keys there. Otherwise None,
    and the <Connect> holds.
    """

    def __init__(self, style: CallStyle) -> None:
        self._style = style
        self._voice: str | None = None
        self._spoken = self._heard = style.language
        self.interruptible: bool | None = None

    def follow(self, now: CallNow) -> str:
        """Tune in to the newest document; the frame that tells the carrier of another language, or nothing."""
        if self._voice is None:
            self._voice = self._style.voice if now.fresh else (now.manner.voice or self._style.voice)
        listen = now.newest.ending
        if isinstance(listen, Listen):
            cuts = listen.speech and listen.speech_barge_in
            self.interruptible = (now.manner.key_barge_in or None) if cuts else False
        spoken = now.manner.spoken_language or self._style.language
        heard = now.manner.language or self._style.language
        changed = {
            "ttsLanguage": spoken if spoken != self._spoken else "",
            "transcriptionLanguage": heard if heard != self._heard else "",
        }
        self._spoken, self._heard = spoken, heard
        return frames.language(**changed) if any(changed.values()) else ""

    def words(self, verb: Say) -> str:
        """What is sent for the words."""
        return voices.words(verb, self._voice or self._style.voice)
