"""The contract with an assistant: its schemas, its OpenAPI document, and what can be found wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from orchestrator.assistants.contract import answer_schema as answers
from orchestrator.assistants.contract import openapi as document
from orchestrator.assistants.contract import request_schema as requests
from orchestrator.assistants.contract.findings import HINTS, WARNINGS
from tools.reference.markdown import code, table

SAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "bot.py"


def openapi() -> str:
    """The OpenAPI document."""
    return _json(document.document())


def answer_schema() -> str:
    """What may be answered."""
    return _json(answers.answer_schema())


def request_schema() -> str:
    """What is asked."""
    return _json(requests.request_schema())


def sample_bot() -> str:
    """The sample, as the tests run it."""
    return f"```python bot\n{SAMPLE.read_text(encoding='utf-8')}```"


def faults() -> str:
    """Each code of `tandem check-assistant`, with what to do."""
    rows = [[code(name), "warning" if name in WARNINGS else "error", hint] for name, hint in HINTS.items()]
    return table(["code", "is", "what to do"], rows)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
