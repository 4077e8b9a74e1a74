"""Transfers: what is dialled, and what becomes of the call when the dialling is over."""

from __future__ import annotations

from orchestrator.core import items, markup
from orchestrator.core.effects import Dial, HangUpCall
from orchestrator.core.step import Step
from orchestrator.core.steps import documents
from orchestrator.core.turns import ask


def dial(step: Step, item: items.Transfer) -> Dial:
    """How the human is reached. A caller without a number cannot lend it: the human then sees ours."""
    ours = step.phone.transfer_caller_id == "ours" or step.session.customer is None
    return Dial(
        to=item.to,
        timeout=item.timeout,
        headers=item.headers,
        caller_id=step.live.number if ours else "",
        whisper=markup.as_speech(item.whisper),
        number=step.live.number if item.whisper else "",
        unavailable=item.unavailable,
        refer=step.phone.sip_transfer == "refer" and item.to.startswith(("sip:", "sips:")),
    )


def finish_transfer(step: Step) -> None:
    """The human took the call, and is done with it."""
    documents.prove(step)
    documents.reply(step, (), HangUpCall())


def give_up_transfer(step: Step) -> None:
    """Nobody took the call: the caller is told, in the words that came with the transfer if there are
    any, and the call ends.
    """
    newest = step.live.newest
    own = newest.ending.unavailable if newest and isinstance(newest.ending, Dial) else ""
    documents.prove(step)
    _note_transfer(step)
    said = markup.as_speech(own) or step.phone.transfer_failure_message
    documents.reply(step, documents.words(said), HangUpCall())


def ask_transfer_failed(step: Step) -> None:
    """Nobody took the call: the assistant goes on with it."""
    documents.prove(step)
    _note_transfer(step)
    reason = getattr(step.event, "reason", "failed")
    ask(
        step,
        channel="voice",
        reply_on=("voice",),
        event="transfer_failed",
        data={"reason": reason},
        waiting=True,
    )


def _note_transfer(step: Step) -> None:
    step.note("transfer_failed", "voice", reason=getattr(step.event, "reason", "failed"))
