"""The one word for a session: total over all pairs of states, the first row that applies."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import get_args

import pytest

from orchestrator.core.session import CallState, Session, ThreadState, Turn, Word
from orchestrator.core.states import JOINT, is_open, joint_state
from tests.core.play import Play, text

TABLE: dict[tuple[str, str], Word] = {
    **{("dialing", thread): "dialing" for thread in get_args(ThreadState)},
    **{("transferring", thread): "transferring" for thread in get_args(ThreadState)},
    **{(call, "awaiting_reply"): "awaiting_text" for call in ("listening", "thinking")},
    **{(call, "open"): "in_call_and_text" for call in ("listening", "thinking")},
    **{(call, thread): "in_call" for call in ("listening", "thinking") for thread in ("none", "closed")},
    **{(call, thread): "text_only" for call in ("none", "ended") for thread in ("open", "awaiting_reply")},
    **{(call, thread): "ended" for call in ("none", "ended") for thread in ("none", "closed")},
}
PAIRS = list(product(get_args(CallState), get_args(ThreadState)))


def session(call: CallState, thread: ThreadState, opened_at: float = 1.0, cause: str = "") -> Session:
    """A session in these states, with a turn of that cause if one is named."""
    turn = Turn(id="T", cause=cause, channel="voice", reply_on=(), asked_at=1.0, request={})
    return Session(
        id="S",
        assistant="support",
        customer=None,
        opened_at=opened_at,
        call_state=call,
        thread_state=thread,
        turn=turn if cause else None,
    )


@pytest.mark.parametrize(("call", "thread"), PAIRS)
def test_every_pair_has_its_word(call: CallState, thread: ThreadState) -> None:
    """Each pair of states has the word of the contract's table; without a session it is `idle`."""
    word = TABLE[call, thread]
    assert joint_state(session(call, thread)) == word
    assert joint_state(session(call, thread, opened_at=0.0)) == "idle"
    assert is_open(session(call, thread)) == (word != "ended")


def test_every_word_is_used_once() -> None:
    """The table has a row for each word, and no other."""
    words = [word for word, _ in JOINT]
    assert sorted(words) == sorted(get_args(Word))


@pytest.mark.parametrize("thread", get_args(ThreadState))
def test_the_call_lasts_until_its_end_was_told(thread: ThreadState) -> None:
    """After the call's end it is `in_call` while the `call_ended` turn is answered, whatever the thread is."""
    assert joint_state(session("ended", thread, cause="call_ended")) == "in_call"
    assert joint_state(session("ended", thread, cause="input")) == TABLE["ended", thread]


def test_a_turn_keeps_the_session_open() -> None:
    """While a turn is being answered the session is open, though nothing else is live."""
    assert is_open(session("ended", "closed", cause="call_failed"))


def test_the_words_of_one_conversation() -> None:
    """The words follow a call, its end, the answer to its end, and the end of the thread."""
    play = Play(session_timeout=10.0)
    words = [play.state]
    steps: tuple[Callable[[], object], ...] = (
        play.calls,
        lambda: play.answers(text("Hello.")),
        lambda: play.texts("Hi"),
        play.answers,
        play.hangs_up,
        play.answers,
        lambda: play.rings("session"),
        play.answers,
    )
    for step in steps:
        step()
        words.append(play.state)
    assert words == [
        "idle",
        "in_call",
        "in_call",
        "in_call_and_text",
        "in_call_and_text",
        "in_call",
        "text_only",
        "text_only",
        "ended",
    ]
