"""`messaging.failover`: a second account for texts, by the rules of the first."""

from __future__ import annotations

import pytest

from config import parse
from tests.config.texts import ENVIRON, RIGHT, TOKEN, refused

SECOND = "+19585550301"


def failing_over(keys: str) -> str:
    """The right configuration with these keys of a second account."""
    return f"{RIGHT}      failover: {{{keys}}}\n"


def test_a_second_account_gives_numbers_to_the_assistant() -> None:
    """Its keys are read, secrets hidden, and its numbers are the assistant's, behind those of the first."""
    account = "AC" + "3" * 32
    text = failing_over(f'numbers: ["+1 958 555 0301"], account_sid: {account}, auth_token: {TOKEN}')
    settings = parse(text, name="tandem.yaml", environ=ENVIRON)
    messaging = settings.assistants["support"].messaging
    assert messaging is not None
    assert messaging.failover is not None
    assert (messaging.failover.numbers, messaging.failover.account_sid) == ((SECOND,), account)
    assert TOKEN not in repr(settings)
    rules = settings.to_rules("support").messaging
    assert rules is not None
    assert rules.numbers == ("+19585550123", SECOND)


def test_the_environment_sets_its_token() -> None:
    """Like any other field."""
    text = failing_over(f'numbers: ["{SECOND}"], account_sid: AC{"3" * 32}')
    name = "TANDEM_ASSISTANTS__SUPPORT__MESSAGING__FAILOVER__AUTH_TOKEN"
    settings = parse(text, name="tandem.yaml", environ=ENVIRON | {name: "from-outside-1"})
    messaging = settings.assistants["support"].messaging
    assert messaging is not None
    assert messaging.failover is not None
    assert [token.reveal() for token in messaging.failover.auth_token] == ["from-outside-1"]


@pytest.mark.parametrize(
    ("keys", "path", "word"),
    [
        ('numbers: ["+19585550301"]', "failover.account_sid", "required key is missing"),
        ("base_url: simulator", "failover.numbers", "required key is missing"),
        ('numbers: ["+19585550123"], base_url: simulator', "failover.numbers[0]", "already belongs to"),
    ],
)
def test_its_mistakes_are_told(keys: str, path: str, word: str) -> None:
    """It needs numbers of its own and credentials, as the first account does; nothing secret is shown."""
    error = refused(failing_over(keys))
    told = {problem.path: problem.message for problem in error.problems}
    assert word in told[f"assistants.support.messaging.{path}"]
    assert TOKEN not in str(error)
