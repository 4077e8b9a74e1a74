"""The carrier's lists of messages and calls: page by page, newest first, ours only."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from math import floor
from typing import Any, Literal

from channels.twilio.api import Api
from orchestrator.core.errors import CarrierError

PAGE_SIZE = 50
MAX_PAGES = 20
"""A thousand entries to one number since an attempt of minutes ago: more means a loop elsewhere."""
_RESOURCES = {"messages": "Messages.json", "calls": "Calls.json"}

Dated = tuple[Mapping[str, Any], float]


async def listed(
    api: Api, kind: Literal["messages", "calls"], wanted: Mapping[str, str], since: float
) -> list[Dated]:
    """What we made since then, newest first, each with the moment of its creation. The lists are ordered
    by creation, newest first, with dates in whole seconds.
    """
    params: dict[str, str] | None = {**wanted, "PageSize": str(PAGE_SIZE)}
    path = f"{api.account}/{_RESOURCES[kind]}"
    found: list[Dated] = []
    for _ in range(MAX_PAGES):
        page = await api.get(path, params)
        entries, reached = _newer(page.get(kind) or (), floor(since))
        found += entries
        following = None if reached else next_page(page, api.base)
        if following is None:
            return found
        path, params = following, None  # the following address has its own query
    raise CarrierError(f"the carrier's list of {kind} does not end", outcome="not_sent")


def _newer(entries: Any, since: int) -> tuple[list[Dated], bool]:
    """The entries of ours since then, and whether an older one was reached."""
    found: list[Dated] = []
    for entry in entries:
        created_at = moment(entry.get("date_created"))
        if created_at is None:
            continue
        if created_at < since:
            return found, True
        if entry.get("direction") != "inbound":
            found.append((entry, created_at))
    return found, False


def moment(text: Any) -> float | None:
    """Unix seconds of an RFC 2822 date, or None."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        return None


def next_page(page: Mapping[str, Any], base: str) -> str | None:
    """Path and query of the next page, or None at the end. A page on another host is not asked for,
    since the request carries credentials; the list is then not known whole.
    """
    uri = page.get("next_page_uri")
    if not uri:
        return None
    path = str(uri).removeprefix(base)
    if not path.startswith("/") or path.startswith("//"):
        raise CarrierError("the carrier's list goes on elsewhere", outcome="not_sent")
    return path
