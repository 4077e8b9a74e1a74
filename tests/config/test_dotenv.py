"""The `.env` beside a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigError, load

YAML = """\
service: {public_url: "https://voice.example.com", redis_url: "memory://", api_token: "${TOKEN}"}
assistants:
  support:
    backend: {kind: scripted}
    phone: {numbers: ["+1 958 555 0123"], base_url: simulator}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration that takes its token from a variable."""
    (tmp_path / "tandem.yaml").write_text(YAML, encoding="utf-8")
    return tmp_path / "tandem.yaml"


def test_it_serves_for_what_the_environment_lacks(file: Path) -> None:
    """A variable of the file is taken, with quotes and comments as people write them; `$` means itself."""
    (file.parent / ".env").write_text('# mine\nTOKEN="a${b}c" # here\n\nexport OTHER=x\n', encoding="utf-8")
    assert load(file, {}).service.api_token.reveal() == "a${b}c"


def test_the_environment_wins(file: Path) -> None:
    """A variable that the environment has is not taken from the file."""
    (file.parent / ".env").write_text("TOKEN=of-the-file\n", encoding="utf-8")
    assert load(file, {"TOKEN": "of-the-environment"}).service.api_token.reveal() == "of-the-environment"


def test_it_may_set_any_field(file: Path) -> None:
    """An override by variable may stand in the file as well."""
    (file.parent / ".env").write_text("TOKEN=t\nTANDEM_SERVICE__RETENTION=1h\n", encoding="utf-8")
    assert load(file, {}).service.retention == 3600


@pytest.mark.parametrize("content", [b"TOKEN=fine\nno variable\n", b"TOKEN=fine\nTOKEN='hush-hush\n"])
def test_a_line_that_is_none_is_told_without_its_text(file: Path, content: bytes) -> None:
    """A mistake is told with file and line, and without what stands there."""
    (file.parent / ".env").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(file, {})
    assert ".env:2:1: this line sets no variable" in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("content", [b"TOKEN=\xff\n", b"TOKEN=" + b"x" * 70_000])
def test_what_is_no_such_file_is_told(file: Path, content: bytes) -> None:
    """A file in another encoding, or far too large, is a mistake of the configuration."""
    (file.parent / ".env").write_bytes(content)
    with pytest.raises(ConfigError, match=r"\.env"):
        load(file, {})
