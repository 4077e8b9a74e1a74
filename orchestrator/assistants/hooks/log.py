"""The log webhook: reports of turns, messages and calls, out of the outbox, until they are taken."""

from __future__ import annotations

from orchestrator.assistants.hooks.endpoint import Endpoint, payload
from orchestrator.assistants.tries import within
from orchestrator.core.effects import DeliverHook
from orchestrator.core.errors import AssistantError, CarrierError, Outcome


class LogWebhook:
    """`orchestrator.ports.LogHook` at an endpoint. What it answers is not read."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def deliver(self, report: DeliverHook) -> None:
        """One attempt. Another one does no harm: the report has the same `webhook-id`. A plain refusal is final."""
        body = payload(report.type, report.at, report.data)
        tried = self._endpoint.post(report.message_id, body)
        try:
            await within(self._endpoint.clock, self._endpoint.timeout, tried)
        except AssistantError as error:
            if error.reason == "too_large":
                return  # it was taken: only the words of thanks were too many
            outcome: Outcome = "not_sent" if error.retryable else "refused"
            status = int(error.reason.removeprefix("status_")) if error.reason.startswith("status_") else 0
            told = f"log webhook: {error.reason}"
            raise CarrierError(told, outcome=outcome, code=status, status=status) from None
