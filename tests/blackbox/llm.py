"""A stranger's language model behind HTTP: the published stream of chat completions, over a real socket."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Step = str | float | dict[str, Any]


class LanguageModel:
    """Answers in order: words, pauses in seconds, and tool calls (`{"name": ..., "arguments": {...}}`)."""

    def __init__(self) -> None:
        self.answers: list[list[Step]] = []
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # a chunk leaves when it is written

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                assert self.path == "/v1/chat/completions"
                model.requests.append(body)
                model.keys.append(self.headers["authorization"])
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                reason = "stop"
                for place, step in enumerate(model.answers.pop(0) if model.answers else []):
                    if isinstance(step, float):
                        time.sleep(step)
                        continue
                    self._delta(_delta(place, step))
                    reason = "tool_calls" if isinstance(step, dict) else reason
                self._delta({}, reason)
                usage = {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25}
                self._event(json.dumps({"choices": [], "usage": usage}))
                self._event("[DONE]")
                self.wfile.write(b"0\r\n\r\n")

            def _delta(self, delta: dict[str, Any], reason: str | None = None) -> None:
                choice = {"index": 0, "delta": delta, "finish_reason": reason}
                self._event(json.dumps({"object": "chat.completion.chunk", "choices": [choice]}))

            def _event(self, words: str) -> None:
                data = f"data: {words}\n\n".encode()
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.flush()

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def messages(self) -> list[tuple[str, str]]:
        """Role and content of the last request's messages, but the system's."""
        return [(each["role"], each["content"]) for each in self.requests[-1]["messages"][1:]]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


def _delta(place: int, step: str | dict[str, Any]) -> dict[str, Any]:
    if isinstance(step, str):
        return {"content": step}
    function = {"name": step["name"], "arguments": json.dumps(step["arguments"])}
    return {"tool_calls": [{"index": 0, "id": f"call_{place}", "type": "function", "function": function}]}
