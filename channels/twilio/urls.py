"""Every address of ours that the carrier calls, made and read in this one place.

All are absolute: relative ones are refused by the carrier in documents that it got by its API
(error 15004). The fields of our own queries are `call`, `document`, `turn`, `round` and `beside`.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from orchestrator.core.effects import Document

OVERRIDES = "#rc=3&rp=5xx,ct,rt&rt=4500&tt=15000"
"""Three repeats, on 5xx, connect and read time-outs; 4.5 s for an answer, 15 s in all, which is the
carrier's own limit (Twilio, Webhooks connection overrides). Without them only a failed connect is tried
again, once."""

VOICE = "/twilio/voice"
VOICE_TURN = "/twilio/voice/turn"
VOICE_RESUME = "/twilio/voice/resume"
VOICE_PARTIAL = "/twilio/voice/partial"
VOICE_TRANSFER = "/twilio/voice/transfer"
VOICE_RELAY = "/twilio/voice/relay"
VOICE_RELAY_ACTION = "/twilio/voice/relay/action"
VOICE_STATUS = "/twilio/voice/status"
VOICE_FALLBACK = "/twilio/voice/fallback"
VOICE_WHISPER = "/twilio/voice/whisper"
SMS = "/twilio/sms"
SMS_FALLBACK = "/twilio/sms/fallback"
SMS_STATUS = "/twilio/sms/status"

MAX_WHISPER = 500
"""Characters of a whisper: with four bytes each, base64 keeps the address below 3000."""
_COUNT = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Query:
    """The fields of our own addresses, as they came back. What is broken or unknown is absent."""

    document: int = 0
    round: int = 0
    beside: bool = False
    fields: Mapping[str, str] | None = None

    def get(self, name: str) -> str:
        """Any other field, or nothing."""
        return (self.fields or {}).get(name, "")

    @classmethod
    def read(cls, text: str) -> Query:
        """Read a query string; the first of a repeated name counts. Never raises."""
        fields: dict[str, str] = {}
        for name, value in parse_qsl(text, keep_blank_values=True, errors="replace"):
            fields.setdefault(name, value)
        return cls(
            document=_count(fields.get("document", "")),
            round=_count(fields.get("round", "")),
            beside=fields.get("beside") == "1",
            fields=fields,
        )


def absolute(public_url: str, path: str, query: Mapping[str, object] | None = None) -> str:
    """`path` under the public address, which may have a path of its own."""
    address = public_url.rstrip("/") + path
    return f"{address}?{urlencode(query)}" if query else address


def turn(public_url: str, document: Document) -> str:
    """Where what the caller says or presses goes."""
    return absolute(public_url, VOICE_TURN, _names(document))


def partial(public_url: str, document: Document) -> str:
    """Where words on the way go: what the recogniser makes of unfinished speech."""
    return absolute(public_url, VOICE_PARTIAL, _names(document))


def transfer(public_url: str, document: Document) -> str:
    """Where the end of a dialling goes."""
    return absolute(public_url, VOICE_TRANSFER, _names(document))


def resume(public_url: str, document: Document, round_: int) -> str:
    """Where the carrier fetches the document after this one."""
    return absolute(public_url, VOICE_RESUME, _names(document) | {"round": round_})


def whisper(public_url: str, number: str, words: str) -> str:
    """Where the human who takes a transferred call is told `words` first; `number` is ours."""
    told = urlsafe_b64encode(words[:MAX_WHISPER].encode()).decode().rstrip("=")
    return absolute(public_url, VOICE_WHISPER, {"number": number, "say": told})


def whispered(query: Query) -> str:
    """The words of a whisper's address; nothing where they are broken."""
    told = query.get("say")
    try:
        return urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode()
    except ValueError:
        return ""


def interruption(public_url: str, call_sid: str, document: int, *, beside: bool) -> str:
    """Where a live call that we interrupt fetches its newest document."""
    query = {"call": call_sid, "document": document, "beside": int(beside)}
    return absolute(public_url, VOICE_RESUME, query)


def relay(public_url: str, assistant: str) -> str:
    """The socket of an assistant's calls: `wss:` where the public address is `https:`. It has no query:
    the carrier takes none.
    """
    return absolute("ws" + public_url.removeprefix("http"), f"{VOICE_RELAY}/{quote(assistant, safe='')}")


def message_status(public_url: str, callback: Mapping[str, str]) -> str:
    """Where the fate of a message is reported; `callback` names assistant and outbox entry."""
    return absolute(public_url, SMS_STATUS, callback)


def failed_path(error_url: str, public_url: str) -> tuple[str, Query]:
    """Path and query of the address that the carrier could not get a document from (`ErrorUrl`)."""
    try:
        parts, base = urlsplit(error_url), urlsplit(public_url)
    except ValueError:  # an address with a broken IPv6 host
        return "", Query()
    return parts.path.removeprefix(base.path.rstrip("/")), Query.read(parts.query)


def _names(document: Document) -> dict[str, object]:
    named: dict[str, object] = {"call": document.call_sid, "document": document.number}
    if document.turn_id:
        named["turn"] = document.turn_id
    return named | {"beside": int(document.beside)}


def _count(text: str) -> int:
    return int(text) if _COUNT.fullmatch(text) else 0
