"""Reads a `tandem.yaml`: text, variables and secret files in, `Settings` or one report of all mistakes out."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from config.checks import check
from config.dotenv import with_dotenv
from config.environment import overrides
from config.hiding import hide_lines, hide_tree
from config.notes import Notes
from config.problems import ConfigError, Place, Problem, Source
from config.reader import read_section
from config.settings import Settings
from config.yaml_text import BadYamlError, Mapping, Node, compose

LARGEST: Final = 1_048_576  # bytes of a configuration; a thousand assistants fit
_EMPTY: Final = Mapping((), Place())
_FILE: Final = "a readable file: `cd` to its folder, name its path, or write one by `tandem init`"


def load(path: str | Path, environ: Dict[str, str]) -> Settings:
    """The configuration in a file. A `.env` beside it serves for variables that `environ` lacks.

    Raises ConfigError with every mistake; nothing else.
    """
    name = str(path)
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "not a path"
        raise _refused(name, f"cannot be read: {reason.lower()}", _FILE) from None
    if len(content) > LARGEST:
        raise _refused(name, "is larger than 1 MiB", "a configuration")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise _refused(
            name, "is not UTF-8 text", "a file saved as UTF-8", Place(line, column, line, column)
        ) from None
    return parse(text, name=name, environ=with_dotenv(Path(path), environ))


def parse(
    text: str, *, name: str = "tandem.yaml", environ: Dict[str, str] = MappingProxyType({})
) -> Settings:
    """The configuration in a text. `name` stands in reports, and files are sought beside it."""
    source = Source(name, text.removeprefix("\ufeff"))
    try:
        root = compose(source.text)
    except BadYamlError as bad:
        hide_lines(source)
        raise ConfigError([bad.problem], source) from None
    hide_tree(root, source)
    return _read(source, root, environ)


def _read(source: Source, root: Node | None, environ: Dict[str, str]) -> Settings:
    named, unknown = overrides(environ, _assistants(root))
    notes = Notes(source=source, environ=environ, folder=Path(source.name).parent, overrides=named)
    for variable, mistake in unknown:
        notes.wrong(Place(), "", mistake, variable)
    settings = read_section(notes, Settings, root or _EMPTY, "", Place())
    check(notes, _assistants(root))
    if notes.problems or settings is None:
        raise ConfigError(notes.problems, source)
    made: Settings = replace(settings, sources=MappingProxyType(notes.origins))
    return made


def _assistants(root: Node | None) -> list[str]:
    """The names under `assistants`, each once."""
    entries = root.entries if isinstance(root, Mapping) else ()
    found = next((value for key, value in entries if key.text == "assistants"), None)
    inner = found.entries if isinstance(found, Mapping) else ()
    return list(dict.fromkeys(name.text for name, _ in inner))


def _refused(name: str, message: str, expected: str, place: Place = Place()) -> ConfigError:  # noqa: B008 - frozen
    """The error of a file that could not even be read as text."""
    problem = Problem(place=place, path="", message=message, expected=expected)
    return ConfigError([problem], Source(name, ""))
