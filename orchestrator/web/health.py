"""What operators' tools ask: whether the process lives, whether it should get work, and its figures.

Open to all who reach it: nothing of customers is in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orchestrator.web.metrics import Metrics

PATIENCE = 3.0
"""Seconds that the store has to answer: above its own budget of 2 s, below a prober's usual 5 s to 10 s."""
NO_STORE = {"Cache-Control": "no-store"}
_STATUS = {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}}
_TOLD = {"application/json": {"schema": _STATUS}}
_NOT_READY = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["status", "reason"],
            "properties": {
                "status": {"const": "not_ready"},
                "reason": {"enum": ["store_unavailable", "draining"]},
            },
        }
    }
}


def _item(name: str, summary: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    told = {"operationId": name, "summary": summary, "tags": ["service"], "security": []}
    return {"get": {**told, "responses": answers}}


PATHS = {
    "/livez": _item(
        "is_alive", "Whether the process answers", {"200": {"description": "It does", "content": _TOLD}}
    ),
    "/readyz": _item(
        "is_ready",
        "Whether work should come here",
        {
            "200": {"description": "It should", "content": _TOLD},
            "503": {"description": "Not now", "content": _NOT_READY},
        },
    ),
    "/metrics": _item(
        "get_metrics",
        "Figures of this process in Prometheus' text format",
        {"200": {"description": "Figures", "content": {"text/plain": {"schema": {"type": "string"}}}}},
    ),
}
"""OpenAPI path items for the description of the service."""
Probe = Callable[[], Awaitable[object]]
Counts = Callable[[], Awaitable[Mapping[str, int]]]


def health_routes(
    *,
    probe: Probe,
    metrics: Metrics,
    backlog: Counts,
    draining: Callable[[], bool] = lambda: False,
) -> list[Route]:
    """`/livez`, `/readyz` and `/metrics`. `probe` and `backlog` raise while the store is away, `probe` also while it
    takes no writes; `draining` tells that the service ends.
    """

    async def livez(_: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=NO_STORE)

    async def readyz(_: Request) -> Response:
        reason = "draining" if draining() else await _why_not(probe)
        if reason:
            return JSONResponse({"status": "not_ready", "reason": reason}, 503, headers=NO_STORE)
        return JSONResponse({"status": "ok"}, headers=NO_STORE)

    async def figures(_: Request) -> Response:
        metrics.backlog(await _counted(backlog))
        return Response(metrics.page(), headers={**NO_STORE, "Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", figures)]


async def _counted(backlog: Counts) -> Mapping[str, int]:
    """What waits; nothing while the store is away, for the other figures are needed most then."""
    try:
        return await asyncio.wait_for(backlog(), PATIENCE)
    except Exception:  # noqa: BLE001 - whatever keeps the store from answering, the page must come
        return {}


async def _why_not(probe: Probe) -> str:
    """The reason why no work should come, or an empty word."""
    try:
        await asyncio.wait_for(probe(), PATIENCE)
    except Exception:  # noqa: BLE001 - whatever keeps the store from answering, work must go elsewhere
        return "store_unavailable"
    return ""
