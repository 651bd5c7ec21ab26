"""Whether an effect lasts, as a picture: the verdict and the follow-ups with their intervals around zero. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from bpm.foundation.texts import _
from bpm.processes.verdicts import CaseMeasure, PlanDetail, VerdictLook, amount

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 240, 96, 24, 24, 40


@dataclass(frozen=True)
class Point:
    """One look: where it stands, and what it says."""

    x: float
    y: float
    low: float
    high: float
    name: str
    said: str
    word: str
    weak: bool


@dataclass(frozen=True)
class Lasting:
    """Empty `points`: nothing can be drawn yet."""

    points: tuple[Point, ...]
    zero: float
    matters: tuple[float, float]
    """Between these an effect does not matter."""
    ticks: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def lasting(it: PlanDetail, measure: CaseMeasure) -> Lasting:
    """The last planned look, then those after 30, 90 and 180 days."""
    looks = [*it.looks[-1:], *it.follow_ups]
    drawn = [each for each in looks if each.estimate is not None and each.low is not None and each.high is not None]
    if not drawn:
        return Lasting((), 0, (0, 0), ())
    smallest = it.row.plan.smallest
    ends = [end for each in drawn for end in (each.low or 0, each.high or 0)]
    low, high = min(*ends, -smallest), max(*ends, smallest)
    spread = (high - low) or 1.0

    def y(value: float) -> float:
        return round(TOP + (high - value) / spread * (HEIGHT - TOP - BOTTOM), 1)

    step = (WIDTH - LEFT - RIGHT) / len(drawn)
    points = tuple(_point(each, LEFT + step * (place + 0.5), y, measure) for place, each in enumerate(drawn))
    ticks = tuple((y(value), amount(measure, value, sign=True)) for value in (low, 0.0, high))
    return Lasting(points, y(0), (y(smallest), y(-smallest)), ticks)


def _point(look: VerdictLook, x: float, y: Callable[[float], float], measure: CaseMeasure) -> Point:
    estimate, low, high = look.estimate or 0, look.low or 0, look.high or 0
    planned = look.kind == "planned"
    return Point(
        round(x, 1), y(estimate), y(low), y(high),
        _("verdict") if planned else _("%(n)s days") % {"n": look.number},
        _("%(estimate)s (%(low)s to %(high)s)") % {
            "estimate": amount(measure, estimate, sign=True), "low": amount(measure, low, sign=True),
            "high": amount(measure, high, sign=True),
        },
        str(look.verdict), bool(look.facts.get("weak")),
    )  # fmt: skip
