"""How a batch of commands reaches Redis: one node (or the master that Sentinel names), or a cluster.

With `wait_replicas`, a batch is answered only when that many replicas hold it; WAIT stands on the
connection of the commands that it covers, after them. Batching and errors are `link`'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

from redis import exceptions as redis_errors

from orchestrator.core.errors import StoreUnavailable
from orchestrator.store.listening import ClusterListener, Listener, NodeListener

Command = tuple[Any, ...]

WAIT_MS = 1_000  # of the two seconds that a call has
PAUSE = 0.1  # seconds between looks at a cluster that is electing
MOVING = (
    redis_errors.MovedError,
    redis_errors.AskError,
    redis_errors.TryAgainError,
    redis_errors.ClusterDownError,
    redis_errors.ConnectionError,
    redis_errors.TimeoutError,
    AttributeError,
)
"""What a cluster answers while slots move and masters change. AttributeError: redis-py raises it when
a connection is cut under a pipeline."""


class Sender(Protocol):
    """Sends commands and gives their answers in order, an exception in the place of each refused one.
    `publish` is the command that sends a message to a channel.
    """

    publish: str

    async def send(self, commands: Sequence[Command]) -> list[Any]:
        """One trip."""
        ...

    def listener(self) -> Listener:
        """Connections of its own that listen to channels."""
        ...

    async def close(self) -> None:
        """Drop the connections."""
        ...


class NodeSender:
    """One pipeline to one node. redis-py repeats it by itself after a lost connection.

    `beside` are clients that end with this one: those that ask Sentinel for the master.
    """

    publish = "PUBLISH"

    def __init__(self, client: Any, wait_replicas: int = 0, *, beside: Sequence[Any] = ()) -> None:
        self._client = client
        self._beside = beside
        self._wait_replicas = wait_replicas

    async def send(self, commands: Sequence[Command]) -> list[Any]:
        """One pipeline, and the number of replicas that hold it. A node that is no master any more is
        left: Sentinel, or the name service, is asked again, and so is the command.
        """
        answers = await self._once(commands)
        if any(map(_is_of_replica, answers)):
            await self._leave()
            answers = await self._once(commands)
        if self._wait_replicas:
            held = answers.pop()
            if self._beside and (not isinstance(held, int) or held < self._wait_replicas):
                await self._leave()  # a master that came back, and does not know yet that it is none
            _check_held(held, self._wait_replicas)
        return answers

    async def _once(self, commands: Sequence[Command]) -> list[Any]:
        pipe = self._client.pipeline(transaction=False)
        for command in commands:
            pipe.execute_command(*command)
        if self._wait_replicas:
            pipe.execute_command("WAIT", self._wait_replicas, WAIT_MS)
        answers: list[Any] = await pipe.execute(raise_on_error=False)
        return answers

    async def _leave(self) -> None:
        """The next call connects anew; what is under way on other connections finds out for itself."""
        await self._client.connection_pool.disconnect(inuse_connections=False)

    def listener(self) -> Listener:
        """As `Sender`."""
        return NodeListener(self._client)

    async def close(self) -> None:
        """Drop the connections."""
        for client in (self._client, *self._beside):
            await client.aclose()


class ClusterSender:
    """One pipeline to each node that holds a part of the batch; what moved meanwhile is sent again."""

    publish = "SPUBLISH"

    def __init__(self, client: Any, wait_replicas: int = 0) -> None:
        self._client = client
        self._wait_replicas = wait_replicas
        self._known = False
        self._learning = asyncio.Lock()

    async def send(self, commands: Sequence[Command]) -> list[Any]:
        """Ends when every command was answered; the caller's budget ends it otherwise."""
        answers: list[Any] = [None] * len(commands)
        left = list(range(len(commands)))
        while True:
            await self._learn()
            for place, answer in zip(
                left, await self._round([commands[place] for place in left]), strict=True
            ):
                answers[place] = answer
            left = [place for place in left if isinstance(answers[place], MOVING)]
            if not left:
                return answers
            self._known = False
            await asyncio.sleep(PAUSE)

    def listener(self) -> Listener:
        """As `Sender`."""
        return ClusterListener(self._client)

    async def close(self) -> None:
        """Drop the connections."""
        await self._client.aclose()

    async def _learn(self) -> None:
        """Know the slots before a burst: an async cluster client that learns them within one fails."""
        async with self._learning:
            if self._known:
                return
            await self._client.initialize()
            await self._client.nodes_manager.initialize()
            self._known = True

    async def _round(self, commands: list[Command]) -> list[Any]:
        try:
            pipe = self._client.pipeline(transaction=False)
            for command in commands:
                pipe.execute_command(*command)
            waits = self._add_waits(pipe, commands)
            # A command that is led elsewhere leaves the connection that WAIT stands on: it is sent anew.
            answers: list[Any] = await pipe.execute(raise_on_error=False, allow_redirections=False)
        except MOVING as error:
            return [error] * len(commands)
        for held in answers[len(commands) : len(commands) + waits]:
            if not isinstance(held, MOVING):
                _check_held(held, self._wait_replicas)
        return answers[: len(commands)]

    def _add_waits(self, pipe: Any, commands: list[Command]) -> int:
        if not self._wait_replicas:
            return 0
        nodes = {node.name: node for node in map(self._node, commands)}
        for node in nodes.values():
            pipe.execute_command("WAIT", self._wait_replicas, WAIT_MS, target_nodes=node)
        return len(nodes)

    def _node(self, command: Command) -> Any:
        key = command[3] if command[0] in {"EVAL", "EVALSHA"} else command[1]
        return self._client.get_node_from_key(key)


def _is_of_replica(answer: Any) -> bool:
    """Whether a replica gave this answer. Redis 6.2 wraps the word of a script's write into its own."""
    said = str(answer) if isinstance(answer, redis_errors.ResponseError) else ""
    return "READONLY" in said or "WAIT cannot be used with replica" in said


def _check_held(reached: Any, wanted: int) -> None:
    if not isinstance(reached, int) or reached < wanted:
        raise StoreUnavailable(f"fewer than {wanted} replicas hold it")
