"""What plays may say, verb by verb: each of these passes."""

from __future__ import annotations

import pytest

from tests.scenarios.format.plays import DESIGN
from tests.scenarios.stage.plays import perform, perform_text, why

CALL = 'Ana calls\nbot says: "Hello."\n'
TEXT = 'Ana texts: hi\nbot texts: "Hello."\n'

RIGHT = {
    "the same words twice": (
        CALL
        + """Ana says: my code
bot asks for a text: { text: "Code?", pattern: "[0-9]+", on mismatch: Only digits. }
Ana texts: abc
Ana hears: Only digits.
Ana texts: def
Ana hears: Only digits.
Ana texts: "1"
bot says: Hello.
Ana texts: "2"
bot says: Hello.""",
        "",
    ),
    "a caller speaks, presses keys and is silent": (
        CALL
        + """Ana presses: 12
expect: { bot was asked: { by: voice, words: "12" } }
bot says: "Twelve."
Ana stays silent
expect: { bot was asked: { by: event, words: no_input } }
bot says: "Are you there?"
expect: { state: in_call, call: live, thread: none, consent: opted_in, sessions: 1, said: "Are you there?" }
Ana says: yes
bot hangs up: "Bye."
expect: { call: none, state: ended }""",
        "",
    ),
    "the last lines are of people, too": (
        CALL + "Ana hangs up",
        "finally:\n  - Ana receives nothing\n  - expect: { call: none }\n",
    ),
    "a check sees what an open turn has decided": (
        """Ana calls
expect: { state: in_call, call: live, sessions: 1 }
bot says: "Hello."
Ana texts: hi
expect: { state: in_call_and_text, thread: open, timers: none }
bot says: "Got it.\"""",
        "",
    ),
    "a transfer rings, is answered and ends": (
        CALL
        + """Ana says: a human please
bot says: "One moment."
bot transfers to: +15550105678
expect Ana: { state: transferring, call: live }
Bea answers
expect Ana: { state: transferring }
Bea hangs up
expect Ana: { call: none }""",
        "",
    ),
    "a transfer that nobody takes": (
        CALL
        + """Ana says: a human please
bot transfers to: +15550109999
expect: { state: transferring }
wait: 30s
expect: { bot was asked: { by: event, words: transfer_failed }, event: { name: transfer_failed, reason: no_answer } }
bot says: "Nobody is there.\"""",
        "settings: { phone.disconnect_on_transfer_failure: false }",
    ),
    "a switch to text ends the call": (
        CALL
        + """Ana says: text me
bot switches to sms: { text: Here we go on., say: I text you. }
expect: { state: text_only, call: none, texts: 1, text: { to: Ana, words: { starts with: Here }, segments: 1, encoding: GSM-7, status: delivered } }""",
        "",
    ),
    "a switch to text keeps the call": (
        CALL
        + """Ana says: text me
bot switches to sms: { text: Look., keep call: yes }
expect: { state: in_call_and_text, call: live }""",
        "",
    ),
    "context": (
        """Ana calls
expect: { context: { plan: gold, order: absent } }
bot says: "Hello."
bot remembers: { order: 7731 }
expect: { context: { plan: present, order: "7731" } }""",
        "given: { context: { plan: gold } }",
    ),
    "an operator writes and ends it": (
        """operator texts: Your lamp is ready.
expect: { state: text_only, texts: 1 }
Ana texts: thanks
bot texts: "Welcome."
operator texts: One more thing.
operator ends the session
expect: { state: ended, sessions: 0 }""",
        "",
    ),
    "timers are waited for": (
        CALL
        + """Ana says: hm
bot asks for a text: { text: "Address?", say: Text me., reminder: { after: 30s, say: "Still there?" }, keep as: a }
expect: { timers: { reminder: 30s, text_reply: 2m } }
wait until: reminder fires
Ana hears: "Still there?"
wait until: text_reply fires
expect: { bot was asked: { by: event, words: text_reply_timeout } }
bot says: "No text came."
expect: { timers: none, state: in_call_and_text }""",
        "",
    ),
    "a text that does not fit the pattern": (
        CALL
        + """Ana says: my code
bot asks for a text: { text: "Code?", pattern: "[0-9]+", on mismatch: Only digits., within: 1m, keep as: code }
Ana texts: abc
Ana hears: "Only digits."
expect: { bot was asked: nothing, timers: { text_reply: 1m } }
Ana texts: 123
bot says: "Thanks."
expect: { context: { code: "123" } }""",
        "",
    ),
    "a turn that is asked while time passes is answered then": (
        TEXT + 'wait: 25h\nbot texts: "Goodbye."\nexpect: { state: ended, texts: 2 }',
        "",
    ),
    "a caller is silent while time passes": (
        CALL
        + """wait: 7s
bot says: "Are you there?"
wait: 8s
bot says: "Hello?"
wait: 30s
Ana hears: "Goodbye."
expect: { call: none }""",
        "",
    ),
    "a session to start from": (
        'Ana texts: hello\nbot texts: "Hi."\nexpect: { state: text_only, context: { a: b }, texts: 1 }',
        "settings: { messaging.initiate_from_inbound: false }\ngiven: { session: text_only, context: { a: b } }",
    ),
    "several people": (
        """Ana texts: hi
bot texts: "Hello Ana."
Bea texts: yo
bot texts: "Hello Bea."
expect Ana: { state: text_only, texts: 1 }
expect: { state: text_only, texts: 2, text: { to: Bea }, sessions: 2 }
expect Bea: { sessions: 1, bot was asked: { words: yo } }
Ana receives nothing""",
        "",
    ),
    "a picture": (
        """Ana sends a picture
expect: { bot was asked: { by: text } }
bot texts: "Nice."
Ana sends a picture: Look!
expect: { bot was asked: { words: Look! } }
bot texts: "Nice, too.\"""",
        "",
    ),
    "an answer that goes out both ways": (
        CALL + 'Ana texts: hm\nbot says: "Twice."\nAna receives: Twice.\nAna hears: Twice.',
        "settings: { messaging.reply_to_text_in_call: both }",
    ),
    "an answer that goes by text in a call": (
        CALL + 'Ana texts: hm\nbot says: "By text."\nAna receives: By text.\nAna hears nothing',
        "settings: { messaging.reply_to_text_in_call: sms }",
    ),
    "a long text goes as several": (
        'Ana texts: tell me\nbot texts: "'
        + "This is a sentence of a long text. " * 6
        + '"\nexpect: { texts: 2 }',
        "settings: { messaging.max_segments: 1 }",
    ),
    "a call that a socket carries": (
        CALL
        + """Ana says: text me
bot asks for a text: { text: "Address?", say: Text me., keep as: a }
expect: { state: awaiting_text }
Ana texts: Main St
bot says: "Main St it is."
expect: { context: { a: Main St } }
Ana hangs up""",
        "settings: { phone.engine: relay }",
    ),
    "what is said may be mentioned later, and in pieces": (
        """Ana calls
bot fails: 500
wait: 1m
Ana hears: { contains: went wrong }""",
        "",
    ),
    "a hang-up closes its turn before time passes": (
        CALL
        + """Ana hangs up
wait: 2m
expect: { state: ended, call: none, nothing: true }
Ana texts: hm
Ana receives nothing
expect: { event: { name: text_refused, reason: no_live_call } }""",
        "settings: { messaging.initiate_from_inbound: false }",
    ),
    "what nobody will answer is closed for a check": (
        CALL
        + 'Ana hangs up\nexpect: { state: ended, call: none }\nwait: 5m\nAna texts: still there?\nbot texts: "Yes."',
        "settings: { messaging.initiate_from_inbound: false, messaging.continue_after_call: 10m }",
    ),
    "the bot begins": ('bot texts: "Your lamp is ready."\nAna texts: thanks\nbot texts: "Bye."', ""),
    "the bot begins with a call": (
        'bot calls\nAna answers\nbot says: "Hello Ana."\nexpect: { state: in_call }',
        "",
    ),
    "several words of one answer, put together": (
        """Ana texts: hi
bot says: "Hello."
bot texts: "Here is more."
bot says: "How can I help?"
Ana calls
bot says: "Hello."
bot says: "How can I help?"
Ana says: bye
bot says: "Well."
bot hangs up: "Have a nice day.\"""",
        "settings: { phone.engine: relay }",
    ),
    "words as they are spoken and written": (
        """Ana calls
bot says: "See <b>https://a.test/x</b> now & then"
bot texts: "See <b>https://a.test/x</b> now"
Ana hears: See the link now & then
Ana receives: See https://a.test/x now""",
        "",
    ),
    "a question where nobody is on the phone": (
        """Ana texts: hi
bot asks for a text: { say: Look at your phone., text: "Your address:", keep as: a }
expect: { thread: awaiting_reply }""",
        "",
    ),
    "rules that hold": (
        'Ana texts: hi\nbot texts: "Hello."',
        """never:
  - a text contains: "<"
  - a text is longer than: 1 segments
  - a text is sent to: anyone but Ana
  - a text is sent between: 21:00-08:00
  - something is said containing: http
  - state: in_call
  - two calls are live
  - a session is lost
  - more than 3 texts in: 1m
""",
    ),
}  # fmt: skip - plays read by the line


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_play_passes(name: str) -> None:
    """A play that says how the service behaves passes."""
    assert why(perform(*RIGHT[name])) == ""


def test_a_caller_who_withholds_the_number() -> None:
    """Who shows no number has a session of the call's own, and is checked as anybody else."""
    steps = """
  - Ana calls
  - expect: { state: in_call, sessions: 1, consent: opted_in }
  - bot says: "Hello."
  - bot remembers: { a: b }
  - expect: { context: { a: b }, state: in_call, said: Hello. }
  - Ana stays silent
  - expect: { bot was asked: { by: event, words: no_input } }
  - bot hangs up: "Bye."
"""
    assert why(perform_text(f"scenario: a play\npeople: {{ Ana: withheld }}\nsteps:{steps}")) == ""


@pytest.mark.parametrize("text", DESIGN.values())
def test_the_three_of_the_design_pass(text: str) -> None:
    """The plays that the design shows pass."""
    assert why(perform_text(text)) == ""
