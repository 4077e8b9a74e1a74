"""Events that break whoever works on them: given up, or answered with an apology; the next one is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from orchestrator.ports import Inboxed
from tests.reliability import virtual
from tests.reliability.invariants import broken
from tests.reliability.people import Person
from tests.reliability.stage import Stage

LEASES = 5
"""How often an event may be begun before it is given up."""


def played(first: Callable[[Stage, Person], Awaitable[None]]) -> tuple[Stage, list[str]]:
    """What `first` brings, and a text behind it."""

    async def play() -> tuple[Stage, list[str]]:
        stage = Stage()
        ana = Person(stage)
        try:
            await first(stage, ana)
            await ana.text("blue")
            await stage.work_off()
            return stage, broken(stage, [ana])
        finally:
            stage.bury()

    return virtual.run(play())


def dead_letters(stage: Stage) -> list[tuple[bytes, bytes]]:
    """Reason and event of each dead letter."""
    return [(fields[b"reason"], fields[b"event"]) for _, fields in stage.redis.xrange("tandem:{0}:dlq")]


def bodies(stage: Stage) -> list[str]:
    """The texts that the carrier took."""
    return [text.body for text in stage.carrier.texts]


def test_an_event_that_kills_every_process_is_given_up_once() -> None:
    """After five leases it is one dead letter, and the next message is answered, once."""

    async def poison(stage: Stage, ana: Person) -> None:
        stage.bot.fatal = {"poison"}
        await ana.text("poison")
        ana.sent.remove("poison")

    stage, faults = played(poison)
    assert not faults
    ((reason, event),) = dead_letters(stage)
    assert (reason, b"SMin-poison" in event) == (b"failed 5 times", True)
    assert sum(asked.cause == "poison" for asked in stage.bot.asked) == LEASES
    assert bodies(stage) == ["re blue"]


def test_an_event_that_nobody_can_read_is_given_up_once() -> None:
    """What another release stored and this one cannot read does not stop the conversation."""

    async def poison(stage: Stage, ana: Person) -> None:
        stage.expected_failures = frozenset({"UnreadableError"})
        store = stage.processes[1].store
        address = store.address("support", ana.number)
        payload = '{"assistant":"support","customer":"+15550101234","event":{"_":"Unheard","id":"X"}}'
        await store.accept(address, Inboxed("X", payload))

    stage, faults = played(poison)
    assert not faults
    assert [b'"Unheard"' in event for _, event in dead_letters(stage)] == [True]
    assert bodies(stage) == ["re blue"]


def test_an_adapter_that_breaks_is_an_assistant_without_an_answer() -> None:
    """An error of ours in an adapter is asked once, apologised for, and is no dead letter."""

    async def poison(stage: Stage, ana: Person) -> None:
        stage.bot.broken = {"poison": ZeroDivisionError("a bug of ours")}
        await ana.text("poison")

    stage, faults = played(poison)
    assert not faults
    assert not dead_letters(stage)
    assert bodies(stage) == [stage.rules.messaging.default_failure_message, "re blue"]  # type: ignore[union-attr]  # the stage has texts
