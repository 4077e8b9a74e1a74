"""Assistants with certificates of their own: theirs is checked by `ca_file`, ours is shown by `client_cert`."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from config.backends import Http
from config.secret import Secret
from orchestrator.app.backends import backend
from orchestrator.app.certificates import CertificateError
from orchestrator.app.clock import SystemClock
from orchestrator.cli.doctor.backend import check_assistant
from orchestrator.core.errors import AssistantError
from orchestrator.core.items import Text
from tests.assistants.turns import turn

pytestmark = pytest.mark.anyio
DATA = Path(__file__).parents[1] / "data" / "tls"


class Bot(BaseHTTPRequestHandler):
    """Says hello."""

    def do_POST(self) -> None:
        """One turn."""
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps({"responses": [{"response_type": "text", "text": "Hello"}]}).encode())

    def log_message(self, *args: object) -> None:
        """Quiet."""


class Server(HTTPServer):
    """Quiet about clients that it turns away."""

    def handle_error(self, *args: object) -> None:
        """Nothing to tell."""


@pytest.fixture(scope="module")
def bot() -> Iterator[str]:
    """The address of a bot that asks for a certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=DATA / "ca.pem")
    context.load_cert_chain(DATA / "server.pem", DATA / "server.key.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    server = Server(("127.0.0.1", 0), Bot)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"https://127.0.0.1:{server.server_address[1]}/turn"
    server.shutdown()
    server.server_close()


async def ask(url: str, **files: Any) -> object:
    """What a turn comes to."""
    found = Http(kind="http", url=url, secret=Secret("whsec_c2VjcmV0"), retries=0, timeout=5.0, **files)
    async with httpx.AsyncClient() as http:
        assistant = backend(found, http=http, clock=SystemClock(), folder=DATA)
        try:
            return (await assistant.ask(turn("hi"))).items
        except AssistantError as error:
            return error.reason
        finally:
            await assistant.close()


async def test_both_sides_prove_who_they_are(bot: str) -> None:
    """With our certificate and their authority the turn is answered."""
    shown = {"client_cert": "client.pem", "client_key": "client.key.pem"}
    assert await ask(bot, ca_file="ca.pem", **shown) == (Text(text="Hello"),)


async def test_without_our_certificate(bot: str) -> None:
    """A bot that wants a certificate answers nobody without."""
    assert await ask(bot, ca_file="ca.pem") == "unreachable"


async def test_an_unknown_authority(bot: str) -> None:
    """A bot whose authority the system does not know is not asked anything."""
    assert await ask(bot, client_cert="client.pem", client_key="client.key.pem") == "unreachable"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"ca_file": "none.pem"}, "backend.ca_file: no such file or directory"),
        ({"ca_file": "client.key.pem"}, "backend.ca_file: not PEM files of certificates"),
        ({"client_cert": "client.pem"}, "backend.client_cert: not PEM files of a certificate and its key"),
        ({"client_cert": "client.pem", "client_key": "server.key.pem"}, "backend.client_cert: not PEM files"),
    ],
)
async def test_files_that_are_wrong(files: dict[str, str], told: str) -> None:
    """A file that cannot be used is told by its key, at start."""
    with pytest.raises(CertificateError, match=told):
        await ask("https://127.0.0.1:9/turn", **files)


async def test_the_doctor_shows_our_certificate(bot: str) -> None:
    """The doctor reaches an assistant as the service does; without the certificate it does not."""
    files: list[dict[str, Any]] = [{"client_cert": "client.pem", "client_key": "client.key.pem"}, {}]
    states = []
    for shown in files:
        found = Http(kind="http", url=bot, secret=Secret("whsec_c2VjcmV0"), ca_file="ca.pem", **shown)
        async with httpx.AsyncClient() as http:
            states.append((await check_assistant(http, "support", found, DATA)).state)
    assert states == ["ok", "unknown"]  # aiohttp's refusals reach us as time-outs
