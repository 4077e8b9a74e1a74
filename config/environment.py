"""Overrides by environment: `TANDEM_ASSISTANTS__SUPPORT__PHONE__AUTH_TOKEN` sets one field.

Parts are joined by `__`, in any case; a dash of an assistant's name is written `_`. Values are taken as
they are (no `${...}`); lists are separated by commas or written `[a, b]`, mappings `{name: value}`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from config.kinds import MistakeError, closest
from config.schema import Key, Named, Section, Variants, keys_of
from config.settings import Settings

SECTIONS: Final = ("SERVICE", "ASSISTANTS")
NEAR: Final = 0.75  # of difflib's likeness: `SERVIC` and `ASSISTANT` are meant for a section, `OTEL` is not


@dataclass(frozen=True, slots=True)
class Override:
    """A variable and what it holds. The text may be a secret."""

    variable: str
    text: str

    def __repr__(self) -> str:
        return f"Override({self.variable})"


def overrides(
    environ: Mapping[str, str], assistants: Iterable[str]
) -> tuple[dict[str, Override], list[tuple[str, MistakeError]]]:
    """Overrides by key path, and the variables that name no field."""
    names = {as_variable(name): name for name in assistants}
    found: dict[str, Override] = {}
    wrong: list[tuple[str, MistakeError]] = []
    for variable in sorted(filter(_is_meant, environ)):
        try:
            path = _path(variable.removeprefix("TANDEM_").split("__"), names)
            found[path] = Override(variable, environ[variable])
        except MistakeError as mistake:
            wrong.append((variable, mistake))
    return found, wrong


def _is_meant(variable: str) -> bool:
    """Whether a variable is an override, or was meant to be one.

    One `_` is not enough: Kubernetes sets TANDEM_SERVICE_HOST for a service of the name `tandem`.
    """
    section, parted, _ = variable.removeprefix("TANDEM_").partition("__")
    near = difflib.get_close_matches(section, SECTIONS, n=1, cutoff=NEAR)
    return variable.startswith("TANDEM_") and bool(parted and near)


def as_variable(name: str) -> str:
    """A key or an assistant's name as it stands in a variable."""
    return name.upper().replace("-", "_")


def variable_of(path: str) -> str:
    """The variable that overrides the field at a path."""
    return "TANDEM_" + "__".join(as_variable(part) for part in path.split("."))


def _path(parts: list[str], names: Mapping[str, str]) -> str:
    """The key path that a variable's parts name. Raises MistakeError."""
    path: list[str] = []
    keys, rest = keys_of(Settings), parts
    while rest:
        key = keys.get(rest[0].lower())
        if key is None:
            expected = f"one of {', '.join(as_variable(name) for name in keys)}"
            raise MistakeError("names no field", expected, as_variable(closest(rest[0], keys)))
        path.append(key.name)
        rest = rest[1:]
        if isinstance(key.shape, Named):
            path.append(_assistant(rest, names))
            rest = rest[1:]
        keys = _below(key)
        if not keys:
            if rest:
                raise MistakeError("names something inside a value", variable_of(".".join(path)))
            return ".".join(path)
    raise MistakeError(
        "names a section, not a field", f"one of its fields: {', '.join(map(as_variable, keys))}"
    )


def _assistant(rest: list[str], names: Mapping[str, str]) -> str:
    name = rest[0].upper() if rest else ""
    if name not in names:
        raise MistakeError(
            "names no assistant of this file", f"one of {', '.join(names)}", closest(name, names)
        )
    return names[name]


def _below(key: Key) -> dict[str, Key]:
    """The keys inside a section, of all its variants; none for a value."""
    if isinstance(key.shape, Section | Named):
        return keys_of(key.shape.of)
    if isinstance(key.shape, Variants):
        return {name: inner for of in key.shape.of.values() for name, inner in keys_of(of).items()}
    return {}
