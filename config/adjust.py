"""Values of a finished configuration set anew, as tests and scenarios do."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from config.environment import Override
from config.kinds import MistakeError, closest
from config.notes import Notes
from config.problems import ConfigError, Place, Source
from config.schema import Section, Variants, keys_of
from config.settings import Settings
from config.value_reader import ABSENT, read_value


def with_values(settings: Settings, assistant: str, values: Dict[str, str]) -> Settings:
    """The settings with keys of one assistant set: `messaging.text_reply_timeout` to `5s`.

    Values are texts as a file would hold them; lists are separated by commas or written `[a, b]`. Raises
    ConfigError for a key that is none, a value of the wrong kind, or a section that is not there. Rules
    between keys are not looked at again.
    """
    texts = {path: Override("", text) for path, text in values.items()}
    source = Source(f"settings of {assistant}", "")
    notes = Notes(source=source, environ={}, folder=Path(), overrides=texts)
    made: Any = settings.assistants[assistant]
    for path in values:
        try:
            made = _set(notes, made, path, path.split("."))
        except MistakeError as mistake:
            notes.wrong(Place(), path, mistake)
    if notes.problems:
        raise ConfigError(notes.problems, source)
    return replace(settings, assistants=MappingProxyType({**settings.assistants, assistant: made}))


def _set(notes: Notes, section: Any, path: str, parts: list[str]) -> Any:
    """The section with the value at `parts` set. Raises MistakeError where there is no such key."""
    keys = keys_of(type(section))
    key = keys.get(parts[0])
    if key is None:
        raise MistakeError("unknown key", f"one of {', '.join(keys)}", closest(parts[0], keys))
    inner = getattr(section, key.name)
    if isinstance(key.shape, Section | Variants):
        if inner is None or len(parts) == 1:
            fault = "this assistant has no such section" if inner is None else "is a section, not a value"
            raise MistakeError(fault, "a key of a section that the assistant has")
        return replace(section, **{key.name: _set(notes, inner, path, parts[1:])})
    if len(parts) > 1 or not hasattr(key.shape, "name"):
        raise MistakeError("names something inside a value", key.name)
    value = read_value(notes, key.shape, None, path, Place())  # type: ignore[arg-type]  # Named is never inside
    return section if value is ABSENT else replace(section, **{key.name: value})
