"""The queue of each of our numbers: handed over while it is short, kept here beyond that, in order."""

from __future__ import annotations

from orchestrator.outbox.queues import Length, Queues, Rate

ONE = Rate(per_second=1.0, ahead=0.0)
AHEAD = Rate(per_second=1.0, ahead=60.0)
A, B = "+19585550123", "+19585550124"


def test_a_single_text_never_waits() -> None:
    """Whatever its length: the first segment leaves at once, the carrier does the rest."""
    assert Queues().wait("k:t1", A, 10, 1000.0, ONE) == 0.0


def test_texts_of_a_number_leave_at_its_rate() -> None:
    """Without a queue at the carrier each waits for the segments before it; another number does not."""
    queues = Queues()
    waits = [queues.wait(f"k:t{n}", A, 2, 1000.0, ONE) for n in range(3)]
    assert waits == [0.0, 2.0, 4.0]
    assert queues.wait("k:t9", B, 2, 1000.0, ONE) == 0.0


def test_a_text_that_waited_has_its_turn() -> None:
    """It leaves when its time has come, not before, and is not counted again."""
    queues = Queues()
    queues.wait("k:t1", A, 1, 1000.0, ONE)
    assert queues.wait("k:t2", A, 1, 1000.0, ONE) == 1.0
    assert queues.wait("k:t2", A, 1, 1000.4, ONE) == 0.6000000000000227
    assert queues.wait("k:t2", A, 1, 1001.0, ONE) == 0.0
    assert queues.wait("k:t3", A, 1, 1001.0, ONE) == 1.0


def test_a_burst_is_handed_over_as_far_as_the_carriers_queue_may_grow() -> None:
    """A minute's worth leaves at once; what is beyond it waits, a segment a second."""
    queues = Queues()
    waits = [queues.wait(f"k{n}:t1", A, 1, 1000.0, AHEAD) for n in range(63)]
    assert waits == [0.0] * 61 + [1.0, 2.0]
    assert queues.lengths(1000.0) == {A: Length(segments=63, seconds=63.0, texts_here=2)}
    assert queues.lengths(1030.0)[A] == Length(segments=33, seconds=33.0, texts_here=0)
    assert queues.lengths(1063.0) == {}


def test_without_a_rate_nothing_waits_and_nothing_is_reckoned() -> None:
    """0 segments a second is no limit."""
    queues = Queues()
    assert [queues.wait(f"k:t{n}", A, 5, 1000.0, Rate(0.0, 0.0)) for n in range(3)] == [0.0] * 3
    assert queues.lengths(1000.0) == {}
