"""What a turn is in the words that IBM's integrations use for it: `input.text`, and the variables beside it.

The variables of 2020 stand in `user_defined` of the skills, those of today in `integrations`; both are
written (IBM: "Phone integration reference", "SMS with Twilio integration reference", "Integration variables").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrator.assistants.watson.memory import Memory

MAX_TEXT = 2048
"""Characters of `input.text` (IBM: MessageInput, maxLength)."""
MAX_ATTACHMENTS = 5  # IBM: MessageInput, maxItems
_BREAKS = re.compile(r"[\r\n\t]+")
Request = Mapping[str, Any]
HangUpTurn = Literal["auto", "always", "never"]


@dataclass(frozen=True, slots=True)
class Habits:
    """Which turns are asked that only older dialogues know: when a caller hung up, and when a thread expires.

    `auto` tells of a hang-up unless texts go on in the same conversation: a dialogue of today would take the
    word for the customer's answer.
    """

    hang_up_turn: HangUpTurn = "auto"
    expiry_turn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One turn's input. `telephony` is `input.integrations.voice_telephony`; `variables` hold for this turn alone."""

    text: str = ""
    telephony: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    attachments: list[dict[str, str]] = field(default_factory=list)
    chosen: dict[str, Any] = field(default_factory=dict)


Teller = Callable[[Request, Memory, Habits], "Said | None"]


def said(request: Request, memory: Memory, habits: Habits) -> Said | None:
    """The input of a turn, or None for one that Watson is not asked about."""
    return _EVENTS.get(request.get("event"), _other)(request, memory, habits)


def is_voice(request: Request) -> bool:
    """Whether the turn is one of a call: a text that comes during a call is, too."""
    return bool(request["channels"]["voice"]["live"]) or request["channel"] == "voice"


def one_line(text: str) -> str:
    """The text as `input.text` may hold it: no carriage return, newline or tab, within its bound."""
    return _BREAKS.sub(" ", text).strip()[:MAX_TEXT]


# Plain input -------------------------------------------------------------------------------------
def _plain(request: Request, memory: Memory, _: Habits) -> Said | None:
    given = request["input"]
    text = one_line(given["text"])
    if not is_voice(request):
        media = _media(given)
        return Said(
            text=text,
            variables={"smsMedia": media} if media else {},
            attachments=_attachments(given),
            chosen=memory.choices.get(given["text"], {}),
        )
    is_dtmf = given["type"] == "dtmf"
    cut = "heard_until_interrupt" in request["event_data"]
    keys = _collected(request)
    telephony = {"is_dtmf": is_dtmf, "barge_in_occurred": cut, **keys[0]}
    variables = {"vgwIsDTMF": _yes(is_dtmf), "vgwBargeInOccurred": _yes(cut), **keys[1]}
    if given["type"] == "speech":
        result = _recognised(given)
        telephony["speech_to_text_result"] = variables["vgwSTTResponse"] = result
    chosen = memory.choices.get(given["text"], {})
    return Said(text=text, telephony=telephony, variables=variables, chosen=chosen)


def _collected(request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
    succeeded = request["event_data"].get("dtmf_collection_succeeded")
    if succeeded is None:
        return {}, {}
    return {"dtmf_collection_succeeded": succeeded}, {"vgwDTMFCollectionSucceeded": _yes(succeeded)}


def _recognised(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was heard, in the form of IBM's recogniser."""
    best = {"transcript": given["text"], "confidence": given["confidence"]}
    if given["confidence"] is None:
        del best["confidence"]
    return {"result_index": 0, "results": [{"final": True, "alternatives": [best]}]}


def _yes(flag: object) -> str:
    return "Yes" if flag else "No"


def _media(given: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"mediaURL": each["url"], "mediaContentType": each["content_type"]} for each in given["media"]]


def _attachments(given: Mapping[str, Any]) -> list[dict[str, str]]:
    found = [{"media_type": each["content_type"], "url": each["url"]} for each in given["media"]]
    return found[:MAX_ATTACHMENTS]


# Texts in a call -----------------------------------------------------------------------------------
def _reply(request: Request, memory: Memory, _: Habits) -> Said | None:
    """A text that came during a call: the magic word, or the text itself where the dialogue asked for that."""
    given = request["input"]
    body, media = given["text"], _media(given)
    variables: dict[str, Any] = {
        "vgwSMSMessage": body,
        "vgwSmsMessage": body,  # as IBM's page of 2020 writes it
        "vgwSMSUserPhoneNumber": request["customer"]["phone_number"],
        "vgwReceivedOnChannel": "SMS",
    }
    if media:
        variables["vgwSMSMedia"] = media
    line = one_line(body)
    return Said(
        text=line if memory.as_input and line else "vgwSMSMessage",
        telephony={"sms_message": body, "is_dtmf": False, "barge_in_occurred": False},
        variables=variables,
        attachments=_attachments(given),
    )


# Events --------------------------------------------------------------------------------------------
def _opening(_: Request, __: Memory, ___: Habits) -> Said | None:
    return Said()


def _silence(request: Request, _: Memory, __: Habits) -> Said | None:
    keys = _collected(request)
    if not is_voice(request):
        return Said(text="smsResponseTimeout")
    return Said(
        text="vgwPostResponseTimeout",
        telephony={"post_response_timeout_occurred": True, **keys[0]},
        variables=keys[1],
    )


def _text_failed(_: Request, __: Memory, ___: Habits) -> Said | None:
    return Said(text="vgwSMSFailed")


def _transfer_failed(request: Request, _: Memory, __: Habits) -> Said | None:
    reason = request["event_data"].get("reason", "")
    return Said(
        text="vgwCallTransferFailed",
        variables={"vgwCallTransferFailed": "Yes", "vgwTransferReason": reason},
    )


def _forced(request: Request, _: Memory, __: Habits) -> Said | None:
    return Said(text="vgwNoInputTurn" if is_voice(request) else "smsNoInputTurn")


def _hang_up(request: Request, memory: Memory, habits: Habits) -> Said | None:
    """IBM tells of a hang-up by the caller or by an error, not of one that the dialogue asked for."""
    why = request["event_data"].get("reason", "")
    reason = _HANG_UPS.get(why)
    variables = {"vgwHangUp": "Yes", "vgwHangupReason": reason or "assistant_hangup"}
    if why == "transferred":
        variables |= {"vgwHangupReason": "assistant_transfer", "vgwCallTransferred": "Yes"}
    goes_on = bool(request["channels"]["sms"]["open"])
    wanted = habits.hang_up_turn == "always" or (habits.hang_up_turn == "auto" and not goes_on)
    if reason and wanted:
        return Said(text="vgwHangUp", variables=variables)
    memory.ended = variables
    return None


def _expiry(_: Request, __: Memory, habits: Habits) -> Said | None:
    return Said(text="smsResponseTimeout") if habits.expiry_turn else None


def _untold(_: Request, __: Memory, ___: Habits) -> Said | None:
    """IBM has no word for it."""
    return None


def _other(request: Request, memory: Memory, habits: Habits) -> Said | None:
    teller = _plain if request["input"]["type"] != "none" else _forced
    return teller(request, memory, habits)


_HANG_UPS = {"ended": "caller_hangup", "failed": "failed", "lost": "failed"}  # words of IBM's call records
_EVENTS: dict[str | None, Teller] = {
    None: _plain,
    "call_started": _opening,
    "session_started": _opening,
    "text_reply": _reply,
    "no_input": _silence,
    "text_reply_timeout": _silence,
    "text_failed": _text_failed,
    "transfer_failed": _transfer_failed,
    "resume": _forced,
    "call_ended": _hang_up,
    "call_failed": _untold,
    "session_timeout": _expiry,
}
