"""A pytest plugin that damages the store's scripts: `-p tests.reliability.damage`, `TANDEM_MUTANT=<name>`."""

from __future__ import annotations

import os
from contextlib import ExitStack

import pytest

from tests.reliability.mutants import BY_NAME, damaged

_held = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Damage the scripts for this whole run."""
    _held.enter_context(damaged(BY_NAME[os.environ["TANDEM_MUTANT"]]))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Heal them."""
    _held.close()
