"""A customer at a keyboard, or a script of lines in their place."""

from __future__ import annotations

import threading
from collections.abc import Callable

from orchestrator.cli.terminal.commands import HELP, Command, NotACommandError, read_command
from orchestrator.cli.terminal.feed import Feed
from orchestrator.cli.terminal.phone import FarPhone, Line, PhoneError, ServiceGoneError
from orchestrator.cli.terminal.screen import Screen

SLOW = 1.0
"""Seconds after which a person is told what is being waited for."""
TAKEN = 5.0
"""Seconds in which what was done is sure to show."""
ANSWER = 10.0
"""Seconds that a script waits for an answer; a text may stay without one."""
FAREWELL = 3.0
"""Seconds that a script waits for a text after its call: not every assistant sends one."""
QUIET = 0.4
"""Seconds without anything new, after which a script goes on."""

ENDED = frozenset({"call_ended"})
FLOOR = frozenset({"listening", "call_ended"})
ANSWERED = frozenset({"heard", "received", "ringing"})
SIGNS = {
    "call": frozenset({"call_started"}),
    "say": frozenset({"said"}),
    "press": frozenset({"pressed"}),
    "silent": frozenset({"silent"}),
    "answer": frozenset({"call_answered"}),
    "text": frozenset({"texted"}),
    "hangup": ENDED,
    "drop": ENDED,
    "decline": ENDED,
}
"""By which event an act shows."""


class Talk:
    """Does what lines say. `failures` counts those that could not be done."""

    def __init__(self, phone: FarPhone, feed: Feed, screen: Screen) -> None:
        self._phone = phone
        self._line: Line = phone.line
        self._feed = feed
        self._screen = screen
        self._call_began = 0
        self.failures = 0
        self._acts: dict[str, Callable[[str], None]] = {
            "call": self._call,
            "say": lambda words: phone.act("say", words=words),
            "press": lambda keys: phone.act("press", keys=keys),
            "silent": lambda _: phone.act("stay_silent"),
            "answer": lambda _: self._pick_up("answer"),
            "decline": lambda _: self._pick_up("decline"),
            "text": self._text,
            "hangup": lambda _: phone.act("hang_up"),
            "drop": lambda _: phone.act("drop"),
        }

    @property
    def is_calling(self) -> bool:
        """Whether a call that was made or answered here is up: words are spoken then."""
        return bool(self._call_began) and not self._feed.place_of(ENDED, self._call_began)

    def run(self, first: Command | None = None) -> None:
        """Do the first command, then what is typed, until the end; a call that is up then is hung up.
        ServiceGoneError when the service leaves, PhoneError when the first command cannot be done.
        """
        try:
            if first:
                self.do(first)
            while (line := self._screen.read(self._prompt)) is not None and self._obey(line):
                self._stop_if_gone()
        except KeyboardInterrupt:
            self._stop_if_gone()
        if self.is_calling:
            self.do(Command("hangup"))

    def _prompt(self) -> str:
        return "speak> " if self.is_calling else "text>  "

    def _obey(self, line: str) -> bool:
        """Do what a line says; whether to go on."""
        try:
            command = read_command(line)
            if command and command.verb != "quit":
                self.do(command)
        except (NotACommandError, PhoneError) as error:
            self.failures += 1
            self._screen.note(f"! {error}")
            return True
        return command is None or command.verb != "quit"

    def do(self, command: Command) -> None:
        """Do it, and in a script wait for what follows. PhoneError says why not."""
        if command.verb == "help":
            self._screen.note(HELP)
            return
        verb = ("say" if self.is_calling else "text") if command.verb == "words" else command.verb
        before, calls = self._feed.last, verb in {"call", "answer"}
        slow = threading.Timer(SLOW, self._screen.note, ["... waiting for the other side"])
        slow.daemon = True
        slow.start()
        try:
            self._acts[verb](command.rest)
            if calls:
                self._call_began = max(before, 1)  # so that an interrupted wait leaves no call behind
            self._feed.wait(lambda: bool(self._feed.place_of(SIGNS[verb], before)), TAKEN)
        finally:
            slow.cancel()
        shown = self._feed.place_of(SIGNS[verb], before)
        if calls:
            self._call_began = shown
        if not self._screen.is_typed:
            self._settle(verb, shown)

    def _stop_if_gone(self) -> None:
        if self._feed.gone:
            raise ServiceGoneError(self._feed.gone)

    def _settle(self, verb: str, shown: int) -> None:
        """Wait until the other side has answered and nothing more comes, so that a script needs no times."""
        feed = self._feed
        if verb in {"text", "hangup", "drop"}:
            limit = ANSWER if verb == "text" else FAREWELL
            feed.wait(lambda: bool(feed.place_of(ANSWERED, shown)), limit)
        else:
            feed.wait(lambda: bool(feed.place_of(FLOOR, shown)), ANSWER)
        while feed.wait(self._anything_after(feed.last), QUIET):
            pass
        if self.is_calling:
            feed.wait(lambda: feed.is_listened_to or not self.is_calling, ANSWER)

    def _anything_after(self, place: int) -> Callable[[], bool]:
        return lambda: self._feed.last > place

    def _call(self, _: str) -> None:
        if not self._line.phone_number:
            raise PhoneError("the assistant has no phone on the simulated carrier")
        if self.is_calling:
            raise PhoneError("you are in a call; /hangup first")
        self._phone.act("call", to=self._line.phone_number)

    def _text(self, words: str) -> None:
        if not self._line.text_number:
            raise PhoneError("the assistant has no messaging on the simulated carrier")
        self._phone.act("text", to=self._line.text_number, body=words)

    def _pick_up(self, how: str) -> None:
        if self._screen.is_typed and self._phone.news(self._feed.next).call_state != "ringing":
            raise PhoneError("it does not ring")
        self._phone.act(how)
