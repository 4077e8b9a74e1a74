"""Files and functions stay small: a crowded one is a second noun in hiding."""

from __future__ import annotations

from statistics import median, quantiles

from tests.architecture.sources import PACKAGES, functions_of, length_of, name_of, python_files

LONGEST_FILE = 300
LONGEST_TEST_FILE = 400
"""One story may be told whole."""
USUAL_FILE = 150
"""What half of the files stay under."""
LONGEST_FUNCTION = 60
USUAL_FUNCTION = 15
"""What nine functions of ten stay under."""


def sizes(*folders: str) -> dict[str, int]:
    """The lines of each file."""
    return {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(*folders)
    }


def test_no_file_is_crowded() -> None:
    """No source file has more than 300 lines, no test file more than 400."""
    crowded = {name: size for name, size in sizes(*PACKAGES, "tools").items() if size > LONGEST_FILE}
    crowded |= {name: size for name, size in sizes("tests").items() if size > LONGEST_TEST_FILE}
    assert not crowded, f"give these a room of their own: {crowded}"


def test_most_files_are_short() -> None:
    """Half of the source files have less than 150 lines; those that only name a folder do not count."""
    assert median(size for size in sizes(*PACKAGES).values() if size > 3) < USUAL_FILE


def test_no_function_is_long() -> None:
    """No function of the source has more than 60 lines, and nine of ten have at most 15."""
    lengths = {
        place: length_of(node) for path in python_files(*PACKAGES) for place, node in functions_of(path)
    }
    long = {place: length for place, length in lengths.items() if length > LONGEST_FUNCTION}
    assert not long, f"find the second noun in: {long}"
    assert quantiles(lengths.values(), n=10)[-1] <= USUAL_FUNCTION
