"""Pictures of the Phone page: taken from the browser before they are sent, and shown where they were sent."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from orchestrator.ports.simulation import CannotError, Simulation
from orchestrator.web.api.problems import Problem, not_found
from orchestrator.web.console.pages import HEADERS
from orchestrator.web.console.visitors import Visitor

LARGEST = 5 * 1024 * 1024
"""Bytes of a picture: what carriers take."""
ALONE = {**HEADERS, "Content-Security-Policy": "default-src 'none'; sandbox"}
"""A customer sent it: it is a picture, and opened by itself it can do nothing."""


class Pictures:
    """The pictures of one simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    async def keep(self, request: Request, _: Visitor) -> Response:
        """The body is the picture; its id is what a text names."""
        try:
            id_ = self._simulation.keep_picture(await _body(request))
        except CannotError as error:
            raise Problem(422, "no_picture", str(error)) from None
        return JSONResponse({"id": id_}, headers=HEADERS)

    async def show(self, request: Request, _: Visitor) -> Response:
        """The picture itself."""
        found = self._simulation.picture(request.path_params["id"])
        if found is None:
            raise not_found("That picture is not kept any more.")
        return Response(found.data, media_type=found.content_type, headers=ALONE)


async def _body(request: Request) -> bytes:
    """Counted while it comes, since a length that is claimed need not be true."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise Problem(413, "too_large", f"A picture has at most {LARGEST // 1024 // 1024} MB.")
    return bytes(body)
