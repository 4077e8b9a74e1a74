"""What a line may say: who does what, and what stands behind the colon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from config.values import duration, flag, word
from orchestrator.scenarios.format.grammar.checks import TIMERS
from orchestrator.scenarios.format.kinds import firing, keys, moment, number, words
from orchestrator.scenarios.format.shapes import Data, Entry, Fields, Matching, Maybe, Nothing, Shape
from orchestrator.scenarios.play import LineKind


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that a line says. `phrase` is the verb; `example` the whole line as a file holds it."""

    kind: LineKind
    phrase: str
    shape: Shape
    meaning: str
    example: str


WORDS = words()
REMINDER = Fields(
    {
        "after": Entry(duration("1s"), "how long after the question", required=True),
        "say": Entry(words(), "what the caller hears then", required=True),
    }
)
QUESTION = Fields(
    {
        "say": Entry(words(), "said first, in a call"),
        "text": Entry(words(), "the text that asks", required=True),
        "keep as": Entry(word(), "the context key of the reply"),
        "within": Entry(duration("1s"), "how long it is waited for; else `messaging.text_reply_timeout`"),
        "pattern": Entry(words("a regular expression"), "what the whole reply must match"),
        "on mismatch": Entry(words(), "said to a reply that does not; the wait goes on"),
        "reminder": Entry(REMINDER, "said while nothing came"),
        "fallback": Entry(words(), "asks by voice instead, where the text fails or does not come"),
    }
)
SWITCH = Fields(
    {
        "text": Entry(words(), "the text that goes out", required=True),
        "say": Entry(words(), "said before the call ends"),
        "keep call": Entry(flag(), "the call goes on"),
    },
    alone="text",
)

# A table reads by the line.
# fmt: off
VERBS: Final[tuple[Verb, ...]] = (
    Verb("person", "calls", Nothing(), "Calls the assistant's number.", "Ana calls"),
    Verb("person", "says", WORDS, "Says something in the call.", "Ana says: I moved house"),
    Verb("person", "presses", keys(), "Presses keys in the call.", "Ana presses: 12"),
    Verb("person", "stays silent", Nothing(), "Lets the silence timer of what is playing run out.", "Ana stays silent"),
    Verb("person", "hangs up", Nothing(), "Ends the call.", "Ana hangs up"),
    Verb("person", "answers", Nothing(), "Picks up a call of ours.", "Ana answers"),
    Verb("person", "does not answer", Nothing(), "Lets a call of ours ring.", "Ana does not answer"),
    Verb("person", "is busy", Nothing(), "Rejects a call of ours.", "Ana is busy"),
    Verb("person", "lets a machine answer", Nothing(), "An answering machine takes a call of ours.", "Ana lets a machine answer"),
    Verb("person", "texts", WORDS, "Sends a text to the assistant's number.", "Ana texts: 12 Main St"),
    Verb("person", "sends a picture", Maybe(WORDS), "Sends a picture, with words or its address.", "Ana sends a picture"),
    Verb("person", "hears", Matching(), "Heard this in the call.", 'Ana hears: "Hello, this is Acme."'),
    Verb("person", "receives", Matching(), "Received this text.", "Ana receives: {contains: address}"),
    Verb("person", "hears nothing", Nothing(), "Heard nothing since the last acting line.", "Ana hears nothing"),
    Verb("person", "receives nothing", Nothing(), "Received no text since the last acting line.", "Ana receives nothing"),
    Verb("bot", "says", Matching(), "Answers aloud, and it is heard, once.", 'bot says: "How can I help?"'),
    Verb("bot", "texts", Matching(), "Answers by text, and it arrives, once.", 'bot texts: "We got cut off."'),
    Verb("bot", "asks for a text", QUESTION, "Texts a question and awaits the reply; the call goes on.", 'bot asks for a text: {text: "Your address?", keep as: address}'),
    Verb("bot", "calls", Nothing(), "Switches to voice: the customer's phone rings.", "bot calls"),
    Verb("bot", "hangs up", Maybe(WORDS), "Ends the call, after these words if there are any.", 'bot hangs up: "Goodbye."'),
    Verb("bot", "transfers to", word("a phone number or sip: address"), "Connects the caller to someone else.", "bot transfers to: +15550100100"),
    Verb("bot", "switches to sms", SWITCH, "Sends a text and ends the call.", 'bot switches to sms: "Here we go on."'),
    Verb("bot", "switches to voice", Nothing(), "Calls the customer; the same as `bot calls`.", "bot switches to voice"),
    Verb("bot", "remembers", Data(), "Puts this into the context; a key without a value is forgotten.", "bot remembers: {order: 7731}"),
    Verb("bot", "answers", Data(typed=True), "Gives any item of an answer, as an assistant does; what it says or sends is for other lines to check.", "bot answers: {response_type: pause, time: 500}"),
    Verb("bot", "stays silent", Nothing(), "Answers the turn with nothing.", "bot stays silent"),
    Verb("bot", "takes", duration("1ms"), "Leaves the turn open that long; the next `bot` line is the answer.", "bot takes: 12s"),
    Verb("bot", "fails", number("an HTTP status", 400, 599), "Fails all tries of the turn.", "bot fails: 500"),
    Verb("network", "call drops", Nothing(), "The call ends without anybody hanging up.", "call drops"),
    Verb("network", "text fails", number("a carrier's error code", 10_000, 99_999), "The last text sent is reported undelivered.", "text fails: 30005"),
    Verb("network", "text is refused", number("a carrier's error code", 10_000, 99_999), "The carrier refuses the next text at once.", "text is refused: 21211"),
    Verb("network", "text is delivered", Nothing(), "The last text sent is reported delivered.", "text is delivered"),
    Verb("network", "webhook repeats", Nothing(), "The last webhook of the customer's side comes again.", "webhook repeats"),
    Verb("network", "webhook arrives late", duration("1ms"), "The next line's webhook takes that long.", "webhook arrives late: 5s"),
    Verb("network", "webhooks swap", Nothing(), "The webhooks of the next two lines arrive in the other order.", "webhooks swap"),
    Verb("network", "carrier is down", duration("1ms"), "The carrier's API is unreachable for that long.", "carrier is down: 10m"),
    Verb("network", "answer gets lost", Nothing(), "The carrier does what we ask for next, and its answer does not reach us.", "answer gets lost"),
    Verb("network", "redis is down", duration("1ms"), "The store is unreachable for that long.", "redis is down: 10s"),
    Verb("network", "worker dies", Nothing(), "The process is killed; another one goes on.", "worker dies"),
    Verb("operator", "texts", WORDS, "Sends a text in the session.", "operator texts: A colleague will call you."),
    Verb("operator", "ends the session", Nothing(), "Closes call and thread.", "operator ends the session"),
    Verb("operator", "takes over", Nothing(), "Answers in the assistant's place from now on.", "operator takes over"),
    Verb("operator", "hands back", Nothing(), "Lets the assistant answer again.", "operator hands back"),
    Verb("operator", "opts out", Nothing(), "Notes that the customer wants no texts.", "operator opts out"),
    Verb("operator", "opts in", Nothing(), "Notes that the customer wants texts again.", "operator opts in"),
    Verb("time", "wait", duration("0s"), "Nobody does anything for that long; what falls due happens.", "wait: 90s"),
    Verb("time", "wait until", firing(*TIMERS), "Time goes on to the moment at which that timer fires.", "wait until: text_reply fires"),
    Verb("time", "clock", moment(), "Time goes on to that moment.", "clock: 2026-03-02 18:00"),
)
# fmt: on
SUBJECTS: Final[dict[LineKind, str]] = {"bot": "bot", "operator": "operator"}
"""Who stands before the verb, in the kinds of lines that always have the same."""


def phrase(verb: Verb, who: str = "") -> str:
    """The verb with its subject, as a file has it."""
    subject = SUBJECTS.get(verb.kind, who)
    return f"{subject} {verb.phrase}" if subject else verb.phrase
