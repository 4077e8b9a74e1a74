"""Kinds of values that name somebody to call or text: phone numbers as people write them, and SIP addresses."""

from __future__ import annotations

import re
from typing import Final

from config.kinds import Json, Kind, MistakeError
from orchestrator.core.numbers import E164

NUMBER_EXPECTED: Final = (
    "international form, such as +1 958 555 0123: a plus, the country code, digits; blanks allowed"
)


def number() -> Kind[E164]:
    """A phone number in international form."""
    schema: Json = {"type": ["string", "integer"], "pattern": r"^\s*\+\s*[1-9]([\s]*[0-9]){6,14}\s*$"}
    return Kind("phone number", read_number, schema)


def read_number(given: str) -> E164:
    """An E.164 number, blanks taken out. Raises MistakeError with what to write."""
    try:
        return E164.parse(given)
    except ValueError:
        message = "parentheses do not belong in it" if "(" in given else _number_fault(given)
        raise MistakeError(
            f"not a phone number in international form: {message}", NUMBER_EXPECTED, _bare_number(given)
        ) from None


def _bare_number(given: str) -> str:
    """The number without what people put between its digits, or nothing if that is none.

    A `(0)` is dialled inside the country only, and goes with its parentheses.
    """
    bare = re.sub(r"[\s().\-/]", "", given.replace("(0)", ""))
    try:
        return str(E164.parse(bare))
    except ValueError:
        return ""


def _number_fault(given: str) -> str:
    bare = "".join(given.split())
    if not bare.startswith("+"):
        return "the + and the country code are missing"
    if re.search(r"[^0-9]", bare[1:]):
        return "only digits and blanks may follow the +"
    return "7 to 15 digits follow the +, the first of them not 0"


def transfer_target() -> Kind[str]:
    """Nothing, a phone number, or a sip: URI."""

    def read(given: str) -> str:
        stripped = given.strip()
        if re.fullmatch(r"sips?:[^\s@<>\"]+(@[^\s@<>\"]+)?", stripped):
            return stripped
        if stripped.startswith("sip"):
            raise MistakeError("not a SIP address", "sip:agent@example.com")
        return str(read_number(stripped)) if stripped else ""

    return Kind("phone number or sip: URI", read, {"type": ["string", "integer"]})
