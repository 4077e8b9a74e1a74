"""What is played: each scenario is one conversation, written once, played with every trouble."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.core.errors import StoreUnavailable
from orchestrator.ports import Forbidden
from tests.reliability.people import Person
from tests.reliability.stage import LostError, Process, Stage

Play = Callable[[Stage, Person], Awaitable[None]]


@dataclass(frozen=True)
class Scenario:
    """A name, the play, and what the world is like."""

    name: str
    play: Play
    messaging: Mapping[str, Any] = field(default_factory=dict)
    script: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    status_first: bool = False
    slow: Mapping[str, float] = field(default_factory=dict)


async def text_in_call(stage: Stage, ana: Person) -> None:
    """A text during the call is answered in the call, or by text should the call have ended."""
    call = await ana.call()
    await ana.text("blue")
    await stage.work_off()
    await ana.hang_up(call)
    await stage.work_off()


async def voice_turn(stage: Stage, ana: Person) -> None:
    """Two things said, two answers, hang-up."""
    call = await ana.call()
    await ana.say(call, "one")
    await ana.say(call, "two")
    await ana.hang_up(call)
    await stage.work_off()


async def slow_voice_turn(stage: Stage, ana: Person) -> None:
    """An answer that outlasts the budget comes behind a filler."""
    call = await ana.call()
    await ana.say(call, "slow one")
    await stage.work_off()
    await ana.hang_up(call)
    await stage.work_off()


async def text_turn(stage: Stage, ana: Person) -> None:
    """A text out of the blue is answered by text."""
    await ana.text("blue")
    await stage.work_off()


async def burst(stage: Stage, ana: Person) -> None:
    """Three texts in a row, the first with three messages for an answer."""
    await ana.text("three a")
    await ana.text("b")
    await ana.text("c")
    await stage.work_off()


async def merged(stage: Stage, ana: Person) -> None:
    """Two texts that come close together in a call are one turn; a third, later, is another."""
    call = await ana.call()
    await ana.text("blue")
    await ana.text("green")
    await stage.work_off(timers_within=30.0)
    await ana.hang_up(call)
    await ana.text("red")
    await stage.work_off(timers_within=30.0)


async def ask_and_reply(stage: Stage, ana: Person) -> None:
    """The assistant asks for a text in a call; it comes."""
    call = await ana.call()
    await ana.say(call, "ask a")
    await stage.work_off()
    await ana.text("plate")
    await stage.work_off()
    await ana.hang_up(call)
    await stage.work_off()


async def ask_and_silence(stage: Stage, ana: Person) -> None:
    """The assistant asks for a text in a call; none comes, and the wait ends."""
    call = await ana.call()
    await ana.say(call, "ask a")
    await stage.work_off(timers_within=120.0)
    await ana.hang_up(call)
    await stage.work_off()


async def switch_channel(stage: Stage, ana: Person) -> None:
    """The conversation goes on by text; the call ends once the carrier took the text."""
    call = await ana.call()
    await ana.say(call, "switch a")
    await stage.work_off()
    if not call.over:
        await ana.hang_up(call)
    await ana.text("after")
    await stage.work_off()


async def opted_out_while_waiting(stage: Stage, ana: Person) -> None:
    """STOP comes while a text waits to be tried again."""
    await ana.text("blue")
    await ana.text("STOP")
    await stage.work_off()
    await ana.text("late")
    await stage.work_off()


async def two_calls(stage: Stage, office: Person) -> None:
    """Two callers of one number at once, with a text beside them."""
    first = await office.call("CA1")
    second = await office.call("CA2")
    await office.say(first, "first one")
    await office.say(second, "second one")
    await office.text("blue")
    await office.say(second, "second two")
    await office.hang_up(second)
    await office.say(first, "first two")
    await office.hang_up(first)
    await stage.work_off()


async def api_message(stage: Stage, ana: Person) -> None:
    """A text session that the API opens, and the customer's answer."""

    async def open_text(process: Process) -> None:
        opened = await process.desk.open_text(
            "support", ana.number, text="good news", media=(), context={}, key="key-1"
        )
        if isinstance(opened, Forbidden) and opened.code != "session_open":
            stage.faults.append(f"the API answered {opened.code}")

    try:
        await stage.webhook(open_text)
    except (LostError, StoreUnavailable):
        return
    await ana.text("thanks")
    await stage.work_off()


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("text in a call", text_in_call),
    Scenario("voice turn", voice_turn),
    Scenario("slow voice turn", slow_voice_turn, slow={"slow": 9.0}),
    Scenario("text turn", text_turn, statuses=("sent", "delivered")),
    Scenario("burst of texts", burst),
    Scenario("texts close together", merged, messaging={"merge_window": 2.0}),
    Scenario("asked for a text", ask_and_reply),
    Scenario("asked for a text in vain", ask_and_silence),
    Scenario("switch to text", switch_channel),
    Scenario("opted out while waiting", opted_out_while_waiting, script=("429", "429")),
    Scenario("retry after 429", text_turn, script=("429", "429")),
    Scenario("unknown outcome, found", text_turn, script=("500 taken",)),
    Scenario("unknown outcome, absent", text_turn, script=("500",)),
    Scenario("status before the answer", text_turn, statuses=("sent",), status_first=True),
    Scenario("two calls from one number", two_calls),
    Scenario("message by the API", api_message),
)
