"""Places of a line chart of shares over time, for a server-drawn SVG: limits, reference and n written on it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bpm.processes.queries import PeriodShare

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 66, 16, 16, 44
BESIDE = 100
"""Right margin when a reference line is named there: beside the plot, where no point or interval ever comes."""


@dataclass(frozen=True)
class Point:
    """One period: where its share and the ends of its interval lie; `shown` is False when n is too small."""

    x: float
    y: float
    low: float
    high: float
    n: int
    label: str
    verdict: str
    shown: bool


@dataclass(frozen=True)
class ShareChart:
    """Everything the template draws; `reference` is the height of the reference line, None without one."""

    points: tuple[Point, ...]
    line: str
    """The points attribute of the polyline through the periods that can be shown."""
    ticks: tuple[tuple[float, str], ...]
    reference: float | None
    reference_label: str
    right: int
    """Where the plot ends; the name of the reference line stands right of it."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = HEIGHT - BOTTOM

    @property
    def drawable(self) -> bool:
        return any(point.shown for point in self.points)


def share_chart(periods: Sequence[PeriodShare], *, reference: float | None = None) -> ShareChart:
    """A chart of `periods`, oldest first, on a scale that always runs from 0 to 100 %."""
    right = WIDTH - (RIGHT if reference is None else BESIDE)
    step = (right - LEFT) / max(1, len(periods))
    points = tuple(_point(period, LEFT + step * (place + 0.5)) for place, period in enumerate(periods))
    return ShareChart(
        points=points,
        line=" ".join(f"{p.x:.1f},{p.y:.1f}" for p in points if p.shown),
        ticks=tuple((_y(value / 100), f"{value} %") for value in (0, 25, 50, 75, 100)),
        reference=None if reference is None else _y(reference),
        reference_label="" if reference is None else f"{reference:.0%}".replace("%", " %"),
        right=right,
    )


def _point(period: PeriodShare, x: float) -> Point:
    rate = period.rate
    return Point(
        x=round(x, 1),
        y=_y(rate.value or 0.0),
        low=_y(rate.low),
        high=_y(rate.high),
        n=rate.n,
        label=_day(period.since),
        verdict=rate.verdict,
        shown=rate.shown,
    )


def _y(share: float) -> float:
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b}"
