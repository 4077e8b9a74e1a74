"""Customers who text, one text after the other each, through whatever happens; and what must hold after it."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from tests.blackbox.driver import until
from tests.chaos.dice import dice
from tests.chaos.hosts import Deployment, number

LIMIT = 60.0  # seconds in which a carrier brings a text at last, and in which all is answered


class Flow:
    """`customers` people send `texts` texts each, about `pause` seconds apart; `repeated` of them come twice."""

    def __init__(
        self,
        deployment: Deployment,
        *,
        customers: int,
        texts: int,
        pause: float,
        seed: int,
        repeated: float = 0.0,
    ) -> None:
        self.deployment = deployment
        self.words = {number(n): [f"{n}/{place}" for place in range(texts)] for n in range(customers)}
        self._pause = pause
        self._repeated = repeated
        self._seed = seed
        self._pool = ThreadPoolExecutor(customers)
        self._jobs: list[Future[None]] = []
        self.longest = 0.0
        self.repeats = 0
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many texts there are in all."""
        return sum(map(len, self.words.values()))

    def start(self) -> None:
        """Begin to send."""
        self._jobs = [
            self._pool.submit(self._send, sender, words, dice(f"{self._seed} {sender}"))
            for sender, words in self.words.items()
        ]

    def _send(self, sender: str, words: list[str], chance: random.Random) -> None:
        for word in words:
            time.sleep(chance.uniform(0, 2 * self._pause))
            asked = time.monotonic()
            first = chance.randrange(1 << 16)
            taken = self.deployment.deliver(word, sender, LIMIT, first) - asked
            with self._lock:
                self.longest = max(self.longest, taken)
            if chance.random() < self._repeated:
                self.deployment.deliver(word, sender, LIMIT, first + 1)
                with self._lock:
                    self.repeats += 1

    def wait_until_sent(self) -> None:
        """Until each text was acknowledged by some host."""
        for job in self._jobs:
            job.result(3 * LIMIT)
        self._pool.shutdown()

    def wait_until_answered(self, seconds: float = LIMIT) -> float:
        """Until there are as many replies as texts; the seconds that it took."""
        start = time.monotonic()
        until(lambda: len(self.deployment.carrier.sent) >= self.count, seconds)
        time.sleep(1)  # in which a second reply would show
        return time.monotonic() - start

    def check(self) -> None:
        """Every acknowledged text has one turn and one reply, in its customer's order."""
        replies: dict[str, list[str]] = defaultdict(list)
        for message in self.deployment.carrier.sent:
            replies[message.to].append(message.body)
        turns: dict[str, list[str]] = defaultdict(list)
        for entry in self.deployment.bot.asked:
            if entry.channel == "sms" and entry.text not in turns[entry.customer or ""]:
                turns[entry.customer or ""].append(entry.text)
        for customer, words in self.words.items():
            assert replies[customer] == [f"re: {word}" for word in words]
            assert turns[customer] == words
        texts = {word for words in self.words.values() for word in words}
        for text, ids in self.deployment.bot.turn_ids().items():
            assert text not in texts or len(ids) == 1, f"{text} was asked under {len(ids)} ids"


def left_over(client: Any) -> list[str]:
    """What still waits in Redis: inboxes, due work besides timers, dead letters."""
    found = []
    for key in client.scan_iter("tandem:*"):
        name = key.decode()
        if name.endswith((":in", ":dlq")):
            found.append(name)
        elif name.endswith(":due"):
            members = [member.decode() for member in client.zrange(key, 0, -1)]
            found += [member for member in members if not member.startswith("t:")]
    return found
