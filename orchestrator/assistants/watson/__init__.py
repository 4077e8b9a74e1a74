"""`kind: watson`: IBM watsonx Assistant, API v2, and the dialogues written for IBM's phone and SMS integrations.

`assistant.py` asks; `api.py` and `auth.py` speak to the service, `stream.py` reads its event stream.
`words.py` and `context.py` make of a turn what those integrations send, `answer.py`, `stored.py` and
`timeouts.py` read what comes back. `memory.py` is what is kept between turns, with our session.
"""

from orchestrator.assistants.watson.api import InvalidSessionError, WatsonApi
from orchestrator.assistants.watson.assistant import WatsonAssistant
from orchestrator.assistants.watson.auth import Auth, Basic, IamTokens
from orchestrator.assistants.watson.words import Habits

__all__ = ["Auth", "Basic", "Habits", "IamTokens", "InvalidSessionError", "WatsonApi", "WatsonAssistant"]
