"""What the network does: a function for each verb."""

from __future__ import annotations

from channels.simulator.trouble import Fate, WebhookKind
from orchestrator.scenarios.play import Line
from orchestrator.scenarios.stage.people import Act
from orchestrator.scenarios.stage.scene import Scene
from orchestrator.scenarios.stage.words import quoted

KEYS: dict[str, WebhookKind] = {
    "texts": "sms",
    "sends a picture": "sms",
    "hangs up": "voice-status",
    "call drops": "voice-status",
}
"""Which webhook a line causes, where it is not that of a call."""


async def drop_call(scene: Scene, _: Line) -> None:
    """The connection of the call is lost."""
    number = scene.in_call()
    if not number:
        raise scene.fails("nobody is in a call")
    await scene.do(scene.phone(number).drop())


async def fail_text(scene: Scene, line: Line) -> None:
    """The last text is reported undelivered."""
    await _end_text(scene, Fate("undelivered", line.value))


async def refuse_text(scene: Scene, line: Line) -> None:
    """The carrier refuses the next text at once."""
    scene.staged.carrier.trouble.refuse_next_message(line.value)
    scene.refusals += 1


async def deliver_text(scene: Scene, _: Line) -> None:
    """The last text is reported delivered."""
    await _end_text(scene, None)


async def _end_text(scene: Scene, fate: Fate | None) -> None:
    last = scene.ledger.last("text")
    if last is None or last.message is None:
        raise scene.fails("no text was sent")
    if not scene.fates.decide(last.message.sid, fate):
        raise scene.fails(
            f"what became of the last text is told already: {last.message.status}", got=quoted(last.words)
        )
    await scene.settle()


async def repeat_webhook(scene: Scene, _: Line) -> None:
    """The last webhook of the customer's side comes again, and is answered as before."""
    if scene.wires.last_webhook is None:
        raise scene.fails("no webhook has come yet")
    if await scene.do(scene.wires.repeat(), patient=True) is False:
        raise scene.fails(
            "the repeated webhook is answered otherwise than the first", "the same answer", "another"
        )


async def delay_webhook(scene: Scene, line: Line) -> None:
    """The webhook of the next line that somebody acts in takes that long."""
    scene.staged.carrier.trouble.delay_next_webhook(line.value, KEYS.get(scene.next_verb, "voice"))


async def swap_webhooks(scene: Scene, _: Line) -> None:
    """The webhooks of the next two lines arrive in the other order."""
    scene.wires.swapping = True


async def stop_carrier(scene: Scene, line: Line) -> None:
    """Nobody reaches the carrier's API for that long; its webhooks still come."""
    scene.wires.carrier_down_until = scene.clock.at_loop(scene.clock.now() + line.value)
    await scene.settle()


async def lose_answer(scene: Scene, _: Line) -> None:
    """What we ask the carrier for next is done, and the answer is lost."""
    scene.staged.carrier.trouble.drop_next_request()


async def stop_store(scene: Scene, line: Line) -> None:
    """The store is away for that long."""
    scene.staged.server.down_until = scene.clock.now() + line.value
    await scene.settle()


async def kill_worker(scene: Scene, _: Line) -> None:
    """The process dies at whatever it does; another goes on."""
    scene.bot.worker += 1
    await scene.staged.replace_worker()
    await scene.settle()


NETWORK: dict[str, Act] = {
    "call drops": drop_call,
    "text fails": fail_text,
    "text is refused": refuse_text,
    "text is delivered": deliver_text,
    "webhook repeats": repeat_webhook,
    "webhook arrives late": delay_webhook,
    "webhooks swap": swap_webhooks,
    "carrier is down": stop_carrier,
    "answer gets lost": lose_answer,
    "redis is down": stop_store,
    "worker dies": kill_worker,
}
