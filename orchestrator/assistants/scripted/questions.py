"""The statements after which the customer has the floor: `ask`, `choose` and `ask_for_text`."""

from __future__ import annotations

import re

from orchestrator.assistants.scripted.builder import Builder
from orchestrator.assistants.scripted.conditions import Fact
from orchestrator.assistants.scripted.emit import read_emit
from orchestrator.assistants.scripted.model import Branch, Emit, Go, Jump, Return, Slot, Wait
from orchestrator.assistants.scripted.problems import did_you_mean
from orchestrator.assistants.scripted.slots import CHECKS
from orchestrator.assistants.scripted.tree import Node

_REPLY_FIELDS = ("late", "failed", "retry")


def ask(build: Builder, node: Node, owner: Node) -> None:
    """A question whose answer is checked and kept."""
    emit = read_emit(build.page, "say", node, node)
    keys = {
        name: value
        for name, key in (("count", "keys"), ("termination_key", "end_key"))
        if (value := build.text(owner, key))
    }
    if keys:
        item = {"response_type": "dtmf", "command_info": {"type": "collect", "parameters": keys}}
        emit = Emit((emit.variants[0] + (item,),))
    prompt = build.add(emit, node.spot)
    slot = _slot(build, node, owner)
    build.add(_wait(build, "ask", prompt, owner, slot=slot), node.spot)


def choose(build: Builder, node: Node, owner: Node) -> None:
    """A question with numbered options, each leading on."""
    options = owner.get("options")
    if options is None or not options.fields:
        build.page.problem(node.spot, "`choose` needs `options`: each label and where it leads")
        return
    labels = [{"label": label} for label in options.fields]
    item = {
        "response_type": "option",
        "title": node.text or "",
        "description": build.text(owner, "description"),
        "options": labels,
    }
    prompt = build.add(Emit(((item,),)), node.spot)
    wait = build.add(Return(), node.spot)
    starts, jumps = [], []
    for label, body in options.fields.items():
        starts.append((label, len(build.step.ops)))
        if body.text is not None or body.entries or body.fields:
            build.body(body)
        jumps.append(build.add(Return(), body.spot))
    build.step.ops[wait] = _wait(build, "choose", prompt, owner, options=tuple(starts))
    build.close(jumps)


def ask_for_text(build: Builder, node: Node) -> None:
    """An answer by text; where one cannot be asked for, `failed` is taken at once."""
    fields = {key: value for key, value in (node.fields or {}).items() if key not in _REPLY_FIELDS}
    asked = Node(node.spot, node.text, None, fields if node.fields is not None else None, node.keys)
    branch = build.add(Return(), node.spot) if node.get("failed") else None
    prompt = build.add(read_emit(build.page, "ask_for_text", asked, asked, _REPLY_FIELDS), node.spot)
    slot = Slot(build.text(node, "keep_as"))
    late, failed = build.name(node.get("late")), build.name(node.get("failed"))
    build.add(
        Wait("text", prompt, slot=slot, late=late, failed=failed, retry=build.text(node, "retry")),
        node.spot,
    )
    if branch is not None:
        jump = build.add(Return(), node.spot)
        build.step.ops[branch] = Branch(Fact("allowed", ("ask_for_text",)), len(build.step.ops))
        build.add(Go(failed, leave=build.step.interlude), node.spot)
        build.step.ops[jump] = Jump(len(build.step.ops))


def _wait(
    build: Builder,
    kind: str,
    prompt: int,
    owner: Node,
    slot: Slot | None = None,
    options: tuple[tuple[str, int], ...] = (),
) -> Wait:
    tries, node = build.text(owner, "tries") or "3", owner.get("tries")
    if node is not None and not (tries.isascii() and tries.isdecimal() and 1 <= int(tries[:3]) <= 99):
        build.page.problem(node.spot, "expected how many tries, 1 to 99")
        tries = "3"
    return Wait(
        "ask" if kind == "ask" else "choose",
        prompt,
        slot=slot,
        options=options,
        retry=build.text(owner, "retry"),
        tries=int(tries),
        give_up=build.name(owner.get("give_up")),
    )


def _slot(build: Builder, node: Node, owner: Node) -> Slot:
    slot = Slot(
        build.text(owner, "keep_as"), build.text(owner, "like") or "any", build.text(owner, "pattern")
    )
    if not slot.keep_as or slot.keep_as.startswith("_"):
        build.page.problem(node.spot, "`ask` needs `keep_as`: the name in the context, not beginning with _")
    if slot.like not in CHECKS and (like := owner.get("like")):
        near = did_you_mean(slot.like, CHECKS)
        build.page.problem(like.spot, f"no answer is like that{near}; known: {', '.join(CHECKS)}")
    if pattern := owner.get("pattern"):
        try:
            re.compile(slot.pattern)
        except (re.error, OverflowError, RecursionError) as error:
            build.page.problem(pattern.spot, f"not a pattern: {error}")
    return slot
