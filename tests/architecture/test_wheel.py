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
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with its wheel in `dist`, so that the work tree stays as it is."""
    project = tmp_path_factory.mktemp("project")
    for package in (*PACKAGES, "tests", "tools"):
        shutil.copytree(ROOT / package, project / package, ignore=shutil.ignore_patterns("__pycache__"))
    for paper in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / paper, project)
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps"]
    subprocess.run([*command, "--wheel-dir", str(project / "dist"), str(project)], check=True, timeout=50)
    return project


def held(project: Path) -> set[str]:
    """The names of the files in the wheel."""
    return set(zipfile.ZipFile(next((project / "dist").glob("*.whl"))).namelist())


def test_the_wheel_holds_every_file_of_the_packages(project: Path) -> None:
    """Every file of the three packages, code or data, is in the wheel."""
    files = [path for package in PACKAGES for path in (project / package).rglob("*") if path.is_file()]
    ours = {path.relative_to(project).as_posix() for path in files if "__pycache__" not in path.parts}
    assert ours - held(project) == set()


def test_the_wheel_holds_nothing_else(project: Path) -> None:
    """The wheel brings no `tests`, `docs` or `tools` into a user's environment."""
    tops = {name.split("/")[0] for name in held(project)}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
