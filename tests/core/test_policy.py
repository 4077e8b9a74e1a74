"""The inbound-text table row by row, and the table of allowed actions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from orchestrator.core import policy
from orchestrator.core.session import Call, CallState, Question, Session, Thread, ThreadState
from tests.core.play import ANA, OURS, rules

NOW = 1000.0
NOBODY = policy.Inbound(
    is_keyword=False,
    opted_out=False,
    live_call=False,
    initiate_from_inbound=False,
    expected=False,
    call_just_ended=False,
)


def session(**fields: Any) -> Session:
    """A session of a customer, with a call that ended long ago unless told otherwise."""
    call = Call(call_sid="CA1", number=OURS, started_at=1.0, ended_at=fields.pop("ended_at", None))
    return replace(Session(id="S", assistant="support", customer=ANA, opened_at=1.0, call=call), **fields)


def verdict(now: Session, *, is_keyword: bool = False, **settings: Any) -> tuple[int, str, str]:
    """Row, outcome and reason for a text that arrives at `NOW`."""
    judged = policy.judge(policy.inbound(now, rules(**settings), NOW, is_keyword=is_keyword))
    return judged.row, judged.outcome, judged.reason


@pytest.mark.parametrize(
    ("facts", "row", "outcome", "reason"),
    [
        ({"is_keyword": True}, 1, "consent", ""),
        ({"opted_out": True}, 2, "refused", "opted_out"),
        ({"live_call": True}, 3, "taken", ""),
        ({"initiate_from_inbound": True}, 4, "taken", ""),
        ({"expected": True}, 5, "taken", ""),
        ({"call_just_ended": True}, 6, "taken", ""),
        ({}, 7, "refused", "no_live_call"),
    ],
)
def test_each_row(facts: dict[str, bool], row: int, outcome: str, reason: str) -> None:
    """Each row of the table decides when it is the only one that applies."""
    assert policy.judge(replace(NOBODY, **facts)) == policy.Verdict(row, outcome, reason)  # type: ignore[arg-type] # parametrized


@pytest.mark.parametrize("row", range(1, 7))
def test_the_first_row_that_applies_decides(row: int) -> None:
    """With every later row applying as well, the earlier one still decides."""
    names = [
        "is_keyword",
        "opted_out",
        "live_call",
        "initiate_from_inbound",
        "expected",
        "call_just_ended",
    ]
    facts = dict.fromkeys(names[row - 1 :], True)
    assert policy.judge(replace(NOBODY, **facts)).row == row


@pytest.mark.parametrize("state", get_args(CallState))
def test_row_3_holds_for_every_live_call(state: CallState) -> None:
    """A text during dialing, listening, thinking or transferring is taken, with initiate off."""
    expected = 3 if state in {"dialing", "listening", "thinking", "transferring"} else 7
    assert verdict(session(call_state=state), initiate_from_inbound=False)[0] == expected


@pytest.mark.parametrize("thread", get_args(ThreadState))
@pytest.mark.parametrize("ours", [True, False])
def test_row_5_holds_for_a_thread_of_ours_or_an_awaited_text(thread: ThreadState, *, ours: bool) -> None:
    """With initiate off a text is taken where we began the open thread, or asked for the text."""
    now = session(call_state="ended", thread_state=thread, thread=Thread(started_by_us=ours))
    expected = 5 if thread == "awaiting_reply" or (thread == "open" and ours) else 7
    assert verdict(now, initiate_from_inbound=False)[0] == expected


@pytest.mark.parametrize(
    ("grace", "ended_at", "row"),
    [
        (0.0, NOW, 7),
        (60.0, NOW - 60.0, 6),
        (60.0, NOW - 60.001, 7),
        (60.0, None, 7),
    ],
)
def test_row_6_holds_at_most_so_long_after_a_call(grace: float, ended_at: float | None, row: int) -> None:
    """`continue_after_call` counts from the end of the call, its last moment included; 0 is never."""
    now = session(call_state="ended", ended_at=ended_at)
    assert verdict(now, initiate_from_inbound=False, continue_after_call=grace)[0] == row


def test_without_messaging_no_text_starts_anything() -> None:
    """An assistant without messaging takes no text that no call expects."""
    assert verdict(session(), messaging=False) == (7, "refused", "no_live_call")


# What is allowed ---------------------------------------------------------------------------------
ALWAYS = {"set_context", "end"}
TEXTS = {"send_text", "ask_for_text"}
TALK = {"say", "switch_channel", "transfer", "hang_up"}


@pytest.mark.parametrize(
    ("fields", "settings", "expected"),
    [
        ({"opened_at": 0.0}, {}, set()),
        ({"call_state": "ended", "thread_state": "closed"}, {}, set()),
        ({"call_state": "dialing"}, {}, ALWAYS | TEXTS),
        ({"call_state": "listening"}, {}, ALWAYS | TEXTS | TALK),
        ({"call_state": "thinking"}, {}, ALWAYS | TEXTS | TALK),
        ({"call_state": "transferring"}, {}, ALWAYS | TEXTS),
        ({"thread_state": "open"}, {}, ALWAYS | TEXTS | {"switch_channel"}),
        ({"thread_state": "open"}, {"phone": False}, ALWAYS | TEXTS),
        ({"thread_state": "open", "consent": "opted_out"}, {}, ALWAYS),
        ({"call_state": "listening"}, {"messaging": False}, ALWAYS | TALK),
        ({"call_state": "listening", "consent": "opted_out"}, {}, ALWAYS | TALK),
        ({"call_state": "listening", "customer": None}, {}, ALWAYS | TALK),
        ({"call_state": "listening", "closed_by_assistant": True}, {}, ALWAYS),
        ({"call_state": "dialing", "closed_by_assistant": True}, {}, ALWAYS),
        ({"call_state": "listening", "beside": True}, {}, ALWAYS | TALK | {"send_text"}),
        (
            {
                "call_state": "listening",
                "thread_state": "awaiting_reply",
                "thread": Thread(question=Question(text_id="T")),
            },
            {},
            ALWAYS | TALK | {"send_text"},
        ),
    ],
)
def test_allowed_actions(fields: dict[str, Any], settings: dict[str, Any], expected: set[str]) -> None:
    """What is allowed follows from the states, the number, consent and what is configured, row by row."""
    assert set(policy.allowed(session(**fields), rules(**settings))) == expected


@pytest.mark.parametrize(
    ("fields", "settings", "reason"),
    [
        ({}, {}, ""),
        ({}, {"messaging": False}, "no_messaging"),
        ({"customer": None}, {}, "no_number"),
        ({"consent": "opted_out"}, {}, "opted_out"),
    ],
)
def test_why_no_text_can_be_sent(fields: dict[str, Any], settings: dict[str, Any], reason: str) -> None:
    """A text is possible, or impossible for one named reason."""
    now = session(**fields)
    assert policy.why_not_send(now, rules(**settings)) == reason
    assert policy.can_send(now, rules(**settings)) == (not reason)
