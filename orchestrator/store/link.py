"""The way to Redis: the calls of one event-loop turn go out as one pipeline.

Half the client's CPU of one command per connection, no pool to run dry, and one WAIT for a whole
batch. Whatever goes wrong on the way is `StoreUnavailable`, within `budget` seconds; after a few
failures the breaker says so at once. What the commands mean is not known here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.exceptions import (
    ClusterDownError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TryAgainError,
)

from orchestrator.core.errors import ContractError, StoreUnavailable, TandemError
from orchestrator.store.breaker import Breaker
from orchestrator.store.listening import Listener
from orchestrator.store.scripts import Script
from orchestrator.store.senders import Command, Sender

LANES = 2  # pipelines under way at once: the next batch is written while the last is answered
BATCH = 256  # commands of one pipeline; more would make the first wait for the last
BUDGET = 2.0  # seconds a call may take in all: a caller hears silence meanwhile
TRANSIENT = ("READONLY", "NOREPLICAS", "BUSY", "OOM", "MISCONF")
PASSING = (ReadOnlyError, OutOfMemoryError, TryAgainError, ClusterDownError)
"""What redis-py makes of READONLY, OOM, TRYAGAIN, CLUSTERDOWN and MASTERDOWN: it takes the word off the text."""


@dataclass(slots=True)
class _Call:
    command: Command
    script: Script | None
    answer: asyncio.Future[Any]


class Link:
    """Batches calls to one sender. `trips` counts the pipelines that were sent, `failures` the batches
    that the store gave no answer to.
    """

    def __init__(self, sender: Sender, *, breaker: Breaker | None = None, budget: float = BUDGET) -> None:
        self.trips = 0
        self.failures = 0
        self._sender = sender
        self.breaker = breaker or Breaker()
        self._budget = budget
        self._waiting: list[_Call] = []
        self._flying: set[asyncio.Task[None]] = set()
        self._scheduled = False

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """The answer of a script; sent whole where the server does not know it yet."""
        return await self._push(("EVALSHA", script.sha, len(keys), *keys, *args), script)

    async def call(self, *command: Any) -> Any:
        """The answer of a plain command."""
        return await self._push(command, None)

    async def many(self, commands: Sequence[Command]) -> list[Any]:
        """The answers of plain commands, in their order."""
        return list(await asyncio.gather(*(self._push(command, None) for command in commands)))

    def listener(self) -> Listener:
        """Connections of its own that listen to channels."""
        return self._sender.listener()

    async def publish(self, channel: str, message: str) -> None:
        """Send a message to whoever listens to the channel."""
        await self.call(self._sender.publish, channel, message)

    async def close(self) -> None:
        """Let what is under way end, and drop the connections."""
        await asyncio.gather(*self._flying, return_exceptions=True)
        await self._sender.close()

    def _push(self, command: Command, script: Script | None) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        self._waiting.append(_Call(command, script, answer))
        if not self._scheduled:
            self._scheduled = True
            loop.call_soon(self._depart)
        return answer

    def _depart(self) -> None:
        self._scheduled = False
        while self._waiting and len(self._flying) < LANES:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            task = asyncio.get_running_loop().create_task(self._fly(batch))
            self._flying.add(task)
            task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        if self._waiting and not task.get_loop().is_closed():
            self._depart()

    async def _fly(self, batch: list[_Call]) -> None:
        """Send a batch and hand out the answers; every future is settled, whatever happens."""
        try:
            await self._ask(batch)
        except StoreUnavailable as error:
            self.failures += 1
            _fail(batch, error)
        except Exception as error:  # noqa: BLE001 - whoever asked must hear of it, whatever it is
            _fail(batch, ContractError(f"the link to Redis broke: {error!r}"))
        except BaseException:
            _fail(batch, StoreUnavailable("the call was given up"))
            raise

    async def _ask(self, batch: list[_Call]) -> None:
        if not self.breaker.allows():
            raise StoreUnavailable("Redis did not answer just now; not asked again yet")
        try:
            async with asyncio.timeout(self._budget):
                answers = await self._send([call.command for call in batch])
                await self._send_whole(batch, answers)
        except (RedisError, OSError, TimeoutError) as error:
            self.breaker.failed()
            raise StoreUnavailable(f"Redis did not answer: {type(error).__name__}") from error
        self.breaker.succeeded()
        for call, answer in zip(batch, answers, strict=True):
            _settle(call, answer)

    async def _send_whole(self, batch: list[_Call], answers: list[Any]) -> None:
        """Repeat with their source the scripts that the server did not know."""
        unknown = [place for place, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
        if not unknown:
            return
        again = await self._send([_whole(batch[place]) for place in unknown])
        for place, answer in zip(unknown, again, strict=True):
            answers[place] = answer

    async def _send(self, commands: list[Command]) -> list[Any]:
        self.trips += 1
        return await self._sender.send(commands)


def _whole(call: _Call) -> Command:
    if call.script is None:  # only EVALSHA is answered NOSCRIPT
        raise ContractError("a plain command was answered NOSCRIPT")
    return ("EVAL", call.script.source, *call.command[2:])


def _settle(call: _Call, answer: Any) -> None:
    if call.answer.done():  # who asked went away
        return
    if not isinstance(answer, Exception):
        call.answer.set_result(answer)
    elif isinstance(answer, ResponseError) and not _is_transient(answer):
        name = call.script.name if call.script else call.command[0]
        call.answer.set_exception(ContractError(f"Redis refused {name}: {answer}"))
    else:
        call.answer.set_exception(StoreUnavailable(f"Redis did not do it: {type(answer).__name__}"))


def _fail(batch: list[_Call], error: TandemError) -> None:
    for call in batch:
        if not call.answer.done():
            call.answer.set_exception(type(error)(*error.args))


def _is_transient(error: ResponseError) -> bool:
    """Whether it may go better later. Redis 6.2 puts the reason of a script's failed write behind a dash."""
    said = str(error)
    return (
        isinstance(error, PASSING)
        or said.startswith(TRANSIENT)
        or any(f"-{word} " in said for word in TRANSIENT)
    )
