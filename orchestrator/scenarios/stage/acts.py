"""What people, the network and an operator do: a function for each verb."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from channels.simulator.handset import HandsetError
from channels.simulator.records import LIVE
from channels.simulator.trouble import Fate, WebhookKind
from orchestrator.scenarios.play import Line
from orchestrator.scenarios.stage.scene import Scene
from orchestrator.scenarios.stage.words import quoted

Act = Callable[[Scene, Line], Awaitable[None]]
PICTURE = "https://media.tandem.test/picture.jpg"
KEYS: dict[str, WebhookKind] = {
    "texts": "sms",
    "sends a picture": "sms",
    "hangs up": "voice-status",
    "call drops": "voice-status",
}
"""Which webhook a line causes, where it is not that of a call."""


# ---- people -------------------------------------------------------------------------------------
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


# ---- the network --------------------------------------------------------------------------------
async def drop_call(scene: Scene, _: Line) -> None:
    """The connection of the call is lost."""
    number = scene.in_call()
    if not number:
        raise scene.fails("nobody is in a call")
    await scene.do(scene.phone(number).drop())


async def fail_text(scene: Scene, line: Line) -> None:
    """The last text is reported undelivered."""
    await _end_text(scene, Fate("undelivered", line.value))


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


async def stop_store(scene: Scene, line: Line) -> None:
    """The store is away for that long."""
    scene.staged.server.down_until = scene.clock.now() + line.value
    await scene.settle()


async def kill_worker(scene: Scene, _: Line) -> None:
    """The process dies at whatever it does; another goes on."""
    scene.bot.worker += 1
    await scene.staged.replace_worker()
    await scene.settle()


# ---- an operator --------------------------------------------------------------------------------
async def operator_text(scene: Scene, line: Line) -> None:
    """Write in the session that is open, or begin one."""
    session = await scene.session(scene.actor)
    if session is not None and session["state"] != "ended":
        await act_in(scene, session, {"action": "send_text", "text": line.value})
    else:
        await open_by_us(scene, "messages", {"text": line.value})
    found = scene.ledger.find("text", scene.actor, line.value)
    if not found:
        raise scene.fails("the operator's text did not arrive", quoted(line.value), "nothing")
    for effect in found:
        effect.mentioned = True


async def end_session(scene: Scene, _: Line) -> None:
    """Close call and thread."""
    await act_in(scene, await _open_session(scene), {"action": "end"})


async def take_over(scene: Scene, _: Line) -> None:
    """Answer in the assistant's place."""
    await act_in(scene, await _open_session(scene), {"action": "take_over"})


async def _open_session(scene: Scene) -> dict[str, Any]:
    session = await scene.session(scene.actor)
    if session is None or session["state"] == "ended":
        raise scene.fails(f"{scene.story.name(scene.actor)} has no open session")
    return session


async def act_in(scene: Scene, session: dict[str, Any], action: dict[str, Any]) -> None:
    """One action of the API in a session."""
    answer = await scene.api("POST", f"/sessions/{session['id']}/actions", body=action)
    if not answer.is_success:
        raise scene.fails(f"the service refuses {action['action']}", got=_problem(answer.json()))


async def open_by_us(scene: Scene, what: str, body: dict[str, Any]) -> None:
    """Begin with a text (`messages`) or a call (`calls`) of ours."""
    named = {"assistant": scene.staged.name, "to": scene.actor}
    answer = await scene.api("POST", f"/{what}", body=named | body)
    if not answer.is_success:
        raise scene.fails(f"the service refuses to begin with {what}", got=_problem(answer.json()))


def _problem(answer: Any) -> str:
    parts = [str(answer.get(key)) for key in ("code", "detail", "hint") if answer.get(key)]
    return ": ".join(parts)


PERSON: dict[str, Act] = {
    "calls": call,
    "says": say,
    "presses": press,
    "stays silent": stay_silent,
    "hangs up": hang_up,
    "answers": answer,
    "does not answer": ignore,
    "is busy": be_busy,
    "texts": text,
    "sends a picture": send_picture,
}
NETWORK: dict[str, Act] = {
    "call drops": drop_call,
    "text fails": fail_text,
    "text is delivered": deliver_text,
    "webhook repeats": repeat_webhook,
    "webhook arrives late": delay_webhook,
    "webhooks swap": swap_webhooks,
    "redis is down": stop_store,
    "worker dies": kill_worker,
}
OPERATOR: dict[str, Act] = {"texts": operator_text, "ends the session": end_session, "takes over": take_over}
