"""Who acts in a scenario in Python: a method for each verb of the format, whose words and meaning it has.

The standard library only is used here; see `fixture.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Words = str | Mapping[str, str | Sequence[str]]
"""Words, or a matcher: `{"contains": "..."}`, `starts with`, `matches`, `one of`, `about`."""
UNSET: Any = object()
"""Stands for no value at all."""
Say = Callable[[str, Any], None]
"""Takes a line: what stands before the colon, and behind it or `UNSET`."""


class Actor:
    """Somebody whose lines begin with a subject."""

    _subject = ""

    def __init__(self, line: Say) -> None:
        self._line = line

    def _does(self, verb: str, value: Any = UNSET) -> None:
        self._line(f"{self._subject} {verb}".strip(), value)


class Person(Actor):
    """Somebody with a phone."""

    def __init__(self, line: Say, name: str) -> None:
        super().__init__(line)
        self._subject = self.name = name

    def calls(self) -> None:
        """Calls the assistant's number."""
        self._does("calls")

    def says(self, words: str) -> None:
        """Says something in the call."""
        self._does("says", words)

    def presses(self, keys: str) -> None:
        """Presses keys in the call."""
        self._does("presses", keys)

    def stays_silent(self) -> None:
        """Lets the silence timer of what is playing run out."""
        self._does("stays silent")

    def hangs_up(self) -> None:
        """Ends the call."""
        self._does("hangs up")

    def answers(self) -> None:
        """Picks up a call of ours."""
        self._does("answers")

    def does_not_answer(self) -> None:
        """Lets a call of ours ring."""
        self._does("does not answer")

    def is_busy(self) -> None:
        """Rejects a call of ours."""
        self._does("is busy")

    def lets_a_machine_answer(self) -> None:
        """An answering machine takes a call of ours."""
        self._does("lets a machine answer")

    def texts(self, words: str) -> None:
        """Sends a text to the assistant's number."""
        self._does("texts", words)

    def sends_a_picture(self, words: str = UNSET) -> None:
        """Sends a picture, with words or its address."""
        self._does("sends a picture", words)

    def hears(self, words: Words) -> None:
        """Heard this in the call."""
        self._does("hears", words)

    def receives(self, words: Words) -> None:
        """Received this text."""
        self._does("receives", words)

    def hears_nothing(self) -> None:
        """Heard nothing since the last acting line."""
        self._does("hears nothing")

    def receives_nothing(self) -> None:
        """Received no text since the last acting line."""
        self._does("receives nothing")


class Bot(Actor):
    """The assistant: its lines are its answer, and are checked to arrive."""

    _subject = "bot"

    def says(self, words: Words) -> None:
        """Answers aloud, and it is heard, once."""
        self._does("says", words)

    def texts(self, words: Words) -> None:
        """Answers by text, and it arrives, once."""
        self._does("texts", words)

    def asks_for_a_text(
        self,
        text: str,
        *,
        say: str = "",
        keep_as: str = "",
        within: str = "",
        pattern: str = "",
        on_mismatch: str = "",
        reminder: Mapping[str, str] | None = None,
    ) -> None:
        """Texts a question and awaits the reply; the call goes on. `reminder` has `after` and `say`."""
        fields = {
            "text": text,
            "say": say,
            "keep as": keep_as,
            "within": within,
            "pattern": pattern,
            "on mismatch": on_mismatch,
            "reminder": reminder,
        }
        self._does("asks for a text", {name: value for name, value in fields.items() if value})

    def calls(self) -> None:
        """Switches to voice: the customer's phone rings."""
        self._does("calls")

    def hangs_up(self, say: str = UNSET) -> None:
        """Ends the call, after these words if there are any."""
        self._does("hangs up", say)

    def transfers_to(self, to: str) -> None:
        """Connects the caller to a number or `sip:` address."""
        self._does("transfers to", to)

    def switches_to_sms(self, text: str, *, say: str = "", keep_call: bool = False) -> None:
        """Sends a text and ends the call."""
        more: dict[str, Any] = {"say": say} if say else {}
        self._does("switches to sms", {"text": text, **more, **({"keep call": True} if keep_call else {})})

    def switches_to_voice(self) -> None:
        """Calls the customer."""
        self._does("switches to voice")

    def remembers(self, **context: Any) -> None:
        """Puts this into the context; None forgets a key."""
        self._does("remembers", context)

    def answers(self, item: Mapping[str, Any]) -> None:
        """Gives any item of an answer, as an assistant does; other lines check what it says or sends."""
        self._does("answers", item)

    def stays_silent(self) -> None:
        """Answers the turn with nothing."""
        self._does("stays silent")

    def takes(self, time: str) -> None:
        """Leaves the turn open that long; the bot's next line is the answer."""
        self._does("takes", time)

    def fails(self, status: int = 500) -> None:
        """Fails all tries of the turn."""
        self._does("fails", status)


class Network(Actor):
    """What goes wrong between the carrier, the service and its store."""

    def call_drops(self) -> None:
        """The call ends without anybody hanging up."""
        self._does("call drops")

    def text_fails(self, code: int) -> None:
        """The last text sent is reported undelivered, with a carrier's error code."""
        self._does("text fails", code)

    def text_is_refused(self, code: int) -> None:
        """The carrier refuses the next text at once."""
        self._does("text is refused", code)

    def text_is_delivered(self) -> None:
        """The last text sent is reported delivered."""
        self._does("text is delivered")

    def webhook_repeats(self) -> None:
        """The last webhook of the customer's side comes again."""
        self._does("webhook repeats")

    def webhook_arrives_late(self, by: str) -> None:
        """The next line's webhook takes that long."""
        self._does("webhook arrives late", by)

    def webhooks_swap(self) -> None:
        """The webhooks of the next two lines arrive in the other order."""
        self._does("webhooks swap")

    def carrier_is_down(self, time: str) -> None:
        """The carrier's API is unreachable for that long."""
        self._does("carrier is down", time)

    def answer_gets_lost(self) -> None:
        """The carrier does what we ask for next, and its answer does not reach us."""
        self._does("answer gets lost")

    def redis_is_down(self, time: str) -> None:
        """The store is unreachable for that long."""
        self._does("redis is down", time)

    def worker_dies(self) -> None:
        """The process is killed; another one goes on."""
        self._does("worker dies")


class Operator(Actor):
    """Somebody at the console."""

    _subject = "operator"

    def texts(self, words: str) -> None:
        """Sends a text in the session."""
        self._does("texts", words)

    def ends_the_session(self) -> None:
        """Closes call and thread."""
        self._does("ends the session")

    def takes_over(self) -> None:
        """Answers in the assistant's place from now on."""
        self._does("takes over")

    def hands_back(self) -> None:
        """Lets the assistant answer again."""
        self._does("hands back")

    def opts_out(self) -> None:
        """Notes that the customer wants no texts."""
        self._does("opts out")

    def opts_in(self) -> None:
        """Notes that the customer wants texts again."""
        self._does("opts in")
