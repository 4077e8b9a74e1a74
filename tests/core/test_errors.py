"""The tree of errors: whose fault it is, what the edge answers, and whether to try again."""

from __future__ import annotations

import pytest

from orchestrator.core.errors import (
    AssistantError,
    CarrierError,
    ContractError,
    Outcome,
    OverloadedError,
    StoreUnavailable,
    TandemError,
)


@pytest.mark.parametrize(
    ("error", "status", "retryable"),
    [
        (ContractError("a promise broken"), 500, False),
        (StoreUnavailable("no answer"), 503, True),
        (OverloadedError("full"), 503, True),
        (AssistantError("timeout"), 502, True),
        (AssistantError("bad_answer", retryable=False), 502, False),
    ],
)
def test_each_error_says_what_to_answer(error: TandemError, status: int, *, retryable: bool) -> None:
    """Each error of the house has a status for the edge, and says whether the same may be tried again."""
    assert (error.status_hint, error.retryable) == (status, retryable)


@pytest.mark.parametrize(
    ("outcome", "retryable"), [("refused", False), ("not_sent", True), ("unknown", False)]
)
def test_only_what_was_surely_not_sent_is_repeated(outcome: Outcome, *, retryable: bool) -> None:
    """The carrier's error keeps its outcome and code; only a request that never arrived may be repeated blindly."""
    error = CarrierError("no", outcome=outcome, code=21610, status=400)
    assert (error.outcome, error.code, error.status) == (outcome, 21610, 400)
    assert (error.status_hint, error.retryable) == (502, retryable)


def test_the_reason_stands_before_the_detail() -> None:
    """An assistant's error reads as its reason, with the detail behind it where there is one."""
    assert str(AssistantError("timeout")) == "timeout"
    assert str(AssistantError("http_status", "500")) == "http_status: 500"
    assert AssistantError("http_status", "500").reason == "http_status"
