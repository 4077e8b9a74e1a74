"""What may stand on a session's timeline: every kind of line, by its name in API, console and scenarios."""

from __future__ import annotations

from typing import Literal

# A list of words reads by the line.
# fmt: off
NoteKind = Literal[
    "action_taken", "answer_cut", "answer_dropped", "answer_mismatched", "asked_by_voice", "call_ended",
    "call_failed", "call_looked_up", "call_placed", "call_started", "channel_switched", "consent_changed",
    "context_changed", "digits_pressed", "event_ignored", "filler_said", "input_dropped", "item_skipped",
    "keyword_received", "questions_dropped", "released", "said", "sender_changed", "session_ended",
    "session_opened", "setting_not_changed", "silence", "speech_heard", "speech_not_understood",
    "taken_over", "text_asked", "text_dropped", "text_failed", "text_found", "text_mismatched",
    "text_queued", "text_received", "text_refused", "timer_fired", "transfer_failed", "turn_answered", "turn_asked",
    "turn_failed", "turn_withheld",
]
# fmt: on
