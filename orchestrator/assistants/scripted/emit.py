"""The statements that say or send something: from a script's fields to response items."""

from __future__ import annotations

from typing import Any

from orchestrator.assistants.items import TYPES, read_item
from orchestrator.assistants.scripted.model import Emit, Spot
from orchestrator.assistants.scripted.problems import did_you_mean
from orchestrator.assistants.scripted.template import FORMS, ROOTS, placeholders
from orchestrator.assistants.scripted.tree import Node, Page
from orchestrator.core.items import Unsupported

SHORT = {
    "say": "text",
    "send_text": "text",
    "ask_for_text": "text",
    "switch_channel": "to",
    "transfer": "to",
    "hang_up": "say",
    "end_session": "say",
    "pause": "time",
    "image": "source",
    "audio": "source",
    "video": "source",
    "option": "title",
    "suggestion": "title",
    "search": "header",
    "dtmf": "",
    "connect_to_agent": "",
    "channel_transfer": "",
    "user_defined": "user_defined",
    "item": "",
}
"""Verbs that make a response item, and the field that their text alone means."""


def read_emit(page: Page, verb: str, node: Node, owner: Node, beside: tuple[str, ...] = ()) -> Emit:
    """The items of one verb; mistakes are noted on the page. `beside` are fields read elsewhere."""
    raw = _raw(page, verb, node, beside)
    if verb == "say" and (channels := owner.get("channels")) is not None:
        raw["channels"] = channels.data()
    check_item(page, raw, node.spot)
    return Emit(((raw,),))


def read_variants(page: Page, node: Node) -> tuple[tuple[dict[str, Any], ...], ...]:
    """The variants in a list: each a text, or an object with one verb."""
    if not node.entries:
        page.problem(node.spot, "expected a list of variants")
        return ((),)
    variants = []
    for entry in node.entries:
        verbs = list(entry.fields or {"say": entry})
        if len(verbs) != 1 or verbs[0] not in SHORT:
            page.problem(entry.spot, "a variant is a text, or one thing to say or send")
            continue
        value = entry.get(verbs[0]) or entry
        variants.append(read_emit(page, verbs[0], value, value).variants[0])
    return tuple(variants) or ((),)


def check_item(page: Page, raw: dict[str, Any], spot: Spot) -> None:
    """Note what is wrong with an item. Fields with placeholders are checked when they are filled."""
    for name, form in placeholders(raw):
        root = name.partition(".")[0]
        if root not in ROOTS:
            page.problem(spot, f"`{{{name}}}` is known to no turn{did_you_mean(root, ROOTS)}")
        if form and form not in FORMS:
            page.problem(spot, f"`:{form}` is no way to write a value{did_you_mean(form, FORMS)}")
    if any(True for _ in placeholders({k: v for k, v in raw.items() if k != "text"})):
        return
    for item in read_item(raw):
        if isinstance(item, Unsupported):
            page.problem(spot, f"{item.response_type}: {item.why}")


def _raw(page: Page, verb: str, node: Node, beside: tuple[str, ...]) -> dict[str, Any]:
    if verb == "item":
        return dict(node.data()) if node.fields else {}
    name = "text" if verb == "say" else verb
    if node.fields is None:
        short = SHORT[verb]
        if node.entries is not None or not (short or node.text is None):
            page.problem(node.spot, f"`{verb}` expects its fields")
        return {"response_type": name} | ({short: node.text} if short and node.text else {})
    if verb == "user_defined":
        return {"response_type": name, "user_defined": node.data()}
    known = {entry.path.partition(".")[0] for entry in TYPES[name].fields} | {"channels"}
    for key, spot in node.keys.items():
        if key not in known and key not in beside:
            page.problem(spot, f"`{verb}` has no `{key}`{did_you_mean(key, known)}")
    return {"response_type": name, **{key: value.data() for key, value in node.fields.items()}}
