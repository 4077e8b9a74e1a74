"""The stage performs everything that the grammar knows, and nothing is known to one of them only."""

from __future__ import annotations

from typing import get_args

from orchestrator.scenarios.format.grammar import CHECKS, RULES, VERBS
from orchestrator.scenarios.play import RuleKind
from orchestrator.scenarios.stage import arrivals, checks, network, never, operators, people, replies
from orchestrator.scenarios.stage.script import CHECKING

TIME = {"wait", "wait until", "clock"}
WITHOUT_ITEM = {"remembers", "stays silent", "takes", "fails"}
"""What a bot does that is no item of its answer."""


def phrases(kind: str) -> set[str]:
    """The verbs of a kind that the grammar knows."""
    return {verb.phrase for verb in VERBS if verb.kind == kind}


def test_every_verb_is_performed() -> None:
    """Each verb of the grammar has a function that does it, and each function a verb."""
    assert phrases("person") == people.PERSON.keys() | CHECKING
    assert phrases("network") == network.NETWORK.keys()
    assert phrases("operator") == operators.OPERATOR.keys()
    assert phrases("time") == TIME
    assert phrases("bot") == replies._ITEMS.keys() | WITHOUT_ITEM
    assert arrivals._TESTS.keys() <= phrases("bot")


def test_every_check_and_every_rule_is_held() -> None:
    """Each key of `expect` and each kind of rule has a function that holds it."""
    assert set(CHECKS) == checks._CHECKS.keys() | {"within"}
    assert {rule.kind for rule in RULES} == set(get_args(RuleKind)) == never._TESTS.keys()
