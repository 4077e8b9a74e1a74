"""The sample that shows every key: written from the field table, so that it cannot go stale.

`samples/tandem.yaml` is its output, and `python -m config.sample` prints it.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

from config.reference import Field, fields

HEAD: Final = """\
# Every key of tandem.yaml. Values are the defaults, except URLs, numbers and credentials.
# Every value is text until its key says otherwise: +15550100, NO and off need no quotes.
# ${NAME} takes an environment variable, ${file:PATH} a secret file beside this one.
# Any field may be set by environment: TANDEM_ASSISTANTS__SUPPORT__PHONE__AUTH_TOKEN.
# `tandem check tandem.yaml` tells every mistake; `--explain` where each value came from.
"""
_EXAMPLES: Final = {
    "service.public_url": "https://voice.example.com",
    "service.api_token": "${TANDEM_API_TOKEN}",
    "service.hash_key": "${TANDEM_HASH_KEY}",
    "backend.url": "https://bot.example.com/turn",
    "backend.secret": "${BOT_SECRET}",
    "phone.numbers": '["+1 958 555 0123"]',
    "messaging.numbers": '["+1 958 555 0123"]',
    "phone.account_sid": "${TWILIO_ACCOUNT_SID}",
    "phone.auth_token": "${TWILIO_AUTH_TOKEN}",
    "messaging.account_sid": "${TWILIO_ACCOUNT_SID}",
    "messaging.auth_token": "${TWILIO_AUTH_TOKEN}",
    "hooks.pre_message.url": "https://hooks.example.com/before",
    "hooks.post_message.url": "https://hooks.example.com/after",
    "hooks.log.url": "https://hooks.example.com/log",
    "messaging.failover.numbers": '["+1 958 555 0124"]',
    "messaging.failover.account_sid": "${SECOND_ACCOUNT_SID}",
    "messaging.failover.auth_token": "${SECOND_AUTH_TOKEN}",
    "messaging.help_desk.url": "https://desk.example.com/tandem",
    "messaging.help_desk.secret": "${HELP_DESK_SECRET}",
    "(watson) backend.url": "https://api.us-south.assistant.watson.cloud.ibm.com/instances/ID",
    "(watson) backend.assistant_id": "${WATSON_ENVIRONMENT_ID}",
    "(watson) backend.api_key": "${WATSON_API_KEY}",
    "(openai) backend.model": "gpt-4.1-mini",
    "(openai) backend.api_key": "${OPENAI_API_KEY}",
}
_SHOWN_KIND: Final = "kind: http"
_LEFT_OUT: Final = frozenset({"failover", "help_desk", "hooks"})
"""Sections that stand as comments: what they hold has no defaults, and they may be left out."""
_WIDTH: Final = 110


def sample(name: str) -> str:
    """The text of a sample of this package: `tandem.yaml` shows every key, `simulator.yaml` runs without an account."""
    return (files("config") / "samples" / name).read_text("utf-8")


def full_sample() -> str:
    """A configuration with every key and its meaning; other kinds of backends stand as comments."""
    return "\n".join([HEAD, *_lines()]) + "\n"


def _lines() -> Iterator[str]:
    opened: list[str] = []
    for each in fields():
        names = each.path.replace("<name>", "support").split(".")
        is_other = (bool(each.applies_to) and each.applies_to != _SHOWN_KIND) or bool(_LEFT_OUT & set(names))
        if names[:-1] != opened:
            yield from _openings(opened, names[:-1])
            opened = names[:-1]
        yield from _entry(each, len(opened), is_other=is_other)


def _openings(before: list[str], now: list[str]) -> Iterator[str]:
    """The lines that open the sections which were not open."""
    shared = next((n for n, name in enumerate(now) if n >= len(before) or before[n] != name), len(now))
    if before:
        yield ""
    for depth in range(shared, len(now)):
        yield f"{_indent(now[: depth + 1])}{now[depth]}:"


def _indent(names: list[str]) -> str:
    """What stands before a name: a comment begins where the section that is left out does."""
    off = next((depth for depth, name in enumerate(names) if name in _LEFT_OUT), None)
    whole = "  " * (len(names) - 1)
    return whole if off is None else f"{'  ' * off}# {whole[2 * off :]}"


def _entry(each: Field, depth: int, *, is_other: bool) -> Iterator[str]:
    """A key below its meaning; of a backend that is not chosen, as a comment of one line."""
    indent, name = "  " * depth, each.path.rpartition(".")[2]
    if not is_other:
        hang = f"{indent}# "
        yield from textwrap.wrap(each.meaning, _WIDTH, initial_indent=hang, subsequent_indent=hang)
        yield f"{indent}{_written(each)}"
    elif name == "kind" or not _is_shared(each):
        names = each.path.replace("<name>", "support").split(".")
        lead = "# or " if name == "kind" else "#    "
        before = _indent(names) if _LEFT_OUT & set(names) else indent + lead
        yield f"{before}{_written(each):<42}  # {each.meaning}".rstrip()


def _is_shared(each: Field) -> bool:
    """Whether every kind of backend has the key: it is shown once, with the kind that is chosen."""
    kinds = {other.applies_to for other in fields() if other.applies_to}
    return {other.applies_to for other in fields() if other.path == each.path} == kinds


def _written(each: Field) -> str:
    name = each.path.rpartition(".")[2]
    if name == "kind":
        return each.applies_to
    short = each.path.removeprefix("assistants.<name>.")
    kind = each.applies_to.removeprefix("kind: ")
    value = _EXAMPLES.get(f"({kind}) {short}") or _EXAMPLES.get(short) or each.default
    return f"{name}: {value}"


if __name__ == "__main__":
    sys.stdout.write(full_sample())
