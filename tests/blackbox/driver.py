"""A stranger's view of a running service: own carrier, own bot, own signatures; nothing of ours imported."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import signal
import socket
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx

from tests.starting import start

SID = "AC" + "b" * 32
TOKEN = "the-carrier-token"
API = "the-api-token"
NUMBER = "+19585550123"
ANA = "+15550101234"
PUBLIC = "https://voice.example.com"


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """A small HTTP server in a thread; `handle` gets method, path, headers, body, and gives status and JSON."""

    def __init__(self, handle: Callable[[str, str, dict[str, str], bytes], tuple[int, Any]]) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # head and body are two writes: the second would wait 40 ms

            def _do(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                status, answer = handle(self.command, self.path, dict(self.headers.items()), body)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_DELETE = _do  # noqa: N815 - names of the standard library

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class Bot:
    """The stranger's assistant: answers in order, then nothing; remembers turns and their headers."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.turns: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.server = Server(self._handle)

    def _handle(self, _: str, __: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        self.turns.append(json.loads(body))
        self.headers.append({name.lower(): value for name, value in headers.items()})
        self.bodies.append(body)
        answer = self.answers.pop(0) if self.answers else []
        return 200, {"responses": answer} if isinstance(answer, list) else answer


class Carrier:
    """The stranger's carrier REST: takes messages, calls and call updates, and remembers them. `standing`
    is how each call stands when it is looked up.
    """

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []
        self.updates: list[tuple[str, dict[str, str]]] = []
        self.calls: list[dict[str, str]] = []
        self.looked_up: list[str] = []
        self.standing: dict[str, str] = {}
        self.updated_at: list[float] = []
        self.refuse: tuple[int, dict[str, Any]] | None = None
        self.server = Server(self._handle)

    def _handle(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        expected = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if headers.get("Authorization", headers.get("authorization")) != f"Basic {expected}":
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        if method == "POST" and path.endswith("/Messages.json"):
            if self.refuse is not None:
                return self.refuse
            self.messages.append(form)
            return 201, {"sid": f"SM{len(self.messages):032x}", "status": "queued", "error_code": None}
        if "/Calls" in path:
            return self._call(method, path.rsplit("/", 1)[-1].removesuffix(".json"), form)
        return 200, {"messages": [], "next_page_uri": None}

    def _call(self, method: str, name: str, form: dict[str, str]) -> tuple[int, Any]:
        """The Calls resource: `name` is a call's sid, or the list."""
        if name == "Calls" and method == "POST":
            self.calls.append(form)
            return 201, {"sid": f"CA{len(self.calls):032x}", "status": "queued"}
        if method == "POST":
            self.updated_at.append(time.perf_counter())
            self.updates.append((name, form))
            return 200, {"sid": name, "status": "in-progress"}
        self.looked_up.append(name)
        return 200, {"sid": name, "status": self.standing.get(name, "in-progress")}


def signature(url: str, form: list[tuple[str, str]], token: str = TOKEN) -> str:
    """The carrier's signature, by the published recipe."""
    names = sorted({name for name, _ in form})
    pairs = [name + value for name in names for value in sorted({v for n, v in form if n == name})]
    digest = hmac.new(token.encode(), (url + "".join(pairs)).encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


class Service:
    """`tandem serve` as a process, with its log; webhooks go to it as the carrier would send them."""

    def __init__(
        self,
        folder: Path,
        bot: Bot,
        carrier: Carrier,
        *,
        redis_url: str = "memory://",
        backend: str = "",
        **settings: Any,
    ) -> None:
        self.port = free_port()
        self.folder = folder
        self.base = f"http://127.0.0.1:{self.port}"
        # One client, as making one takes as long as a turn; no connection is kept over a restart.
        self.http = httpx.Client(timeout=15, limits=httpx.Limits(max_keepalive_connections=0))
        messaging = "".join(f"      {name}: {json.dumps(value)}\n" for name, value in settings.items())
        account = (
            f"      account_sid: {SID}\n      auth_token: {TOKEN}\n      base_url: {carrier.server.url}\n"
        )
        http_bot = f"{{kind: http, url: {bot.server.url}/turn, secret: whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=}}"
        number = f'      numbers: ["{NUMBER}"]\n'
        config = (
            f"service:\n  public_url: {PUBLIC}\n  redis_url: {redis_url}\n  api_token: {API}\n  hash_key: a-key-of-hashes\n"
            f"assistants:\n  support:\n"
            f"    backend: {backend or http_bot}\n"
            f"    phone:\n{number}{account}    messaging:\n{number}{account}{messaging}"
        )
        (folder / "tandem.yaml").write_text(config)
        self.log = (folder / "log").open("w+")
        served = ("--config", str(folder / "tandem.yaml"), "--port", str(self.port))
        self.process = start("serve", *served, stderr=self.log, stdout=self.log)
        until(self._is_up, 15)

    def _is_up(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(self.said())
        with contextlib.suppress(httpx.HTTPError):
            return self.http.get(f"{self.base}/livez").status_code == 200
        return False

    def said(self) -> str:
        """The log so far."""
        self.log.flush()
        return (self.folder / "log").read_text()

    def close(self) -> None:
        """Stop it gracefully."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.http.close()
        self.log.close()

    def post(self, path: str, form: dict[str, str], **headers: str) -> httpx.Response:
        """A signed webhook; `path` may be a whole address that the service gave."""
        path = path.removeprefix(PUBLIC)
        signed = {"X-Twilio-Signature": signature(PUBLIC + path, list(form.items())), **headers}
        return self.http.post(self.base + path, data=form, headers=signed)

    def raw(self, path: str, body: bytes, **headers: Any) -> httpx.Response:
        """Any bytes as a webhook."""
        return self.http.post(self.base + path, content=body, headers=headers)

    def api(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """The API with its token."""
        headers = {"Authorization": f"Bearer {API}", **kwargs.pop("headers", {})}
        return self.http.request(method, f"{self.base}/api/v1{path}", headers=headers, **kwargs)

    def session(self, *states: str) -> dict[str, Any]:
        """The newest session."""
        query = {"state": ",".join(states)} if states else {}
        found: list[dict[str, Any]] = self.api("GET", "/sessions", params=query).json()["sessions"]
        return found[0] if found else {"state": "none"}

    def text(self, body: str, sid: str = "SM" + "1" * 32, sender: str = ANA, **more: str) -> httpx.Response:
        """A text of the customer."""
        return self.post(
            "/twilio/sms",
            {
                "MessageSid": sid,
                "AccountSid": SID,
                "From": sender,
                "To": NUMBER,
                "Body": body,
                "NumMedia": "0",
                **more,
            },
        )


class Call:
    """A call of the customer, played by following what the documents say."""

    def __init__(self, service: Service, sid: str = "CA" + "1" * 32, sender: str = ANA) -> None:
        self.service = service
        self.form = {
            "CallSid": sid,
            "AccountSid": SID,
            "From": sender,
            "To": NUMBER,
            "CallStatus": "ringing",
            "Direction": "inbound",
        }
        self.sid = sid
        self.heard: list[str] = []
        self.document = ET.Element("Response")
        self.ended = False

    def request(self, path: str, **more: str) -> httpx.Response:
        """A voice webhook of this call; its document is played."""
        answer = self.service.post(path, {**self.form, **more})
        assert answer.status_code == 200, answer.text
        self._play(answer.text)
        return answer

    def start(self) -> None:
        """The call comes in."""
        self.request("/twilio/voice")
        self.form["CallStatus"] = "in-progress"

    def says(self, words: str) -> httpx.Response:
        """Speak into the open Gather."""
        return self.request(self._action(), SpeechResult=words, Confidence="0.91")

    def is_silent(self) -> httpx.Response:
        """Let the Gather run out."""
        return self.request(self._action())

    def fetch(self, url: str) -> httpx.Response:
        """What a live-call update names is fetched."""
        return self.request(url)

    def hangs_up(self) -> None:
        """The call is over; the number's status callback says so."""
        answer = self.service.post(
            "/twilio/voice/status", {**self.form, "CallStatus": "completed", "CallDuration": "12"}
        )
        assert answer.status_code == 204

    def _action(self) -> str:
        gather = self.document.find("Gather")
        assert gather is not None
        return gather.attrib["action"]

    def _play(self, document: str) -> None:
        self.document = ET.fromstring(document)  # noqa: S314 - our own service wrote it
        self.heard += [say.text or "" for say in self.document.iter("Say")]
        self.ended = self.document.find("Hangup") is not None
        redirect = self.document.find("Redirect")
        if self.document.find("Gather") is None and redirect is not None:
            self.request(redirect.text or "")


def until(holds: Callable[[], Any], seconds: float = 5) -> Any:
    """The first true value of `holds()`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = holds()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("it did not come true")


@contextlib.contextmanager
def running(folder: Path, **settings: Any) -> Iterator[tuple[Service, Bot, Carrier]]:
    """A service with its bot and carrier."""
    bot, carrier = Bot(), Carrier()
    service = Service(folder, bot, carrier, **settings)
    try:
        yield service, bot, carrier
    finally:
        service.close()
        bot.server.close()
        carrier.server.close()


def query(form: dict[str, str]) -> bytes:
    """A form as bytes."""
    return urlencode(form).encode()
