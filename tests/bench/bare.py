"""The baseline of the texts' figures: a service that takes a form and makes one request to the carrier, no more.

Run by uvicorn in a process of its own; `CARRIER` names the address that it posts to.
"""

from __future__ import annotations

import os
from urllib.parse import parse_qsl

import httpx
from httpx_aiohttp import AiohttpTransport
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_http = httpx.AsyncClient(transport=AiohttpTransport())


async def take(request: Request) -> Response:
    """Answer, then send the same words back by the carrier."""
    form = dict(parse_qsl((await request.body()).decode()))
    reply = {"To": form["From"], "From": form["To"], "Body": f"re: {form['Body']}"}
    task = BackgroundTask(_http.post, os.environ["CARRIER"], data=reply)
    return Response("<Response/>", media_type="text/xml", background=task)


async def live(_: Request) -> Response:
    """It is up."""
    return Response("ok")


app = Starlette(routes=[Route("/twilio/sms", take, methods=["POST"]), Route("/livez", live)])
