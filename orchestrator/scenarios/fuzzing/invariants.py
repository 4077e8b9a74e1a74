"""What holds whatever happens. Each function gives what is wrong, or nothing.

The rules are those of the store (nothing accepted is lost, nothing is sent twice, nothing is left over), of consent, and
of calls; `docs/explanation/reliability.md` says why they hold.
"""

from __future__ import annotations

from collections import Counter

from channels.simulator.records import LIVE
from orchestrator.scenarios.stage.scene import Scene

NUMBERED = ("answer ", "text ")
"""How texts of the bot begin: each is written once."""
EXPECTED = ("StoreUnavailable", "CarrierError", "AssistantError")
"""Errors that the network of a play causes."""
OF_THE_NETWORK = ("11200", "21610", "21611")
"""The carrier's codes for what follows from a play's network: a webhook that was not answered while the store was
away, and a text to somebody whose STOP could not be stored yet, or more texts than it queues.
"""
TAKEN = frozenset({"text_received", "text_refused", "keyword_received", "text_mismatched"})


def now(scene: Scene) -> str:
    """What is wrong at any moment."""
    return (
        _two_calls(scene) or _twice(scene) or _dead(scene) or _reported(scene) or _refused_by_carrier(scene)
    )


def at_the_end(scene: Scene) -> str:
    """What is wrong when everything has come to rest."""
    return now(scene) or _left_over(scene) or _lost(scene)


def _two_calls(scene: Scene) -> str:
    """We call nobody who is on the phone with us."""
    for name, number in scene.play.people.items():
        calls = [
            call for call in scene.staged.carrier.calls if call.customer == number and call.status in LIVE
        ]
        if len(calls) > 1 and any(call.direction == "outbound-api" for call in calls):
            return f"{name} has {len(calls)} calls at once"
    return ""


def _twice(scene: Scene) -> str:
    """A text is sent once."""
    texts = Counter(
        (effect.who, effect.words) for effect in scene.ledger.of("text") if effect.words.startswith(NUMBERED)
    )
    twice = next((key for key, count in texts.items() if count > 1), None)
    return f"{scene.story.name(twice[0])} received {twice[1]!r} twice" if twice else ""


def _dead(scene: Scene) -> str:
    return "an event was given up" if scene.staged.server.dead_letters() else ""


def _reported(scene: Scene) -> str:
    """The service reports no error of its own."""
    faults = (each.sentence for each in scene.story.happenings if each.kind == "fault")
    own = (each for each in faults if each.startswith("the service reports"))
    return next((each for each in own if not any(word in each for word in EXPECTED)), "")


def _refused_by_carrier(scene: Scene) -> str:
    """The carrier finds nothing wrong with what we send it."""
    faults = (each for each in scene.staged.carrier.faults if not each.startswith(OF_THE_NETWORK))
    return next((f"the carrier reports {each}" for each in faults), "")


def _left_over(scene: Scene) -> str:
    """Nothing but timers is left to be done."""
    left = [each for each in scene.staged.server.waiting() if not each.startswith("t:")]
    return f"something is left to be done: {left[0].partition(':')[0]}" if left else ""


def _lost(scene: Scene) -> str:
    """Every text that somebody sent was taken, or turned away in sight."""
    sent = sum(message.direction == "inbound" for message in scene.staged.carrier.messages)
    seen = sum(note.name in TAKEN for note in scene.story.noted)
    return f"of {sent} texts {seen} were taken or turned away" if seen < sent else ""
