"""Which settings of a number would change, and what to know about it: a readable difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from channels.twilio.account import OwnedNumber
from orchestrator.cli.numbers.targets import Target
from orchestrator.cli.numbers.wished import IGNORING, settings, shown


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes of one number: `before` and `after` hold the same names, those that differ, only."""

    target: Target
    owned: OwnedNumber
    before: Mapping[str, str]
    after: Mapping[str, str]
    notes: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The difference, for people."""
        account = self.target.integration.account_sid
        yield f"{self.owned.number}  ({self.owned.sid}, account {account})"
        for name, after in self.after.items():
            yield f"  {name}"
            yield f"    - {shown(self.before[name]) or '(none)'}"
            yield f"    + {shown(after) or '(none)'}"
        if not self.after:
            yield "  nothing to change"
        for note in self.notes:
            yield f"  note: {note}"

    def as_json(self) -> dict[str, Any]:
        """The difference, for programs."""
        return {
            "number": self.owned.number,
            "sid": self.owned.sid,
            "account_sid": self.target.integration.account_sid,
            "kinds": sorted(self.target.kinds, reverse=True),
            "changes": [
                {"field": name, "before": shown(self.before[name]), "after": shown(after)}
                for name, after in self.after.items()
            ],
            "notes": list(self.notes),
        }


def plan_of(target: Target, owned: OwnedNumber, wished: Mapping[str, str], notes: tuple[str, ...]) -> Plan:
    """What has to change so that a number has the wished settings."""
    after = {name: value for name, value in wished.items() if owned.settings[name] != value}
    before = {name: owned.settings[name] for name in after}
    return Plan(target, owned, before, after, notes)


def pointing(target: Target, owned: OwnedNumber, public_url: str, *, replace_application: bool) -> Plan:
    """The plan that points a number at us, for the kinds that it serves. An application or a trunk goes
    only with `replace_application`.
    """
    wished = settings(public_url, target.kinds)
    notes: list[str] = []
    for kind in sorted(target.kinds, reverse=True):
        for name in IGNORING[kind]:
            if not owned.settings[name]:
                continue
            if replace_application:
                wished[name] = ""
            else:
                notes.append(
                    f"{name} {owned.settings[name]} makes the carrier ignore these addresses; "
                    "--replace-application takes it away"
                )
        if getattr(owned, "voice" if kind == "phone" else "sms") is False:
            notes.append(f"the number cannot do {'calls' if kind == 'phone' else 'texts'}")
    return plan_of(target, owned, wished, tuple(notes))
