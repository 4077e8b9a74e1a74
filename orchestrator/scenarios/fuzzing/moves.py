"""What may happen next in a play that is made up as it goes: only what is possible now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from channels.simulator.records import LIVE
from orchestrator.scenarios.play import Line
from orchestrator.scenarios.stage.scene import Scene

PEOPLE: Final = {"Ana": "+15550101234", "Bea": "+15550105678"}
TEXTS: Final = ("hello", "CALL", "12 Main St", "STOP", "START", "HELP", "yes")
WAITS: Final = (1, 10, 130, 2_000)
"""Seconds: within a turn, past a silence, past a reply that does not come, past a session."""
Move = Line


def moves(scene: Scene) -> list[Move]:
    """Every move that is possible, the plainest first: what is shrunk goes there."""
    return [*_waits(), *_of_people(scene), *_of_network(scene), *_of_operators(scene)]


def answers(number: int, *, fails: bool) -> list[list[dict[str, Any]] | None]:
    """What the bot may answer, the plainest first; words have a number, so that each is told apart. None is a failure."""
    words = f"answer {number}"
    plain: list[list[dict[str, Any]] | None] = [
        [],
        [{"response_type": "text", "text": words}],
        [{"response_type": "send_text", "text": words}],
        [{"response_type": "ask_for_text", "say": f"say {number}", "text": words, "keep_as": "kept"}],
        [{"response_type": "text", "text": words}, {"response_type": "send_text", "text": f"text {number}"}],
        [{"response_type": "hang_up", "say": words}],
        [{"response_type": "switch_channel", "to": "voice"}],
        [{"response_type": "switch_channel", "to": "sms", "text": words}],
    ]
    return [*plain, None] if fails else plain


def _waits() -> Iterator[Move]:
    for seconds in WAITS:
        yield Line("time", "wait", float(seconds))


def _of_people(scene: Scene) -> Iterator[Move]:
    for name, number in scene.play.people.items():
        phone = scene.phone(number)
        live = any(call.status in LIVE for call in phone.calls)
        for words in TEXTS:
            yield Line("person", "texts", words, name)
        if phone.is_ringing:
            for verb in ("answers", "is busy", "does not answer"):
                yield Line("person", verb, None, name)
        elif live:
            yield Line("person", "hangs up", None, name)
        else:
            yield Line("person", "calls", None, name)
        if phone.is_listened_to:
            yield Line("person", "says", "one more thing", name)
            yield Line("person", "presses", "12", name)
            yield Line("person", "stays silent", None, name)


def _of_network(scene: Scene) -> Iterator[Move]:
    if scene.in_call():
        yield Line("network", "call drops")
    if scene.wires.last_webhook is not None and not scene.staged.server.is_down:
        yield Line("network", "webhook repeats")
    yield Line("network", "worker dies")
    yield Line("network", "redis is down", 3.0)
    yield Line("network", "carrier is down", 5.0)
    yield Line("network", "answer gets lost")


def _of_operators(scene: Scene) -> Iterator[Move]:
    if scene.staged.server.is_down:
        return
    yield Line("operator", "ends the session")
    yield Line("operator", "takes over")
    yield Line("operator", "hands back")
