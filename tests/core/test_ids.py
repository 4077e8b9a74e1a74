"""Identifiers: the same for the same event, sorted by time, and naming their partition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.core.ids import partition_of, session_id, stable_id, with_partition

MOMENTS = st.floats(min_value=0, max_value=4_000_000_000)
PARTITIONS = st.integers(0, 1023)


def test_the_same_parts_give_the_same_id() -> None:
    """An id depends on the moment and all its parts, and on where one part ends."""
    assert stable_id(1.5, "a", "b") == stable_id(1.5, "a", "b")
    others = [stable_id(1.5, "ab"), stable_id(1.5, "b", "a"), stable_id(2.5, "a", "b"), stable_id(1.5, "a")]
    assert len({stable_id(1.5, "a", "b"), *others}) == 5


@given(MOMENTS, st.text(), PARTITIONS)
def test_an_id_looks_like_a_ulid_and_keeps_its_partition(at: float, part: str, partition: int) -> None:
    """26 characters of Crockford's base 32; the last two name the partition that was set, the rest is untouched."""
    name = stable_id(at, part)
    assert len(name) == 26
    assert not set(name) - set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    marked = with_partition(name, partition)
    assert marked[:-2] == name[:-2]
    assert partition_of(marked) == partition


@given(st.lists(st.integers(0, 4_000_000_000_000), min_size=2, unique=True))
def test_ids_sort_by_time(moments: list[int]) -> None:
    """Ids of later milliseconds sort behind those of earlier ones."""
    names = [stable_id(at / 1000, "x") for at in sorted(moments)]
    assert [name[:10] for name in names] == sorted(name[:10] for name in names)


@pytest.mark.parametrize("text", ["", "01J", "0" * 25, "0" * 27, "U" * 26, "l" * 26, "0" * 25 + "i"])
def test_what_is_no_id_names_no_partition(text: str) -> None:
    """A wrong length or a letter that the alphabet lacks is no id."""
    assert partition_of(text) is None


def test_session_ids_differ_by_customer_and_event() -> None:
    """A session's id names assistant, customer (none for a withheld number) and the event that opens it."""
    one = session_id(1.0, "support", "+15550101234", "E1")
    others = [
        session_id(1.0, "sales", "+15550101234", "E1"),
        session_id(1.0, "support", None, "E1"),
        session_id(1.0, "support", "+15550101234", "E2"),
        stable_id(1.0, "support", "+15550101234", "E1"),
    ]
    assert one not in others
    assert session_id(1.0, "support", "+15550101234", "E1") == one
