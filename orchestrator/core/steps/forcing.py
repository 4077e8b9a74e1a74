"""A turn that the assistant asks for itself (`resume`): at once, without waiting for the customer.

What it says first is heard meanwhile: words, or a sound that plays on and on until the turn is answered.
"""

from __future__ import annotations

from dataclasses import replace

from orchestrator.core import items
from orchestrator.core.effects import Continue, Ending, HangUpCall, Play, Verb
from orchestrator.core.items import Channel
from orchestrator.core.session import TALKING, Turn
from orchestrator.core.step import Step
from orchestrator.core.steps import documents
from orchestrator.core.steps.outcome import Outcome
from orchestrator.core.steps.sending import order
from orchestrator.core.turns import ask

MOST = 10
"""Such turns in a row: who asks for one in each answer would never let the customer speak."""
LAST_WORDS = frozenset({"action", "session_timeout"})
"""Causes of turns that nothing follows."""


def force_turn(outcome: Outcome, item: items.ForceTurn, _: Channel) -> None:
    """Another turn follows this one, unless the answer ends the call or the session."""
    turn = outcome.turn
    if turn.cause in LAST_WORDS or turn.forced >= MOST:
        outcome.skip(item, "too_many_turns" if turn.forced >= MOST else "not_allowed")
        return
    outcome.force = item


def settle(outcome: Outcome) -> None:
    """Whether it comes to that, once all items were carried out."""
    step, item = outcome.step, outcome.force
    leaving = step.call in TALKING and isinstance(documents.onward(step), HangUpCall)
    if item is not None and (outcome.ending is not None or leaving or step.session.closed_by_assistant):
        outcome.skip(item, "call_ending")
        outcome.force = None


def meanwhile(step: Step, verbs: tuple[Verb, ...]) -> Ending:
    """How the call goes on until the turn is answered: it fetches, or an endless sound is interrupted."""
    endless = any(isinstance(verb, Play) and verb.loop == 0 for verb in verbs)
    return documents.onward(step) if endless else Continue()


def ask_again(step: Step, turn: Turn) -> None:
    """Ask the assistant once more, on the same channels; for what began the turn before."""
    order(step, "turn_forced")
    ask(step, channel=turn.channel, reply_on=turn.reply_on, event="resume")
    again = step.session.turn
    assert again is not None  # noqa: S101 - it was opened by `ask`
    step.change(turn=replace(again, cause=turn.cause, forced=turn.forced + 1))
