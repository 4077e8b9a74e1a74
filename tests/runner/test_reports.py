"""Reports to the log webhook, whatever dies: each is made once, with what it reports, and delivered in order."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from orchestrator.core.effects import DeliverHook
from orchestrator.core.errors import CarrierError
from tests.fakes.processes import ANA, Lived, Process, Town

pytestmark = pytest.mark.anyio
POINTS = [
    ("assistant.ask", "after"),
    ("store.commit", "before"),
    ("store.commit", "after"),
    ("log.deliver", "before"),
    ("log.deliver", "after"),
    ("store.settle", "before"),
    ("store.settle", "after"),
]


class Log:
    """The webhook: keeps what was delivered, but for the first `refusals` times."""

    def __init__(self) -> None:
        self.reports: list[DeliverHook] = []
        self.refusals = 0

    async def deliver(self, report: DeliverHook) -> None:
        """Take a report."""
        self.refusals -= 1
        if self.refusals >= 0:
            raise CarrierError("down", outcome="not_sent", status=503)
        self.reports.append(report)

    @property
    def names(self) -> list[str]:
        """Each report once, in the order in which they came first."""
        return list(dict.fromkeys(report.message_id for report in self.reports))


def reporting(town: Town, log: Log) -> Process:
    """A process that reports everything to `log`."""
    process = town.process()
    lines = process.house.lines
    assert isinstance(lines, dict)
    webhook = Lived(process.life, "log", log)
    kinds = frozenset({"turn", "message", "call"})
    lines["support"] = replace(lines["support"], reports=webhook, reported=kinds, reports_last=3600.0)
    return process


@pytest.mark.parametrize("point", POINTS, ids=["-".join(point) for point in POINTS])
async def test_reports_survive_a_process(point: tuple[str, str]) -> None:
    """One turn and two messages: three reports, none lost, none made twice, the last attempt may come twice."""
    async with Town() as town:
        log = Log()
        first, second = reporting(town, log), reporting(town, log)
        first.life.ends_at = point
        taking = asyncio.ensure_future(first.runner.take("support", ANA, town.text("hello")))
        await town.idle()
        assert first.life.dead
        await town.pass_time(60)
        taking.cancel()
        assert town.carrier.bodies == ["answer 1"]
        assert len(log.names) == 3
        assert len(log.reports) <= 4
        by_name = {report.message_id: report for report in log.reports}
        assert all(by_name[report.message_id] == report for report in log.reports)
        assert [by_name[name].type for name in log.names] == ["turn", "message", "message"]
        assert await town.left() == []
        await second.close()


async def test_no_text_waits_for_a_report() -> None:
    """While the webhook is down texts go out, and the reports of one customer keep their order."""
    async with Town() as town:
        log = Log()
        log.refusals = 3
        process = reporting(town, log)
        await process.runner.take("support", ANA, town.text("hello"))
        await town.idle()
        assert (town.carrier.bodies, log.reports) == (["answer 1"], [])
        await town.pass_time(60)
        assert [report.type for report in log.reports] == ["turn", "message", "message"]
        assert log.reports[1].data["direction"] == "inbound"
        assert log.reports[2].data["text"] == "answer 1"


async def test_what_an_outage_leaves_is_delivered_at_once() -> None:
    """When the webhook is back all that waited comes in a row, not one a second."""
    async with Town() as town:
        log = Log()
        log.refusals = 5
        process = reporting(town, log)
        for number in range(6):
            await process.runner.take("support", ANA, town.text(f"hello {number}"))
            await town.idle()
        assert log.reports == []
        waited = 0
        while not log.reports and waited < 60:
            await town.pass_time(1)
            waited += 1
        await town.pass_time(1)
        assert len(log.reports) == len(log.names) == 18
