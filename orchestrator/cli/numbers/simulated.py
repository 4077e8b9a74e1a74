"""The credentials of the built-in carrier, for commands that speak to the REST API of a running service."""

from __future__ import annotations

from orchestrator.app.simulated import token_of

__all__ = ["token_of"]
