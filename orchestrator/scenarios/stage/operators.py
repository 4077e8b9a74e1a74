"""What an operator does through the API, and the bot where nobody has asked it."""

from __future__ import annotations

from typing import Any

from orchestrator.scenarios.play import Line
from orchestrator.scenarios.stage.people import Act
from orchestrator.scenarios.stage.scene import Scene
from orchestrator.scenarios.stage.words import quoted


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


async def hand_back(scene: Scene, _: Line) -> None:
    """Let the assistant answer again."""
    await act_in(scene, await _open_session(scene), {"action": "release"})


async def opt_out(scene: Scene, _: Line) -> None:
    """Note that the customer wants no texts."""
    await _consent(scene, "PUT")


async def opt_in(scene: Scene, _: Line) -> None:
    """Note that the customer wants texts again."""
    await _consent(scene, "DELETE")


async def _consent(scene: Scene, method: str) -> None:
    answer = await scene.api(method, f"/opt-outs/{scene.actor}", assistant=scene.staged.name)
    if not answer.is_success:
        raise scene.fails("the service does not note the consent", got=_problem(answer.json()))


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


OPERATOR: dict[str, Act] = {
    "texts": operator_text,
    "ends the session": end_session,
    "takes over": take_over,
    "hands back": hand_back,
    "opts out": opt_out,
    "opts in": opt_in,
}
