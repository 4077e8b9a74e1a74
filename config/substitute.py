"""`${NAME}` and `${file:PATH}` in a scalar. `$${` stands for a plain `${`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from config.kinds import MistakeError

LARGEST: Final = 65_536  # bytes of a ${file:...}: a key or a prompt, not a disk
_PART = re.compile(r"\$\$\{|\$\{([^}\n]*)(\}?)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def expand(text: str, environ: Mapping[str, str], folder: Path) -> tuple[str, tuple[str, ...]]:
    """The text with its `${...}` filled in, and which they were. Raises MistakeError."""
    through: list[str] = []

    def fill(found: re.Match[str]) -> str:
        if found[0] == "$${":
            return "${"
        inner = found[1].strip()
        if found[2] and inner.startswith("file:"):
            value = _read(inner.removeprefix("file:").strip(), folder)
        elif found[2] and _NAME.fullmatch(inner):
            value = _variable(inner, environ)
        else:
            what = "${ without a name" if found[2] else "${ without a closing }"
            raise MistakeError(what, "${NAME} or ${file:PATH}; a plain ${ is written $${")
        through.append("${" + inner + "}")
        return value

    return _PART.sub(fill, text), tuple(through)


def _variable(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        near = difflib.get_close_matches(name, environ, n=1, cutoff=0.8)
        meant = "${" + near[0] + "}" if near else ""
        expected = f"{name} in the environment, or in the file .env beside this one"
        raise MistakeError(f"the environment variable {name} is not set", expected, meant)
    return environ[name]


def _read(path: str, folder: Path) -> str:
    """A secret file's text, without the line break at its end."""
    expected = "a readable text file of at most 64 KiB, relative to the configuration's folder"
    try:
        with (folder / path).open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise MistakeError("the file is too large", expected)
        return content.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise MistakeError("the file is not UTF-8 text", expected) from None
    except (OSError, ValueError) as error:
        if isinstance(error, MistakeError):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
        raise MistakeError(f"the file cannot be read: {reason.lower()}", expected) from None
