"""What people do: a function for each verb."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from channels.simulator.handset import HandsetError
from channels.simulator.records import LIVE
from orchestrator.scenarios.play import Line
from orchestrator.scenarios.stage.scene import Scene

Act = Callable[[Scene, Line], Awaitable[None]]
PICTURE = "https://media.tandem.test/picture.jpg"


async def call(scene: Scene, _: Line) -> None:
    """Call the assistant's number."""
    phone = scene.staged.assistant.phone
    if phone is None:
        raise scene.fails("this assistant takes no calls: it has no `phone`")
    await scene.do(scene.phone(scene.actor).call(phone.numbers[0]))


async def say(scene: Scene, line: Line) -> None:
    """Say something, now."""
    if not await scene.do(scene.phone(scene.actor).say(line.value, wait=False)):
        raise _unheard(scene, "to what is said")


async def press(scene: Scene, line: Line) -> None:
    """Press keys, now."""
    if not await scene.do(scene.phone(scene.actor).press(line.value, wait=False)):
        raise _unheard(scene, "to keys")


async def stay_silent(scene: Scene, _: Line) -> None:
    """The silence of the present document runs out."""
    if not scene.phone(scene.actor).is_listened_to:
        raise _unheard(scene, "to silence")
    await scene.do(scene.phone(scene.actor).stay_silent())


async def hang_up(scene: Scene, _: Line) -> None:
    """End the call."""
    await _of_call(scene, scene.phone(scene.actor).hang_up, "is in no call")


async def answer(scene: Scene, _: Line) -> None:
    """Pick up what rings."""
    await _of_call(scene, scene.phone(scene.actor).answer, "'s phone does not ring")


async def be_busy(scene: Scene, _: Line) -> None:
    """Decline what rings, or what will."""
    phone = scene.phone(scene.actor)
    if not _rings(scene):
        phone.set_answers(False)
        return
    await _of_call(scene, phone.decline, "'s phone does not ring")


async def let_machine(scene: Scene, _: Line) -> None:
    """A machine takes what rings, or what will."""
    scene.phone(scene.actor).set_answers(None if _rings(scene) else True, is_machine=True)
    if _rings(scene):
        await answer(scene, _)


async def ignore(scene: Scene, _: Line) -> None:
    """Let it ring until the carrier gives up."""
    await _of_call(scene, scene.phone(scene.actor).ignore, "'s phone does not ring")


async def text(scene: Scene, line: Line) -> None:
    """Send a text to the number that the person knows."""
    await scene.do(scene.phone(scene.actor).text(line.value, to=_our_number(scene)), patient=True)


async def send_picture(scene: Scene, line: Line) -> None:
    """Send a picture, with words or its address."""
    value = line.value or ""
    address = value if value.startswith(("http://", "https://")) else PICTURE
    body = "" if address == value else value
    sending = scene.phone(scene.actor).text(body, to=_our_number(scene), media=[address])
    await scene.do(sending, patient=True)


def _our_number(scene: Scene) -> str:
    messaging = scene.staged.assistant.messaging
    if messaging is None:
        raise scene.fails("this assistant takes no texts: it has no `messaging`")
    received = scene.phone(scene.actor).received
    return received[-1].sender if received else messaging.numbers[0]


async def _of_call(scene: Scene, act: Callable[[], Awaitable[Any]], why: str) -> None:
    async def acting() -> None:
        await act()

    try:
        await scene.do(acting())
    except HandsetError:
        name = scene.story.name(scene.actor)
        raise scene.fails(f"{name}{why}" if why.startswith("'") else f"{name} {why}") from None


def _rings(scene: Scene) -> bool:
    calls = scene.phone(scene.actor).calls
    return any(call.status == "ringing" and call.direction != "inbound" for call in calls)


def _unheard(scene: Scene, what: str) -> Exception:
    name, phone = scene.story.name(scene.actor), scene.phone(scene.actor)
    if not any(call.status in LIVE for call in phone.calls):
        return scene.fails(f"{name} is in no call")
    return scene.fails(
        f"nobody listens {what}: the call of {name} is not at a point where the caller is heard"
    )


PERSON: dict[str, Act] = {
    "calls": call,
    "says": say,
    "presses": press,
    "stays silent": stay_silent,
    "hangs up": hang_up,
    "answers": answer,
    "does not answer": ignore,
    "is busy": be_busy,
    "lets a machine answer": let_machine,
    "texts": text,
    "sends a picture": send_picture,
}
