"""An assistant of `kind: watson` before a Watson-shaped service, without sockets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx

from orchestrator.assistants.watson import Auth, Basic, IamTokens, WatsonApi, WatsonAssistant
from orchestrator.core.effects import AskAssistant
from orchestrator.core.events import AssistantReplied
from tests.fakes.clock import FakeClock
from tests.fakes.watson import API_KEY, BASE, ENVIRONMENT, FakeWatson


class Talk:
    """One conversation: `ask` gives each turn what the last one left in memory and context."""

    def __init__(
        self,
        watson: FakeWatson,
        *,
        iam: bool = False,
        environment: str = "",
        clock: FakeClock | None = None,
        **options: Any,
    ) -> None:
        self.clock = clock or FakeClock()
        self.watson = watson
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app=watson.app))
        auth: Auth = Basic(API_KEY)
        if iam:
            auth = IamTokens(API_KEY, http=http, clock=self.clock, url="http://watson.test/identity/token")
        api = WatsonApi(
            url=f"http://watson.test{BASE}/",
            assistant_id=ENVIRONMENT,
            environment_id=environment,
            version="2024-08-25",
            auth=auth,
            http=http,
        )
        self.assistant = WatsonAssistant(api, clock=self.clock, **options)
        self.memory: dict[str, Any] = {}
        self.context: dict[str, Any] = {}

    async def ask(self, ask: AskAssistant, **options: Any) -> AssistantReplied:
        """The answer to a turn, carried into the next."""
        request = {
            **ask.request,
            "turn_id": ask.turn_id,
            "context": {**self.context, **ask.request["context"]},
        }
        reply = await self.assistant.ask(replace(ask, request=request, memory=self.memory), **options)
        self.memory = reply.memory or {}
        self.context = {**self.context, **reply.context}
        return reply
