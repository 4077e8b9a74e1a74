"""From a timeline to the lines of a play: who acted when, what the bot answered, and what came by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from orchestrator.scenarios.past.answers import NOTHING, Answered, Step, Written
from orchestrator.scenarios.past.history import Happened, History
from orchestrator.scenarios.stage.words import span

ROUNDING = 0.001
"""Seconds: moments are whole milliseconds."""
BEHIND = 2.0
"""Seconds in which a slow answer is heard."""
AT_ONCE = "2"
"""How the carrier's codes begin of what it refuses at once; the others come with the report of a delivery."""
UNKNOWN = 30008
"""The carrier's code for a failure that it does not explain."""
KEYWORDS = {"opted_out": "STOP", "opted_in": "START", "": "HELP"}
UNANSWERED = {"busy": "is busy", "no_answer": "does not answer", "machine": "lets a machine answer"}


class Acts:
    """Reads one timeline. `who` is what the play calls the customer."""

    def __init__(self, history: History, who: str, welcome: str = "") -> None:
        self.steps: list[Step] = []
        self.has_desk = False
        self.turns: list[tuple[int, int]] = []
        """For each turn that was asked, where the lines of its answer begin and end."""
        self._who = who
        self._welcome = welcome
        self._now = history.lines[0].at if history.lines else 0.0
        self._answer: Answered | None = None
        self._last = Answered([], "")
        self._asked_at = 0.0
        self._slow = False
        self._took = 0
        self._held: list[Step] = []
        self._kept = ""
        self._begun = False
        self._consent = ""
        self._spoken: set[str] = set()
        self._acted = 0
        self._first = 0
        self._goes_on = False
        self._ended_by_us = False
        self._question: Answered | Written | None = None
        self._question_at = 0.0
        for place, line in enumerate(history.lines):
            self._goes_on = _goes_on(history.lines[place + 1 :])
            read = _READ.get(line.type)
            if read is not None:
                read(self, line)
        self._flush()

    # ---- what people do --------------------------------------------------------------------------
    def _act(self, line: Happened, does: str, value: object = NOTHING) -> None:
        self._pass(line.at)
        self._begun = True
        self._spoken = set()
        self._acted = len(self.steps)
        self.steps.append((does, value))

    def _pass(self, at: float, *, fires: bool = False) -> None:
        """Let whole seconds go by until then: not so long that more falls due, unless a timer `fires`."""
        self._flush()
        left = math.ceil(at - self._now) if fires else math.floor(at - self._now + ROUNDING)
        if left > 0:
            self.steps.append(("wait", span(left)))
            self._now += left

    def _called(self, line: Happened) -> None:
        inbound = line.data.get("direction") == "inbound"
        self._ended_by_us = False
        self._act(line, f"{self._who} {'calls' if inbound else 'answers'}")

    def _says(self, line: Happened) -> None:
        self._act(line, f"{self._who} says", line.words)

    def _presses(self, line: Happened) -> None:
        self._act(line, f"{self._who} presses", line.words)

    def _is_silent(self, line: Happened) -> None:
        self._flush()
        self._now = max(self._now, line.at)  # the silence itself has taken the time
        self._act(line, f"{self._who} stays silent")
        self._ended_by_us = True  # unless the assistant is asked, the call is over behind a goodbye

    def _texts(self, line: Happened) -> None:
        picture = bool(line.data.get("media"))
        self._question = None
        self._act(line, f"{self._who} {'sends a picture' if picture else 'texts'}", line.words or NOTHING)

    def _consents(self, line: Happened) -> None:
        if line.data.get("by") == "text":
            self._consent = str(line.data.get("consent", ""))

    def _keyword(self, line: Happened) -> None:
        self._act(line, f"{self._who} texts", KEYWORDS[self._consent])
        self._consent = ""

    def _hung_up(self, line: Happened) -> None:
        by_us = self._ended_by_us or (self._answer or self._last).ends_call()
        if not by_us:
            self._act(line, f"{self._who} hangs up")
        self._flush()

    def _not_reached(self, line: Happened) -> None:
        self._flush()
        self._now = max(self._now, line.at)  # the ringing itself has taken the time
        self._act(line, f"{self._who} {UNANSWERED.get(str(line.data.get('reason')), 'is busy')}")

    def _transfer_failed(self, line: Happened) -> None:
        self.has_desk = True
        self._act(line, "Desk does not answer")

    # ---- operators, network, time ----------------------------------------------------------------
    def _operator(self, line: Happened) -> None:
        verb = {"end": "ends the session", "take_over": "takes over", "release": "hands back"}
        action = str(line.data.get("action"))
        if action in verb:
            self._ended_by_us = action == "end"
            self._act(line, f"operator {verb[action]}")
        elif action == "send_text":
            self._pass(line.at)
            self._answer = None
            self._held.append(("operator texts", NOTHING))

    def _text_failed(self, line: Happened) -> None:
        code = str(line.data.get("code") or UNKNOWN)
        if not code.startswith(AT_ONCE):
            self._act(line, "text fails", code)
            return
        self._flush()
        self._ended_by_us = False
        self.steps.insert(self._acted, ("text is refused", code))
        self.turns = [(a + (a >= self._acted), b + (b > self._acted)) for a, b in self.turns]

    def _fired(self, line: Happened) -> None:
        if line.data.get("name") == "text_reply" and self._question is not None:
            self._question.wait(span(max(1, round(line.at - self._question_at))))
            self._question = None
        self._pass(line.at, fires=True)

    # ---- the bot ---------------------------------------------------------------------------------
    def _asked(self, line: Happened) -> None:
        self._flush()
        self._ended_by_us = False
        self.turns.append((0, 0))
        self._asked_at = line.at

    def _filled(self, _: Happened) -> None:
        self._slow = True

    def _answered(self, line: Happened) -> None:
        held = self._held if self._slow else []  # the filler is heard while the answer takes its time
        self._held = [] if self._slow else self._held
        self._flush(is_answer=False)
        self._held = held
        self._first = len(self.steps)
        if self._slow:
            self._took = max(1, math.ceil(line.at - self._asked_at))
            self.steps.append(("bot takes", span(self._took)))
        self._answer = self._last = Answered(list(line.data.get("items", ())), line.channel)
        self._answer.keeps_call = self._goes_on

    def _failed(self, _: Happened) -> None:
        self._flush()
        self._ended_by_us = True  # what is said in a call that fails is its end
        self.turns[-1] = (len(self.steps), len(self.steps) + 1)
        self.steps.append(("bot fails", "500"))

    def _asks(self, line: Happened) -> None:
        if self._answer is not None:
            self._answer.keep_as = self._kept = str(line.data.get("keep_as") or "")
            self._question, self._question_at = self._answer, line.at

    def _switched(self, line: Happened) -> None:
        if self._answer is not None and line.data.get("to") == "voice":
            self._answer.to_voice = True

    def _placed(self, _: Happened) -> None:
        if not self._begun:
            self._begun = True
            self.steps.append(("bot calls", NOTHING))
        elif self._answer is not None:
            self._answer.to_voice = True

    def _remembers(self, line: Happened) -> None:
        for key, sides in line.data.get("changes", {}).items():
            if self._answer is not None and key != self._kept and not key.startswith("_"):
                self._answer.context[key] = sides.get("to")

    def _said(self, line: Happened) -> None:
        words = line.words
        if self._welcome and words.startswith(self._welcome):
            self._held.append((f"{self._who} hears", self._welcome))
            words, self._welcome = words.removeprefix(self._welcome).strip(), ""
        if not words or words in self._spoken:
            return  # said again: nothing proved that it was heard
        self._spoken.add(words)
        if self._answer is not None and self._answer.takes_words():
            self._answer.said.append(words)
        else:
            self._held.append((f"{self._who} hears", words))

    def _texted(self, line: Happened) -> None:
        if self._held and self._held[-1] == ("operator texts", NOTHING):
            self._held[-1] = ("operator texts", line.words)
        elif not self._begun:
            self._begun = True
            self.steps.append(("bot texts", line.words))
        elif line.data.get("purpose") == "answer" and self._answer is not None and self._answer.takes_text():
            self._answer.texts.append(line.words)
        else:
            self._held.append((f"{self._who} receives", line.words))

    def _flush(self, *, is_answer: bool = True) -> None:
        """Write the answer that is together, and what came beside it."""
        if self._answer is not None:
            answer, self._answer = self._answer, None
            given = answer.steps()
            if self._question is answer:
                self._question = Written(
                    self.steps, len(self.steps), given
                )  # its time is known when it is over
            if self.turns:
                self.turns[-1] = (self._first, len(self.steps) + len(given))
            self.steps += given
            self.has_desk |= any(verb == "bot transfers to" for verb, _ in given)
            if self._slow and is_answer:
                self.steps.append(("wait", span(self._waited())))
                self._slow = False
        self.steps += [step for step in self._held if step != ("operator texts", NOTHING)]
        self._held = []

    def _waited(self) -> int:
        seconds = math.ceil(self._took + BEHIND)
        self._now += seconds
        return seconds


def _goes_on(lines: Sequence[Happened]) -> bool:
    """Whether the caller does something in the call before it ends."""
    of_call = {"speech_heard", "digits_pressed", "silence", "call_ended"}
    following = next((line.type for line in lines if line.type in of_call), "call_ended")
    return following != "call_ended"


_READ: dict[str, Callable[[Acts, Happened], None]] = {
    "call_started": Acts._called,  # noqa: SLF001 - its own
    "speech_heard": Acts._says,  # noqa: SLF001 - its own
    "digits_pressed": Acts._presses,  # noqa: SLF001 - its own
    "silence": Acts._is_silent,  # noqa: SLF001 - its own
    "text_received": Acts._texts,  # noqa: SLF001 - its own
    "text_mismatched": Acts._texts,  # noqa: SLF001 - its own
    "text_refused": Acts._texts,  # noqa: SLF001 - its own
    "consent_changed": Acts._consents,  # noqa: SLF001 - its own
    "keyword_received": Acts._keyword,  # noqa: SLF001 - its own
    "call_ended": Acts._hung_up,  # noqa: SLF001 - its own
    "call_failed": Acts._not_reached,  # noqa: SLF001 - its own
    "transfer_failed": Acts._transfer_failed,  # noqa: SLF001 - its own
    "action_taken": Acts._operator,  # noqa: SLF001 - its own
    "text_failed": Acts._text_failed,  # noqa: SLF001 - its own
    "timer_fired": Acts._fired,  # noqa: SLF001 - its own
    "turn_asked": Acts._asked,  # noqa: SLF001 - its own
    "filler_said": Acts._filled,  # noqa: SLF001 - its own
    "turn_answered": Acts._answered,  # noqa: SLF001 - its own
    "turn_failed": Acts._failed,  # noqa: SLF001 - its own
    "text_asked": Acts._asks,  # noqa: SLF001 - its own
    "channel_switched": Acts._switched,  # noqa: SLF001 - its own
    "call_placed": Acts._placed,  # noqa: SLF001 - its own
    "context_changed": Acts._remembers,  # noqa: SLF001 - its own
    "said": Acts._said,  # noqa: SLF001 - its own
    "text_queued": Acts._texted,  # noqa: SLF001 - its own
}
