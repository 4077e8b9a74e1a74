"""A right configuration, and how tests bend it: each names the one line that it makes wrong."""

from __future__ import annotations

from typing import Final

import pytest

from config import ConfigError, parse

TOKEN: Final = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
"""A secret that stands in the text; no report may show it."""

RIGHT: Final = f"""\
service:
  public_url: https://voice.example.com
  redis_url: redis://localhost:6379/0
  api_token: ${{TANDEM_API_TOKEN}}
  hash_key: ${{TANDEM_HASH_KEY}}
assistants:
  support:
    backend:
      kind: http
      url: https://bot.example.com/turn
      secret: whsec_c2VjcmV0
    phone:
      numbers: [+1 958 555 0123]
      account_sid: AC0123456789abcdef0123456789abcdef
      auth_token: {TOKEN}
    messaging:
      numbers: [+1 958 555 0123]
      account_sid: AC0123456789abcdef0123456789abcdef
      auth_token: {TOKEN}
"""

ENVIRON: Final = {"TANDEM_API_TOKEN": "from-environment-1", "TANDEM_HASH_KEY": "from-environment-2"}


def changed(old: str, new: str) -> str:
    """The right text with one piece, its first, replaced."""
    assert old in RIGHT
    return RIGHT.replace(old, new, 1)


def refused(text: str, environ: dict[str, str] | None = None) -> ConfigError:
    """The error of a text that must not pass."""
    with pytest.raises(ConfigError) as caught:
        parse(text, name="tandem.yaml", environ=ENVIRON if environ is None else environ)
    return caught.value
