"""The grammar of scenarios: every section, verb, check, matcher and rule, in these tables only.

The reader, the JSON Schema and the reference page of the documents are made from them. What the words do
is the stage's; `orchestrator.scenarios.play` tells what each is read into.
"""

from orchestrator.scenarios.format.grammar.checks import (
    CHECKS,
    EVENTS,
    EXPECT,
    HAPPENINGS,
    MATCHERS,
    STATES,
    TIMERS,
)
from orchestrator.scenarios.format.grammar.sections import GIVEN, REQUIRED, RULES, SECTIONS, Never
from orchestrator.scenarios.format.grammar.verbs import SUBJECTS, VERBS, Verb, phrase

__all__ = [
    "CHECKS",
    "EVENTS",
    "EXPECT",
    "GIVEN",
    "HAPPENINGS",
    "MATCHERS",
    "REQUIRED",
    "RULES",
    "SECTIONS",
    "STATES",
    "SUBJECTS",
    "TIMERS",
    "VERBS",
    "Never",
    "Verb",
    "phrase",
]  # fmt: skip - a list of names
