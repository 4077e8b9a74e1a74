"""Assistants that behave badly, over plain sockets: each address of the server is a fault of its own."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading

JSON = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
ENDLESS = b"2000\r\n" + b"\x00\xff{}[]" * 1365 + b"\x00\x00\r\n"
HELLO = b'{"responses": [{"response_type": "text", "text": "Hello."}]}'


def _length(size: int) -> bytes:
    return JSON + b"content-length: %d\r\n\r\n" % size


FAULTS: dict[str, bytes] = {
    "says_more": _length(5000) + HELLO,
    "says_less": _length(10) + HELLO,
    "no_length": _length(-5) + HELLO,
    "nonsense": b"\x00\xffno protocol at all\r\n\r\n",
    "fails": b"HTTP/1.1 500 Oops\r\ncontent-length: 4\r\n\r\noops",
    "closes": b"",
    "cuts": STREAM + b'2b\r\ndata: {"response_type": "text", "text": "Hel\r\n',
    "no_chunks": STREAM + b"ZZZ\r\nHello.\r\n",
    "a_page": b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>",
}
"""What is answered before the connection is closed. `HANGING` ones never answer, `garbage` streams without end."""
HANGING = ("hangs", "hangs_too")
KINDS = (*FAULTS, *HANGING, "garbage")


class BadServer:
    """Serves every fault at `url`/<its name>; `held` counts the connections that hang now."""

    def __init__(self) -> None:
        bad = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    bad.serve(self.request)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._over = threading.Event()
        self._held: set[socket.socket] = set()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def serve(self, connection: socket.socket) -> None:
        """One request."""
        head = connection.recv(65536)
        if not head:
            return  # the caller gave up before asking
        name = head.split(b" ", 2)[1].strip(b"/").decode()
        if name in HANGING:
            self._held.add(connection)
            while connection.recv(65536):
                pass
            self._held.discard(connection)
        elif name == "garbage":
            connection.sendall(STREAM)
            while not self._over.is_set():
                connection.sendall(ENDLESS)
        else:
            connection.sendall(FAULTS[name])

    @property
    def held(self) -> int:
        """How many wait for an answer."""
        return len(self._held)

    def close(self) -> None:
        """Let go of every connection, and stop listening."""
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
