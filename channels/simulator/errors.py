"""Twilio's error codes, as far as the simulator gives them: REST refusals and faults of documents.

Codes, meanings and HTTP statuses are those of Twilio's error dictionary (twilio.com/docs/api/errors).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Known:
    """What Twilio answers for a code: HTTP status and message."""

    status: int
    message: str


REFUSALS: Mapping[int, Known] = {
    20001: Known(400, "Bad request"),
    20003: Known(401, "Authenticate"),
    20004: Known(405, "Method not allowed"),
    20404: Known(404, "The requested resource was not found"),
    20429: Known(429, "Too Many Requests"),
    20500: Known(500, "An internal server error has occurred"),
    20503: Known(503, "Service unavailable"),
    21201: Known(400, "No 'To' number is specified"),
    21205: Known(400, "Url is not a valid URL"),
    21210: Known(400, "The source phone number provided is not yet verified for your account"),
    21211: Known(400, "The 'To' number is not a valid phone number"),
    21212: Known(400, "The 'From' number is not a valid phone number"),
    21213: Known(400, "No 'From' number is specified"),
    21220: Known(400, "Call is not in-progress. Cannot redirect."),
    21408: Known(400, "Permission to send an SMS has not been enabled for the region of the 'To' number"),
    21601: Known(400, "The 'From' phone number is not SMS-capable"),
    21602: Known(400, "Message body is required"),
    21603: Known(400, "A 'From' phone number is required"),
    21604: Known(400, "A 'To' phone number is required"),
    21606: Known(400, "The 'From' phone number is not a message-capable number of this account"),
    21608: Known(400, "The 'To' number is unverified. Trial accounts cannot send to it"),
    21609: Known(400, "The 'StatusCallback' URL is not a valid URL"),
    21610: Known(400, "Attempt to send to unsubscribed recipient"),
    21611: Known(429, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: Known(400, "Message cannot be sent with the current combination of 'To' and 'From'"),
    21614: Known(400, "The 'To' number is not a valid mobile number"),
    21617: Known(400, "The concatenated message body exceeds the 1600 character limit"),
    21620: Known(400, "Invalid media URL(s)"),
    21621: Known(400, "The 'From' number has not been enabled for picture messaging"),
    21623: Known(400, "Number of media files exceeds the allowed limit"),
    21635: Known(400, "The 'To' number is a landline"),
    21701: Known(400, "The Messaging Service does not exist"),
}

NO_ALARM = frozenset({21220})
"""Refusals that a correct application meets as well: an update races with the caller's hang-up."""


class RefusedError(Exception):
    """The API says no: a code of `REFUSALS`, or another one with status and message given."""

    def __init__(self, code: int, message: str = "", *, status: int = 0, planned: bool = False) -> None:
        known = REFUSALS.get(code, Known(400, "Refused"))
        self.code = code
        self.status = status or known.status
        self.message = message or known.message
        self.planned = planned  # a trouble that a test asked for is nobody's fault
        super().__init__(f"{code} {self.message}")

    def body(self) -> dict[str, Any]:
        """The JSON that Twilio answers with."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


class DocumentError(Exception):
    """A document could not be fetched or played. Codes: 11100 no URL, 11200 not retrieved, 11215 too
    many redirects, 12100 not XML, 12200 against the schema, 12300 content type, 13xxx a verb's own,
    15004 a relative URL in inline TwiML.
    """

    def __init__(self, code: int, what: str, url: str = "") -> None:
        self.code = code
        self.what = what
        self.url = url
        super().__init__(f"{code} {what}")
