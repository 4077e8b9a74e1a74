"""A damaged script is noticed. All mutants: `make mutants`."""

from __future__ import annotations

import os

import pytest

from tests.reliability.matrix import first_fault
from tests.reliability.mutants import BY_NAME, MUTANTS, QUICK, Mutant, damaged, source_of


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_still_damages_its_script(mutant: Mutant) -> None:
    """The text that a mutant replaces stands in its script exactly once."""
    assert source_of(mutant.file).count(mutant.old) == 1
    assert mutant.new != mutant.old


def test_names_are_unique() -> None:
    """A mutant is asked for by its name."""
    assert len(BY_NAME) == len(MUTANTS)
    assert set(QUICK) <= set(BY_NAME)


@pytest.mark.parametrize("name", QUICK)
def test_the_matrix_notices(name: str) -> None:
    """The fast subset of the matrix finds a fault with a damaged script."""
    with damaged(BY_NAME[name]):
        fault = first_fault()
    print(f"{name}: {fault}")
    assert fault


if "TANDEM_MUTANT" in os.environ:  # set by tools/mutate_scripts.py alone: elsewhere there is nothing to run

    def test_the_named_mutant_is_noticed() -> None:
        """Fails, as it should, where the fast subset of the matrix finds a fault."""
        with damaged(BY_NAME[os.environ["TANDEM_MUTANT"]]):
            assert not first_fault()
