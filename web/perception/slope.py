"""A slope chart: each item as a line from its rank on one side to its rank on the other. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, LEFT, RIGHT, TOP, STEP = 720, 260, 460, 48, 30
_APART = 18
"""Pixels between two labels."""


@dataclass(frozen=True)
class SlopeLine:
    """One item: where its line begins and ends, where its labels stand, and whether the gap is beyond chance."""

    name: str
    y1: float
    y2: float
    label1: float
    label2: float
    left: str
    right: str
    clear: bool


@dataclass(frozen=True)
class SlopeChart:
    lines: tuple[SlopeLine, ...]
    height: int
    left_title: str
    right_title: str
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP


def slope_chart(
    rows: Sequence[tuple[str, float, float, bool]], *, left_title: str, right_title: str, digits: int = 1
) -> SlopeChart:
    """Of (name, rank on the left, rank on the right, whether the gap is clear); rank 1 is at the top."""
    most = max((rank for _name, one, other, _clear in rows for rank in (one, other)), default=1.0)
    scale = STEP * max(1, len(rows) - 1) / max(most - 1, 1)

    def y(rank: float) -> float:
        return round(TOP + (rank - 1) * scale, 1)

    left, right = _apart([y(row[1]) for row in rows]), _apart([y(row[2]) for row in rows])
    lines = tuple(
        SlopeLine(
            name, y(one), y(other), left[place], right[place], f"{name}  {one:.{digits}f}",
            f"{other:.{digits}f}  {name}", clear,
        )
        for place, (name, one, other, clear) in enumerate(rows)
    )  # fmt: skip
    bottom = max([TOP, *left, *right])
    return SlopeChart(lines, int(bottom) + 24, left_title, right_title)


def _apart(places: Sequence[float]) -> list[float]:
    """Labels so that none lies on another, each as near to its point as can be."""
    found, last = [0.0] * len(places), float("-inf")
    for index in sorted(range(len(places)), key=lambda each: places[each]):
        last = max(places[index], last + _APART)
        found[index] = last
    return found
