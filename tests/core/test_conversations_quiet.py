"""Quiet hours as conversations: what waits until their end, what does not, and when that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from orchestrator.core import events, items
from orchestrator.core.hours import quiet_until
from orchestrator.core.numbers import E164
from orchestrator.core.settings import MessagingRules, Rules
from tests.core.play import ANA, OURS, START, Play, text
from tests.core.scenes import greeted

NIGHT = (13 * 60, 15 * 60)  # the play begins at 13:46 UTC
MORNING = START - START % 3600 + 2 * 3600
OTHER = E164("+15550109999")


def opened(play: Play, **fields: object) -> None:
    """We open a session with a text."""
    play.take(events.SessionRequested(**play.facts(text="An offer", **fields)))


def waits(play: Play) -> bool:
    """Whether our last text waits, for the end of the quiet hours and no other moment."""
    until = play.last_text().not_before
    assert until in {0.0, MORNING}
    return until > 0


def test_a_session_of_ours_waits() -> None:
    """A text that opens a session waits for the end of the quiet hours, and its time to live begins then."""
    play = Play(quiet_hours=NIGHT, text_ttl=600.0)
    opened(play)
    assert waits(play)
    assert play.last_text().expires_at == MORNING + 600
    assert [waiting.until for waiting in play.session.waiting] == [MORNING]
    assert play.notes("text_queued")[0]["waits_until"] == MORNING
    assert play.state == "text_only"
    assert play.timers["session"] == MORNING + play.rules.messaging.session_timeout  # type: ignore[union-attr] # it has messaging


def test_an_urgent_one_does_not() -> None:
    """`urgent` sends at once: a session of ours, an action, an item."""
    play = Play(quiet_hours=NIGHT)
    opened(play, urgent=True)
    assert not waits(play)
    play.acts("send_text", items.SendText(text="Fire!", urgent=True))
    assert not waits(play)
    play.acts("send_text", items.SendText(text="An offer"))
    assert waits(play)


def test_what_the_assistant_begins_waits() -> None:
    """The assistant's first words of a session of ours, and its last at a time-out, wait."""
    play = Play(quiet_hours=NIGHT, session_timeout=60.0)
    play.take(events.SessionRequested(**play.facts()))
    play.answers(text("Hello!"))
    assert waits(play)
    second = Play(quiet_hours=NIGHT, session_timeout=60.0)
    second.texts("Hi")
    second.answers(text("Hello"))
    assert not waits(second)
    second.rings("session")
    second.answers(text("Bye."))
    assert waits(second)


def test_the_closing_line_waits() -> None:
    """`notify_on_session_timeout` is a text of ours."""
    play = Play(quiet_hours=NIGHT, session_timeout=60.0, notify_on_session_timeout="Bye.")
    play.texts("Hi")
    play.answers(text("Hello"))
    play.rings("session")
    assert play.last_text().body == "Bye."
    assert waits(play)


def test_an_answer_leaves_at_once() -> None:
    """What the customer asked for does not wait: an answer, a failure text, a refusal, a keyword's answer."""
    play = Play(quiet_hours=NIGHT, keyword_replies="tandem")
    play.texts("Hi")
    play.answers(text("Hello"), items.SendText(text="And more"))
    assert not waits(play)
    play.texts("Well?")
    play.fails()
    assert not waits(play)
    play.texts("HELP")
    assert not waits(play)
    refusing = Play(quiet_hours=NIGHT, initiate_from_inbound=False, refusal_message="Please call.")
    refusing.texts("Hi")
    assert not waits(refusing)


def test_who_is_or_was_on_the_phone_is_awake() -> None:
    """A text during a call, and the one after it, leave at once; so do those of an operator then."""
    play = greeted(quiet_hours=NIGHT)
    play.acts("send_text", items.SendText(text="The address"))
    assert not waits(play)
    play.hangs_up()
    play.answers(text("Thanks for calling", "sms"))
    assert not waits(play)
    play.acts("send_text", items.SendText(text="One thing more"))
    assert not waits(play)
    play.wait(901)
    play.acts("send_text", items.SendText(text="An offer"))
    assert waits(play)


def test_an_action_soon_after_a_text_is_an_answer() -> None:
    """Within a quarter of an hour of the customer's text an operator's words are an answer."""
    play = Play(quiet_hours=NIGHT)
    play.texts("Hi")
    play.answers()
    play.wait(900)
    play.acts("send_text", items.SendText(text="Hello, Bea here"))
    assert not waits(play)


def test_a_text_to_somebody_else_waits() -> None:
    """Who did not write is not woken because another did; an unknown caller's own number is."""
    play = Play(quiet_hours=NIGHT, allowed_recipients=(OTHER,))
    play.texts("Tell my wife")
    play.answers(items.SendText(text="Late today", to=OTHER))
    assert waits(play)
    withheld = greeted(customer=None, quiet_hours=NIGHT)
    withheld.says("Text me at that number")
    withheld.answers(items.SendText(text="Here", to=OTHER))
    assert not waits(withheld)


def test_a_text_asked_for_in_the_night_is_waited_for_in_the_morning() -> None:
    """The wait for a reply begins when the question leaves."""
    play = Play(quiet_hours=NIGHT, text_reply_timeout=120.0)
    play.take(events.SessionRequested(**play.facts()))
    play.answers(items.AskForText(text="Your size?", reminder_after=60.0, reminder_say="Well?"))
    assert waits(play)
    assert play.timers["text_reply"] == MORNING + 120
    assert play.timers["reminder"] == MORNING + 60


def test_by_day_nothing_waits() -> None:
    """Outside the hours, and without any, a text of ours leaves at once."""
    for hours in (None, (15 * 60, 13 * 60), (13 * 60 + 47, 13 * 60 + 46), (0, 13 * 60 + 46)):
        play = Play(quiet_hours=hours)
        opened(play)
        assert not waits(play)


def test_one_that_waits_is_out_of_sight_once_its_time_has_come() -> None:
    """Texts whose moment is over are no longer counted among those that wait."""
    play = Play(quiet_hours=NIGHT)
    opened(play)
    play.wait(20 * 3600)
    play.acts("send_text", items.SendText(text="Still there?"))
    assert not waits(play)
    play.wait(4 * 3600)
    play.acts("send_text", items.SendText(text="An offer"))
    assert [waiting.until for waiting in play.session.waiting] == [MORNING + 24 * 3600]


BERLIN = ZoneInfo("Europe/Berlin")


def in_berlin(at: float) -> int:
    """The minute of the day in Berlin."""
    local = datetime.fromtimestamp(at, BERLIN)
    return local.hour * 60 + local.minute


def moment(written: str) -> float:
    """A moment by Berlin's clocks."""
    return datetime.fromisoformat(written).replace(tzinfo=BERLIN).timestamp()


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-24 21:00", "2026-11-25 08:00"),
        ("2026-11-24 20:59:59", ""),
        ("2026-11-25 07:59:59", "2026-11-25 08:00"),
        ("2026-11-25 08:00", ""),
        ("2026-03-28 23:30:30", "2026-03-29 08:00"),  # an hour short: summer time begins
        ("2026-10-24 23:30:30", "2026-10-25 08:00"),  # an hour long: it ends
    ],
)
def test_the_end_is_by_the_clocks_of_the_zone(now: str, end: str) -> None:
    """The hours begin with their first minute and end at the wished time, also in nights when clocks move."""
    messaging = MessagingRules(numbers=(OURS,), quiet_hours=(21 * 60, 8 * 60))
    rules = Rules(assistant="support", messaging=messaging, minute_of_day=in_berlin)
    assert quiet_until(rules, moment(now)) == (moment(end) if end else 0.0)


def test_until_midnight_is_until_midnight() -> None:
    """Hours may end at 24:00."""
    messaging = MessagingRules(numbers=(OURS,), quiet_hours=(21 * 60, 24 * 60))
    rules = Rules(assistant="support", messaging=messaging, minute_of_day=in_berlin)
    assert quiet_until(rules, moment("2026-11-24 23:59")) == moment("2026-11-25 00:00")
    assert quiet_until(replace(rules, messaging=None), moment("2026-11-24 23:59")) == 0.0


def test_an_opt_out_ends_the_waiting() -> None:
    """A customer who says STOP sees nothing of what waits: it is not shown as waiting any more."""
    play = Play(quiet_hours=NIGHT)
    opened(play)
    play.texts("STOP")
    assert play.session.waiting == ()


Verb = Callable[[Play], object]


@pytest.mark.parametrize("act", [lambda play: play.acts("hang_up"), lambda play: play.hangs_up()])
def test_calls_keep_no_quiet_hours(act: Verb) -> None:
    """Quiet hours are about texts: a call goes on as ever."""
    play = greeted(quiet_hours=NIGHT)
    act(play)
    assert play.session.customer == ANA
