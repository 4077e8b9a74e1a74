"""A session as one row of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orchestrator.core.captions import words_of
from orchestrator.core.sought import QUIET
from orchestrator.web.console.masking import Eyes


def row_of(summary: dict[str, Any], tail: Sequence[dict[str, Any]], eyes: Eyes) -> dict[str, Any]:
    """A session as one row."""
    call = summary["call"] or {}
    live = summary["state"] in LIVE
    telling = next((line for line in reversed(tail) if line["type"] not in QUIET), None)
    return {
        "id": summary["id"],
        "customer": eyes.number(summary["customer"]["phone_number"]),
        "assistant": summary["assistant"],
        "state": summary["state"],
        "direction": call.get("direction") if live else None,
        "call_started_at": call.get("started_at") if live else None,
        "texts": sum(line["type"] in {"text_received", "text_queued"} for line in tail),
        "last_event": eyes.see(last_words(telling)) if telling else "",
        "last_event_at": summary["last_event_at"],
        "problem": trouble_of(summary),
    }


LIVE = frozenset({"dialing", "transferring", "awaiting_text", "in_call_and_text", "in_call"})


def last_words(line: dict[str, Any]) -> str:
    """What happened, in few words; what somebody said stands in quotation marks."""
    words = words_of(line["type"], line["data"])
    if words.who in {"customer", "bot"}:
        return f"“{words.text}”"
    return f"{words.text} {words.detail}".strip()


def trouble_of(summary: dict[str, Any]) -> str:
    """What is wrong, in few words; empty where nothing is."""
    error = summary.get("last_text_error")
    return f"text not delivered: {error.get('reason', '')} {error.get('code', '')}".strip() if error else ""
