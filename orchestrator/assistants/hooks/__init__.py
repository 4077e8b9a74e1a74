"""Webhooks of others in our turns: `around.py` asks them before and after the assistant, `log.py` tells them
afterwards. Each is a Standard Webhooks request to an `Endpoint`.
"""

from orchestrator.assistants.hooks.around import Around, HookedAssistant
from orchestrator.assistants.hooks.endpoint import Endpoint
from orchestrator.assistants.hooks.log import LogWebhook

__all__ = ["Around", "Endpoint", "HookedAssistant", "LogWebhook"]
