"""What went wrong at the carrier, in words for people, each with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from channels.twilio.integration import Integration
from orchestrator.app.lines import SIMULATED_SID
from orchestrator.core.errors import CarrierError

_ABSENT = frozenset({0, 401, 404, 502})
"""How a service that does not run, or runs with another configuration, is met."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, and the fix in one line. `known` is False where the carrier did not tell."""

    told: str
    fix: str
    known: bool = True

    def __str__(self) -> str:
        return f"{self.told}\n    fix: {self.fix}"


def carrier_trouble(error: CarrierError, integration: Integration) -> Trouble:
    """Why the carrier did not do what was asked."""
    section = f"assistants.{integration.assistant}.{integration.section}"
    if integration.account_sid == SIMULATED_SID and error.status in _ABSENT:
        return Trouble(
            f"the built-in carrier at {integration.base_url} does not let us in ({error})",
            "it lives in the running service: start `tandem serve` with this configuration",
        )
    if error.status == httpx.codes.TOO_MANY_REQUESTS or error.status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return _failing(error)
    return _refused(error, integration, section) if error.status else _silent(error, integration, section)


def _refused(error: CarrierError, integration: Integration, section: str) -> Trouble:
    """The carrier says no."""
    if error.status == httpx.codes.UNAUTHORIZED:
        return Trouble(
            f"the carrier refuses the credentials of account {integration.account_sid} (401)",
            f"wrong token: copy the account's primary auth token into {section}.auth_token (the first of a list "
            "signs in), and see that account_sid is its account",
        )
    if error.status == httpx.codes.FORBIDDEN:
        return Trouble(
            f"the carrier forbids this to account {integration.account_sid} (403, code {error.code})",
            "use the account's own auth token; a suspended or restricted account is lifted at the carrier",
        )
    if error.status == httpx.codes.NOT_FOUND:
        return Trouble(
            f"{integration.base_url} knows no account {integration.account_sid} (404)",
            f"correct {section}.account_sid or {section}.base_url",
        )
    return Trouble(str(error), f"see that {section}.base_url is a Twilio-compatible REST endpoint")


def _failing(error: CarrierError) -> Trouble:
    """The carrier answers, and cannot tell now."""
    if error.status == httpx.codes.TOO_MANY_REQUESTS:
        return Trouble(
            "the carrier wants fewer requests (429); not known", "run this again in a minute", known=False
        )
    return Trouble(
        f"the carrier itself fails ({error.status}); not known",
        "nothing to correct here: look at the carrier's status page and run this again",
        known=False,
    )


def _silent(error: CarrierError, integration: Integration, section: str) -> Trouble:
    """No answer, or one that made no sense."""
    words = str(error)
    if "Timeout" in words:
        return Trouble(
            f"{integration.base_url} is slow: no answer in time; not known",
            "run this again; if it stays so, look at the network and the carrier's status page",
            known=False,
        )
    return Trouble(
        f"{integration.base_url}: {words}; not known",
        f"see that {section}.base_url is right and can be reached from here",
        known=False,
    )
