"""What a chart calls a signal: a point beyond its limits, and eight in a row on one side of the middle."""

from collections.abc import Sequence
from dataclasses import dataclass

IN_A_ROW = 8
BEYOND = "3 sigma"
RUN = "8 in a row"
DRIFT = "drift"
"""An EWMA or CUSUM beyond its limits."""


@dataclass(frozen=True)
class Signal:
    """`index` (from 0) is where it was first to be seen, `points` are all that make it."""

    index: int
    rule: str
    points: tuple[int, ...]
    above: bool


def beyond_limits(points: Sequence[float], lower: Sequence[float], upper: Sequence[float]) -> list[Signal]:
    """Shewhart's rule: each point outside its limits."""
    return [
        Signal(place, BEYOND, (place,), point > high)
        for place, (point, low, high) in enumerate(zip(points, lower, upper, strict=True))
        if not low <= point <= high
    ]


def runs(deviations: Sequence[float], first: int = 0) -> list[Signal]:
    """Rule 4 of Western Electric (1956): eight on one side of the middle; a point on the middle ends a run.

    One signal for each run, at its eighth point; `first` is added to the places.
    """
    found, start = [], 0
    for place in range(len(deviations) + 1):
        if place < len(deviations) and _side(deviations[place]) == _side(deviations[start]) != 0:
            continue
        if place - start >= IN_A_ROW and _side(deviations[start]):
            points = tuple(range(first + start, first + place))
            found.append(Signal(points[IN_A_ROW - 1], RUN, points, deviations[start] > 0))
        start = place
    return found


def excursions(points: Sequence[float], lower: Sequence[float], upper: Sequence[float]) -> list[Signal]:
    """Each stretch of points outside the limits, from its first one."""
    found: list[Signal] = []
    for each in beyond_limits(points, lower, upper):
        last = found[-1] if found else None
        if last and last.points[-1] == each.index - 1 and last.above == each.above:
            found[-1] = Signal(last.index, DRIFT, (*last.points, each.index), last.above)
        else:
            found.append(Signal(each.index, DRIFT, each.points, each.above))
    return found


def _side(deviation: float) -> int:
    return (deviation > 0) - (deviation < 0)
