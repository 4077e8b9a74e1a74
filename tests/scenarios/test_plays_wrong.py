"""The project's scenarios, each with one line that is wrong: it fails there, and says why."""

from __future__ import annotations

import pytest

from tests.scenarios.plays_at import text_of
from tests.scenarios.stage.plays import perform_text

WRONG = {
    "a text that is not refused": (
        "starting/first-text",
        '  - bot texts: "Done."',
        "  - expect: { event: text_refused }",
        "event",
        "text_refused",
    ),
    "a refusal for another reason": (
        "starting/off-and-no-call",
        "reason: no_live_call",
        "reason: opted_out",
        "event",
        "text_refused (opted_out)",
    ),
    "a refusal message too many": (
        "starting/refusal-message",
        "  - wait: 59m",
        "  - wait: 61m",
        "Ana receives nothing",
        "nothing",
        "  - Ana receives nothing",
    ),
    "a bot that is asked although texts are refused": (
        "starting/off-and-no-call",
        "settings: { messaging.initiate_from_inbound: false }",
        "settings: { messaging.initiate_from_inbound: true }",
        "never happens: the bot is asked anything",
        "never",
        "  - the bot is asked anything",
    ),
    "a door that stays open": (
        "starting/off-just-after-a-call",
        "  - { after: 4m, open: 1 }",
        "  - { after: 4m, open: 0 }",
        "open sessions",
        "0",
        "  - expect: { sessions: <open> }",
    ),
    "a keyword that is none": (
        "consent/stop-words",
        "  - { word: STOP }",
        "  - { word: STOP IT }",
        "consent",
        "opted_out",
        "  - expect: { consent: opted_out, thread",
    ),
    "a choice that is the other one": (
        "calls/choices",
        "  - { words: street view }",
        "  - { words: the first one }",
        "bot was asked",
        '"street" by voice',
        "  - expect: { bot was asked",
    ),
    "a timer that has run longer": (
        "design/address",
        "  - wait: 50s",
        "  - wait: 60s",
        "timers",
        "text_reply: 1m10s",
        "  - expect: { state: awaiting_text, timers: { text_reply: 1m10s } }",
    ),
    "a wait that outlasts the text": (
        "design/address",
        "  - wait: 50s",
        "  - wait: 3m",
        "state",
        "awaiting_text",
        "  - expect: { state: awaiting_text, timers: { text_reply: 1m10s } }",
    ),
    "a call that goes on": (
        "channels/switch-to-text",
        "say: I text you instead. }",
        "say: I text you instead., keep call: yes }",
        "state",
        "text_only",
        "  - expect: { state: text_only",
    ),
    "a call that nobody ends": (
        "channels/switch-and-keep-the-call",
        ", keep call: yes }",
        " }",
        "state",
        "in_call_and_text",
        "  - expect: { state: in_call_and_text",
    ),
    "an answer that goes another way": (
        "channels/reply-both-ways",
        "  - { where: aloud, setting: voice, texts: 0 }",
        "  - { where: aloud, setting: voice, texts: 1 }",
        "texts sent",
        "1",
        "finally: { texts: <texts> }",
    ),
    "a caller who hears nothing": (
        "faults/bot-fails-in-a-call",
        '  - Ana hears: "Something went wrong. Please call again."',
        "  - Ana hears: Goodbye.",
        "Ana hears something else, within 3s",
        '"Goodbye."',
    ),
    "an apology that nobody mentions": (
        "faults/carrier-away-too-long",
        "  - Ana receives: We could not answer in time.",
        "  - expect: { state: text_only }",
        "Ana received a text that no line mentions",
        "a line that mentions it",
        "  - wait: 5m",
    ),
    "a text that is sent once": (
        "faults/nobody-knows-whether-it-was-sent",
        "texts: 1, text",
        "texts: 2, text",
        "texts sent",
        "2",
    ),
    "a customer who does not answer": (
        "calling/we-call",
        "  - Ana answers",
        "  - Ana hangs up",
        "bot was asked",
        '"call_started" by event',
        "  - expect: { bot was asked",
    ),
    "a human whom the bot interrupts": (
        "operators/human-takes-a-thread-over",
        "  - operator takes over\n",
        "",
        "bot was asked",
        "nothing",
        "  - expect: { bot was asked: nothing }",
    ),
}  # fmt: skip - plays read by the line


@pytest.mark.parametrize("name", WRONG)
def test_a_scenario_with_a_wrong_line_fails_there(name: str) -> None:
    """One wrong line fails the scenario, at the line that is not so, with what was expected."""
    file, right, wrong, reason, expected, *at = WRONG[name]
    text = text_of(file)
    assert text.count(right) == 1
    changed = text.replace(right, wrong)
    failure = perform_text(changed).failure
    assert failure is not None
    line = changed[: changed.index(at[0] if at else wrong)].count("\n") + 1
    assert (failure.place.line, failure.reason, failure.expected) == (line, reason, expected)
    assert failure.source.strip() in changed
