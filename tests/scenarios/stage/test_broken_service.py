"""A service that is broken is caught: a rule that is gone, a text that leaves twice, an answer that is lost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from channels.twilio.rest import TwilioCarrier
from orchestrator.core import keywords, policy
from orchestrator.outbox import Outbox
from orchestrator.scenarios.stage import loop, service
from tests.scenarios.format.plays import DESIGN
from tests.scenarios.stage.plays import perform, perform_text, why

TEXT = 'Ana texts: hi\nbot texts: "Hello."\n'


def test_a_text_that_is_sent_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry of the outbox that is sent twice arrives more often than its line says."""
    send = TwilioCarrier.send_message

    async def twice(self: TwilioCarrier, **fields: Any) -> str:
        await send(self, **fields)
        return await send(self, **fields)

    monkeypatch.setattr(TwilioCarrier, "send_message", twice)
    assert why(perform(TEXT)) == '5: it arrived more than once | once: "Hello." | 2 times'


def test_a_row_of_the_policy_that_is_flipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that is taken where it is to be refused asks the bot, and opens a session."""
    taken = [(name, applies, policy.Verdict(4, "taken")) for name, applies, _ in policy.INBOUND_POLICY]
    monkeypatch.setattr(policy, "INBOUND_POLICY", tuple(taken))
    assert why(perform_text(DESIGN["refused"])).startswith(
        "13: never happens: the bot is asked anything | never |"
    )


def test_an_outbox_that_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is committed and never leaves is missed by the line that says it."""

    async def nothing(*_: Any) -> None:
        return None

    monkeypatch.setattr(Outbox, "perform", nothing)
    assert why(perform_text(DESIGN["address"])).startswith("11: bot asks for a text: it did not arrive")


def test_a_consent_that_nobody_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyword that opts nobody out is seen by who looks at the consent."""
    monkeypatch.setattr(keywords, "OPT_OUT_WORDS", frozenset())
    told = why(perform("Ana texts: STOP\nexpect: { consent: opted_out }"))
    assert told.startswith("5: consent | opted_out | opted_in")


def test_the_plays_of_the_design_hold_when_nothing_is_broken() -> None:
    """The same plays pass on the service as it is."""
    assert [why(perform_text(text)) for text in DESIGN.values()] == ["", "", ""]


def test_a_service_that_never_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that goes round in circles ends the play, with the line at which it did."""

    async def circle(*_: Any) -> None:
        while True:  # noqa: ASYNC110 - it waits for nothing, that is the point
            await asyncio.sleep(0)

    monkeypatch.setattr(loop, "RESTLESS", 10_000)
    monkeypatch.setattr(Outbox, "perform", circle)
    assert why(perform(TEXT)).startswith("5: the service never comes to rest")


def test_a_service_that_cannot_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """What breaks the stage itself is a failure like any other, and says where it broke."""
    monkeypatch.setattr(service, "Service", None)
    assert why(perform(TEXT)).startswith("1: the play could not be performed: TypeError")
