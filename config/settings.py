"""`Settings`: the whole of a `tandem.yaml`, read and checked. Made by `loader.py`, or by hand in tests."""

# ruff: noqa: RUF009 - `key` and `section` give a dataclasses.field
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from config.backends import BACKENDS, Backend
from config.hooks import Hooks
from config.messaging import Messaging
from config.origin import Origin
from config.phone import Phone
from config.rules import rules
from config.schema import Named, Section, Variants, section
from config.service import Service
from orchestrator.core.settings import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistant:
    """One entry of `assistants`: who answers, and on which channels."""

    backend: Backend = section(
        Variants("kind", BACKENDS), meaning="Who answers: scripted, http, watson or openai."
    )
    phone: Phone | None = section(Section(Phone), meaning="Calls; left out: none.", required=False)
    messaging: Messaging | None = section(
        Section(Messaging), meaning="Texts; left out: none.", required=False
    )
    hooks: Hooks | None = section(
        Section(Hooks), meaning="Webhooks around the turn; left out: none.", required=False
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The configuration. `sources` says where each value came from; keys are paths."""

    service: Service = section(Section(Service), meaning="What all assistants share.")
    assistants: Mapping[str, Assistant] = section(Named(Assistant), meaning="Each assistant by its name.")
    sources: Mapping[str, Origin] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, repr=False
    )

    def to_rules(self, assistant: str) -> Rules:
        """What the core needs to know of an assistant. Raises KeyError for an unknown name."""
        found = self.assistants[assistant]
        return rules(assistant, found.phone, found.messaging, self.service.timezone)
