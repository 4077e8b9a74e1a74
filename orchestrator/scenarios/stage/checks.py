"""Every key of `expect`: a function each, which raises what is wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from orchestrator.core.segments import measure
from orchestrator.scenarios.format.kinds import WITHHELD
from orchestrator.scenarios.format.matchers import holds
from orchestrator.scenarios.play import Line, Words
from orchestrator.scenarios.stage.ledger import Effect
from orchestrator.scenarios.stage.scene import Scene
from orchestrator.scenarios.stage.words import listed, quoted, span, turn_seen, wanted

Check = Callable[[Scene, Line, Any, str], Awaitable[None]]
"""Of a key's value and whom it is about, a number."""
CALLS = {"none": "none", "ended": "none", "dialing": "ringing"}
"""The word for each state of a call that is not live."""


async def expect(scene: Scene, line: Line) -> None:
    """Every key of the line, in its order."""
    who = scene.whose(line)
    for key, value in line.value.items():
        if key != "within":
            await _CHECKS[key](scene, line, value, who)


async def _state(scene: Scene, _: Line, value: Any, who: str) -> None:
    session = await scene.session(who)
    state = session["state"] if session else "idle"
    if state not in value:
        raise scene.fails("state", " or ".join(value), state, key="state")


async def _call(scene: Scene, _: Line, value: Any, who: str) -> None:
    session = await scene.session(who)
    call = (session or {}).get("call") or {"state": "none"}
    got = CALLS.get(call["state"], "live")
    if got != value:
        raise scene.fails("call", value, f"{got} ({call['state']})" if got == "live" else got, key="call")


async def _thread(scene: Scene, _: Line, value: Any, who: str) -> None:
    session = await scene.session(who)
    got = session["thread"]["state"] if session else "none"
    if got != value:
        raise scene.fails("thread", value, got, key="thread")


async def _consent(scene: Scene, _: Line, value: Any, who: str) -> None:
    answer = await scene.api("GET", f"/opt-outs/{who}", assistant=scene.staged.name)
    entries = answer.json().get("opt_outs", []) if answer.is_success else []
    got = "opted_out" if any(entry.get("consent") == "opted_out" for entry in entries) else "opted_in"
    for turn in scene.bot.open():  # what came with it is decided, and written when it is answered
        if turn.customer == who != WITHHELD and scene.staged.assistant.messaging is not None:
            got = "opted_in" if turn.request["channels"]["sms"]["can_send"] else "opted_out"
    if got != value:
        raise scene.fails("consent", value, got, key="consent")


async def _context(scene: Scene, _: Line, value: Mapping[str, Words], who: str) -> None:
    session = await scene.session(who)
    context: Mapping[str, Any] = session["context"] if session else {}
    for key, words in value.items():
        got = None if context.get(key) is None else _plain(context[key])
        if not holds(words, got):
            shown = "absent" if got is None else quoted(got)
            raise scene.fails(f"context {key}", wanted(words), shown, key="context")


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


async def _timers(scene: Scene, _: Line, value: Mapping[str, float], who: str) -> None:
    session = await scene.session(who)
    now = scene.clock.now()
    got = {
        timer["name"]: datetime.fromisoformat(timer["due_at"]).timestamp() - now
        for timer in (session["timers"] if session else ())
    }
    same = got.keys() == value.keys() and all(
        abs(got[name] - left) <= scene.exact for name, left in value.items()
    )
    if not same:
        raise scene.fails("timers", _times(value), _times(got), key="timers")


def _times(timers: Mapping[str, float]) -> str:
    return ", ".join(f"{name}: {span(left)}" for name, left in sorted(timers.items())) or "none"


async def _texts(scene: Scene, line: Line, value: int, who: str) -> None:
    found = [effect for effect in scene.ledger.of("text", who if line.who else "") if effect.step > 0]
    if len(found) != value:
        got = f"{len(found)}: {listed(quoted(effect.words) for effect in found)}" if found else "0"
        raise scene.fails("texts sent", str(value), got, key="texts")


async def _text(scene: Scene, line: Line, value: Mapping[str, Any], who: str) -> None:
    last = scene.ledger.last("text", who if line.who else "")
    if last is None:
        raise scene.fails("text", "a text", "none was sent", key="text")
    if value.get("status") == "delivered" and last.message is not None:
        scene.fates.decide(last.message.sid, None)
        await scene.settle()
    for key, expected in value.items():
        _of_text(scene, last, key, expected)
    last.mentioned = True


def _of_text(scene: Scene, text: Effect, key: str, expected: Any) -> None:
    measured = measure(text.words)
    if key == "words":
        holding, got = holds(expected, text.words), quoted(text.words)
    elif key == "to":
        holding, got = scene.number(expected) == text.who, scene.story.name(text.who)
    else:
        facts: dict[str, Any] = {
            "segments": measured.segments,
            "encoding": measured.encoding,
            "status": text.message.status if text.message else "",
        }
        holding, got = facts[key] == expected, str(facts[key])
    if not holding:
        shown = wanted(expected) if key == "words" else str(expected)
        raise scene.fails(f"text {key}", shown, got, key="text")


async def _said(scene: Scene, line: Line, value: Words, who: str) -> None:
    last = scene.ledger.last("speech", who if line.who else "")
    if last is None or not holds(value, last.words):
        raise scene.fails("said", wanted(value), quoted(last.words) if last else "nothing", key="said")
    last.mentioned = True


async def _bot_was_asked(scene: Scene, line: Line, value: Any, who: str) -> None:
    recent = [
        turn
        for turn in scene.story.turns
        if turn.step >= scene.ledger.step and (not line.who or turn.who == who)
    ]
    if value is None:
        if recent:
            raise scene.fails("bot was asked", "nothing", turn_seen(recent[-1].request), key="bot was asked")
        return
    if not recent:
        raise scene.fails("bot was asked", _question(value), "nothing", key="bot was asked")
    request = recent[-1].request
    given, event = request["input"], request["event"]
    by = "event" if given["type"] == "none" else "text" if given["type"] in {"text", "media"} else "voice"
    words = str(event) if by == "event" else given["text"]
    if value.get("by", by) != by or ("words" in value and not holds(value["words"], words)):
        raise scene.fails("bot was asked", _question(value), turn_seen(request), key="bot was asked")


def _question(value: Mapping[str, Any]) -> str:
    words = wanted(value["words"]) if "words" in value else "something"
    return f"{words} by {value['by']}" if "by" in value else words


async def _event(scene: Scene, line: Line, value: Mapping[str, str], who: str) -> None:
    recent = list(_happened(scene, who if line.who else ""))
    for name, data in recent:
        reason = data.get("reason")
        if value.get("name", name) == name and value.get("reason", reason) == reason:
            return
    got = listed(dict.fromkeys(f"{name}{_reason(data)}" for name, data in recent))
    raise scene.fails("event", f"{value.get('name', 'any')}{_reason(value)}", got, key="event")


def _happened(scene: Scene, who: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Lines of timelines, and events that the bot was asked about, since the last acting step, with their facts."""
    since = 0 if scene.is_last else scene.ledger.step
    for note in scene.story.noted:
        if note.step >= since and (not who or note.who == who):
            yield note.name, note.data
    for turn in scene.story.turns:
        if turn.request["event"] and turn.step >= since and (not who or turn.who == who):
            yield turn.request["event"], turn.request["event_data"]


def _reason(data: Mapping[str, Any]) -> str:
    return f" ({data['reason']})" if data.get("reason") else ""


async def _sessions(scene: Scene, line: Line, value: int, who: str) -> None:
    found = [each for each in await scene.sessions(who if line.who else "") if each["state"] != "ended"]
    if len(found) != value:
        got = f"{len(found)}: {listed(each['state'] for each in found)}" if found else "0"
        raise scene.fails("open sessions", str(value), got, key="sessions")


async def _nothing(scene: Scene, line: Line, _: Any, who: str) -> None:
    of = who if line.who else ""
    found = [
        *scene.ledger.of("text", of, since=scene.ledger.step),
        *scene.ledger.of("speech", of, since=scene.ledger.step),
    ]
    if found:
        got = listed(
            f"{scene.story.name(effect.who)} {'receives' if effect.kind == 'text' else 'hears'} {quoted(effect.words)}"
            for effect in found
        )
        raise scene.fails("nothing since the last step", "nothing", got, key="nothing")


_CHECKS: dict[str, Check] = {
    "state": _state,
    "call": _call,
    "thread": _thread,
    "consent": _consent,
    "context": _context,
    "timers": _timers,
    "texts": _texts,
    "text": _text,
    "said": _said,
    "bot was asked": _bot_was_asked,
    "event": _event,
    "sessions": _sessions,
    "nothing": _nothing,
}
