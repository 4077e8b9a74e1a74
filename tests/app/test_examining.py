"""The doctor as the console asks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.sample import sample
from orchestrator.app.examining import doctor_of

pytestmark = pytest.mark.anyio


async def test_the_doctors_findings_come_from_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each check with its verdict and its fix, also where a project has a `config` of its own; nothing serves
    here, so that the carrier is out of reach.
    """
    monkeypatch.setenv("TANDEM_API_TOKEN", "token")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.py").write_text("raise SystemExit('not yours')", encoding="utf-8")
    file = tmp_path / "tandem.yaml"
    file.write_text(sample("simulator.yaml").replace("127.0.0.1:8080", "127.0.0.1:1"), encoding="utf-8")
    found = {finding.name.partition(",")[0]: finding for finding in await doctor_of(file)()}
    assert found["configuration"].verdict == "ok"
    assert found["redis"].verdict == "warning"
    assert "Fix: " in found["redis"].words
    assert found["credentials"].verdict == "failed"


async def test_a_file_that_is_wrong_is_a_finding(tmp_path: Path) -> None:
    """The page is shown all the same."""
    file = tmp_path / "tandem.yaml"
    file.write_text("service: {}", encoding="utf-8")
    assert [finding.verdict for finding in await doctor_of(file)()] == ["failed"]
