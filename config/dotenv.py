"""The `.env` beside a configuration: variables for those who set none. The environment wins over it.

Read by python-dotenv, without interpolation: a value is what stands there.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Final

from dotenv.parser import parse_stream

from config.problems import ConfigError, Place, Problem, Source

NAME: Final = ".env"
LARGEST: Final = 65_536  # bytes: a page of variables, not a disk


def with_dotenv(file: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """`environ`, and below it what the `.env` beside `file` sets. Raises ConfigError; values are not shown."""
    path = file.parent / NAME
    return read_dotenv(path) | dict(environ) if path.is_file() else dict(environ)


def read_dotenv(path: Path) -> dict[str, str]:
    """The variables of one such file. Raises ConfigError."""
    try:
        with path.open("rb") as opened:
            content = opened.read(LARGEST + 1)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(path, "is not UTF-8 text", Place()) from None
    except OSError as error:
        raise _refused(path, f"cannot be read: {(error.strerror or '').lower()}", Place()) from None
    if len(content) > LARGEST:
        raise _refused(path, "is larger than 64 KiB", Place())
    return _variables(path, text)


def _variables(path: Path, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for binding in parse_stream(StringIO(text)):
        line = binding.original.line
        if binding.error or (binding.key is not None and binding.value is None):
            raise _refused(path, "this line sets no variable", Place(line, 1, line, 1))
        if binding.key is not None and binding.value is not None:
            found[binding.key] = binding.value
    return found


def _refused(path: Path, message: str, place: Place) -> ConfigError:
    """The source is left out of the report: it holds secrets."""
    return ConfigError(
        [Problem(place=place, path="", message=message, expected="NAME=value lines")], Source(str(path), "")
    )
