"""Status callbacks of the carrier: late, shuffled and doubled, to any host."""

from __future__ import annotations

import contextlib
import random
import threading
import time

import httpx

from tests.blackbox.driver import NUMBER, SID
from tests.chaos.hosts import Deployment

STATUSES = ("sent", "delivered")


class Callbacks:
    """Tells the service what became of each message that the carrier's book holds, until it is closed."""

    def __init__(self, deployment: Deployment, chance: random.Random) -> None:
        self.told = 0
        self._deployment = deployment
        self._chance = chance
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop telling."""
        self._closed.set()
        self._thread.join(20)

    def _run(self) -> None:
        place = 0
        while not self._closed.is_set():
            new = list(self._deployment.carrier.sent[place:])
            place += len(new)
            news = [(message, status) for message in new for status in STATUSES]
            news += self._chance.choices(news, k=len(news) // 3) if news else []
            self._chance.shuffle(news)
            for message, status in news:
                form = {
                    "MessageSid": message.sid,
                    "MessageStatus": status,
                    "AccountSid": SID,
                    "From": NUMBER,
                    "To": message.to,
                }
                self._tell(message.callback, form)
            time.sleep(self._chance.uniform(0.1, 0.5))

    def _tell(self, address: str, form: dict[str, str]) -> None:
        """Once: a callback that nobody takes is lost, as at a carrier."""
        hosts = list(self._deployment.hosts)
        if hosts:
            with contextlib.suppress(httpx.HTTPError):
                self._chance.choice(hosts).post(address, form)
                self.told += 1
