"""What `tandem serve` refuses before it serves anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("store", "remedy"),
    [("memory://", "service.redis_url"), ("redis://127.0.0.1:9/0", "base_url: simulator")],
)
def test_what_lives_in_one_process_is_not_served_by_two(
    tmp_path: Path, run: Run, store: str, remedy: str
) -> None:
    """The embedded store and the built-in carrier are each refused with the remedy, as a configuration."""
    assert run("init", tmp_path / "shop").exit_code == 0
    file = tmp_path / "shop" / "tandem.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("redis_url: memory://", f"redis_url: {store}"), encoding="utf-8")
    result = run("serve", "--config", file, "--workers", "2")
    assert result.exit_code == 3
    assert remedy in result.output
