"""The credentials of the built-in carrier, for commands that speak to the REST API of a running service."""

from __future__ import annotations

from config import Settings


def token_of(_settings: Settings) -> str:
    """The auth token of the built-in carrier's account: none, for each process that serves makes its own,
    so its REST API refuses these commands, and they say so.
    """
    return ""
