"""Text messages as the carrier bills and takes them: segments, long texts in parts, look-alikes folded.

`measure` counts as Twilio's published calculator does, `parts` cuts what is too long for one message,
`fold` trades characters for look-alikes that cost less. What is to be sent, and whether, stands elsewhere.
"""

from __future__ import annotations

from orchestrator.core.segments.counting import Encoding, Measure, contents, measure
from orchestrator.core.segments.cutting import LONGEST, parts
from orchestrator.core.segments.folding import fold, folded

__all__ = ["LONGEST", "Encoding", "Measure", "contents", "fold", "folded", "measure", "parts"]
