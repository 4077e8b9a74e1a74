"""What can go wrong, as one small tree.

    TandemError
    ├── ContractError      ours: a bug, loud (500)
    ├── OverloadedError    ours: at a bound, nothing was stored (503)
    ├── BadCursorError     theirs: no cursor of a page that we gave (422)
    ├── CarrierError       theirs: the carrier refused, or its answer is not known
    ├── AssistantError     theirs: the assistant failed, was late, or answered nonsense
    └── StoreUnavailable   Redis did not answer in time: nothing was stored (503)

A late or repeated webhook is not an error: it is decided, as `Ignored`.
"""

from __future__ import annotations

from typing import Literal

Outcome = Literal["refused", "not_sent", "unknown"]
_SHOWN = 200  # characters of an unusable answer: enough to find the place


class TandemError(Exception):
    """Base of all errors of the house. `status_hint` is what the HTTP edge answers."""

    status_hint = 500
    retryable = False


class ContractError(TandemError):
    """A promise inside the house was broken: a bug, never survived silently."""


class StoreUnavailable(TandemError):  # noqa: N818 - a state of the world, told as such
    """The store did not answer within its budget; nothing was acknowledged."""

    status_hint = 503
    retryable = True


class OverloadedError(TandemError):
    """More is under way than the bounds allow: nothing was stored, try again later."""

    status_hint = 503
    retryable = True


class BadCursorError(TandemError):
    """Whoever asked for the next page gave what no page before it did."""

    status_hint = 422


class CarrierError(TandemError):
    """The carrier did not do what was asked.

    `outcome`: `refused` (it answered no), `not_sent` (the request never reached it, or it said
    "later": safe to repeat), `unknown` (it may have done it). `code` is the carrier's own error
    code, 0 where it gave none.
    """

    status_hint = 502

    def __init__(self, message: str, *, outcome: Outcome, code: int = 0, status: int = 0) -> None:
        super().__init__(message)
        self.outcome: Outcome = outcome
        self.code = code
        self.status = status
        self.retryable = outcome == "not_sent"


class AssistantError(TandemError):
    """The assistant gave no usable answer. `reason` is a word for operators, `detail` says more; neither holds
    content. `part` is the beginning of what could not be used: for the timeline, never for a log.
    """

    status_hint = 502

    def __init__(
        self, reason: str, detail: str = "", *, retryable: bool = True, part: str | bytes = ""
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.retryable = retryable
        shown = part[: 4 * _SHOWN].decode("utf-8", "replace") if isinstance(part, bytes) else part
        self.part = shown[:_SHOWN]
