"""The stored session: one small document with a schema version, readable by its neighbours."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from orchestrator.core.events import BudgetSpent
from orchestrator.core.session import LIVE_CALL, SCHEMA, CallState, Session, from_document, to_document
from orchestrator.core.step import Step
from tests.core.everything import sessions
from tests.core.play import rules


def test_the_document_carries_its_schema() -> None:
    """The stored document names its schema beside the session."""
    stored = json.loads(to_document(Session(id="S", assistant="support", customer=None)))
    assert stored == {
        "schema": SCHEMA,
        "session": {"_": "Session", "id": "S", "assistant": "support", "customer": None},
    }


def test_every_kind_of_session_comes_back() -> None:
    """Each session of the tests is the same after it was stored and read."""
    for session in sessions():
        assert from_document(to_document(session)) == session


def test_a_later_release_may_add() -> None:
    """What a later release added to session and call is dropped, and what it left out has its default."""
    session = next(each for each in sessions() if each.call_state == "listening")
    stored = json.loads(to_document(session))
    stored["session"] |= {"mood": "good"}
    stored["session"]["call"] |= {"codec": "opus"}
    stored |= {"written_by": "later"}
    assert from_document(json.dumps(stored)) == session


@pytest.mark.parametrize("state", get_args(CallState))
def test_live_call(state: CallState) -> None:
    """A call is live while it rings, talks or is transferred; `none` and `ended` are not."""
    live = Session(id="S", assistant="a", customer=None, call_state=state).live_call
    assert live == (state in LIVE_CALL) == (state not in {"none", "ended"})


def test_a_step_without_a_call_says_so() -> None:
    """Asking a step for the call of a session that has none is a bug, told as such."""
    nothing = Session(id="S", assistant="a", customer=None)
    step = Step.of(nothing, BudgetSpent(id="E", at=1.0, turn_id="T"), 1.0, rules(phone=False))
    assert step.phone.numbers == ()
    with pytest.raises(ValueError, match="no call in this session"):
        _ = step.live
