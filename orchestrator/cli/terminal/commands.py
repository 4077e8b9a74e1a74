"""What a typed line means. Nothing is done here."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

HELP = """\
words          said in a call, otherwise sent as a text
/say words     say it in the call
/text words    send a text, in a call as well
/press 123#    press keys
/silent        say nothing until the line gives up listening
/call          call
/answer        pick up, /decline: do not
/hangup        end the call, /drop: lose the connection
/quit          end (a call of this terminal is hung up)"""

_WITH_WORDS = {"say": "words", "text": "words", "press": "keys"}
_ALONE = ("silent", "call", "answer", "decline", "hangup", "drop", "quit", "help")


class NotACommandError(ValueError):
    """The line is no command; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Command:
    """`verb` is `words` for plain words, else the name behind the slash; `rest` is what follows."""

    verb: str
    rest: str = ""


def read_command(line: str) -> Command | None:
    """The command of a line, None for an empty one. Raises NotACommandError."""
    text = line.strip()
    if not text or not text.startswith("/"):
        return Command("words", text) if text else None
    name, _, rest = text[1:].partition(" ")
    verb, rest = name.lower(), rest.strip()
    if verb in _WITH_WORDS:
        if not rest:
            raise NotACommandError(f"/{verb} needs {_WITH_WORDS[verb]}")
        return Command(verb, rest)
    if verb in _ALONE:
        if rest:
            raise NotACommandError(f"/{verb} stands alone")
        return Command(verb)
    near = difflib.get_close_matches(verb, [*_WITH_WORDS, *_ALONE], n=1)
    meant = f"; did you mean /{near[0]}?" if near else ""
    raise NotACommandError(f"there is no /{name}{meant} (/help lists what there is)")
