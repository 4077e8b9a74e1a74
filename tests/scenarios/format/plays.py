"""Short ways to write scenarios for the reader, and the three of the design."""

from __future__ import annotations

from orchestrator.scenarios.format import Loaded, parse
from orchestrator.scenarios.play import Line, Play, Rule

PEOPLE = "people: { Ana: +15550101234, Ana Maria: +1 555 010 1235 }"
ADDRESS = """\
scenario: Caller gives an address by text while on the call
about:    Addresses are hard to say out loud. The bot texts, the caller types, the call goes on.
tags:     [sms, voice, smoke]
people:   { Ana: +15550101234 }
clock:    2026-03-02 09:00 UTC
settings: { messaging.text_reply_timeout: 2m }
steps:
  - Ana calls
  - bot says: "Hello, this is Acme. How can I help?"
  - Ana says: I moved house
  - bot asks for a text:
      say:  "I am texting you now. Please reply with your new address."
      text: "Acme: please reply with your new address."
      keep as: address
  - expect: { state: awaiting_text, call: live, timers: { text_reply: 2m } }
  - wait: 50s
  - expect: { state: awaiting_text, timers: { text_reply: 1m10s } }
  - Ana texts: 12 Main St, Apt 4, Springfield
  - expect: { bot was asked: { by: text, words: "12 Main St, Apt 4, Springfield" } }
  - bot says: "Thank you. I have 12 Main Street, apartment 4, in Springfield."
  - expect: { state: in_call_and_text, context: { address: "12 Main St, Apt 4, Springfield" }, timers: none }
  - Ana hangs up
finally: { state: text_only, texts: 1 }
never:
  - a text contains: "<"
  - a text is sent to: anyone but Ana
"""
REFUSED = """\
scenario: A text out of the blue is turned away
about:    With initiate_from_inbound off, a text starts nothing unless a call is live.
people:   { Ana: +15550101234 }
settings: { messaging.initiate_from_inbound: false, messaging.refusal_message: "Please call us first at +1 555 010 0100." }
steps:
  - Ana texts: Hello?
  - Ana receives: "Please call us first at +1 555 010 0100."
  - expect: { sessions: 0, event: { name: text_refused, reason: no_live_call }, bot was asked: nothing }
  - Ana texts: Anyone?
  - Ana receives nothing
  - expect: { sessions: 0, texts: 1 }
never:
  - the bot is asked anything
"""
DROPPED = """\
scenario: The call drops, the talk goes on by text, the bot calls back
people:   { Ana: +15550101234 }
clock:    2026-03-02 17:58 UTC
settings: { messaging.session_timeout: 15m }
steps:
  - Ana calls
  - bot says: "Hello, this is Acme."
  - Ana says: I want to cancel my order
  - bot says: "Which order number?"
  - call drops
  - bot texts: "We got cut off. Reply here, or text CALL and I will ring you."
  - expect: { state: text_only, call: none, timers: { session: 15m } }
  - Ana texts: order 7731
  - bot texts: "Order 7731, two lamps. Shall I call you to confirm?"
  - Ana texts: CALL
  - bot calls
  - Ana answers
  - bot says: "Hello Ana, about order 7731."
  - expect: { state: in_call_and_text, call: live }
  - Ana hangs up
never:
  - two calls are live
  - a session is lost
"""
DESIGN = {"address": ADDRESS, "refused": REFUSED, "dropped": DROPPED}


def written(*lines: str, more: str = "") -> str:
    """A scenario with these lines; the first stands in line 4 of the file."""
    steps = "\n".join(f"  - {line}" for line in lines)
    return f"scenario: Play\n{PEOPLE}\nsteps:\n{steps}\n{more}"


def play_of(text: str) -> Play:
    """The one play of a text without mistakes."""
    loaded = parse(text)
    assert not loaded.problems, loaded.report
    (play,) = loaded.plays
    return play


def line_of(line: str) -> Line:
    """One line, read."""
    return play_of(written(line)).steps[0]


def rule_of(rule: str) -> Rule:
    """One rule of `never`, read."""
    return play_of(written("Ana calls", more=f"never:\n  - {rule}\n")).never[0]


def heads(loaded: Loaded) -> list[str]:
    """`LINE:COLUMN what` of every mistake."""
    return [f"{p.place.line}:{p.place.column} {p.message}" for p in loaded.problems]
