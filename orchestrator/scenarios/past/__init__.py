"""Sessions that happened: written as a scenario (`tandem record`), or played again and compared (`tandem replay`).

What happened is read from the timeline of a session as the API gives it. It holds what people did and what they
heard and read, not the whole answers of the assistant: what a question accepted, or where a call was
transferred to, is not in it, and stands in the scenario as far as it can be told.
"""

from orchestrator.scenarios.past.apart import Apart
from orchestrator.scenarios.past.comparing import Difference, replay, welcome_of
from orchestrator.scenarios.past.history import History
from orchestrator.scenarios.past.writing import scenario

__all__ = ["Apart", "Difference", "History", "replay", "scenario", "welcome_of"]
