"""A timeline as rows: who spoke, which step a line belongs to, what the assistant took."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.core.captions import TELLINGS, words_of
from orchestrator.web.console.story import Story


def line(
    line_id: str, kind: str, after: str = "text_only", at: str = "10:00:00", **data: Any
) -> dict[str, Any]:
    """A line of a timeline."""
    return {
        "id": line_id,
        "at": f"2026-01-01T{at}.000Z",
        "type": kind,
        "channel": "sms",
        "state": "text_only",
        "state_after": after,
        "data": data,
    }


def test_lines_of_one_commit_are_a_step() -> None:
    """They share the number in front; the state that it led to stands on its last line."""
    story = Story(
        [line("1.00", "text_received", "ended"), line("1.01", "session_ended", "ended"), line("2.00", "x")]
    )
    assert [(row.step, row.moved) for row in story.rows] == [(1, ""), (1, "ended"), (2, "")]
    assert story.steps == 2
    assert [row.id for row in story.since("1.01")] == ["2.00"]
    assert len(story.since("unknown")) == 3


def test_an_answer_tells_how_long_it_took() -> None:
    """From the question to the answer of the same turn."""
    story = Story(
        [
            line("1.00", "turn_asked", turn_id="T"),
            line("2.00", "turn_answered", at="10:00:01", turn_id="T", items=["text"]),
        ]
    )
    assert story.rows[1].words.detail == "1000 ms"


@pytest.mark.parametrize(("actor", "who"), [("console: Mia (api_token)", "operator"), ("api", "bot")])
def test_what_an_operator_sends_is_the_operators(actor: str, who: str) -> None:
    """Words of a step that a person at the console asked for; the assistant's own requests stay the bot's."""
    story = Story(
        [
            line("1.00", "action_taken", action="send_text", actor=actor),
            line("1.01", "text_queued", text="Hello"),
            line("2.00", "text_queued", text="Later"),
        ]
    )
    assert [row.words.who for row in story.rows] == ["note", who, "bot"]


def test_context_changes_stand_beside_the_last_line_of_their_step() -> None:
    """They make no row of their own, and lead to the same state."""
    changes = {"a": {"to": 1}, "b": {"from": "x"}, "_own": {"to": 2}}
    story = Story([line("1.00", "turn_answered"), line("1.01", "context_changed", "ended", changes=changes)])
    (row,) = story.rows
    assert row.context == (("a", "\u2013", "1"), ("b", "x", "\u2013"))
    assert row.moved == "ended"


@pytest.mark.parametrize("kind", [*TELLINGS, "something_new", "hook_failed"])
def test_every_kind_of_line_has_words(kind: str) -> None:
    """Whatever data it has, and none."""
    for data in (
        {},
        {"text": None, "reason": "no_live_call", "media": None, "confidence": None, "x": {"y": 1}},
    ):
        assert words_of(kind, data).text is not None
