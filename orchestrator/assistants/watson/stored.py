"""Commands that stand in Watson's stored context, where dialogues of 2020 put them: each is run once.

The service keeps a context for the session, so that a command stays in it, and comes back with every answer. After
it was run, null is written over it with the next message. Where the answer shows that this message was merged, a
command that stands there is a new one, even if it equals the last; where it does not, one that
equals the last is the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orchestrator.assistants.items.actions import PLACES
from orchestrator.assistants.watson.memory import Memory, digest

Command = tuple[str, Any]
"""The key that it stood under, and what stood there: one command, or a list of them."""
_SEPARATOR = "\n"  # in no name of a skill or variable


def fresh(context: Any, memory: Memory, *, mark: str, turn_id: str) -> list[Command]:
    """The commands of a returned context that were not run yet, and from now on are. `mark` is the variable that
    shows a merge by holding `turn_id`.
    """
    found = dict(_standing(context))
    new: dict[tuple[str, str], Command] = {}  # one that stands in two places is one
    for place, value in found.items():
        if memory.ran.get(place) != digest(value) or _is_merged(context, place, mark, turn_id):
            new.setdefault((_key(place), digest(value)), (_key(place), value))
    memory.ran = {place: digest(value) for place, value in found.items()}
    return list(new.values())


def cleared(ran: Mapping[str, str]) -> dict[str, Any]:
    """The context that writes null over the commands at these places."""
    context: dict[str, Any] = {}
    for place in ran:
        *path, key = place.split(_SEPARATOR)
        holder = context
        for part in path:
            holder = holder.setdefault(part, {})
        holder[key] = None
    return context


def _standing(context: Any) -> Iterator[tuple[str, Any]]:
    """Every command that stands in a context, by its place."""
    if not isinstance(context, Mapping):
        return
    for path, holder in _holders(context):
        for key in PLACES:
            if holder.get(key):
                yield _SEPARATOR.join((*path, key)), holder[key]


def _holders(context: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    yield (), context
    skills = context.get("skills")
    for name, skill in skills.items() if isinstance(skills, Mapping) else ():
        for part in ("user_defined", "skill_variables"):
            holder = skill.get(part) if isinstance(skill, Mapping) else None
            if isinstance(holder, Mapping):
                yield ("skills", name, part), holder


def _is_merged(context: Mapping[str, Any], place: str, mark: str, turn_id: str) -> bool:
    *path, _ = place.split(_SEPARATOR)
    holder: Any = context
    for part in path:
        holder = holder.get(part) if isinstance(holder, Mapping) else None
    return bool(path) and isinstance(holder, Mapping) and holder.get(mark) == turn_id


def _key(place: str) -> str:
    return place.rpartition(_SEPARATOR)[2]
