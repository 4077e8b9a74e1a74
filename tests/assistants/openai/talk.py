"""An assistant of `kind: openai` before a model-shaped endpoint, without sockets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx

from orchestrator.assistants.openai import ChatApi, Limits, OpenAIAssistant, Prompt, Tools
from orchestrator.assistants.tries import Tries
from orchestrator.core.effects import AskAssistant
from orchestrator.core.events import AssistantReplied
from orchestrator.core.items import Item
from tests.fakes.clock import FakeClock
from tests.fakes.model import API_KEY, BASE, FakeModel


class Talk:
    """One conversation: `ask` gives each turn what the last one left. `heard` are the items told ahead."""

    def __init__(
        self,
        *,
        limits: dict[str, int] | None = None,
        tools: Tools | None = None,
        parameters: dict[str, Any] | None = None,
        farewells: bool = False,
        retries: int = 1,
    ) -> None:
        self.clock = FakeClock()
        self.model = FakeModel()
        self.api = ChatApi(
            base_url=BASE + "/",
            model="small",
            http=httpx.AsyncClient(transport=self.model),
            api_key=API_KEY,
            parameters=parameters or {},
        )
        self.assistant = OpenAIAssistant(
            self.api,
            clock=self.clock,
            prompt=Prompt(task="You sell shoes."),
            tools=tools,
            limits=Limits(**(limits or {})),
            tries=Tries(self.clock, 30.0, retries),
            farewells=farewells,
        )
        self.memory: dict[str, Any] = {}
        self.heard: list[tuple[int, Item]] = []

    async def ask(self, ask: AskAssistant, *, aloud: bool = False) -> AssistantReplied:
        """The answer to a turn, carried into the next. `aloud`: somebody hears its items ahead."""
        self.heard = []
        ears = (lambda place, item: self.heard.append((place, item))) if aloud else None
        reply = await self.assistant.ask(replace(ask, memory=self.memory), ears)
        self.memory = reply.memory or {}
        return reply
