"""What Prometheus is told. One registry an app, so that two in a process do not meet.

No label holds a customer's number, a session or a customer's word; label values are few and known. Several
worker processes have figures of their own each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orchestrator.outbox.queues import Length

WEBHOOK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 4.0, 6.0, 10.0, 15.0)
"""Seconds. Twilio reads for 15 s at most (webhook connection overrides); `voice_budget` is 4 s by default."""
ASSISTANT_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Seconds. A backend's time-out is 30 s by default."""
BREAKER = {"closed": 0, "trial": 1, "open": 2}
WEBHOOKS = "/twilio/"
KINDS = {
    "voice": "voice",
    "voice/turn": "voice_turn",
    "voice/resume": "voice_resume",
    "voice/transfer": "voice_transfer",
    "voice/relay/action": "voice_relay",
    "voice/status": "voice_status",
    "voice/fallback": "voice_fallback",
    "sms": "sms",
    "sms/status": "sms_status",
    "sms/fallback": "sms_fallback",
}
"""The word for each webhook; an address that is none of them is `other`."""


class Metrics:
    """The counters and histograms of a service: its `ports.Observer`. Durations are seconds.

    `store_failures` is read at each look.
    """

    def __init__(self, version: str = "0", *, store_failures: Callable[[], int] = lambda: 0) -> None:
        self.registry = CollectorRegistry()
        here = self.registry
        self._webhooks = Counter("tandem_webhooks", "Webhooks answered.", ["kind", "outcome"], registry=here)
        self._webhook_seconds = Histogram(
            "tandem_webhook_seconds", "Time to answer a webhook.", buckets=WEBHOOK_BUCKETS, registry=here
        )
        self._sessions = Counter("tandem_sessions_opened", "Sessions begun.", registry=here)
        self._texts = Counter("tandem_texts", "Texts, in and out.", ["direction", "status"], registry=here)
        self._refusals = Counter("tandem_refusals", "Texts turned away.", ["reason"], registry=here)
        self._assistant_seconds = Histogram(
            "tandem_assistant_seconds",
            "Time of an assistant's answer, tries included.",
            ["assistant", "outcome"],
            buckets=ASSISTANT_BUCKETS,
            registry=here,
        )
        self._tokens = Counter(
            "tandem_assistant_tokens",
            "Tokens that answers of language models cost.",
            ["assistant", "kind"],
            registry=here,
        )
        self._breakers = Gauge(
            "tandem_assistant_breaker",
            "Whether an assistant is asked: 0 it is, 1 one turn as a trial, 2 it is left alone.",
            ["assistant"],
            registry=here,
        )
        self._accounts = Gauge(
            "tandem_text_account_shut",
            "Whether an account refused the last text for its own sake: 0 no, 1 yes; told where there is a second one.",
            ["assistant", "account"],
            registry=here,
        )
        self._first_word_seconds = Histogram(
            "tandem_relay_first_word_seconds",
            "Time from the end of what a caller said over a socket to the first word of the answer.",
            buckets=ASSISTANT_BUCKETS,
            registry=here,
        )
        self._build = Gauge("tandem_build_info", "The release that runs.", ["version"], registry=here)
        self._build.labels(version=version).set(1)
        self._backlog = Gauge("tandem_backlog", "What waits in the store.", ["kind"], registry=here)
        self._queues = Gauge(
            "tandem_queued_segments",
            "Segments that wait to leave from one of our numbers, here and at the carrier.",
            ["number"],
            registry=here,
        )
        here.register(StoreFailures(store_failures))

    def webhook(self, kind: str, outcome: str, seconds: float) -> None:
        """A webhook was answered: `ok`, `refused` (4xx), `failed` (5xx, or no answer)."""
        self._webhooks.labels(kind=kind, outcome=outcome).inc()
        self._webhook_seconds.observe(seconds)

    def session_opened(self) -> None:
        """A session began."""
        self._sessions.inc()

    def text(self, direction: str, status: str) -> None:
        """A text came `in`, or one of ours went `out`: the words are `ports.Observer`'s."""
        self._texts.labels(direction=direction, status=status).inc()

    def refused(self, reason: str) -> None:
        """A text was turned away."""
        self._refusals.labels(reason=reason).inc()

    def asked(self, assistant: str, outcome: str, seconds: float) -> None:
        """An assistant answered (`ok`), or failed for this reason."""
        self._assistant_seconds.labels(assistant=assistant, outcome=outcome).observe(seconds)

    def tokens(self, assistant: str, kind: str, count: int) -> None:
        """What an answer cost."""
        self._tokens.labels(assistant=assistant, kind=kind).inc(count)

    def breaker(self, assistant: str, state: str) -> None:
        """Whether an assistant is asked."""
        self._breakers.labels(assistant=assistant).set(BREAKER[state])

    def account(self, assistant: str, account: str, state: str) -> None:
        """Whether an account for texts takes any."""
        self._accounts.labels(assistant=assistant, account=account).set(state == "shut")

    def first_word(self, seconds: float) -> None:
        """A caller heard the first word of an answer."""
        self._first_word_seconds.observe(seconds)

    def backlog(self, counts: Mapping[str, int]) -> None:
        """What waits, by kind; without counts (the store is away) there is no figure rather than an old one."""
        self._backlog.clear()
        for kind, count in counts.items():
            self._backlog.labels(kind=kind).set(count)

    def queues(self, lengths: Mapping[str, Length]) -> None:
        """The queues of our numbers, as this process filled them."""
        self._queues.clear()
        for number, length in lengths.items():
            self._queues.labels(number=number).set(length.segments)

    def page(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)


class StoreFailures(Collector):
    """How often the store gave no answer, read where it is counted."""

    def __init__(self, read: Callable[[], int]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        """As prometheus_client asks for it."""
        told = "Batches of calls that the store gave no answer to."
        yield CounterMetricFamily("tandem_store_unavailable", told, value=self._read())


class WebhookMetrics:
    """ASGI middleware that counts and times the carrier's webhooks."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI; anything that is no webhook passes untouched."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(WEBHOOKS):
            await self._app(scope, receive, send)
            return
        status = 500  # no answer at all is a failure

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = perf_counter()
        try:
            await self._app(scope, receive, seen)
        finally:
            kind = KINDS.get(path.removeprefix(WEBHOOKS), "other")
            self._metrics.webhook(kind, outcome_of(status), perf_counter() - began)


def outcome_of(status: int) -> str:
    """The word for an HTTP status."""
    if status < 400:
        return "ok"
    return "refused" if status < 500 else "failed"
