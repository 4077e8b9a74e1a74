"""What plays may say of faults: of the bot, of the network, of texts and calls. Each of these passes."""

from __future__ import annotations

import pytest

from tests.scenarios.stage.plays import perform, why

CALL = 'Ana calls\nbot says: "Hello."\n'
TEXT = 'Ana texts: hi\nbot texts: "Hello."\n'

RIGHT = {
    "an operator takes over": (
        TEXT
        + """operator takes over
Ana texts: are you human?
expect: { bot was asked: nothing }
operator texts: Yes, I am.
Ana texts: good
Ana receives nothing
expect: { texts: 2, state: text_only }""",
        "",
    ),
    "an operator hands back": (
        CALL
        + """operator takes over
Ana says: are you human?
wait: 1m
operator hands back
expect: { event: { name: released } }
bot says: "I am back.\"""",
        "",
    ),
    "a question that goes over to the call": (
        CALL
        + """Ana says: I moved
bot asks for a text: { text: "Zip?", keep as: zip, fallback: "Say your zip." }
wait: 2m
Ana hears: "Say your zip."
Ana says: 12345
bot says: "Thanks."
expect: { context: { zip: 12345 }, state: in_call_and_text }""",
        "",
    ),
    "an opt-out while a text is awaited": (
        CALL
        + """Ana says: address
bot asks for a text: { text: "Your address:", keep as: a }
Ana texts: STOP
expect: { event: { name: text_failed, reason: opted_out }, thread: closed, consent: opted_out }
bot says: "Then tell me."
expect: { timers: none, call: live, state: in_call, consent: opted_out }""",
        "",
    ),
    "a failing bot hands the caller over": (
        """Ana calls
bot fails: 500
Ana hears: { starts with: Sorry }
Bea answers
expect Ana: { state: transferring }
Bea hangs up""",
        "settings: { phone.failure_transfer_to: +15550105678 }",
    ),
    "an answer that the call does not wait for goes by text, behind the turn of its end": (
        CALL
        + """Ana texts: what is my order
bot takes: 5s
wait: 1s
Ana hangs up
wait: 4s
bot says: "7731."
Ana receives: "7731.\"""",
        "",
    ),
    "a text that could not be stored is found at the carrier": (
        """redis is down: 3s
Ana texts: hi
expect: { bot was asked: nothing }
wait: 1m
bot texts: "Hello."
expect: { texts: 1 }""",
        "",
    ),
    "a text of the second in which another was answered is found at the carrier, too": (
        """Ana texts: one
bot texts: "One."
redis is down: 10s
Ana texts: two
wait: 30s
expect: { bot was asked: { by: text, words: two } }
bot texts: "Two.\"""",
        "",
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
    "an answer that is given while the store is away": (
        """Ana texts: one
redis is down: 10s
bot texts: "One."
wait: 60s
expect: { texts: 1 }""",
        "",
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_play_passes(name: str) -> None:
    """A play that says what becomes of a fault passes."""
    assert why(perform(*RIGHT[name])) == ""
