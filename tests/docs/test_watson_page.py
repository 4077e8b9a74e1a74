"""The page of Watson's dialogues has every row, and says nothing that is not so."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from orchestrator.assistants.items import read_item
from orchestrator.assistants.watson.answer import read_generic
from orchestrator.assistants.watson.memory import Memory
from orchestrator.assistants.watson.words import Habits, said
from orchestrator.core.items import Unsupported
from tests.assistants.turns import by_text, turn
from tests.docs.blocks import ROOT

PAGE = (ROOT / "docs" / "watson.md").read_text(encoding="utf-8")
EVENTS = [
    "call_started",
    "session_started",
    "text_reply",
    "text_failed",
    "no_input",
    "text_reply_timeout",
    "transfer_failed",
    "resume",
    "call_ended",
    "session_timeout",
]
WORDS = [
    "vgwSMSMessage",
    "vgwSMSFailed",
    "vgwNoInputTurn",
    "smsNoInputTurn",
    "vgwPostResponseTimeout",
    "vgwCallTransferFailed",
    "vgwHangUp",
    "smsResponseTimeout",
    "vgwFinalUtteranceTimeout",
    "vgwNetworkWarningMessage",
]
"""The words that IBM's documents name, over all of its products."""
TYPES = [
    "text",
    "option",
    "suggestion",
    "image",
    "audio",
    "video",
    "pause",
    "search",
    "channel_transfer",
    "connect_to_agent",
    "dtmf",
    "speech_to_text",
    "text_to_speech",
    "start_activities",
    "stop_activities",
    "end_session",
    "user_defined",
    "button",
    "card",
    "carousel",
    "grid",
    "table",
    "date",
    "iframe",
]
"""IBM's response types ("Response types reference")."""
SET_BY_DIALOGUES = [
    "final_utterance_timeout_count",
    "post_response_timeout_count",
    "turn_settings.timeout_count",
    "cdr_custom_data",
    "smsConversationResponseTimeout",
    "vgwByeCustomHeader",
    "vgwByeCustomHeaderVal",
    "vgwConversationFailedAudioURL",
    "vgwConversationFailedMessage",
    "vgwConversationResponseTimeout",
    "vgwDisconnectCallOnNoUserInputTurnCount",
    "vgwDisconnectCallOnTransferFailure",
    "vgwErrAudioURL",
    "vgwFinalUtteranceTimeout",
    "vgwPostResponseTimeoutCount",
    "vgwSessionInactivityTimeout",
    "vgwTransferFailedAudioURL",
    "vgwTransferFailedMessage",
]
"""The variables that IBM's two references let a dialogue set."""
COMMANDS = [
    "smsActSendMedia",
    "smsActSetOptionsConfig",
    "smsActSetDisambiguationConfig",
    "smsActForceNoInputTurn",
    "terminateSession",
    "setSessionTimeoutCount",
    "smsActSetConversationConfig",
]


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    section = PAGE.partition(f"{heading}\n")[2]
    table = re.search(r"^\|.*\n\|[-|]+\|\n((?:\|.*\n)+)", section, re.MULTILINE)
    assert table is not None, heading
    return [[cell.strip() for cell in line.strip("| \n").split(" | ")] for line in table[1].splitlines()]


def names(cell: str) -> list[str]:
    """What stands in code in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def test_every_word_has_a_row() -> None:
    """Each of IBM's words stands on the page once, and says whether it is asked."""
    table = {names(row[0])[0]: row[1] for row in rows("### Words") if names(row[0])}
    assert sorted(table) == sorted(WORDS)
    assert {word for word, asked in table.items() if asked == "yes"} == _asked()


def _asked() -> set[str]:
    habits = Habits(hang_up_turn="always", expiry_turn=True)
    data = {"reason": "ended"}
    turns = [turn(event=event, event_data=data) for event in EVENTS]
    turns += [by_text("", kind="none", event=event, event_data=data) for event in EVENTS]
    found = [said(each.request, Memory(), habits) for each in turns]
    return {words.text for words in found if words is not None and words.text}


def test_every_response_type_has_a_row() -> None:
    """Each of IBM's types stands on the page once; those that are skipped on both channels are unknown."""
    table = {names(row[0])[0]: row[1:] for row in rows("## Response types")}
    assert list(table) == TYPES
    unknown = {name for name in TYPES if _why(read_item({"response_type": name})) == "unknown response type"}
    assert {name for name, said_of in table.items() if said_of == ["skipped", "skipped"]} == unknown


def _why(items: tuple[Any, ...]) -> str:
    return next((item.why for item in items if isinstance(item, Unsupported)), "")


def test_every_variable_of_a_dialogue_has_a_row() -> None:
    """Each variable that IBM's references let a dialogue set stands on the page."""
    listed = [name for row in rows("### What a dialogue may set") for name in names(row[0])]
    assert sorted(listed) == sorted(SET_BY_DIALOGUES)


def test_every_command_of_texts_has_a_row() -> None:
    """Each command stands on the page; those it calls carried out are, the others are not."""
    table = [(name, row[1]) for row in rows("### Of texts") for name in names(row[0])]
    assert sorted(name for name, _ in table) == sorted(COMMANDS)
    for name, told in table:
        raw = {"response_type": "user_defined", "user_defined": {"smsAction": {"command": name}}}
        skipped = _why(read_generic(raw, live=False)).endswith("is not carried out")
        assert skipped == told.startswith("no"), name


@pytest.mark.parametrize("live", [True, False])
def test_the_items_shown_are_understood(live: bool) -> None:
    """The example in JSON is one that the reader carries out."""
    block = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    assert _why(read_generic(json.loads(block[1]), live=live)) == ""
