"""The project's own scenarios as a whole: every transition is taken, every refusal made, names tell them apart.

Each chapter is played here, but for those that pytest collects by itself (`conftest.py`).
"""

from __future__ import annotations

from collections import Counter

import pytest

from orchestrator.core import policy
from orchestrator.core.steps.guards import FLOOD
from orchestrator.scenarios.format import load
from orchestrator.scenarios.stage import run
from orchestrator.scenarios.testing.covering import covered
from orchestrator.scenarios.testing.finding import find
from orchestrator.scenarios.testing.record import merged, record
from orchestrator.scenarios.testing.report.terminal import trouble_lines
from tests.scenarios.conftest import COLLECTED
from tests.scenarios.plays_at import PLAYS, plays_of

TAKING_ALL = (
    "calling/answered-as-it-ends",
    "calling/ended-before-it-rings",
    "calling/it-rings-out",
    "calling/machine-is-left-alone",
    "calling/quiet-hours",
    "calls/a-question-by-text-alone",
    "calls/bot-thinks-aloud",
    "calls/call-by-socket",
    "calls/mumbling",
    "calls/mumbling-during-a-wait",
    "calls/silence",
    "calls/texts-close-together",
    "calls/texts-close-together-outlive-the-session",
    "channels/asked-by-voice-at-once",
    "channels/asked-by-voice-instead",
    "channels/goodbye-crosses-keys",
    "channels/goodbye-crosses-silence",
    "channels/goodbye-crosses-speech",
    "channels/mumbling-crosses-an-answer",
    "channels/silence-crosses-an-answer",
    "channels/switch-to-text-with-the-option-off",
    "consent/carrier-names-the-keyword",
    "consent/carrier-refuses-at-once",
    "consent/keywords-by-us",
    "consent/operator-opts-out",
    "consent/relaxed-keywords",
    "consent/stop-twice",
    "design/dropped",
    "design/refused",
    "faults/bot-fails-at-an-event",
    "faults/bot-fails-when-it-is-given-the-call-back",
    "faults/bot-fails-when-no-text-came",
    "faults/carrier-away-twice",
    "faults/lost-call-while-a-text-is-awaited",
    "faults/slow-bot-at-keys",
    "operators/human-takes-over-a-transfer",
    "operators/human-takes-over-while-a-text-is-awaited",
    "operators/operator-ends-a-call",
    "operators/session-times-out-by-itself",
    "starting/another-number-of-ours",
    "starting/off-and-we-began",
    "starting/refusal-of-who-opted-out",
    "starting/too-many-texts",
    "transfers/keys-crosses-a-transfer",
    "transfers/nobody-takes-it",
    "transfers/nobody-takes-it-and-the-bot-goes-on",
    "transfers/silence-crosses-a-transfer",
    "transfers/speech-crosses-a-transfer",
)
"""Scenarios that together take every transition: all others are played above."""
UNREACHED = {
    "call: listening or thinking or transferring --CallStarted [is_this_call]--> the same": (
        "for a day the store answers a call's first request again by itself"
    ),
}
"""Transitions that no webhook brings about, and why the rule is there all the same."""


@pytest.mark.parametrize("chapter", sorted(folder.name for folder in PLAYS.iterdir()))
def test_every_scenario_passes(chapter: str) -> None:
    """Each scenario of the chapter is as the service is; where one is not, its report tells the line."""
    files = [] if chapter in COLLECTED else find([PLAYS / chapter])
    records = [record(run(play)) for file in files for play in load(file).plays]
    failed = [
        line
        for each in records
        if each.trouble and not each.ok
        for line in trouble_lines(each.trouble, each.zone)
    ]
    assert not failed, "\n".join(failed)


def test_every_transition_is_taken() -> None:
    """Each state, each row of the machines' tables and each refusal happens in a scenario."""
    records = [record(run(play)) for name in TAKING_ALL for play in plays_of(name)]
    counts = merged(records)
    parts = {part.name: part for part in covered(counts).parts}
    refusals = {verdict.reason for _, _, verdict in policy.INBOUND_POLICY if verdict.reason} | {FLOOD.reason}
    assert [each.name for each in records if not each.ok] == []
    assert parts["states"].missed == parts["machines"].missed == []
    assert parts["transitions"].missed == list(UNREACHED)
    assert {f"refused:{reason}" for reason in refusals} <= set(counts["reasons"])


REFUSED = {
    "calling/no-call-to-who-opted-out": "opted_out",
    "operators/nothing-to-hand-back": "not_allowed",
    "operators/one-session-at-a-time": "session_open",
}
"""Scenarios of what the API refuses, with the code that it tells: they are expected to fail."""


def test_scenarios_are_told_apart() -> None:
    """There are sixty at least; each has a name of its own, and none is skipped."""
    plays = [load(file).plays[0] for file in find([PLAYS])]
    names = Counter(play.name for play in plays)
    assert len(plays) >= 60
    assert [name for name, count in names.items() if count > 1] == []
    assert [play.name for play in plays if play.skip] == []
    assert sum(bool(play.expected_to_fail) for play in plays) == len(REFUSED)


@pytest.mark.parametrize("name", REFUSED)
def test_the_api_refuses(name: str) -> None:
    """What the scenario asks for is refused, for the reason that it shows."""
    play = plays_of(name)[0]
    failure = run(play).failure
    assert failure is not None
    assert failure.reason.startswith("the service refuses")
    assert failure.got.startswith(REFUSED[name])
