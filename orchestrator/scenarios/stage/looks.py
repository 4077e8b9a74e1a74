"""What reached people, as a play checks it line by line, and what it left unsaid."""

from __future__ import annotations

from orchestrator.scenarios.play import Line
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.ledger import EffectKind
from orchestrator.scenarios.stage.scene import Scene
from orchestrator.scenarios.stage.words import listed, quoted, wanted


def hears(scene: Scene, line: Line) -> None:
    """The person heard, or received, this."""
    kind: EffectKind = "speech" if line.verb == "hears" else "text"
    who = scene.number(line.who)
    found = scene.ledger.find(kind, who, line.value)
    if not found:
        fresh = [effect for effect in scene.ledger.of(kind, who) if not effect.mentioned]
        last = [effect for effect in scene.ledger.of(kind, who) if effect.mentioned][-1:]
        got = listed(quoted(effect.words) for effect in fresh or last)
        if not fresh and last and last[0].step < scene.ledger.spoke:
            got = f"nothing new; before the last acting line: {got}"
        raise scene.fails(f"{line.who} {line.verb} something else", wanted(line.value), got)
    for effect in found:
        effect.mentioned = True


def hears_nothing(scene: Scene, line: Line) -> None:
    """Nothing reached the person since the last acting step."""
    kind: EffectKind = "speech" if line.verb == "hears nothing" else "text"
    found = scene.ledger.of(kind, scene.number(line.who), since=scene.ledger.step)
    if found:
        got = listed(quoted(effect.words) for effect in found)
        raise scene.fails(f"{line.who} {line.verb}", "nothing", got)


def unmentioned(scene: Scene) -> FailedError | None:
    """The first effect that no line mentions."""
    left = scene.ledger.unmentioned()
    if not left:
        return None
    first = left[0]
    name = scene.story.name(first.who)
    what = f"{name} {'received a text' if first.kind == 'text' else 'heard something'} that no line mentions"
    return FailedError(
        first.place, what, "a line that mentions it", listed(quoted(effect.words) for effect in left)
    )
