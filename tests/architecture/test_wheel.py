"""The wheel holds what the installed product reads: scripts, samples, pages."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGES, ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that the work tree stays as it is."""
    project = tmp_path_factory.mktemp("project")
    for package in (*PACKAGES, "tests", "tools"):
        shutil.copytree(ROOT / package, project / package, ignore=shutil.ignore_patterns("__pycache__"))
    for paper in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / paper, project)
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps"]
    subprocess.run([*command, "--wheel-dir", str(project / "dist"), str(project)], check=True, timeout=50)
    return next((project / "dist").glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    """Every file of the three packages, code or data, is in the wheel."""
    held = set(zipfile.ZipFile(wheel).namelist())
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()]
    ours = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    assert ours - held == set()


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    """The wheel brings no `tests`, `docs` or `tools` into a user's environment."""
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
