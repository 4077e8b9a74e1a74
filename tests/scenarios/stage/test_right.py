"""What plays may say, verb by verb: each of these passes."""

from __future__ import annotations

import pytest

from tests.scenarios.format.plays import ADDRESS, DROPPED, REFUSED
from tests.scenarios.stage.plays import perform, perform_text, why

CALL = 'Ana calls\nbot says: "Hello."\n'
TEXT = 'Ana texts: hi\nbot texts: "Hello."\n'

RIGHT = {
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
    "a slow answer that comes after the wait": (
        CALL
        + """Ana says: look it up
bot takes: 12s
wait: 5s
Ana hears: "One moment, please."
wait: 7s
bot says: "Found it.\"""",
        "",
    ),
    "a slow answer that is written before the wait": (
        CALL
        + """Ana says: look it up
bot takes: 12s
bot says: "Found it."
wait: 15s
Ana hears: "One moment, please.\"""",
        "",
    ),
    "a slow answer by text, while another text comes": (
        """Ana texts: a
bot takes: 12s
expect: { bot was asked: { by: text, words: a }, texts: 0 }
wait: 6s
expect: { nothing: true }
Ana texts: b
wait: 6s
bot texts: "A."
bot texts: "A, too."
expect: { bot was asked: { words: b } }
bot texts: "B.\"""",
        "",
    ),
    "a failing bot is heard at once, for its tries take their time": (
        CALL
        + "Ana says: look it up\nbot fails: 500\nAna hears: { starts with: Sorry }\nexpect: { call: none }",
        "",
    ),
    "a failing bot after a wait": (
        CALL + "Ana says: look it up\nbot fails: 500\nwait: 3s\nAna hears: { starts with: Sorry }",
        "",
    ),
    "a failing bot by text": (
        "Ana texts: hi\nbot fails: 503\nexpect: { within: 20s, text: { words: { contains: respond } } }",
        "",
    ),
    "a text fails in a call": (
        CALL
        + """Ana says: text me
bot asks for a text: { text: "Your address?", say: Look at your phone. }
text fails: 30005
expect: { bot was asked: { by: event, words: text_failed }, event: { name: text_failed, reason: unknown_number } }
Ana hears: "I could not send you that text.\"""",
        "",
    ),
    "a text is delivered": (
        TEXT + "text is delivered\nexpect: { text: { status: delivered }, nothing: true }",
        "",
    ),
    "webhooks come twice": (
        """Ana texts: hi
webhook repeats
bot texts: "Hello."
webhook repeats
expect: { texts: 1, bot was asked: nothing }
Ana calls
bot says: "Hi there."
webhook repeats
Ana says: foo
webhook repeats
bot says: "Bar."
Ana hangs up
webhook repeats""",
        "",
    ),
    "a webhook comes late": (
        """webhook arrives late: 5s
Ana texts: hi
expect: { bot was asked: nothing }
wait: 5s
expect: { bot was asked: { by: text } }
bot texts: "Hello.\"""",
        "",
    ),
    "webhooks come in the other order": (
        """webhooks swap
Ana texts: first
Ana texts: second
expect: { bot was asked: { by: text, words: second } }
bot texts: "Two."
expect: { bot was asked: { by: text, words: first } }
bot texts: "One.\"""",
        "",
    ),
    "the store is away, and a caller is told": (
        "redis is down: 10s\nAna calls\nAna hears: { starts with: Sorry }\nexpect: { call: none }",
        "",
    ),
    "a worker dies, another one answers": ('Ana texts: hi\nworker dies\nwait: 60s\nbot texts: "Hello."', ""),
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
    "keywords are the carrier's to answer": (
        """Ana texts: STOP
Ana receives: { contains: unsubscribed }
expect: { consent: opted_out, texts: 0, bot was asked: nothing, nothing: true }
Ana texts: hello
expect: { event: { name: text_refused, reason: opted_out } }
Ana texts: START
expect: { consent: opted_in }
Ana texts: hello
bot texts: "Hi.\"""",
        "",
    ),
    "somebody has opted out before": (
        "Ana texts: hello\nexpect: { event: { name: text_refused, reason: opted_out }, sessions: 0, state: idle }",
        "given: { consent: opted_out }",
    ),
    "a session to start from": (
        'Ana texts: hello\nbot texts: "Hi."\nexpect: { state: text_only, context: { a: b }, texts: 1 }',
        "settings: { messaging.initiate_from_inbound: false }\ngiven: { session: text_only, context: { a: b } }",
    ),
    "calls of ours that fail": (
        """Ana texts: call me
bot calls
expect: { state: dialing, call: ringing }
Ana is busy
expect: { bot was asked: { by: event, words: call_failed }, event: { name: call_failed, reason: busy } }
bot texts: "You are busy."
Ana texts: again
bot calls
Ana does not answer
expect: { event: { name: call_failed, reason: no_answer }, state: text_only }
Ana texts: again
bot switches to voice
wait: 61s
expect: { event: { name: call_failed, reason: no_answer } }""",
        "",
    ),
    "somebody is busy already": (
        "Ana is busy\nAna texts: call me\nbot calls\nexpect: { event: { name: call_failed, reason: busy } }",
        "",
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


@pytest.mark.parametrize("text", [ADDRESS, REFUSED, DROPPED])
def test_the_three_of_the_design_pass(text: str) -> None:
    """The plays that the design shows pass."""
    assert why(perform_text(text)) == ""
