"""A small HTTP server in threads, which can also lose a connection without an answer."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler gives: `dropped` cuts the connection instead."""

    status: int = 200
    body: Any = None
    dropped: bool = False


Handle = Callable[[str, str, dict[str, str], bytes], Answer]
"""Method, path with query, headers with lower-case names, body."""


class _Patient(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512  # a burst of a few hundred connects is no fault of the service

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A peer that is killed leaves broken connections: no news."""


class WebServer:
    """Serves `handle` on a free loopback port until closed."""

    def __init__(self, handle: Handle) -> None:
        self._server = _Patient(("127.0.0.1", 0), _handler(handle))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


def _handler(handle: Handle) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = handle(self.command, self.path, headers, body)
            if answer.dropped:
                self.close_connection = True
                with contextlib.suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                return
            data = json.dumps(answer.body).encode()
            head = (
                f"HTTP/1.1 {answer.status} -\r\ncontent-type: application/json\r\n"
                f"content-length: {len(data)}\r\n\r\n"
            )
            self.wfile.write(head.encode() + data)

        do_GET = do_POST = _do  # noqa: N815 - names of the standard library

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    return Handler
