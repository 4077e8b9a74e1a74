"""The layers that import-linter proves are complete: a new room cannot stand outside of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from tests.architecture.sources import PACKAGES, ROOT

OPEN_TO_CHANNELS = {"core", "ports"}
WIRING = {"app", "cli", "guest", "scenarios"}  # `guest` starts the others


def rooms() -> set[str]:
    """The modules and packages directly in `orchestrator`."""
    found = (ROOT / "orchestrator").iterdir()
    return {path.stem for path in found if path.suffix == ".py" or (path / "__init__.py").exists()} - {
        "__init__"
    }


def contract(name: str) -> dict[str, Any]:
    """The contract of pyproject.toml that is called `name`."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    return next(entry for entry in settings["contracts"] if entry["name"] == name)


def lint(project: Path) -> subprocess.CompletedProcess[str]:
    """import-linter's verdict on the project in a folder."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def copied(project: Path) -> Path:
    """A copy of the source and its contracts, to be spoilt."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, project / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", project)
    return project


def test_a_new_module_without_a_layer_fails(tmp_path: Path) -> None:
    """A module of `orchestrator` that stands in no layer breaks the contract, and is named."""
    project = copied(tmp_path)
    (project / "orchestrator" / "surprise.py").write_text('"""Nobody asked."""\n', encoding="utf-8")
    verdict = lint(project)
    assert verdict.returncode != 0
    assert "surprise" in verdict.stdout


def test_a_clock_in_the_core_fails(tmp_path: Path) -> None:
    """An import of `time` in the core breaks its contract."""
    project = copied(tmp_path)
    (project / "orchestrator" / "core" / "late.py").write_text(
        '"""Late."""\n\nimport time\n', encoding="utf-8"
    )
    verdict = lint(project)
    assert verdict.returncode != 0
    assert "orchestrator.core.late -> time" in verdict.stdout


def test_channels_are_kept_from_every_other_room() -> None:
    """The channels' contract names every room of `orchestrator` but the core and the ports."""
    named = set(contract("A channel sees the core and the ports only")["forbidden_modules"])
    assert {f"orchestrator.{room}" for room in rooms() - OPEN_TO_CHANNELS} <= named


def test_configuration_is_kept_from_every_other_room() -> None:
    """The contract of `config` names every room of `orchestrator` but the core."""
    named = set(contract("Configuration sees the core only")["forbidden_modules"])
    assert {f"orchestrator.{room}" for room in rooms() - {"core"}} <= named


def test_every_room_but_the_wiring_is_kept_from_channels_and_configuration() -> None:
    """Each room but the wiring and the core, which has a stricter contract, may import neither."""
    named = set(contract("Only app, cli and scenarios know channels and configuration")["source_modules"])
    assert {f"orchestrator.{room}" for room in rooms() - WIRING - {"core"}} <= named


def test_the_house_is_kept_from_the_store() -> None:
    """Each room above the store but the wiring knows it by its port only."""
    named = set(contract("The house knows the store by its port only")["source_modules"])
    above = rooms() - WIRING - {"store", "assistants", "ports", "core"}
    assert {f"orchestrator.{room}" for room in above} <= named
