"""A line of a phone for eyes: its size and how it fares, its pictures and addresses, and why a text did not come."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from orchestrator.core.segments import measure
from orchestrator.ports.simulation import PhoneLine
from orchestrator.runner.views import rfc3339
from orchestrator.web.console.codes import meaning
from orchestrator.web.console.texts import size_words

SIGNS = {
    "accepted": ("◌", "accepted"),
    "queued": ("◌", "queued"),
    "sent": ("✓", "sent"),
    "delivered": ("✓✓", "delivered"),
    "undelivered": ("⚠", "undelivered"),
    "failed": ("⚠", "failed"),
    "taken": ("✓✓", "delivered"),
    "not_taken": ("⚠", "no answer from the service"),
}
"""Sign and words of how a text fares."""


def shown(line: PhoneLine) -> dict[str, Any]:
    """What the template takes of a line."""
    return {
        "id": line.id,
        "at": rfc3339(line.at),
        "who": line.who,
        "name": "carrier" if line.by_carrier else {"customer": "you"}.get(line.who, line.who),
        "text": line.text,
        "media": [link(address) for address in line.media],
        "pictures": line.pictures,
        "is_sound": line.is_sound,
        "size": size_of(line),
        "mark": mark(line),
        "is_text": line.lane == "sms" and not line.by_carrier,
        "meaning": meaning(line.code) if line.code else "",
        "about": line.about,
    }


def size_of(line: PhoneLine) -> str:
    """How large a text is, and what it is that makes it larger; of one with media that it is one."""
    if line.lane != "sms" or line.who not in {"bot", "customer"}:
        return ""
    if line.media or line.pictures:
        return "MMS"
    measured = measure(line.text)
    facts = {"segments": measured.segments, "encoding": measured.encoding}
    return size_words(facts, measured.blocking)


def mark(line: PhoneLine) -> dict[str, Any]:
    """The sign beside a text; empty while nothing is known."""
    sign, words = SIGNS.get(line.status, ("", line.status))
    return {"sign": sign, "words": words, "bad": sign == "⚠"}


def link(address: str) -> dict[str, str]:
    """An address elsewhere: what it is called, and where it leads, which is nowhere unless it is of the web."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return {"name": address, "href": ""}
    is_web = parts.scheme in {"http", "https"} and bool(parts.netloc)
    name = parts.path.rpartition("/")[2] or parts.netloc
    return {"name": name if is_web else address, "href": address if is_web else ""}
