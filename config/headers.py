"""The kind of value that a request carries beside its body: headers, names to secrets."""

from __future__ import annotations

import re

from config.addresses import secret_text
from config.kinds import Kind, MapOf, MistakeError
from config.secret import Secret


def headers() -> MapOf[Secret]:
    """Headers that any client sends as they are (RFC 9110, 5.1 and 5.5), without what is not ASCII."""
    plain = secret_text()

    def read(given: str) -> Secret:
        if not re.fullmatch(r"[\t\x20-\x7e]*", given.strip()):
            raise MistakeError(
                "a header holds one line of ASCII", "a secret, best as ${NAME} or ${file:PATH}"
            )
        return plain.read(given)

    return MapOf(Kind(plain.name, read, plain.schema, plain.write, secret=True), _check_name)


def _check_name(given: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", given):
        raise MistakeError("not the name of a header", "letters, digits and dashes, such as X-Api-Key")
