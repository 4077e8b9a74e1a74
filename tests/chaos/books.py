"""The carrier and the assistant as an auditor sees them: what each was asked, when, and what it did.

The service under test is never looked into: whether anything was lost or doubled stands in these books.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.blackbox.driver import SID
from tests.chaos.web import Answer, WebServer


@dataclass(slots=True)
class Asked:
    """One time that the assistant was asked. `text` is the input, or the name of the event."""

    turn_id: str
    webhook_id: str
    customer: str | None
    channel: str
    text: str
    at: float
    answered_at: float = 0.0


class BotBook:
    """An assistant that answers `re: <input>` after `delay` seconds, the same for the same turn."""

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.asked: list[Asked] = []
        self.server = WebServer(self._handle)

    def _handle(self, _: str, __: str, headers: dict[str, str], body: bytes) -> Answer:
        turn = json.loads(body)
        text = turn["event"] if turn["input"]["type"] == "none" else turn["input"]["text"]
        entry = Asked(
            turn["turn_id"],
            headers["webhook-id"],
            turn["customer"]["phone_number"],
            turn["channel"],
            text,
            time.monotonic(),
        )
        self.asked.append(entry)
        time.sleep(self.delay)
        entry.answered_at = time.monotonic()
        items = [] if turn["event"] == "call_ended" else [{"response_type": "text", "text": f"re: {text}"}]
        return Answer(body={"responses": items})

    def times(self, text: str) -> int:
        """How often that input was asked."""
        return sum(entry.text == text for entry in self.asked)

    def turn_ids(self) -> dict[str, set[str]]:
        """The turn ids under which each input was asked, with the `webhook-id` of each request."""
        found: dict[str, set[str]] = defaultdict(set)
        for entry in self.asked:
            found[entry.text] |= {entry.turn_id, entry.webhook_id}
        return dict(found)


@dataclass(slots=True)
class Sent:
    """A message that the carrier took."""

    to: str
    body: str
    sid: str
    callback: str
    created_at: float
    at: float = field(default_factory=time.monotonic)


Fault = Callable[[], str]
"""What happens to the next request that would send a text: `""`, `429`, `500`, `500 taken`, `drop`,
`drop taken`, `hang` (never taken, no answer), `hang taken` (taken at once, no answer), `hang late` (taken when
the hang is over, as if nothing had been)."""
HANG = 30.0
"""Seconds that a carrier hangs: far beyond the 8 s that we wait for it."""


class CarrierBook:
    """The carrier's REST: takes messages and call updates, lists messages, and fails when it is told to."""

    def __init__(self, fault: Fault = str) -> None:
        self.sent: list[Sent] = []
        self.updates: list[str] = []
        self.faults: Counter[str] = Counter()
        self._fault = fault
        self._lock = threading.Lock()
        self.server = WebServer(self._handle)

    def bodies(self, to: str = "") -> list[str]:
        """Bodies of what was taken, in order; of one customer, if named."""
        return [message.body for message in list(self.sent) if not to or message.to == to]

    def _handle(self, method: str, path: str, _: dict[str, str], body: bytes) -> Answer:
        if method == "POST" and path.endswith("/Messages.json"):
            return self._take(dict(parse_qsl(body.decode())))
        with self._lock:
            if method == "GET":
                return self._list(parse_qs(urlsplit(path).query))
            self.updates.append(path.rsplit("/", 1)[-1].removesuffix(".json"))
            return Answer(body={"sid": self.updates[-1], "status": "in-progress"})

    def _take(self, form: dict[str, str]) -> Answer:
        with self._lock:
            fault = self._fault()
            self.faults[fault] += 1
        if fault == "hang late":
            time.sleep(HANG)
        with self._lock:
            answer = self._answer(form, fault)
        if fault in {"hang", "hang taken"}:
            time.sleep(HANG)
        return answer

    def _answer(self, form: dict[str, str], fault: str) -> Answer:
        if fault == "429":
            return Answer(429, {"code": 20429, "message": "Too Many Requests", "status": 429})
        if fault in {"", "500 taken", "drop taken", "hang taken", "hang late"}:
            sid = "SM" + hashlib.sha256(f"out {len(self.sent)}".encode()).hexdigest()[:32]
            callback = form.get("StatusCallback", "")
            self.sent.append(Sent(form["To"], form.get("Body", ""), sid, callback, time.time()))
        if fault.startswith(("drop", "hang")):
            return Answer(dropped=True)
        if fault.startswith("500"):
            return Answer(500, {"code": 20500, "message": "Internal Server Error", "status": 500})
        return Answer(201, {"sid": self.sent[-1].sid, "status": "queued", "error_code": None})

    def _list(self, query: dict[str, list[str]]) -> Answer:
        to = query.get("To", [""])[0]
        found: list[dict[str, Any]] = [
            {
                "sid": message.sid,
                "to": message.to,
                "body": message.body,
                "direction": "outbound-api",
                "status": "queued",
                "account_sid": SID,
                "date_created": formatdate(message.created_at, usegmt=True),
            }
            for message in reversed(self.sent)
            if message.to == to
        ]
        return Answer(body={"messages": found, "next_page_uri": None})
