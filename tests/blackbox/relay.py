"""The carrier's side of a ConversationRelay socket, by the `websockets` library; nothing of ours imported."""

from __future__ import annotations

import contextlib
import json
import threading
import time
import xml.etree.ElementTree as ET
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.blackbox.driver import ANA, NUMBER, PUBLIC, SID, Service, signature

SOCKET = "/twilio/voice/relay/support"
PATIENCE = 8.0
"""Seconds for a frame to come."""


def headers(path: str = SOCKET, token: str | None = None) -> dict[str, str]:
    """The upgrade's signature: over the public address with `wss`, without a body."""
    url = "wss" + PUBLIC.removeprefix("https") + path
    return {"X-Twilio-Signature": signature(url, []) if token is None else token}


def open_socket(service: Service, path: str = SOCKET, token: str | None = None) -> ClientConnection:
    """A signed upgrade; `token` takes the signature's place."""
    sent = {} if token == "none" else headers(path, token)
    opening = connect(f"ws://127.0.0.1:{service.port}{path}", additional_headers=sent, proxy=None)
    return opening.__enter__()  # closed by the test, or with its process


class RelayCall:
    """A call that is carried by a socket. `frames` are what came, `spoken` the tokens as one text."""

    def __init__(self, service: Service, sid: str = "CA" + "1" * 32, sender: str = ANA) -> None:
        self.service = service
        self.sid = sid
        self.form = {
            "CallSid": sid,
            "AccountSid": SID,
            "From": sender,
            "To": NUMBER,
            "CallStatus": "ringing",
            "Direction": "inbound",
        }
        self.frames: list[dict[str, Any]] = []
        self.at: list[float] = []
        self.socket: ClientConnection | None = None

    def start(self) -> ET.Element:
        """The call comes in; the element that names the socket."""
        relay = relay_of(self.service.post("/twilio/voice", self.form).text)
        self.form["CallStatus"] = "in-progress"
        return relay

    def connect(self, service: Service | None = None) -> None:
        """Open the socket, at another worker if one is given, and say which call it is."""
        self.socket = open_socket(service or self.service)
        threading.Thread(target=self._read, args=(self.socket,), daemon=True).start()
        self.send(
            type="setup",
            sessionId="VX" + "1" * 32,
            callSid=self.sid,
            accountSid=SID,
            to=NUMBER,
            direction="inbound",
            callStatus="RINGING",
            customParameters={},
            **{"from": self.form["From"]},
        )

    def _read(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed, OSError):
            for message in socket:
                self.at.append(time.perf_counter())
                self.frames.append(json.loads(message))

    def send(self, **frame: Any) -> None:
        """One frame."""
        assert self.socket is not None
        self.socket.send(json.dumps(frame))

    def says(self, words: str) -> None:
        """The caller said something, whole."""
        self.send(type="prompt", voicePrompt=words, lang="en-US", last=True)

    @property
    def spoken(self) -> str:
        """Every token, in order."""
        return "".join(frame["token"] for frame in self.frames if frame["type"] == "text")

    def heard(self, words: str) -> bool:
        """Whether these words were spoken."""
        return words in self.spoken

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The frames of a kind."""
        return [frame for frame in self.frames if frame["type"] == kind]

    def action(self, status: str, handoff: str = "", **more: str) -> ET.Element:
        """The <Connect> is over: the document that its action answers."""
        form = {**self.form, "SessionId": "VX" + "1" * 32, "SessionStatus": status, "SessionDuration": "3"}
        if handoff:
            form["HandoffData"] = handoff
        answer = self.service.post("/twilio/voice/relay/action", {**form, **more})
        assert answer.status_code == 200, answer.text
        return ET.fromstring(answer.text)  # noqa: S314 - our own service wrote it

    def drop(self) -> None:
        """The connection is lost."""
        assert self.socket is not None
        self.socket.close_socket()


def relay_of(document: str) -> ET.Element:
    """The <ConversationRelay> of a document."""
    found = ET.fromstring(document).find("Connect/ConversationRelay")  # noqa: S314 - our own service wrote it
    assert found is not None, document
    return found


class StreamingBot:
    """An assistant that streams its answers: lines, or with `events` server-sent events. Each answer is a
    list of entries; a number in it is a pause.
    """

    def __init__(self) -> None:
        self.events = False
        self.answers: list[list[Any]] = []
        self.turns: list[dict[str, Any]] = []
        bot = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # an entry leaves when it is written

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                bot.turns.append(json.loads(body))
                self.send_response(200)
                kind = "text/event-stream" if bot.events else "application/x-ndjson"
                self.send_header("content-type", kind)
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                for line in bot.answers.pop(0) if bot.answers else []:
                    if isinstance(line, int | float):
                        time.sleep(line)
                        continue
                    entry = json.dumps(line).encode()
                    data = b"data: " + entry + b"\r\n\r\n" if bot.events else entry + b"\n"
                    self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                    self.wfile.flush()
                self.wfile.write(b"0\r\n\r\n")

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()
