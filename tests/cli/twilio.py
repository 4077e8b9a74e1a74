"""A Twilio-shaped account for the commands: numbers, Messaging Services, and faults on demand.

Served over loopback by `serving`, in a thread. `writes` holds each change that was asked for. A test
steers it by its fields: `token`, `status` (answers everything with it), `slow` (seconds before an
answer), `ignores` (settings that it does not take), `skew` (seconds by which its clock is ahead).
"""

from __future__ import annotations

import asyncio
import base64
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orchestrator.cli.running import free_port

SID = "AC" + "a" * 32
TOKEN = "the-carriers-token"
NUMBER = "+19585550123"
OLD = {
    "voice_url": "https://user:hunter2@old.example.com/voice?a=1&token=s3cret#rc=1&e=dublin",
    "voice_method": "GET",
    "voice_fallback_url": "",
    "voice_fallback_method": "POST",
    "status_callback": "http://old.example.com/status",
    "status_callback_method": "GET",
    "voice_application_sid": None,
    "trunk_sid": None,
    "sms_url": "https://old.example.com/sms?x=%20&&y#rp=all",
    "sms_method": "GET",
    "sms_fallback_url": "https://old.example.com/sms-fallback",
    "sms_fallback_method": "GET",
    "sms_application_sid": "",
}
_WRITTEN = {"".join(part.capitalize() for part in name.split("_")): name for name in OLD}


class TwilioAccount:
    """The account; `app` is its REST API, of the messaging host too."""

    def __init__(self) -> None:
        self.token = TOKEN
        self.status = 0
        self.slow = 0.0
        self.skew = 0.0
        self.suspended = False
        self.ignores: set[str] = set()
        self.numbers: dict[str, dict[str, Any]] = {}
        self.services: list[tuple[dict[str, Any], list[str]]] = []
        self.writes: list[dict[str, str]] = []
        root = f"/2010-04-01/Accounts/{SID}"
        self.app = Starlette(
            routes=[
                Route(f"{root}.json", self._whole, methods=["GET"]),
                Route(f"{root}/IncomingPhoneNumbers.json", self._list, methods=["GET"]),
                Route(f"{root}/IncomingPhoneNumbers/{{sid}}.json", self._update, methods=["POST"]),
                Route("/v1/Services", self._services, methods=["GET"]),
                Route("/v1/Services/{sid}/PhoneNumbers", self._members, methods=["GET"]),
            ]
        )

    def add(self, number: str = NUMBER, **fields: Any) -> dict[str, Any]:
        """A number with the old application's settings, and these."""
        record = (
            {
                "sid": f"PN{len(self.numbers):032x}",
                "phone_number": number,
                "capabilities": {"voice": True, "sms": True, "mms": True},
            }
            | OLD
            | fields
        )
        self.numbers[number] = record
        return record

    def add_service(self, *numbers: str, inbound_url: str | None, on_number: bool = False) -> str:
        """A Messaging Service with these numbers; its sid."""
        sid = f"MG{len(self.services):032x}"
        record = {"sid": sid, "friendly_name": "News", "inbound_request_url": inbound_url}
        self.services.append((record | {"use_inbound_webhook_on_number": on_number}, list(numbers)))
        return sid

    async def _refusal(self, request: Request) -> Response | None:
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.status:
            return JSONResponse({"code": 20500, "status": self.status}, self.status)
        login = base64.b64encode(f"{SID}:{self.token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {login}":
            return JSONResponse({"code": 20003, "message": "Authenticate", "status": 401}, 401)
        return None

    def _json(self, content: Any) -> Response:
        return JSONResponse(content, headers={"Date": formatdate(time.time() + self.skew, usegmt=True)})

    async def _whole(self, request: Request) -> Response:
        status = "suspended" if self.suspended else "active"
        return await self._refusal(request) or self._json({"sid": SID, "status": status})

    async def _list(self, request: Request) -> Response:
        part = request.query_params.get("PhoneNumber", "")
        found = [record for number, record in self.numbers.items() if part in number]
        page = {"incoming_phone_numbers": found, "next_page_uri": None}
        return await self._refusal(request) or self._json(page)

    async def _update(self, request: Request) -> Response:
        refusal = await self._refusal(request)
        if refusal:
            return refusal
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        self.writes.append(form)
        record = next(each for each in self.numbers.values() if each["sid"] == request.path_params["sid"])
        record.update({_WRITTEN[name]: value for name, value in form.items() if name not in self.ignores})
        return self._json(record)

    async def _services(self, request: Request) -> Response:
        """One service a page, so that pages are followed."""
        place = int(request.query_params.get("Page", "0"))
        shown = [record for record, _ in self.services[place : place + 1]]
        more = place + 1 < len(self.services)
        following = f"{request.base_url}v1/Services?PageSize=1&Page={place + 1}" if more else None
        page = {"services": shown, "meta": {"next_page_url": following}}
        return await self._refusal(request) or self._json(page)

    async def _members(self, request: Request) -> Response:
        members = next(them for record, them in self.services if record["sid"] == request.path_params["sid"])
        shown = [{"phone_number": number} for number in members]
        page = {"phone_numbers": shown, "meta": {"next_page_url": None}}
        return await self._refusal(request) or self._json(page)


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """Serve over loopback in a thread for the length of the block; gives the address."""
    port = free_port()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="error", lifespan="off", date_header=False
    )
    server = uvicorn.Server(config)
    up = threading.Event()

    async def serve() -> None:
        task = asyncio.ensure_future(server._serve())
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0.005)
        up.set()
        await task

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert up.wait(20)
    assert server.started
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(20)
