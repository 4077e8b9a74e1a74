"""Hosts of one deployment: `tandem serve` and `tandem worker` processes with one configuration.

Webhooks go to them as a carrier sends them: signed, and again to another host when one is gone. Every
process is ended by its own id.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import signal
import ssl
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from tests.blackbox.driver import API, NUMBER, PUBLIC, SID, TOKEN, free_port, signature, until
from tests.chaos.books import BotBook, CarrierBook
from tests.starting import start

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Loopback is plain HTTP; reading the machine's certificates anew for each request costs 20 ms."""
START_LIMIT = 30  # seconds, on a busy machine
STOP_LIMIT = 25  # seconds: the grace period, and the server's own


def sid(kind: str, name: str) -> str:
    """An id as the carrier makes them: `SM` or `CA` and 32 hexadecimal digits."""
    return kind + hashlib.sha256(name.encode()).hexdigest()[:32]


def number(index: int) -> str:
    """The number of a customer."""
    return f"+1555{2000000 + index}"


class Process:
    """A `tandem` command in the background, its output in a file."""

    def __init__(self, folder: Path, name: str, *arguments: str) -> None:
        self.log = folder / f"{name}.log"
        with self.log.open("ab") as log:
            self.process = start(*arguments, stdout=log, stderr=log, folder=folder)

    def kill(self) -> None:
        """SIGKILL, as the kernel does when memory runs out."""
        self.process.kill()
        self.process.wait()

    def terminate(self) -> float:
        """SIGTERM; the seconds until it was gone."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_LIMIT)
        return time.monotonic() - start

    def children(self) -> list[int]:
        """Process ids of the worker processes behind `--workers`."""
        pid = self.process.pid
        found = []
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with contextlib.suppress(OSError):
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
        return found


class Host(Process):
    """`tandem serve` on a free port."""

    _names = itertools.count()

    def __init__(self, folder: Path, config: Path, workers: int = 1) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        arguments = ["serve", "--config", str(config), "--port", str(self.port), "--workers", str(workers)]
        super().__init__(folder, f"host-{next(self._names)}", *arguments)

    def wait_until_up(self) -> None:
        """Until it answers."""
        until(self._is_up, START_LIMIT)

    def _is_up(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(self.log.read_text())
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.base}/livez", timeout=1, verify=NO_TLS).status_code == 200
        return False

    def post(self, path: str, form: dict[str, str], **headers: str) -> httpx.Response:
        """A signed webhook; `path` may be a whole address that the service gave."""
        path = path.removeprefix(PUBLIC)
        signed = {"X-Twilio-Signature": signature(PUBLIC + path, list(form.items())), **headers}
        return httpx.post(self.base + path, data=form, headers=signed, timeout=15, verify=NO_TLS)

    def text(self, body: str, sender: str, name: str = "", to: str = NUMBER) -> httpx.Response:
        """A text of a customer; `name` makes its id, the body if empty."""
        return self.post(
            "/twilio/sms",
            {
                "MessageSid": sid("SM", name or body),
                "AccountSid": SID,
                "From": sender,
                "To": to,
                "Body": body,
                "NumMedia": "0",
            },
        )

    def get(self, path: str) -> httpx.Response:
        """An address for operators, or of the API."""
        return httpx.get(
            self.base + path, headers={"Authorization": f"Bearer {API}"}, timeout=10, verify=NO_TLS
        )


class Deployment:
    """One configuration, one Redis, the books of its bot and carrier, and the hosts that run."""

    def __init__(self, folder: Path, redis_url: str, *, bot: BotBook | None = None, **options: Any) -> None:
        self.folder = folder
        self.bot = bot or BotBook()
        self.carrier: CarrierBook = options.pop("carrier", None) or CarrierBook()
        self.bots = {"support": (self.bot, NUMBER), **options.pop("more_bots", {})}
        self.hosts: list[Host] = []
        self._others: list[Process] = []
        self.slowest = 0.0  # seconds of the slowest request of a text that was answered
        self.config = folder / "tandem.yaml"
        self.config.write_text(json.dumps(self._settings(redis_url, **options)))

    def start(self, count: int = 1, workers: int = 1) -> Sequence[Host]:
        """More hosts, when all of them answer."""
        new = [Host(self.folder, self.config, workers) for _ in range(count)]
        self.hosts += new
        for host in new:
            host.wait_until_up()
        return new

    def start_worker(self) -> Process:
        """`tandem worker`, without waiting for it."""
        worker = Process(self.folder, "worker", "worker", "--config", str(self.config))
        self._others.append(worker)
        return worker

    def close(self) -> None:
        """End everything that was started."""
        for process in (*self.hosts, *self._others):
            for child in process.children() if process.process.poll() is None else ():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            process.kill()
        for bot, _ in self.bots.values():
            bot.server.close()
        self.carrier.server.close()

    def deliver(self, body: str, sender: str, seconds: float = 30, first: int = 0) -> float:
        """A text as the carrier brings it: to one host after the other until one says 200; when it did."""
        end = time.monotonic() + seconds
        for turn in itertools.count(first):
            hosts = list(self.hosts)
            asked = time.monotonic()
            with contextlib.suppress(httpx.HTTPError):
                status = hosts[turn % len(hosts)].text(body, sender).status_code
                self.slowest = max(self.slowest, time.monotonic() - asked)
                if status == 200:
                    return time.monotonic()
            if time.monotonic() > end:
                break
            time.sleep(0.1)
        raise AssertionError(f"no host took {body!r}")

    def _settings(self, redis_url: str, **options: Any) -> dict[str, Any]:
        service = {"public_url": PUBLIC, "redis_url": redis_url, "api_token": API, "hash_key": "of-the-tests"}
        account = {"account_sid": SID, "auth_token": TOKEN, "base_url": self.carrier.server.url}
        assistants = {}
        for name, (bot, ours) in self.bots.items():
            url = f"{bot.server.url}/turn"
            backend = {"kind": "http", "url": url, "secret": "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="}
            of_number = {"numbers": [ours], **account}
            assistants[name] = {
                "backend": backend | options.get("backend", {}),
                "phone": of_number | options.get("phone", {}),
                "messaging": of_number | options.get("messaging", {}),
            }
        return {"service": service | options.get("service", {}), "assistants": assistants}


@contextlib.contextmanager
def deployed(folder: Path, redis_url: str, **options: Any) -> Iterator[Deployment]:
    """A deployment for the length of the block; no host runs yet."""
    deployment = Deployment(folder, redis_url, **options)
    try:
        yield deployment
    finally:
        deployment.close()


def together(jobs: Sequence[Any]) -> list[Any]:
    """The results of calls without arguments that are made at the same time."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(job) for job in jobs]]
