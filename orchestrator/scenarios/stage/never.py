"""`never`: rules that are held against everything that happens, as it happens."""

from __future__ import annotations

from collections.abc import Callable

from channels.simulator.records import LIVE, Observation
from orchestrator.core.segments import measure
from orchestrator.core.session import Session
from orchestrator.core.states import is_open, joint_state
from orchestrator.scenarios.format.kinds import WITHHELD
from orchestrator.scenarios.format.matchers import found_in
from orchestrator.scenarios.play import Play, Rule, RuleKind
from orchestrator.scenarios.stage.failing import FailedError
from orchestrator.scenarios.stage.ledger import Effect
from orchestrator.scenarios.stage.service import Staged
from orchestrator.scenarios.stage.story import Asked, Seen, Story
from orchestrator.scenarios.stage.words import quoted, span, turn_seen


class Never:
    """The rules of one play. `broken` is the first break, if there was one."""

    def __init__(self, play: Play, story: Story, staged: Staged) -> None:
        self.broken: FailedError | None = None
        self._play = play
        self._story = story
        self._staged = staged
        self._open: dict[str, str] = {}

    def see(self, seen: Seen) -> None:
        """Hold every rule against what happened."""
        for rule in self._play.never:
            if self.broken is None and (what := _TESTS[rule.kind](self, rule, seen)):
                during = f" (line {self._story.place.line})" if self._story.place.line else ""
                wording = rule.source or rule.kind
                self.broken = FailedError(rule.place, f"never happens: {wording}", "never", what + during)
        if isinstance(seen, Session):
            self._keep(seen)

    # ---- texts and words -------------------------------------------------------------------------
    def text_contains(self, rule: Rule, seen: Seen) -> str:
        """The words are in a text of ours."""
        text = _text(seen)
        return f"{self._to(text)}: {quoted(text.words)}" if text and found_in(rule.value, text.words) else ""

    def text_is_longer(self, rule: Rule, seen: Seen) -> str:
        """A text counts for more segments."""
        text = _text(seen)
        count = measure(text.words).segments if text else 0
        return (
            f"{self._to(text)} has {count} segments: {quoted(text.words)}"
            if text and count > rule.value
            else ""
        )

    def text_to(self, rule: Rule, seen: Seen) -> str:
        """A text goes to somebody it is not for."""
        text = _text(seen)
        named = {self._play.people.get(name, name) for name in rule.value.names}
        breaks = text is not None and (text.who in named) != rule.value.all_but
        return f"{self._to(text)}: {quoted(text.words)}" if text and breaks else ""

    def text_between(self, rule: Rule, seen: Seen) -> str:
        """A text goes out at such a time of day."""
        text = _text(seen)
        if text is None:
            return ""
        minute, (start, end) = self._staged.clock.minute_of_day(text.at), rule.value
        inside = start <= minute < end if start <= end else minute >= start or minute < end
        return f"{self._to(text)} at {self._staged.clock.shown(text.at)}" if inside else ""

    def too_many(self, rule: Rule, seen: Seen) -> str:
        """Somebody gets too many texts in too short a time."""
        text = _text(seen)
        if text is None:
            return ""
        most, seconds = rule.value
        texts = [
            each
            for each in self._story.ledger.of("text", text.who, since=1)  # from the first line on
            if each.at > text.at - seconds
        ]
        return (
            f"{len(texts)} texts to {self._story.name(text.who)} in {span(seconds)}"
            if len(texts) > most
            else ""
        )

    def said(self, rule: Rule, seen: Seen) -> str:
        """The words are said in a call."""
        is_speech = isinstance(seen, Effect) and seen.kind == "speech" and not seen.carrier
        return (
            f"{self._story.name(seen.who)} hears {quoted(seen.words)}"
            if isinstance(seen, Effect) and is_speech and found_in(rule.value, seen.words)
            else ""
        )

    def _to(self, text: Effect | None) -> str:
        return f"a text to {self._story.name(text.who)}" if text else ""

    # ---- the house -------------------------------------------------------------------------------
    def state(self, rule: Rule, seen: Seen) -> str:
        """A session is so."""
        word = joint_state(seen) if isinstance(seen, Session) else ""
        return (
            f"{self._story.name(seen.customer or WITHHELD)} is {word}"
            if isinstance(seen, Session) and word in rule.value
            else ""
        )

    def asked(self, _: Rule, seen: Seen) -> str:
        """The bot is asked."""
        return f"the bot was asked: {turn_seen(seen.request)}" if isinstance(seen, Asked) else ""

    def two_calls(self, _: Rule, seen: Seen) -> str:
        """Somebody has two calls."""
        if not isinstance(seen, Observation) or seen.kind != "call_started":
            return ""
        live = [
            call
            for call in self._staged.carrier.calls
            if call.customer == seen.number and call.status in LIVE
        ]
        return f"{self._story.name(seen.number)} has {len(live)} calls" if len(live) > 1 else ""

    def lost(self, _: Rule, seen: Seen) -> str:
        """An open session disappears, an event is given up, or the carrier has lost a call."""
        if self._staged.server.dead_letters():
            return "an event was given up, and went to the dead letters"
        if not isinstance(seen, Session):
            return ""
        before = self._open.get(self._key(seen))
        if before is not None and before != seen.id:
            return f"{self._story.name(seen.customer or WITHHELD)}'s open session was replaced by another"
        ended = seen.call is not None and not is_open(seen) and self._ended_lost(seen)
        return f"{self._story.name(seen.customer or WITHHELD)}'s call was lost" if ended else ""

    def _ended_lost(self, session: Session) -> bool:
        last = next(
            (
                note
                for note in reversed(self._story.noted)
                if note.who == (session.customer or WITHHELD) and note.name == "call_ended"
            ),
            None,
        )
        return last is not None and last.data.get("reason") == "lost"

    def _key(self, session: Session) -> str:
        return f"{session.customer}~{session.call.call_sid if session.beside and session.call else ''}"

    def _keep(self, session: Session) -> None:
        if is_open(session):
            self._open[self._key(session)] = session.id
        else:
            self._open.pop(self._key(session), None)


def _text(seen: Seen) -> Effect | None:
    return seen if isinstance(seen, Effect) and seen.kind == "text" and not seen.carrier else None


_TESTS: dict[RuleKind, Callable[[Never, Rule, Seen], str]] = {
    "a text contains": Never.text_contains,
    "a text is longer than": Never.text_is_longer,
    "a text is sent to": Never.text_to,
    "a text is sent between": Never.text_between,
    "something is said containing": Never.said,
    "state": Never.state,
    "two calls are live": Never.two_calls,
    "the bot is asked anything": Never.asked,
    "a session is lost": Never.lost,
    "more texts than": Never.too_many,
}
"""What breaks a rule, as a sentence; empty while it holds."""
