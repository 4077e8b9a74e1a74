"""Asks a language model: a turn is one request, and one more for every round of tool calls that wants an answer.

Words are spoken while they come, where somebody hears them; actions take effect with the whole answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.assistants.openai import prompt
from orchestrator.assistants.openai.api import ChatApi
from orchestrator.assistants.openai.completion import Completion
from orchestrator.assistants.openai.memory import Memory, Message, estimated
from orchestrator.assistants.openai.pieces import Pieces
from orchestrator.assistants.openai.prompt import Prompt
from orchestrator.assistants.openai.tools import Tools
from orchestrator.assistants.tries import Tries
from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError
from orchestrator.core.events import AssistantReplied
from orchestrator.core.items import AskForText, Item, Text, Unsupported
from orchestrator.ports.world import Clock, Heard

MAX_ROUNDS = 5
"""Requests of one turn; in the last one the model may call no more tools."""
FAREWELLS = frozenset({"call_ended", "session_timeout"})
"""Events that a customer expects no word about."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the model sees of the conversation (`history_turns`, about `history_tokens`), and what a session may
    cost: turns that the model is asked, and tokens. 0 is no limit, but of `history_turns` none at all.
    """

    history_turns: int = 20
    history_tokens: int = 8000
    max_turns: int = 200
    max_tokens: int = 0


@dataclass(slots=True)
class _Turn:
    """One try of a turn, as it comes. `messages` are what it adds to the conversation."""

    request: Mapping[str, Any]
    messages: list[Message]
    heard: Heard | None
    items: list[Item] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)
    usage: dict[str, int] = field(default_factory=lambda: {"prompt": 0, "completion": 0})

    def give(self, item: Item) -> None:
        """One more item of the answer."""
        if self.heard is not None:
            self.heard(len(self.items), item)
        self.items.append(item)

    def must_have_come_to_something(self) -> None:
        """Raise where all that the model ever did were calls that could not be used."""
        last = self.items[-1] if self.items else None
        if isinstance(last, Unsupported) and all(isinstance(item, Unsupported) for item in self.items):
            detail = f"no call could be used: {last.why}"
            raise AssistantError("malformed", detail, retryable=False, part=last.part)

    @property
    def is_silent(self) -> bool:
        """Whether a caller would hear nothing of it."""
        return "voice" in self.request["reply_on"] and not any(
            isinstance(item, Text) or (isinstance(item, AskForText) and item.say) for item in self.items
        )


class OpenAIAssistant:
    """`orchestrator.ports.Assistant` over `api`. With `farewells` the model is asked, too, when a call is over or a
    session times out; otherwise it learns of a call's end with the next turn.
    """

    def __init__(
        self,
        api: ChatApi,
        *,
        clock: Clock,
        prompt: Prompt | None = None,
        tools: Tools | None = None,
        limits: Limits | None = None,
        tries: Tries | None = None,
        farewells: bool = False,
    ) -> None:
        self._api = api
        self._clock = clock
        self._prompt = prompt or Prompt()
        self._tools = tools or Tools()
        self._limits = limits or Limits()
        self._tries = tries or Tries(clock)
        self._farewells = farewells

    async def ask(self, ask: AskAssistant, heard: Heard | None = None) -> AssistantReplied:
        """The answer to one turn. A second try is not spoken before it is whole: the first may have been."""
        memory, request = Memory.of(ask.memory), ask.request
        words = prompt.told(request)
        if not request["reply_on"] or (request["event"] in FAREWELLS and not self._farewells):
            memory.notes.append(words)
            return self._reply(ask, memory)
        self._check(memory)
        if (cut := request["event_data"].get("heard_until_interrupt")) is not None:
            memory.cut(str(cut))
        ears = [heard]
        turn = await self._tries.run(
            ask, lambda left: self._once(ask, memory, words, ears.pop() if ears else None, left)
        )
        memory.asked += 1
        memory.tokens += sum(turn.usage.values())
        memory.notes = []
        memory.add(turn.messages, turns=self._limits.history_turns, tokens=self._limits.history_tokens)
        return self._reply(ask, memory, turn)

    async def close(self) -> None:
        """Nothing of its own is held."""

    def _check(self, memory: Memory) -> None:
        """The session's budget."""
        limits = self._limits
        if limits.max_turns and memory.asked >= limits.max_turns:
            raise AssistantError("max_turns", "the session has had its turns", retryable=False)
        if limits.max_tokens and memory.tokens >= limits.max_tokens:
            raise AssistantError("max_tokens", "the session has had its tokens", retryable=False)

    def _reply(self, ask: AskAssistant, memory: Memory, turn: _Turn | None = None) -> AssistantReplied:
        return AssistantReplied(
            id=f"reply:{ask.turn_id}",
            at=self._clock.now(),
            turn_id=ask.turn_id,
            items=tuple(turn.items) if turn else (),
            context=turn.context if turn else {},
            memory=memory.kept(),
            usage=turn.usage if turn else {},
        )

    # ---- one try ---------------------------------------------------------------------------------
    async def _once(
        self, ask: AskAssistant, memory: Memory, words: str, heard: Heard | None, left: float
    ) -> _Turn:
        first = {"role": "user", "content": "\n".join([*memory.notes, words])}
        turn = _Turn(ask.request, [first], heard)
        deadline = self._clock.now() + left
        for place in range(MAX_ROUNDS):
            is_last = place == MAX_ROUNDS - 1
            if await self._fitted(ask, memory, turn, deadline, is_last=is_last):
                break
        if is_last:
            turn.must_have_come_to_something()
        return turn

    async def _fitted(
        self, ask: AskAssistant, memory: Memory, turn: _Turn, deadline: float, *, is_last: bool
    ) -> bool:
        """One round; where the conversation is too long for the model, with the newer half of it."""
        while True:
            try:
                return await self._round(ask, memory, turn, deadline - self._clock.now(), is_last=is_last)
            except AssistantError as error:
                if error.reason != "too_long" or not memory.turns:
                    raise
                memory.turns = memory.turns[len(memory.turns) // 2 + 1 :]

    async def _round(
        self, ask: AskAssistant, memory: Memory, turn: _Turn, left: float, *, is_last: bool
    ) -> bool:
        """One request, and its tool calls; whether the turn is over."""
        system = {"role": "system", "content": self._prompt.system(ask.request, self._clock.now())}
        asked = [system, *memory.messages(), *turn.messages]
        pieces = Pieces(
            lambda words: turn.give(Text(text=words)), self._clock, streamed=turn.heard is not None
        )
        try:
            completion = await self._api.complete(
                asked,
                self._tools.described(),
                left=left,
                turn_id=ask.turn_id,
                said=pieces.feed,
                budget=self._budget(memory, turn),
                only_words=is_last,
            )
            pieces.end(unfinished=completion.finish == "length")
        finally:
            pieces.close()
        _count(turn, asked, completion)
        if completion.finish in {"length", "content_filter"} and not (turn.items or completion.calls):
            raise AssistantError(completion.finish, "the model stopped before a word", retryable=False)
        turn.messages.append(completion.message())
        return self._act(turn, completion) or is_last

    def _budget(self, memory: Memory, turn: _Turn) -> int:
        """Tokens that are left of the session's budget; 0 where there is none."""
        limit = self._limits.max_tokens
        return max(1, limit - memory.tokens - sum(turn.usage.values())) if limit else 0

    def _act(self, turn: _Turn, completion: Completion) -> bool:
        """Carry out the calls of one answer; whether the model has no more to say."""
        results = [self._tools.do(call, turn.request) for call in completion.calls]
        for call, done in zip(completion.calls, results, strict=True):
            if done.item is not None:
                turn.give(done.item)
            turn.context |= done.context or {}
            content = json.dumps(done.result, ensure_ascii=False)
            turn.messages.append({"role": "tool", "tool_call_id": call.id, "content": content})
        if any(done.is_last for done in results) or not results:
            return True
        waits = any(isinstance(done.item, AskForText) for done in results)
        return waits and not turn.is_silent and not any(done.is_wrong for done in results)


def _count(turn: _Turn, asked: list[Message], completion: Completion) -> None:
    """What a request cost; about, where the endpoint does not say."""
    usage = completion.usage or {
        "prompt": estimated(asked),
        "completion": estimated([completion.message()]),
    }
    for kind, tokens in usage.items():
        turn.usage[kind] += tokens
