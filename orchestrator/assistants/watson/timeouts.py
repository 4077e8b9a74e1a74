"""What a dialogue sets of the conversation's times and records by variables of its context, in either generation.

`integrations.voice_telephony` holds those of today; those of 2020 are variables of the dialog skill. Times are
milliseconds there, and seconds here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from orchestrator.assistants.items.fields import at
from orchestrator.assistants.watson.context import INTEGRATIONS, TELEPHONY, VARIABLES

MOST = 600.0
"""Seconds: the longest wait that our own configuration allows, for an answer as for silence."""
_ANSWER = (("turn_settings.timeout_count",), ("vgwConversationResponseTimeout",))
_SETTINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "post_response_timeout_count": (("post_response_timeout_count",), ("vgwPostResponseTimeoutCount",)),
    "final_utterance_timeout_count": (("final_utterance_timeout_count",), ("vgwFinalUtteranceTimeout",)),
}
"""What the house reads of our session's context, and where dialogues write it: today, and in 2020."""
RECORD = "cdr_custom_data"


def limits(context: Any) -> dict[str, float]:
    """Seconds that the dialogue gives itself for an answer, by channel, where it says so."""
    telephony, variables = _telephony(context), _variables(context)
    by_text = (
        variables.get("smsConversationResponseTimeout"),
        at(context, "integrations.text_messaging.turn_settings.timeout_count"),
    )
    found = {
        "voice": _first(_found(telephony, variables, _ANSWER)),
        "sms": _first(by_text),
    }
    return {channel: count / 1000 for channel, count in found.items() if count}


def settings(context: Any, ours: Mapping[str, Any], *, new_call: bool = False) -> dict[str, Any]:
    """What of it the house carries out, as a change of our session's context (`ours`); empty without a change.
    Data for a call's record begin with the call.
    """
    telephony, variables = _telephony(context), _variables(context)
    before = _telephony(ours)
    after = dict(before)
    for name, places in _SETTINGS.items():
        if count := _first(_found(telephony, variables, places)):
            after[name] = int(count)
    if isinstance(telephony.get(RECORD), Mapping):
        after[RECORD] = _recorded(None if new_call else before.get(RECORD), telephony[RECORD])
    if after == before:
        return {}
    integrations = ours.get(INTEGRATIONS)
    kept = integrations if isinstance(integrations, Mapping) else {}
    return {INTEGRATIONS: {**kept, TELEPHONY: after}}


def _recorded(before: Any, changes: Mapping[str, Any]) -> dict[str, Any]:
    """`cdr_custom_data`, joined key by key; an empty text deletes (IBM: "Integration variables")."""
    joined = {**(before if isinstance(before, Mapping) else {}), **changes}
    return {name: value for name, value in joined.items() if value not in ("", None)}


def _found(
    telephony: Mapping[str, Any],
    variables: Mapping[str, Any],
    places: tuple[tuple[str, ...], tuple[str, ...]],
) -> list[Any]:
    today, older = places
    return [*(at(telephony, path) for path in today), *(variables.get(name) for name in older)]


def _first(values: Iterable[Any]) -> float:
    """The first that is a number of milliseconds within bounds, also one written as a text; 0 where none is."""
    for value in values:
        try:
            count = 0.0 if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            continue
        if 0 < count <= MOST * 1000:
            return count
    return 0.0


def _telephony(context: Any) -> dict[str, Any]:
    found = at(context, f"{INTEGRATIONS}.{TELEPHONY}")
    return dict(found) if isinstance(found, Mapping) else {}


def _variables(context: Any) -> Mapping[str, Any]:
    found = at(context, VARIABLES)
    return found if isinstance(found, Mapping) else {}
