"""What is found wrong with an implementation of the contract, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "warning"]
HINTS: dict[str, str] = {
    "unreachable": "start the assistant, and give the address that it listens on",
    "timeout": "answer sooner; a caller waits for at most 30 s, and hears fillers after 4 s",
    "slow": "answer within 4 s, or stream: callers hear a filler until then",
    "broken_off": "send as many bytes as `Content-Length` says, and end chunked bodies",
    "bad_encoding": "pack by gzip or deflate only where `Content-Encoding` says so, and whole",
    "too_large": "answer with less than 1 MiB, unpacked",
    "signature_refused": "compare the secret here with the assistant's; the signature is over the raw bytes of the body",
    "needs_secret": "give the secret that the assistant checks signatures with: --secret whsec_...",
    "redirected": "give the final address: turns follow no redirects",
    "not_found": "serve POST at the path of this address",
    "fails": "answer 200, or 204 for nothing; the assistant's log tells why it failed",
    "content_type": "answer as application/json, or item by item as application/x-ndjson or text/event-stream",
    "not_utf8": "write the body as UTF-8",
    "not_json": 'answer with one JSON object: {"responses": [...], "context": {...}}',
    "not_an_answer": 'answer with one JSON object: {"responses": [...], "context": {...}}',
    "bad_entry": 'stream one item, or {"context": {...}}, as JSON on one line (x-ndjson) or as the data of one event',
    "bad_responses": "make `responses` a list of items",
    "bad_context": "make `context` an object: its keys are merged into the session's",
    "too_many_items": "answer with at most 200 items",
    "not_an_item": "make each item an object with a `response_type`",
    "unknown_type": "use one of the response types of the reference; the item is skipped",
    "missing_field": "add the field; the item is skipped",
    "wrong_field": "write the value as told; the item is skipped",
    "unknown_field": "write the field as in the reference; it is not read",
    "unusable_item": "look the response type up in the reference; the item is skipped",
    "not_allowed": "look into `allowed` before asking for an action; the item is skipped",
    "says_nothing": 'answer with items: {"responses": [{"response_type": "text", "text": "Hello"}]}',
    "silent": "answer with a `text`: the caller hears nothing",
    "signature_not_checked": "answer 401 to a request whose `webhook-signature` does not match",
    "body_not_signed": "compute the signature over `id.timestamp.body` with the raw bytes that came",
    "unsigned_accepted": "answer 401 to a request without a signature",
    "signature_crash": "answer 401 where a signature is missing or wrong",
    "replay_accepted": "refuse a `webhook-timestamp` that is more than 5 minutes old",
    "unknown_event_refused": "answer an event that you do not know with 200 and no items; a later release may bring more",
    "unknown_fields_refused": "pass over fields that you do not know; a later release may bring more",
    "withheld_refused": "accept `customer.phone_number` null: the caller's number is withheld",
    "own_context_refused": "accept in `context` what your own answers, operators and the API put there",
    "repeat_refused": "answer a repeated `turn_id` again: the first answer was lost on its way",
    "repeat_differs": "give the same answer to the same `turn_id`: keep it for some minutes",
}
"""What to do about each."""
WARNINGS = frozenset({"slow", "silent", "replay_accepted"})
"""What costs quality, but breaks nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: its `code`, the `turns` where it showed, the offending `part` (empty: all of it), what is wrong,
    and what to do. `part` and `message` hold no words of an answer beyond its field names.
    """

    code: str
    message: str
    part: str = ""
    turns: tuple[str, ...] = ()
    meant: str = ""

    @property
    def hint(self) -> str:
        """What to do."""
        return f"{HINTS[self.code]}; did you mean `{self.meant}`?" if self.meant else HINTS[self.code]

    @property
    def severity(self) -> Severity:
        """Whether it breaks something."""
        return "warning" if self.code in WARNINGS else "error"

    def at(self, turn: str) -> Finding:
        """The fault, seen in a turn."""
        return replace(self, turns=(turn,))


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Each fault once, with every turn where it showed; errors first."""
    found: dict[tuple[str, str, str], Finding] = {}
    for each in findings:
        key = (each.code, each.part, each.message)
        before = found.get(key)
        turns = dict.fromkeys((*(before.turns if before else ()), *each.turns))
        found[key] = replace(each, turns=tuple(turns))
    return sorted(found.values(), key=lambda each: each.severity)
