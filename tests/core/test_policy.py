"""The inbound-text table row by row, keywords, and the table of allowed actions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from orchestrator.core import policy
from orchestrator.core.events import TextReceived
from orchestrator.core.session import Call, CallState, Consent, Question, Session, Thread, ThreadState
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


# Keywords ----------------------------------------------------------------------------------------
OPT_OUT = "STOP STOPALL UNSUBSCRIBE REVOKE OPTOUT CANCEL END QUIT"
OPT_IN = "START UNSTOP YES"


def keyword(body: str, *, typed: str = "", now: Session | None = None, **settings: Any) -> str | None:
    """The keyword that a text is."""
    event = TextReceived(id="E", at=NOW, message_sid="SM", number=OURS, body=body, opt_out_type=typed)  # type: ignore[arg-type] # a plain str here
    return policy.keyword(event, now or session(), rules(**settings))


@pytest.mark.parametrize("dress", ["{}", "  {}\n", "{}.", "“{}!”", "({})…", "\u200b{}\u00a0", "{}?!"])
@pytest.mark.parametrize("word", OPT_OUT.split())
def test_opt_out_words(word: str, dress: str) -> None:
    """Every opt-out word counts in any case, with blanks and punctuation around it."""
    assert keyword(dress.format(word)) == "opt_out"
    assert keyword(dress.format(word.capitalize())) == "opt_out"
    assert keyword(dress.format(word.lower())) == "opt_out"


INVISIBLE = "\u00ad\u034f\u061c\u115f\u17b4\u180b\u200b\u200d\u200e\u2060\u2800\u3164\ufe0e\ufe0f\ufeff\uffa0\U000e0001\U000e0100"


@pytest.mark.parametrize("mark", INVISIBLE, ids=lambda mark: f"U+{ord(mark):04X}")
def test_what_nobody_sees_does_not_count(mark: str) -> None:
    """A character without a picture hides no keyword, wherever it stands."""
    assert keyword(f"STOP{mark}") == "opt_out"
    assert keyword(f"{mark}st{mark}op{mark}. {mark}") == "opt_out"
    assert keyword(mark * 3) is None


@pytest.mark.parametrize("word", OPT_IN.split())
def test_opt_in_words_count_only_while_opted_out(word: str) -> None:
    """START, UNSTOP and YES are ordinary text to an opted-in customer, and keywords to an opted-out one."""
    assert keyword(word) is None
    assert keyword(word.lower(), now=session(consent="opted_out")) == "opt_in"


@pytest.mark.parametrize("word", ["HELP", "info"])
@pytest.mark.parametrize("consent", get_args(Consent))
def test_help_words(word: str, consent: Consent) -> None:
    """HELP and INFO ask for help, opted out or not."""
    assert keyword(word, now=session(consent=consent)) == "help"


@pytest.mark.parametrize("body", ["please stop", "stop it", "STOPP", "END KEEP", "", "...", "yes please"])
def test_only_the_whole_body_counts(body: str) -> None:
    """A word inside other words is no keyword, nor is an empty body."""
    assert keyword(body) is None


@pytest.mark.parametrize(("typed", "kind"), [("STOP", "opt_out"), ("START", "opt_in"), ("HELP", "help")])
def test_the_carriers_verdict_beats_the_body(typed: str, kind: str) -> None:
    """`OptOutType` decides whatever the body says, also while opted in, and with relaxed words."""
    waiting = session(thread_state="awaiting_reply")
    for body in ("hello", "STOP", "YES", "HELP", ""):
        assert keyword(body, typed=typed) == kind
        assert keyword(body, typed=typed, now=waiting, keywords_in_dialogue="relaxed") == kind


@pytest.mark.parametrize("word", [*OPT_OUT.split(), "HELP", "INFO"])
def test_relaxed_words_are_text_only_while_awaited(word: str) -> None:
    """`relaxed` reads CANCEL, END, QUIT and INFO as text while a reply is awaited, and at no other time."""
    strict = keyword(word)
    ordinary = word in {"CANCEL", "END", "QUIT", "INFO"}
    waiting = session(thread_state="awaiting_reply")
    assert keyword(word, now=waiting, keywords_in_dialogue="relaxed") == (None if ordinary else strict)
    assert keyword(word, now=waiting) == strict
    assert keyword(word, now=session(thread_state="open"), keywords_in_dialogue="relaxed") == strict


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
