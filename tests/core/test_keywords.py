"""Which texts are keywords: whole bodies, as people write them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from orchestrator.core import keywords
from orchestrator.core.events import TextReceived
from orchestrator.core.session import Consent, Session, ThreadState
from tests.core.play import ANA, OURS, rules

NOW = 1000.0
OPT_OUT = "STOP STOPALL UNSUBSCRIBE REVOKE OPTOUT CANCEL END QUIT"
OPT_IN = "START UNSTOP YES"


def session(*, consent: Consent = "opted_in", thread_state: ThreadState = "none") -> Session:
    """A session of a customer."""
    opened = Session(id="S", assistant="support", customer=ANA, opened_at=1.0)
    return replace(opened, consent=consent, thread_state=thread_state)


def keyword(body: str, *, typed: str = "", now: Session | None = None, **settings: Any) -> str | None:
    """The keyword that a text is."""
    event = TextReceived(id="E", at=NOW, message_sid="SM", number=OURS, body=body, opt_out_type=typed)  # type: ignore[arg-type] # a plain str here
    return keywords.keyword(event, now or session(), rules(**settings))


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
