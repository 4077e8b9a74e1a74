"""Texts through a running service on a real Redis, from webhook to carrier, as ratios to a bare service of the
same run. Nothing here is a pass mark.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import httpx
import pytest

from tests.blackbox.driver import NUMBER, SID, signature, until
from tests.chaos.books import CarrierBook
from tests.chaos.hosts import NO_TLS, deployed, number, sid
from tests.servers import free_port, redis_server

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]
CUSTOMERS = 800
ONE_BY_ONE = 300
CLIENTS = 16
_customers = count(1)


class Figures:
    """What a service did: texts accepted a second, and seconds from webhook to carrier request, sorted."""

    def __init__(self, base: str, carrier: CarrierBook) -> None:
        self._base, self._carrier = base, carrier
        with httpx.Client(timeout=30, verify=NO_TLS) as self._http:
            for _ in range(20):
                self._span()
            self.accepted = self._burst()
            self.spans = sorted(self._span() for _ in range(ONE_BY_ONE))

    @property
    def median(self) -> float:
        """Seconds."""
        return statistics.median(self.spans)

    @property
    def p99(self) -> float:
        """Seconds."""
        return self.spans[int(len(self.spans) * 0.99)]

    def _post(self, customer: int) -> None:
        body = f"text {customer}"
        form = {
            "MessageSid": sid("SM", body),
            "AccountSid": SID,
            "From": number(customer),
            "To": NUMBER,
            "Body": body,
            "NumMedia": "0",
        }
        signed = signature("https://voice.example.com/twilio/sms", list(form.items()))
        answer = self._http.post(
            f"{self._base}/twilio/sms", data=form, headers={"X-Twilio-Signature": signed}
        )
        assert answer.status_code == 200, answer.text

    def _burst(self) -> float:
        """Texts of as many customers, sixteen at a time, until each was answered and its reply taken."""
        before, began = len(self._carrier.sent), time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(self._post, [next(_customers) for _ in range(CUSTOMERS)]))
        accepted = CUSTOMERS / (time.monotonic() - began)
        until(lambda: len(self._carrier.sent) - before >= CUSTOMERS, 120)
        return accepted

    def _span(self) -> float:
        """One text, alone: from the moment before its webhook to the carrier's having the reply."""
        customer, began = next(_customers), time.monotonic()
        before = len(self._carrier.sent)
        self._post(customer)
        until(lambda: len(self._carrier.sent) > before, 30)
        return self._carrier.sent[-1].at - began


@contextlib.contextmanager
def bare(carrier: CarrierBook) -> Iterator[str]:
    """The bare service in a process of its own; its address."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.bench.bare:app", "--port", str(port)]
    quiet = ["--log-level", "error", "--no-access-log"]
    address = f"{carrier.server.url}/Messages.json"
    process = subprocess.Popen([*command, *quiet], env={**os.environ, "CARRIER": address})
    base = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _answers(base), 20)
        yield base
    finally:
        process.terminate()
        process.wait(20)


def _answers(base: str) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"{base}/livez", verify=NO_TLS).status_code == 200
    return False


def tell(what: str, ours: float, base: float, unit: Callable[[float], str]) -> None:
    """One line of the figures."""
    print(f"\n{what}: {unit(ours)} = {ours / base:.2f} x a bare service ({unit(base)})")
    assert ours > 0 < base


def test_texts_against_a_bare_service(tmp_path: Path) -> None:
    """Accepted a second, and from webhook to carrier request, with the assistant and Redis between."""
    with (
        redis_server(tmp_path / "redis", port=free_port()) as server,
        deployed(tmp_path, server.url) as deployment,
        bare(deployment.carrier) as address,
    ):
        (host,) = deployment.start(1)
        alone = Figures(address, deployment.carrier)
        whole = Figures(host.base, deployment.carrier)
    tell("texts accepted", whole.accepted, alone.accepted, lambda rate: f"{rate:,.0f} a second")
    for name in ("median", "p99"):
        ours, base = getattr(whole, name), getattr(alone, name)
        tell(f"webhook to carrier request, {name}", ours, base, lambda span: f"{span * 1e3:.1f} ms")
