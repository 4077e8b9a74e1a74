"""Assistants that a conversation designer writes as a YAML file: `kind: scripted`.

`loader.py` reads the file into the steps of `model.py`, `player.py` plays them turn by turn,
`lint.py` finds what cannot end or cannot be reached. The format is described in docs/scripted.md.
"""

from orchestrator.assistants.scripted.assistant import DEMO, ScriptedAssistant
from orchestrator.assistants.scripted.lint import lint
from orchestrator.assistants.scripted.loader import load_script, parse_script
from orchestrator.assistants.scripted.model import Script
from orchestrator.assistants.scripted.problems import Problem, ScriptError
from orchestrator.assistants.scripted.schema import schema
from orchestrator.assistants.scripted.tracing import TRACE

__all__ = [
    "DEMO",
    "TRACE",
    "Problem",
    "Script",
    "ScriptError",
    "ScriptedAssistant",
    "lint",
    "load_script",
    "parse_script",
    "schema",
]
