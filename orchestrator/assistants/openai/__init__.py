"""`kind: openai`: a language model behind any OpenAI-compatible chat-completions endpoint.

`assistant.py` asks; `api.py` speaks to the endpoint and `completion.py` reads its stream, `pieces.py` cuts
words that are spoken while they come. `prompt.py` says to the model what happens, `tools.py` reads what it
wants done, `memory.py` is what is kept between turns, with our session.
"""

from orchestrator.assistants.openai.api import ChatApi
from orchestrator.assistants.openai.assistant import Limits, OpenAIAssistant
from orchestrator.assistants.openai.prompt import Prompt
from orchestrator.assistants.openai.tools import Tools

__all__ = ["ChatApi", "Limits", "OpenAIAssistant", "Prompt", "Tools"]
