"""The routes that people and tools call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

if TYPE_CHECKING:
    from orchestrator.app import Service


def web_routes(service: Service) -> list[BaseRoute]:
    """Health, API."""
    return []
