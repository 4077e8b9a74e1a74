"""Scripts that ask the customer for a text, and wait for it."""

from __future__ import annotations

import pytest

from tests.assistants.scripted.talk import Talk

TEXT = """
steps:
  a:
    - ask_for_text: {say: I text you., text: "Address?", keep_as: address, late: late, failed: failed, retry: Still waiting.}
    - "Got {context.address}"
  late: [Too late.]
  failed: [No texts.]
"""


def test_text_in_a_call() -> None:
    """A text that was asked for goes on with the dialogue; speech meanwhile does not."""
    talk = Talk.about(TEXT)
    assert talk.event("call_started") == ["(ask_for_text) Address?"]
    assert talk.says("hello") == ["Still waiting."]
    assert talk.event("no_input") == []
    assert talk.replies("12 Elm Road") == ["Got 12 Elm Road"]


def test_a_text_is_not_asked_for_twice() -> None:
    """`repeat` goes on waiting for a text without sending the question again."""
    talk = Talk.about("anytime: [{when: help, say: Helping., repeat: }]" + TEXT)
    talk.event("call_started")
    assert talk.says("help") == ["Helping."]
    assert talk.replies("12 Elm Road") == ["Got 12 Elm Road"]


@pytest.mark.parametrize(
    ("event", "answer"), [("text_reply_timeout", "Too late."), ("text_failed", "No texts.")]
)
def test_text_that_does_not_come(event: str, answer: str) -> None:
    """The wait for a text ends in its own step."""
    talk = Talk.about(TEXT)
    talk.event("call_started")
    assert talk.event(event) == [answer]


def test_text_that_cannot_be_asked_for() -> None:
    """Where the turn does not allow to ask for a text, that step is taken at once."""
    assert Talk.about(TEXT).event("call_started", allowed=["say"]) == ["No texts."]


def test_text_after_the_call() -> None:
    """A text that was asked for in a call may come after it."""
    talk = Talk.about(TEXT)
    talk.event("call_started")
    talk.event("call_ended")
    assert talk.texts("12 Elm Road") == ["Got 12 Elm Road"]
