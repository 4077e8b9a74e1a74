"""The context that goes with a message: who is talking, what the variables are, and, to a session that does not
know them, what was said before.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping
from typing import Any

from orchestrator.assistants.items.fields import at
from orchestrator.assistants.watson.memory import Memory, digest
from orchestrator.assistants.watson.stored import cleared
from orchestrator.assistants.watson.words import Request, Said, is_voice

DIALOG, ACTIONS = "main skill", "actions skill"
VARIABLES = f"skills.{DIALOG}.user_defined"
MARK = "tandem_turn_id"
"""The variable that holds the turn's id. That it comes back shows that the service merges what we send."""
_HOST = "phone.invalid"  # calls do not reach us by SIP; dialogues look for the number in such addresses
_VOICE = (
    "vgwSessionID",
    "vgwSIPCallID",
    "vgwSIPFromURI",
    "vgwSIPToURI",
    "vgwSIPRequestURI",
    "vgwIsOutboundCall",
)
_TEXT = ("smsSessionID", "smsUserPhoneNumber", "smsTenantPhoneNumber")
INTEGRATIONS = "integrations"
TELEPHONY = "voice_telephony"


def user_of(request: Request) -> str:
    """Who the customer is for IBM's bill: the same for calls and texts, and not the number itself."""
    who = request["customer"]["phone_number"] or request["session_id"]
    return hashlib.sha256(who.encode()).hexdigest()[:32]


def context_of(request: Request, said: Said, memory: Memory, *, whole: bool) -> dict[str, Any]:
    """What changed for a session that knows the rest, or the `whole` for one that knows nothing."""
    base = copy.deepcopy(memory.context) if whole else {}
    known = at(base, VARIABLES)
    ours = _ours(request, memory, (known if isinstance(known, Mapping) else {}) if whole else None)
    variables = {
        **dict.fromkeys(memory.once),
        **_left(request, memory),
        **ours,
        **_scene(request),
        **_given(request, memory),
        **memory.ended,
        **_error(request),
        **said.variables,
        MARK: request["turn_id"],
    }
    changes: dict[str, Any] = {
        "global": {"system": {"user_id": user_of(request)}},
        "skills": {
            DIALOG: {"user_defined": variables},
            ACTIONS: {"user_defined": dict(variables), "skill_variables": ours},
        },
        INTEGRATIONS: _integrations(request, memory, whole=whole),
    }
    merged = merge(merge(base, cleared(memory.ran)), changes)
    return without_nulls(merged) if whole else merged


def one_turn(said: Said, request: Request, memory: Memory) -> list[str]:
    """The names of the variables that hold for this turn alone."""
    return sorted({*said.variables, *memory.ended, *_error(request)})


def _ours(request: Request, memory: Memory, known: Mapping[str, Any] | None) -> dict[str, Any]:
    """Our session's context as far as Watson does not have it; a key that is gone is null. To a session that knows
    nothing (`known` is what it will be told of before) everything is told that is not among that.
    """
    context = {name: value for name, value in request["context"].items() if name != INTEGRATIONS}
    gone = dict.fromkeys(memory.told.keys() - context.keys())
    return gone | {
        name: value
        for name, value in context.items()
        if memory.told.get(name) != digest(value) or (known is not None and name not in known)
    }


def told(request: Request) -> dict[str, str]:
    """Digests of our session's context: what Watson knows of it after this turn."""
    return {name: digest(value) for name, value in request["context"].items() if name != INTEGRATIONS}


def _error(request: Request) -> dict[str, Any]:
    error = request.get("last_text_error")
    return {"smsError": error} if error else {}


# Who is talking ----------------------------------------------------------------------------------
def _scene(request: Request) -> dict[str, Any]:
    """The variables of 2020 that hold for the whole call or thread."""
    theirs, ours = request["customer"]["phone_number"], request["assistant_number"]
    if not is_voice(request):
        return dict(zip(_TEXT, (request["session_id"], theirs, ours), strict=True))
    voice = request["channels"]["voice"]
    outbound = "Yes" if voice.get("direction") == "outbound" else "No"
    addresses = (_sip(theirs), _sip(ours), _sip(ours))
    values = (request["session_id"], voice.get("call_sid"), *addresses, outbound)
    return dict(zip(_VOICE, values, strict=True))


def _given(request: Request, memory: Memory) -> dict[str, Any]:
    """What the API opened a text session with, told once and kept by Watson."""
    given = {name: value for name, value in request["context"].items() if name != INTEGRATIONS}
    return {"smsUserData": given} if given and not memory.channel and not is_voice(request) else {}


def _sip(number: str | None) -> str:
    return f"sip:{number or 'anonymous'}@{_HOST}"


def _integrations(request: Request, memory: Memory, *, whole: bool) -> dict[str, Any]:
    name, other = (TELEPHONY, "text_messaging") if is_voice(request) else ("text_messaging", TELEPHONY)
    user = {
        "id": request["customer"]["phone_number"] or request["session_id"],
        **_number(request, "phone_number"),
    }
    found: dict[str, Any] = {
        "channel": {"name": "Phone" if is_voice(request) else "SMS", "private": {"user": user}},
        name: _telephony(request, whole=whole) if is_voice(request) else _messaging(request),
    }
    if _has_moved(request, memory):
        found[other] = None
    return found


def channel_of(request: Request) -> str:
    """The integration that a turn belongs to, by its name."""
    return TELEPHONY if is_voice(request) else "text_messaging"


def _has_moved(request: Request, memory: Memory) -> bool:
    return bool(memory.channel) and memory.channel != channel_of(request)


def _left(request: Request, memory: Memory) -> dict[str, Any]:
    """The variables of the channel that the conversation has left: dialogues tell by them where it is."""
    return dict.fromkeys(_TEXT if is_voice(request) else _VOICE) if _has_moved(request, memory) else {}


def _messaging(request: Request) -> dict[str, Any]:
    return {
        "assistant_phone_number": request["assistant_number"],
        "private": _number(request, "user_phone_number"),
    }


def _telephony(request: Request, *, whole: bool) -> dict[str, Any]:
    theirs, ours = request["customer"]["phone_number"], request["assistant_number"]
    addresses = {"sip_from_uri": _sip(theirs), "sip_to_uri": _sip(ours), "sip_request_uri": _sip(ours)}
    settings = request["context"].get(INTEGRATIONS) if whole else None
    kept = settings.get(TELEPHONY) if isinstance(settings, Mapping) else None
    return {
        **(kept if isinstance(kept, Mapping) else {}),
        "assistant_phone_number": ours,
        "sip_call_id": request["channels"]["voice"].get("call_sid"),
        "sip_custom_invite_headers": {},
        "private": {**_number(request, "user_phone_number"), **addresses},
    }


def _number(request: Request, name: str) -> dict[str, str]:
    """The customer's number under a name; nothing where it is withheld."""
    number = request["customer"]["phone_number"]
    return {name: number} if number else {}


# What is kept ------------------------------------------------------------------------------------
def kept(memory: Memory, sent: Mapping[str, Any], answered: Any) -> dict[str, Any]:
    """The conversation's context after an answer: what was sent, in the place of which stands what came back.

    Integrations are left out: they are made anew, and hold the customer's number.
    """
    found = without_nulls(merge(memory.context, {name: sent.get(name, {}) for name in ("global", "skills")}))
    if isinstance(answered, Mapping):
        for part in ("global", "skills"):
            if isinstance(answered.get(part), Mapping):
                found[part] = {**found.get(part, {}), **copy.deepcopy(dict(answered[part]))}
    found["global"].pop("session_id", None)
    return found


def merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Both, objects joined at every depth."""
    merged = dict(base)
    for name, value in changes.items():
        there = merged.get(name)
        if isinstance(there, Mapping) and isinstance(value, Mapping):
            merged[name] = merge(there, value)
        else:
            merged[name] = value
    return merged


def without_nulls(value: Mapping[str, Any]) -> dict[str, Any]:
    """The object without its nulls, at every depth of objects."""
    return {
        name: without_nulls(each) if isinstance(each, Mapping) else each
        for name, each in value.items()
        if each is not None
    }
