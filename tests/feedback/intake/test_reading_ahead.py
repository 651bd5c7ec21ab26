"""Batches are read while others are written: in order, never far ahead, with every fault in its place."""

from collections.abc import Generator
from contextlib import closing
from threading import active_count

import pytest

from bpm.feedback.intake.reading_ahead import read_ahead


class Source:
    """Reads numbers; `read` counts them, `closed` says that whoever reads was let go."""

    def __init__(self, count: int, fault: Exception | None = None) -> None:
        self.count, self.fault, self.read, self.closed = count, fault, 0, False

    def batches(self) -> Generator[int, None, None]:
        try:
            for number in range(self.count):
                self.read += 1
                yield number
            if self.fault:
                raise self.fault
        finally:
            self.closed = True


def test_batches_come_in_order_and_never_more_than_two_ahead() -> None:
    source, ahead = Source(60), []
    for number in read_ahead(source.batches()):
        ahead.append(source.read - number - 1)
        assert len(ahead) == number + 1
    assert (len(ahead), source.closed, max(ahead) <= 3) == (60, True, True)


def test_a_fault_comes_behind_what_was_read_before_it() -> None:
    got, broken = [], Source(3, ValueError("broken")).batches()
    with pytest.raises(ValueError, match="broken"), closing(read_ahead(broken)) as batches:
        for number in batches:
            got.append(number)  # noqa: PERF402 -- what came before the fault counts
    assert got == [0, 1, 2]


def test_whoever_stops_early_lets_the_reader_go() -> None:
    threads, source = active_count(), Source(1_000)
    with closing(read_ahead(source.batches())) as batches:
        assert [next(batches), next(batches)] == [0, 1]
    assert source.closed
    assert source.read < 10
    assert active_count() == threads
