"""Files and functions stay small: a crowded one is a second noun in hiding."""

from __future__ import annotations

from statistics import median, quantiles

from tests.architecture.sources import PACKAGES, functions_of, length_of, name_of, python_files

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONG_FUNCTION = 30
"""What nine functions of ten stay under."""


def test_no_file_is_crowded() -> None:
    """No source or test file has more than 400 lines, and half of the source files have less than 250."""
    sizes = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files(*PACKAGES, "tests", "tools")
    }
    crowded = {name: size for name, size in sizes.items() if size > LONGEST_FILE}
    own = [size for name, size in sizes.items() if not name.startswith("tests/") and size > 3]
    assert not crowded, f"give these a room of their own: {crowded} (median of the source: {median(own)})"
    assert median(own) < 250


def test_no_function_is_long() -> None:
    """No function of the source has more than 60 lines, and nine of ten have at most 30."""
    lengths = {
        place: length_of(node) for path in python_files(*PACKAGES) for place, node in functions_of(path)
    }
    long = {place: length for place, length in lengths.items() if length > LONGEST_FUNCTION}
    assert not long, f"find the second noun in: {long}"
    assert quantiles(lengths.values(), n=10)[-1] <= LONG_FUNCTION
