"""The Debian packages that the other tests marked `system` stand on are there and work."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.system


def printed(*command: str) -> str:
    """What a command prints; one that fails is a failure of the test."""
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=40).stdout


def test_redis_is_of_today() -> None:
    """The system's redis-server is version 7 or later."""
    version = re.search(r"v=(\d+)", printed("redis-server", "--version"))
    assert version is not None
    assert int(version[1]) >= 7


def test_a_browser_reads_a_page(tmp_path: Path) -> None:
    """The system's chromium renders a page without a screen, scripts included."""
    page = tmp_path / "page.html"
    page.write_text("<p id=here></p><script>here.textContent = 6 * 7</script>", encoding="utf-8")
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    shown = printed(
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", profile, "--dump-dom", page.as_uri()
    )
    assert '<p id="here">42</p>' in shown
