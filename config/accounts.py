"""Keys of an account at a carrier, the same in each section that has one."""

from __future__ import annotations

from typing import Any, Final

from config.addresses import api_base, secret_text, sid
from config.kinds import ListOf
from config.schema import key

CARRIER: Final = "https://api.twilio.com"


def account_sid(whose: str = "The") -> Any:
    """`account_sid`."""
    return key(sid("AC"), "", meaning=f"{whose} carrier account; required unless base_url is simulator.")


def auth_token(whose: str = "The") -> Any:
    """`auth_token`: every token that is valid now."""
    meaning = (
        f"{whose} account's token, or a list while rotating (the first one signs in); "
        "required unless base_url is simulator."
    )
    return key(ListOf(secret_text(), or_one=True), "", meaning=meaning)


def base_url() -> Any:
    """`base_url`."""
    meaning = "Any Twilio-compatible REST endpoint; `simulator` for the built-in one, which needs no account."
    return key(api_base(CARRIER), CARRIER, meaning=meaning)
