"""Every reason that a turn can fail for stands in the reference."""

from __future__ import annotations

import re

from tests.docs.blocks import ROOT

OURS = {"broken", "unusable"}
"""Reasons of the house itself."""
_RAISED = re.compile(r"(?:AssistantError|super\(\).__init__)\(\s*f?\"([a-z_]+)")
_CONDITION = re.compile(r"reason = f?\"([a-z_]+)[^\"\n]*\" if .* else f?\"([a-z_]+)")


def raised() -> set[str]:
    """The reasons in the sources of the assistants."""
    found = set(OURS)
    for source in (ROOT / "orchestrator/assistants").rglob("*.py"):
        text = source.read_text("utf-8")
        found |= set(_RAISED.findall(text))
        found |= {name for pair in _CONDITION.findall(text) for name in pair}
    return found - {"status_", "no_stream"} | {"length", "content_filter"}


def test_every_reason_of_a_failed_turn_is_told() -> None:
    """In the first column of the table; the classes of HTTP statuses stand for all of them."""
    page = (ROOT / "docs/reference/reasons.md").read_text("utf-8")
    table = page.partition("## Why a turn failed")[2].partition("\n## ")[0]
    told = {
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z_0-9]+)`", line.split("|")[1])
    }
    assert raised() <= told
