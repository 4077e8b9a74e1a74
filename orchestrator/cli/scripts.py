"""What `tandem check` says of the scripts that a configuration names."""

from __future__ import annotations

from config import Settings
from config.backends import Scripted
from orchestrator.assistants.scripted import DEMO, Problem, ScriptError, load_script
from orchestrator.assistants.scripted.lint import lint


def script_problems(settings: Settings) -> list[Problem]:
    """Mistakes and warnings of every script, each file once."""
    backends = (each.backend for each in settings.assistants.values())
    files = dict.fromkeys(str(each.file or DEMO) for each in backends if isinstance(each, Scripted))
    return [problem for file in files for problem in _problems(file)]


def _problems(file: str) -> list[Problem]:
    try:
        return lint(load_script(file))
    except ScriptError as error:
        return list(error.problems)
