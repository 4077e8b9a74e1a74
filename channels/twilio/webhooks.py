"""The checks that every webhook passes, in their order; what it says is read in `voice_facts.py` and
`text_facts.py`. Nothing here does I/O: the size is checked where the body is read, in `edge.py`.

    size 413 -> form 415 -> our number present 400 -> integration 404 -> signature 403 -> fields 400

`AccountSid` is not compared: the token proves the account. No answer tells whether a customer exists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from channels.twilio.forms import Form, is_form
from channels.twilio.integration import Directory, Integration, Kind
from channels.twilio.signature import is_valid
from channels.twilio.urls import Query, absolute
from orchestrator.core.numbers import E164

MAX_BODY = 64 * 1024
"""Bytes. The carrier's largest form, a 1600-character text with ten media addresses, is a tenth of it."""

SIGNATURE_HEADER = "X-Twilio-Signature"

# Caller ids that look like numbers and are words on the keys, put in where the caller withholds theirs:
# ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE.
_WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
_SID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Refused(Exception):  # noqa: N818 - an answer to the carrier, told as such
    """A webhook that is answered with `status`. `reason` is for the log and holds no content."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request as it came in: what the checks look at. `path` is the one it is served under."""

    path: str
    query: str
    content_type: str | None
    signature: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Webhook:
    """A request that is the carrier's. `ours` is our number in it, `customer` the other side's."""

    integration: Integration
    path: str
    form: Form
    query: Query
    ours: str
    customer: E164 | None
    outbound: bool


def check_voice(arrived: Arrived, directory: Directory) -> Webhook:
    """A voice request or call status. In a call that we made, `From` is our number."""
    form = _form(arrived)
    outbound = form.get("Direction").startswith("outbound")
    ours, theirs = ("From", "To") if outbound else ("To", "From")
    webhook = _admit(arrived, directory, "phone", form, ours, theirs, outbound=outbound)
    _require_sid(form, "CallSid")
    _require(form, theirs)
    return webhook


WITHOUT_BODY = ("Latitude", "ButtonText", "ButtonPayload")
"""Fields that say enough by themselves (Twilio, incoming message webhook: location and buttons)."""


def check_text(arrived: Arrived, directory: Directory) -> Webhook:
    """A message that came in. Only one with media, a place or a button may come without `Body`."""
    form = _form(arrived)
    webhook = _admit(arrived, directory, "messaging", form, "To", "From", outbound=False)
    _require_sid(form, "MessageSid")
    _require_filled(form, "From")
    if not form.integer("NumMedia") and not any(form.get(name) for name in WITHOUT_BODY):
        _require(form, "Body")
    return webhook


def check_delivery(arrived: Arrived, directory: Directory) -> Webhook:
    """A message status. Its sender may be a number of a messaging service that no configuration
    lists; the integration is then the one that the address names.
    """
    form = _form(arrived)
    webhook = _admit(arrived, directory, "messaging", form, "From", "To", outbound=True)
    _require_sid(form, "MessageSid")
    _require_filled(form, "MessageStatus")
    return webhook


def check_whisper(arrived: Arrived, directory: Directory) -> Webhook:
    """A request of the leg to a human. The form may hold no number of ours: the address names it."""
    form, query = _form(arrived), Query.read(arrived.query)
    number = query.get("number")
    if not number:
        raise Refused(400, "missing_number")
    integration = directory.by_number("phone", number)
    if integration is None:
        raise Refused(404, "unknown_number")
    _signer(arrived, form, [integration])
    return Webhook(integration, arrived.path, form, query, number, None, outbound=True)


def _form(arrived: Arrived) -> Form:
    if not is_form(arrived.content_type):
        raise Refused(415, "not_a_form")
    return Form.read(arrived.body)


def _admit(
    arrived: Arrived, directory: Directory, kind: Kind, form: Form, ours: str, theirs: str, *, outbound: bool
) -> Webhook:
    number = form.get(ours).strip()
    if not number:
        raise Refused(400, f"missing_{ours}")
    query = Query.read(arrived.query)
    owner = directory.by_number(kind, number)
    asked: Sequence[Integration] = [owner] if owner else ()
    if owner is None and kind == "messaging" and outbound:
        asked = directory.all_of(kind, query.get("assistant"))
    if not asked:
        raise Refused(404, "unknown_number")
    integration = _signer(arrived, form, asked)
    return Webhook(integration, arrived.path, form, query, number, customer_of(form.get(theirs)), outbound)


def _signer(arrived: Arrived, form: Form, asked: Sequence[Integration]) -> Integration:
    """The integration that signed it, of those whose it may be. The address signed is the public one with path and
    query as received, never `Host`.
    """
    for integration in asked:
        url = absolute(integration.style.public_url, arrived.path)
        if arrived.query:
            url = f"{url}?{arrived.query}"
        if is_valid(url, form.pairs, arrived.signature, integration.auth_tokens):
            return integration
    raise Refused(403, "signature")


def customer_of(number: str) -> E164 | None:
    """The other side's number; None where it is withheld, a SIP address or a client."""
    stripped = number.strip()
    return None if stripped in _WITHHELD else E164.maybe(stripped)


def _require(form: Form, name: str) -> None:
    if name not in form:
        raise Refused(400, f"missing_{name}")


def _require_filled(form: Form, name: str) -> None:
    if not form.get(name).strip():
        raise Refused(400, f"missing_{name}")


def _require_sid(form: Form, name: str) -> None:
    if not _SID.fullmatch(form.get(name)):
        raise Refused(400, f"missing_{name}")
