"""What the API answers when it says no: `application/problem+json` (RFC 9457), never with content in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse, Response

from orchestrator.core.errors import OverloadedError, TandemError

MEDIA_TYPE = "application/problem+json"
NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Answers hold numbers and words: no proxy keeps them, no browser guesses what they are."""


CODES = {
    "bad_json": (
        400,
        "the body is not JSON in UTF-8, names something twice in one object, or has more than 100 levels",
    ),
    "unauthorized": (401, "no bearer token, or none that is known"),
    "read_only": (403, "a token that may only read"),
    "not_found": (404, "there is no such address"),
    "session_not_found": (404, "no session has this id; ended ones are kept for `service.retention`"),
    "dead_letter_not_found": (404, "no dead letter has this id; it was retried or dropped"),
    "media_not_found": (404, "the carrier has no such media, or not any more"),
    "method_not_allowed": (405, "the address takes other methods: `Allow` lists them"),
    "not_allowed": (409, "the session's state does not permit the action: `allowed` lists those it does"),
    "session_ending": (409, "the session was ended, and its call is about to hang up"),
    "session_open": (409, "the customer has an open session: use its actions"),
    "opted_out": (409, "the customer opted out of texts"),
    "call_live": (409, "the customer is in a call with this assistant already"),
    "call_hours": (409, "it is outside the hours of `phone.call_hours`"),
    "no_number": (409, "the customer's number is withheld"),
    "thread_busy": (409, "another session of the number owns its texts: none can be asked for here"),
    "already_asked": (409, "a text is awaited already"),
    "assistant_gone": (409, "the session's assistant is not configured any more"),
    "too_large": (413, "the body has more than 65536 bytes"),
    "not_json": (415, "the body is not declared as `application/json`"),
    "invalid": (422, "fields are not as they should be: `errors` names each"),
    "unknown_action": (422, "there is no such action: `actions` lists them"),
    "unknown_assistant": (422, "no assistant of this name is configured"),
    "no_messaging": (422, "the assistant has no messaging integration"),
    "no_phone": (422, "the assistant has no phone integration"),
    "idempotency_key_reused": (422, "the `Idempotency-Key` came with another request before"),
    "internal": (500, "a bug of Tandem: its log tells more"),
    "not_placed": (502, "the carrier did not take the call; the assistant was told `call_failed`"),
    "media_unavailable": (502, "the carrier does not give the media now"),
    "store_unavailable": (503, "the store does not answer; nothing was stored"),
    "overloaded": (503, "more is under way than the service takes; nothing was stored"),
    "too_many_streams": (503, "too many streams are open"),
}
"""Every code, with its status and meaning: programs rely on the codes, people read the rest."""


class Problem(Exception):  # noqa: N818 - named as RFC 9457 names it
    """A refusal. `code` is a word for programs, `detail` says what is wrong, `hint` what to do instead.

    `more` are further members, such as `errors`, `state`, `allowed`.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        hint: str = "",
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})
        self.body: dict[str, Any] = {
            "type": f"urn:tandem:problem:{code}",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "code": code,
            "detail": detail,
            "hint": hint,
            **(more or {}),
        }

    def response(self) -> Response:
        """As HTTP."""
        return answer(self.body, self.status, headers=self.headers)


def answer(
    body: Mapping[str, Any], status: int = 200, *, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer; from 400 on it is a problem."""
    kind = MEDIA_TYPE if status >= HTTPStatus.BAD_REQUEST else "application/json"
    return JSONResponse(body, status, headers={**NO_STORE, **(headers or {})}, media_type=kind)


def unavailable(error: TandemError) -> Problem:
    """Nothing was stored: the store is away, or the house is full."""
    full = isinstance(error, OverloadedError)
    return Problem(
        503,
        "overloaded" if full else "store_unavailable",
        "More is under way than the service takes." if full else "The store does not answer.",
        hint="Nothing was stored. Send the same request again, with the same Idempotency-Key.",
        headers={"Retry-After": "1"},
    )


def internal() -> Problem:
    """A bug of ours: on record in the log."""
    return Problem(
        500, "internal", "Something is wrong in the service.", hint="The log of the service tells more."
    )


def not_found(detail: str, code: str = "not_found", hint: str = "") -> Problem:
    """There is no such thing."""
    return Problem(404, code, detail, hint=hint)


def wrong_method(allow: Sequence[str]) -> Problem:
    """The address is right, the method is not."""
    methods = ", ".join(allow)
    return Problem(405, "method_not_allowed", f"This address takes {methods}.", headers={"Allow": methods})


def wrong_fields(
    errors: Sequence[tuple[str, str]],
    *,
    code: str = "invalid",
    hint: str = "",
    more: Mapping[str, Any] | None = None,
) -> Problem:
    """Fields that are not as they should be: (name, what was expected) of each."""
    listed = [{"field": name, "detail": detail} for name, detail in errors]
    told = "; ".join(f"`{name}`: {detail}" for name, detail in errors)
    return Problem(422, code, told, hint=hint, more={"errors": listed, **(more or {})})


def unknown_assistant(known: Iterable[str], field: str = "assistant") -> Problem:
    """A field names an assistant that is not configured."""
    return wrong_fields([(field, f"expected one of {', '.join(known)}")], code="unknown_assistant")
