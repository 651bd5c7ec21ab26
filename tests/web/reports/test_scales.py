"""The marks of a report's drawing are round, whatever it measures."""

import pytest

from bpm.processes.measures.asking import Row
from bpm.processes.measures.catalogue import get_measure
from web.reports.drawing import bars


@pytest.mark.parametrize(
    ("measure", "value", "interval", "marks"),
    [
        ("negative_share", 0.30, (0.27, 0.34), ["0 %", "10 %", "20 %", "30 %"]),
        ("waiting", 15_000.0, (14_100.0, 15_300.0), ["0 s", "2 h", "4 h"]),
        ("waiting", 1_100_000.0, (1_000_000.0, 1_200_000.0), ["0 s", "5 d", "10 d", "15 d"]),
        ("complaints_per_100", 3.1, (2.0, 4.4), ["0.00", "2.00", "4.00"]),
    ],
)
def test_marks_are_round(measure: str, value: float, interval: tuple[float, float], marks: list[str]) -> None:
    drawing = bars([Row("a", value, 60, interval, shown=True, sources={})], get_measure(measure))
    assert drawing is not None
    assert [words for _place, words in drawing.ticks] == marks
