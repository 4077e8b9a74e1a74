"""Following a phone beside the typing: what happens is printed, and whoever waits for it is woken."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

from orchestrator.cli.terminal.board import Board
from orchestrator.cli.terminal.phone import FarPhone, Happened, News, ServiceGoneError
from orchestrator.cli.terminal.screen import Screen

HELD = 1.0
"""Seconds that the service holds a request when there is nothing: so old may a shown state be."""
SHOWN = 5.0
"""Seconds in which what is known of is sure to be on the screen."""
EARLIER = 5
"""Texts from before that are shown first."""


class Feed:
    """The second thread. `gone` says why the service is not there, once it is not."""

    def __init__(self, phone: FarPhone, board: Board, screen: Screen) -> None:
        self._phone = phone
        self._board = board
        self._screen = screen
        self._changed = threading.Condition()
        self._events: list[Happened] = []
        self._ended = False
        self.next = 0
        self.is_listened_to = False
        self.gone = ""

    def begin(self) -> None:
        """Show the thread's latest texts, then follow. ServiceGoneError if nobody is there."""
        news = self._phone.news(0)
        texts = [event for event in news.events if event.kind in {"received", "texted"}]
        self._show(tuple(texts[-EARLIER:]))
        self._take(news)
        threading.Thread(target=self._run, daemon=True).start()

    def end(self) -> None:
        """Follow no longer, once what is known of is shown; nothing is printed after this."""
        self.wait(lambda: self.next >= self.last, SHOWN)
        with self._screen.above():
            self._ended = True

    @property
    def last(self) -> int:
        """Where the last thing stands that is known of."""
        return max(self.next, self._events[-1].place if self._events else 0)

    def place_of(self, kinds: frozenset[str], after: int) -> int:
        """Where the first event of these kinds stands after this place; 0 if there is none."""
        found = (event.place for event in self._events if event.place > after and event.kind in kinds)
        return next(found, 0)

    def wait(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until it holds, or the time is over, or the service is gone; whether it holds."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self.gone) or holds(), seconds)
            return holds()

    def _run(self) -> None:
        while not self._ended:
            try:
                news = self._phone.news(self.next, HELD)
                self._events += news.events
                self._show(news.events)
            except ServiceGoneError as error:
                self._lose(str(error))
                return
            self._take(news)

    def _show(self, events: tuple[Happened, ...]) -> None:
        state = self._phone.state()
        if self._board.is_news(events, state):
            with self._screen.above():
                if not self._ended:
                    self._board.show(events, state)

    def _take(self, news: News) -> None:
        with self._changed:
            self.next = news.next
            self.is_listened_to = news.is_listened_to
            self._changed.notify_all()

    def _lose(self, why: str) -> None:
        with self._changed:
            self.gone = why
            self._changed.notify_all()
        if self._screen.is_typed and not self._ended:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)  # `input` ends by it alone
