"""Items as an assistant would write them: for whoever looks at an answer, or changes it, before it is carried out.

What an answer can hold and no response type says (settings of a call, commands of older dialogues) is `kept`: the
item is named, and stands for itself where it comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from orchestrator.core import items
from orchestrator.core.items import Item

KEPT = "kept"
Written = dict[str, Any]


def written(found: Sequence[Item]) -> list[Written]:
    """Each item, in order."""
    return [_one(place, item) for place, item in enumerate(found)]


def _one(place: int, item: Item) -> Written:
    make = _MAKERS.get(type(item))
    made = make(item) if make else {"response_type": KEPT, "index": place, "item": type(item).__name__}
    channels = {"channels": list(item.channels)} if item.channels else {}
    return _given(made) | channels


def _given(made: Written) -> Written:
    """Without what says nothing."""
    return {key: value for key, value in made.items() if value not in ("", None, [], {}, False)}


def _options(item: items.Options) -> Written:
    choices = [{"label": each.label, "value": {"input": {"text": each.value}}} for each in item.choices]
    name = "options" if item.kind == "option" else "suggestions"
    return {
        "response_type": item.kind,
        "title": item.title,
        "description": item.description,
        name: choices,
        "prefix": item.prefix,
    }


def _media(item: items.Media) -> Written:
    words = {"title": item.title, "description": item.description, "alt_text": item.alt_text}
    return {"response_type": item.kind, "source": item.source, **words, "loop": item.loop}


def _search(item: items.Search) -> Written:
    results = [{"body": item.body}] if item.body else []
    return {"response_type": "search", "header": item.header, "primary_results": results}


def _send_text(item: items.SendText) -> Written:
    return {
        "response_type": "send_text",
        "text": item.text,
        "media": list(item.media),
        "to": item.to,
        "from": item.sender,
        "urgent": item.urgent,
    }


def _ask_for_text(item: items.AskForText) -> Written:
    asked = {
        name: getattr(item, name) for name in ("text", "say", "keep_as", "timeout", "pattern", "on_mismatch")
    }
    reminder = _given({"after": item.reminder_after, "say": item.reminder_say})
    by_voice: Written = {}
    if item.fallback is not None:
        collect = _parameters(item.fallback.collect) if item.fallback.collect else {}
        by_voice = _given({"say": item.fallback.say, "collect": collect})
    return {"response_type": "ask_for_text", **asked, "reminder": reminder, "fallback": by_voice}


def _switch(item: items.SwitchChannel) -> Written:
    words = {"to": item.to, "text": item.text, "say": item.say}
    return {"response_type": "switch_channel", **words, "keep_call": item.keep_call}


def _transfer(item: items.Transfer) -> Written:
    if item.agent or item.whisper or item.unavailable:
        return _agent(item)
    headers = {"timeout": item.timeout, "headers": dict(item.headers)}
    return {"response_type": "transfer", "to": item.to, "say": item.say, **headers}


def _agent(item: items.Transfer) -> Written:
    target: Written = _given({"phone_number": item.to})
    if item.to.lower().startswith("sip"):
        sip = _given({"uri": item.to, "transfer_headers": dict(item.headers)})
        target = {"service_desk": {"sip": sip}}
    return {
        "response_type": "connect_to_agent",
        "transfer_info": {"target": target},
        "agent_available": _given({"message": item.say}),
        "agent_unavailable": _given({"message": item.unavailable}),
        "message_to_human_agent": item.whisper,
    }


def _collect(item: items.CollectDigits) -> Written:
    given = {"stop_after_collection": item.stop_after, **_parameters(item)}
    command = {"type": "collect", "parameters": _given(given)}
    return {"response_type": "dtmf", "command_info": command}


def _parameters(item: items.CollectDigits) -> Written:
    return _given(
        {
            "count": item.count or None,
            "minimum_count": item.minimum or None,
            "maximum_count": item.maximum or None,
            "termination_key": item.termination_key,
            "inter_digit_timeout_count": item.inter_digit_timeout * 1000 or None,
            "ignore_speech": item.ignore_speech,
        }
    )


def _digits(item: items.SendDigits) -> Written:
    command = {"type": "send", "parameters": {"digits": item.digits}}
    return {"response_type": "dtmf", "command_info": command}


_MAKERS: dict[type, Callable[[Any], Written]] = {
    items.Text: lambda item: {"response_type": "text", "text": item.text},
    items.Pause: lambda item: {"response_type": "pause", "time": item.seconds * 1000},
    items.Options: _options,
    items.Media: _media,
    items.Search: _search,
    items.SendText: _send_text,
    items.AskForText: _ask_for_text,
    items.SwitchChannel: _switch,
    items.Transfer: _transfer,
    items.HangUp: lambda item: {"response_type": "hang_up", "say": item.say},
    items.EndSession: lambda item: {"response_type": "end_session", "say": item.say},
    items.CollectDigits: _collect,
    items.SendDigits: _digits,
}
