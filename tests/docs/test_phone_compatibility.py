"""The page of phone features has every row, and says nothing of items that is not so."""

from __future__ import annotations

import re

import pytest

from orchestrator.assistants.items import read_item
from orchestrator.core.items import Unsupported
from orchestrator.core.ssml import MARKS
from tests.docs.blocks import ROOT

PAGE = (ROOT / "docs" / "phone-compatibility.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<feature>[^|`]+) \| (?P<said>[^|]+) \|$", re.MULTILINE)
FEATURES = """
    Concurrent calls; Billing; Numbers per integration; Free number; SIP trunk; SIP auth; SRTP; INVITE headers to context;
    180 Ringing off; Hold on transfer; Call-failure target/message; Transfer-failure; Regional failover;
    Caller allow list; DTMF collect; DTMF send; Barge-in on/off; STT/TTS reconfigure; Hold music / audio;
    Post-response time-out; Final-utterance time-out; Turn time-out; Disconnect after N silent turns;
    Session inactivity; Transfer; Session history key to agent; Send SIP INFO; TTS cache opt-out; Record utterance;
    Outbound call; Outbound flag; CDR; Network warnings; Speech confidence filter; Echo suppression, barge-in resume;
    MRCP / Google speech; SIPREC / agent assist; SOE proxy; Call survival
"""
"""The phone features that IBM's documentation names, over all of its products."""


def test_every_feature_has_a_row() -> None:
    """Each feature stands on the page once, with what becomes of it; nothing else does."""
    rows = [match["feature"].strip() for match in ROW.finditer(PAGE) if match["feature"] != "feature"]
    wanted = sorted(" ".join(name.split()) for name in FEATURES.split(";"))
    assert sorted(rows) == wanted


SKIPPED = re.findall(r"`(vgwAct\w+)`", PAGE.partition("noted on the timeline and skipped")[2])
CARRIED = set(re.findall(r"`(vgwAct\w+)`", PAGE)) - set(SKIPPED)


@pytest.mark.parametrize("command", sorted(SKIPPED))
def test_skipped_commands_are_skipped(command: str) -> None:
    """What the page says is skipped is."""
    raw = {"response_type": "user_defined", "user_defined": {"vgwAction": {"command": command}}}
    (item,) = read_item(raw)
    assert isinstance(item, Unsupported)
    assert item.why.endswith("is not carried out")


@pytest.mark.parametrize("command", sorted(CARRIED))
def test_carried_commands_are_known(command: str) -> None:
    """What the page says is carried out is known: without its parameters it is at most malformed."""
    raw = {"response_type": "user_defined", "user_defined": {"vgwAction": {"command": command}}}
    (item,) = read_item(raw)
    assert not isinstance(item, Unsupported) or not item.why.endswith("is not carried out")


def test_speech_marks_are_the_ones_that_pass() -> None:
    """The elements that the page lists are those that are kept."""
    listed = PAGE.partition("**Speech markup.**")[2].partition("are passed on")[0]
    assert set(re.findall(r"`([\w-]+)`", listed)) == set(MARKS)
