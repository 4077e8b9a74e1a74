"""What operators' tools ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orchestrator.core.errors import StoreUnavailable
from orchestrator.web.health import health_routes
from orchestrator.web.metrics import Metrics, WebhookMetrics

pytestmark = pytest.mark.anyio


async def get(
    path: str,
    probe: Callable[[], Awaitable[object]],
    *,
    draining: bool = False,
    metrics: Metrics | None = None,
) -> httpx.Response:
    """A GET of the health routes."""

    async def counts() -> dict[str, int]:
        await probe()
        return {"overdue": 2}

    made = health_routes(probe=probe, metrics=metrics or Metrics(), backlog=counts, draining=lambda: draining)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=made)), base_url="http://tandem.test"
    ) as client:
        return await client.get(path)


async def fine() -> None:
    """A store that answers."""


async def away() -> None:
    """A store that does not."""
    raise StoreUnavailable("no answer from 10.0.0.7")


async def broken() -> None:
    """A store that answers nonsense."""
    raise ValueError("nonsense")


@pytest.mark.parametrize("probe", [fine, away])
@pytest.mark.parametrize("draining", [False, True])
async def test_a_process_that_answers_lives(
    probe: Callable[[], Awaitable[object]], *, draining: bool
) -> None:
    """Neither a store that is away nor draining is a reason to kill it."""
    assert (await get("/livez", probe, draining=draining)).status_code == 200


async def test_ready_needs_the_store() -> None:
    """With the store away work must go elsewhere; the reason names no host."""
    assert (await get("/readyz", fine)).status_code == 200
    for probe in (away, broken):
        answer = await get("/readyz", probe)
        assert (answer.status_code, answer.json()["reason"]) == (503, "store_unavailable")
        assert "10.0.0.7" not in answer.text


async def test_draining_is_not_ready() -> None:
    """A process that ends takes no more work."""
    answer = await get("/readyz", fine, draining=True)
    assert (answer.status_code, answer.json()["reason"]) == (503, "draining")


def figures(metrics: Metrics) -> dict[tuple[str, str], float]:
    """Each figure by name and label values."""
    return found_in(metrics.page().decode())


def found_in(page: str) -> dict[tuple[str, str], float]:
    """The same, of a page."""
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


async def test_figures_have_their_names() -> None:
    """What is observed is shown under the names that boards and alerts use."""
    metrics = Metrics(version="1.2.3")
    metrics.webhook("sms", "ok", 0.01)
    metrics.session_opened()
    metrics.text("in", "received")
    metrics.refused("no_live_call")
    metrics.asked("support", "ok", 0.3)
    found = figures(metrics)
    assert found["tandem_webhooks_total", "sms,ok"] == 1
    assert found["tandem_webhook_seconds_count", ""] == 1
    assert found["tandem_sessions_opened_total", ""] == 1
    assert found["tandem_texts_total", "in,received"] == 1
    assert found["tandem_refusals_total", "no_live_call"] == 1
    assert found["tandem_assistant_seconds_count", "support,ok"] == 1
    assert found["tandem_build_info", "1.2.3"] == 1
    answer = await get("/metrics", fine, metrics=metrics)
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "tandem_webhooks_total" in answer.text
    assert found_in(answer.text)["tandem_backlog", "overdue"] == 2


def test_an_account_that_is_shut_has_a_figure() -> None:
    """It is 1 from the refusal until the account takes a text again; one that never refused has none."""
    metrics = Metrics()
    assert not [name for name, _ in figures(metrics) if name == "tandem_text_account_shut"]
    for state, figure in (("shut", 1), ("open", 0)):
        metrics.account("support", "messaging", state)
        found = {
            key: value for key, value in figures(metrics).items() if key[0] == "tandem_text_account_shut"
        }
        assert found == {("tandem_text_account_shut", "messaging,support"): figure}


async def test_figures_come_while_the_store_is_away() -> None:
    """The page is needed most then: without what only the store knows, and with the count of its failures."""
    metrics = Metrics(store_failures=lambda: 3)
    await get("/metrics", fine, metrics=metrics)
    answer = await get("/metrics", away, metrics=metrics)
    assert answer.status_code == 200
    shown = found_in(answer.text)
    assert shown["tandem_store_unavailable_total", ""] == 3
    assert ("tandem_backlog", "overdue") not in shown


def test_two_services_in_a_process_do_not_meet() -> None:
    """Each has a registry of its own."""
    first, second = Metrics(), Metrics()
    first.session_opened()
    assert figures(second)["tandem_sessions_opened_total", ""] == 0


async def test_webhooks_are_counted_by_kind_and_outcome() -> None:
    """Answered, refused, failed; addresses that are no webhook of ours share one word, others count not."""

    async def answer(request: Request) -> Response:
        if "boom" in request.query_params:
            raise RuntimeError("boom")
        return Response(status_code=int(request.query_params.get("status", 200)))

    metrics = Metrics()
    app = WebhookMetrics(Starlette(routes=[Route("/{rest:path}", answer)]), metrics)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://tandem.test") as client:
        for path in ("sms", "sms?status=403", "sms?status=503", "voice/turn?boom=1", "../x", "twilio/guess"):
            await client.get(f"http://tandem.test/twilio/{path}")
        await client.get("/api/v1/sessions")
    counted = {labels for (name, labels), _ in figures(metrics).items() if name == "tandem_webhooks_total"}
    assert counted == {"sms,ok", "sms,refused", "sms,failed", "voice_turn,failed", "other,ok"}
