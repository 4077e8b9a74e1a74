"""What makes a play fail: at the right line, for the right reason. Steps begin at line 4."""

from __future__ import annotations

import pytest

from tests.scenarios.stage.plays import perform, why

CALL = 'Ana calls\nbot says: "Hello."\n'
TEXT = 'Ana texts: hi\nbot texts: "Hello."\n'

WRONG = {
    "a bot that was not asked": (
        "Ana texts: hi\nbot texts: Hello.",
        "settings: { messaging.initiate_from_inbound: false }",
        "5: bot texts: the bot was not asked | an open question to the bot | none",
    ),
    "a bot that speaks twice": (
        CALL + "expect: { call: live }\nbot says: Again.",
        "",
        "7: bot says: the bot was not asked",
    ),
    "a likeness where the play gives the answer": (
        "Ana texts: hi\nbot texts: { contains: Hello }",
        "",
        "5: the play gives the answer here: it needs the words themselves",
    ),
    "speech that nobody mentions": (
        CALL + "Ana says: hm\nbot fails: 500\nwait: 5s",
        "",
        "8: Ana heard something that no line mentions",
    ),
    "a text that nobody mentions": (
        "Ana texts: hi\nbot fails: 500\nwait: 5s",
        "",
        "6: Ana received a text that no line mentions | a line that mentions it | \"We're sorry",
    ),
    "a failed turn's text that nobody mentions, at the end": (
        "Ana texts: hi\nbot fails: 500",
        "",
        "5: Ana received a text that no line mentions | a line that mentions it | \"We're sorry",
    ),
    "a failed turn's speech that nobody mentions, at the end": (
        CALL + "Ana says: hm\nbot fails: 500",
        "finally: { call: none }\n",
        "7: Ana heard something that no line mentions",
    ),
    "a last look at what did not come": (
        TEXT,
        "finally:\n  - Ana receives: Bye.\n",
        '7: Ana receives something else | "Bye." | "Hello."',
    ),
    "words that were not heard": (
        CALL + "Ana hears: Goodbye.",
        "",
        '6: Ana hears something else | "Goodbye." | "Hello."',
    ),
    "words that were not received": (
        TEXT + "Ana receives: Bye.",
        "",
        '6: Ana receives something else | "Bye." | "Hello."',
    ),
    "a text that came once": (
        TEXT + "Ana texts: b\nAna receives: Hello.",
        "",
        '7: Ana receives something else | "Hello." | nothing new; before the last acting line: "Hello."',
    ),
    "nothing where there was something": (
        TEXT + "Ana receives nothing",
        "",
        '6: Ana receives nothing | nothing | "Hello."',
    ),
    "silence where there was speech": (
        CALL + "Ana hears nothing",
        "",
        '6: Ana hears nothing | nothing | "Hello."',
    ),
    "who is in no call": ("Ana says: hi", "", "4: Ana is in no call"),
    "who hangs up twice": (CALL + "Ana hangs up\nAna hangs up", "", "7: Ana is in no call"),
    "who is not called": ("Ana answers", "", "4: Ana's phone does not ring"),
    "who does not answer what does not ring": ("Ana does not answer", "", "4: Ana's phone does not ring"),
    "who is not heard": (
        CALL + "Ana says: hm\nbot transfers to: +15550109999\nAna says: wait",
        "",
        "8: nobody listens to what is said",
    ),
    "who presses where nobody listens": (
        CALL + "Ana says: hm\nbot transfers to: +15550109999\nAna presses: 1",
        "",
        "8: nobody listens to keys",
    ),
    "who is silent where nobody listens": ("Ana stays silent", "", "4: Ana is in no call"),
    "nobody to drop": ("call drops", "", "4: nobody is in a call"),
    "no text to fail": ("text fails: 30005", "", "4: no text was sent"),
    "no text to deliver": ("text is delivered", "", "4: no text was sent"),
    "a text that ended already": (
        TEXT + "text is delivered\ntext fails: 30005",
        "",
        "7: what became of the last text is told already: delivered",
    ),
    "no webhook to repeat": ("webhook repeats", "", "4: no webhook has come yet"),
    "no session to end": ("operator ends the session", "", "4: Ana has no open session"),
    "a text to who has opted out": (
        "operator texts: Hello.",
        "given: { consent: opted_out }",
        "4: the service refuses to begin with messages |  | opted_out",
    ),
    "a timer that does not run": (
        TEXT + "wait until: text_reply fires",
        "",
        "6: no timer text_reply runs | text_reply | running: session",
    ),
    "a clock that goes back": (
        "Ana texts: hi\nbot texts: Hello.\nclock: 2026-03-02 08:00",
        "",
        "6: the clock only goes forward",
    ),
    "the state": (CALL + "expect: { state: text_only }", "", "6: state | text_only | in_call"),
    "one of several states": (
        CALL + "expect: { state: [text_only, ended] }",
        "",
        "6: state | text_only or ended | in_call",
    ),
    "the call": (CALL + "expect: { call: none }", "", "6: call | none | live (listening)"),
    "the thread": (CALL + "expect: { thread: open }", "", "6: thread | open | none"),
    "the consent": (
        "Ana texts: STOP\nexpect: { consent: opted_in }",
        "",
        "5: consent | opted_in | opted_out",
    ),
    "the context": (
        CALL + 'bot remembers: { order: 7731 }\nexpect: { context: { order: "7732" } }',
        "",
        '7: context order | "7732" | "7731"',
    ),
    "what is absent": (
        CALL + "expect: { context: { order: present } }",
        "",
        "6: context order | present | absent",
    ),
    "the timers": (
        TEXT + "expect: { timers: { session: 23h } }",
        "",
        "6: timers | session: 23h | session: 1d",
    ),
    "a timer more": (TEXT + "expect: { timers: none }", "", "6: timers | none | session: 1d"),
    "the number of texts": (TEXT + "expect: { texts: 2 }", "", '6: texts sent | 2 | 1: "Hello."'),
    "the words of the last text": (
        TEXT + "expect: { text: { words: Bye } }",
        "",
        '6: text words | "Bye" | "Hello."',
    ),
    "who got the last text": (TEXT + "expect: { text: { to: Bea } }", "", "6: text to | Bea | Ana"),
    "its segments": (TEXT + "expect: { text: { segments: 2 } }", "", "6: text segments | 2 | 1"),
    "its encoding": (TEXT + "expect: { text: { encoding: UCS-2 } }", "", "6: text encoding | UCS-2 | GSM-7"),
    "its status": (TEXT + "expect: { text: { status: failed } }", "", "6: text status | failed | sent"),
    "no text at all": (CALL + "expect: { text: { to: Ana } }", "", "6: text | a text | none was sent"),
    "what was said": (CALL + "expect: { said: Bye. }", "", '6: said | "Bye." | "Hello."'),
    "what the bot was asked": (
        "Ana texts: hi\nexpect: { bot was asked: { by: voice, words: hi } }",
        "",
        '5: bot was asked | "hi" by voice | "hi" by text',
    ),
    "that the bot was asked nothing": (
        "Ana texts: hi\nexpect: { bot was asked: nothing }",
        "",
        '5: bot was asked | nothing | "hi" by text',
    ),
    "that the bot was asked": (
        "Ana texts: STOP\nexpect: { bot was asked: { by: text } }",
        "",
        "5: bot was asked | something by text | nothing",
    ),
    "an event": (
        TEXT + "expect: { event: { name: text_refused, reason: opted_out } }",
        "",
        "6: event | text_refused (opted_out) |",
    ),
    "the reason of an event": (
        "Ana texts: hi\nexpect: { event: { name: text_refused, reason: no_live_call } }",
        "given: { consent: opted_out }",
        "5: event | text_refused (no_live_call) | text_refused (opted_out)",
    ),
    "the number of sessions": (TEXT + "expect: { sessions: 2 }", "", "6: open sessions | 2 | 1: text_only"),
    "nothing at all": (
        TEXT + "expect: { nothing: true }",
        "",
        '6: nothing since the last step | nothing | Ana receives "Hello."',
    ),
    "what does not come in time": (
        TEXT + "expect: { within: 30s, texts: 2 }",
        "",
        '6: texts sent, within 30s | 2 | 1: "Hello."',
    ),
    "what holds at last": (TEXT, "finally: { state: ended }", "6: state | ended | text_only"),
    "a text that never": (
        TEXT,
        'never:\n  - a text contains: "ell"',
        '7: never happens: a text contains: "ell" | never | a text to Ana: "Hello."',
    ),
    "a text that is never so long": (
        'Ana texts: hi\nbot texts: "' + "long " * 40 + '"',
        "never:\n  - a text is longer than: 1 segments",
        "7: never happens: a text is longer than: 1 segments | never | a text to Ana has 2 segments",
    ),
    "whom a text never goes to": (
        TEXT,
        "never:\n  - a text is sent to: anyone but Bea",
        "7: never happens: a text is sent to: anyone but Bea",
    ),
    "when a text never goes": (
        TEXT,
        "never:\n  - a text is sent between: 08:00-10:00",
        "7: never happens: a text is sent between",
    ),
    "what is never said": (
        CALL,
        "never:\n  - something is said containing: ello",
        "7: never happens: something is said containing",
    ),
    "a state that is never": (
        CALL,
        "never:\n  - state: in_call",
        "7: never happens: state: in_call | never | Ana is in_call",
    ),
    "two calls": (
        CALL + "Ana calls\nbot says: Again.",
        "never:\n  - two calls are live",
        "9: never happens: two calls are live | never | Ana has 2 calls",
    ),
    "a bot that is never asked": (
        TEXT,
        "never:\n  - the bot is asked anything",
        '7: never happens: the bot is asked anything | never | the bot was asked: "hi"',
    ),
    "too many texts": (
        'Ana texts: hi\nbot texts: "1"\nbot texts: "2"\nwait: 30s\nAna texts: hi\nbot texts: "3"',
        "never:\n  - more than 2 texts in: 1m",
        "11: never happens: more than 2 texts in: 1m | never | 3 texts to Ana in 1m (line 9)",
    ),
    "an assistant that is not there": (
        TEXT,
        "assistant: sales",
        "6: the configuration has no assistant 'sales' | support | sales",
    ),
}  # fmt: skip - plays read by the line


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_play_fails(name: str) -> None:
    """A play that says what is not so fails at that line, and says why."""
    steps, head, told = WRONG[name]
    outcome = perform(steps, head)
    assert outcome.result == "failed"
    assert why(outcome).startswith(told)


def test_a_failure_shows_what_happened_last() -> None:
    """The last events before a failure are told in sentences, with the line itself."""
    failure = perform(CALL + "Ana says: hm\nexpect: { state: ended }").failure
    assert failure is not None
    sentences = [happening.sentence for happening in failure.last]
    assert sentences[-3:] == ['Ana hears "Hello."', 'Ana says "hm"', 'the bot is asked: "hm" by voice']
    assert (failure.place.line, failure.place.column) == (7, 15)


def test_what_is_expected_to_fail() -> None:
    """A play that is expected to fail is fine when it does, and has failed when it passes."""
    fails = perform("Ana answers", "expected to fail: not yet")
    passes = perform(TEXT, "expected to fail: not yet")
    assert (fails.result, fails.reason, fails.ok) == ("expected failure", "not yet", True)
    assert (passes.result, passes.ok) == ("failed", False)


def test_what_is_skipped_is_not_performed() -> None:
    """A play with a reason to skip it is not performed."""
    outcome = perform("Ana answers", "skip: no time")
    assert (outcome.result, outcome.reason, outcome.timeline) == ("skipped", "no time", ())
