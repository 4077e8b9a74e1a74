"""Asks Watson Assistant: a turn is one message of a session that is made when it is needed.

A session that Watson has let go of (`Invalid Session`) is made anew with the context that was kept, and the message
is sent once more. Without sessions (`stateless`) the whole context goes with every message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from orchestrator.assistants.items.fields import at
from orchestrator.assistants.tries import Tries, within
from orchestrator.assistants.watson import context, stored, timeouts
from orchestrator.assistants.watson.answer import (
    after_hang_up,
    note_for_next,
    read_generic,
    read_output,
    with_failure_words,
)
from orchestrator.assistants.watson.api import InvalidSessionError, NoStreamError, WatsonApi
from orchestrator.assistants.watson.memory import Memory
from orchestrator.assistants.watson.words import Habits, Request, Said, said
from orchestrator.core.effects import AskAssistant
from orchestrator.core.errors import AssistantError
from orchestrator.core.events import AssistantReplied
from orchestrator.core.items import Item
from orchestrator.ports.world import Clock, Heard

_log = structlog.get_logger(__name__)
_OPTIONS = {"return_context": True, "export": True}
"""The context comes back with each answer, with the state that restores a conversation in a new session."""
_FAREWELL = 10.0  # seconds for deleting a session that is over


@dataclass(slots=True)
class _Turn:
    """One turn over all its tries. `is_new`: the session knows nothing yet. `sent` is the context that went last."""

    request: Request
    said: Said
    memory: Memory
    heard: Heard | None
    session_id: str = ""
    is_new: bool = False
    sent: Mapping[str, Any] | None = None


class WatsonAssistant:
    """`orchestrator.ports.Assistant` over `api`. `streaming` uses the event stream where somebody hears it."""

    def __init__(
        self,
        api: WatsonApi,
        *,
        clock: Clock,
        timeout: float = 30.0,
        voice_timeout: float = 0.0,
        retries: int = 1,
        stateless: bool = False,
        streaming: bool = False,
        habits: Habits | None = None,
    ) -> None:
        self._api = api
        self._clock = clock
        self._tries = Tries(clock, timeout, retries, voice_timeout)
        self._retries = retries
        self._stateless = stateless
        self._streaming = streaming
        self._habits = habits or Habits()

    async def ask(self, ask: AskAssistant, heard: Heard | None = None) -> AssistantReplied:
        """The answer to one turn; none at once to one that Watson has no word for."""
        memory = Memory.of(ask.memory)
        words = said(ask.request, memory, self._habits)
        if words is None:
            return self._reply(ask, (), {}, memory)
        turn = _Turn(ask.request, words, memory, heard, session_id=memory.session_id)
        answer = await self._try(ask, turn)
        items, changes = _read(turn, answer)
        return self._reply(ask, items, changes, memory)

    async def forget(self, kept: dict[str, Any]) -> None:
        """Our session is over: Watson's is deleted. One that cannot be ends by itself, unused."""
        session_id = Memory.of(kept).session_id
        if not session_id:
            return
        try:
            await within(self._clock, _FAREWELL, self._api.delete_session(session_id, _FAREWELL))
        except AssistantError as error:
            _log.warning("watson.session_left", reason=error.reason)

    async def close(self) -> None:
        """Nothing of its own is held."""

    def _reply(
        self, ask: AskAssistant, items: tuple[Item, ...], changes: dict[str, Any], memory: Memory
    ) -> AssistantReplied:
        return AssistantReplied(
            id=f"reply:{ask.turn_id}",
            at=self._clock.now(),
            turn_id=ask.turn_id,
            items=items,
            context=changes,
            memory=memory.kept(),
        )

    async def _try(self, ask: AskAssistant, turn: _Turn) -> dict[str, Any]:
        """Within the times that the configuration gives, or those that the dialogue set for each try."""
        own = turn.memory.limits.get("voice" if ask.live else "sms")
        if own is None:
            return await self._tries.run(ask, lambda left: self._once(turn, left))
        overall = own * (self._retries + 1) + 1.0 if ask.live else own  # a second for the pause between tries

        async def once(left: float) -> dict[str, Any]:
            limit = min(left, own)
            return await within(self._clock, limit, self._once(turn, limit))

        return await Tries(self._clock, overall, self._retries).run(ask, once)

    # ---- one try ---------------------------------------------------------------------------------
    async def _once(self, turn: _Turn, left: float) -> dict[str, Any]:
        if self._stateless:
            turn.is_new = True
            return await self._send(turn, left)
        if not turn.session_id:
            await self._begin(turn, left)
        try:
            return await self._send(turn, left)
        except InvalidSessionError:
            await self._begin(turn, left)
            return await self._send(turn, left)

    async def _begin(self, turn: _Turn, left: float) -> None:
        turn.session_id = await self._api.create_session(left)
        turn.is_new = True

    async def _send(self, turn: _Turn, left: float) -> dict[str, Any]:
        turn.sent = context.context_of(turn.request, turn.said, turn.memory, whole=turn.is_new)
        body = {"input": _input(turn), "context": turn.sent, "user_id": context.user_of(turn.request)}
        if self._streaming and turn.heard is not None:
            try:
                return await self._api.message_stream(turn.session_id, body, left, _Telling(turn).complete)
            except NoStreamError:
                self._streaming = False
                _log.warning("watson.no_stream")
        return await self._api.message(turn.session_id, body, left)


class _Telling:
    """Tells of items while the answer comes."""

    def __init__(self, turn: _Turn) -> None:
        self._turn = turn
        self._place = 0

    def complete(self, raw: Any) -> None:
        """One entry of `output.generic`."""
        live = bool(self._turn.request["channels"]["voice"]["live"])
        for item in read_generic(raw, live=live):
            if self._turn.heard is not None:
                self._turn.heard(self._place, item)
            self._place += 1


def _input(turn: _Turn) -> dict[str, Any]:
    words = turn.said
    made: dict[str, Any] = {**words.chosen, "message_type": "text", "text": words.text, "options": _OPTIONS}
    if words.attachments:
        made["attachments"] = words.attachments
    if words.telephony:
        made["integrations"] = {context.TELEPHONY: words.telephony}
    return made


def _read(turn: _Turn, answer: Mapping[str, Any]) -> tuple[tuple[Item, ...], dict[str, Any]]:
    """Items and changes of our context; the memory is brought up to this answer."""
    memory, request = turn.memory, turn.request
    returned, output = answer.get("context"), answer.get("output")
    commands = stored.fresh(returned, memory, mark=context.MARK, turn_id=request["turn_id"])
    items = read_output(output, commands, live=bool(request["channels"]["voice"]["live"]))
    if isinstance(output, Mapping):
        note_for_next(output, commands, memory)
    if request.get("event") == "call_ended":
        items = after_hang_up(items)
    memory.once = context.one_turn(turn.said, request, memory)
    memory.ended = {}
    memory.told = context.told(request)
    memory.channel = context.channel_of(request)
    memory.session_id = turn.session_id
    memory.context = context.kept(memory, turn.sent or {}, returned)
    if isinstance(returned, Mapping):
        memory.limits = timeouts.limits(returned)
    variables = at(memory.context, context.VARIABLES)
    new_call = request.get("event") == "call_started"
    changes = timeouts.settings(returned, request["context"], new_call=new_call)
    return with_failure_words(items, variables), changes
