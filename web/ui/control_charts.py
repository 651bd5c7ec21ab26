"""Places of a control chart for a server-drawn SVG: points, limits of each, phases and signals written on it. Pure."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bpm.foundation.texts import _
from bpm.statistics.charts import ControlChart

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 64, 28, 40
_LABELS = 9
"""So many periods are named under the chart."""
_TICKS = 4
_Place = Callable[[float], float]


@dataclass(frozen=True)
class ChartPoint:
    """One period; `said` is its figure with limits in words, `signal` the rules that it breaks, or empty."""

    x: float
    y: float
    name: str
    label: str
    """Its name under the chart, empty where there is no room."""
    said: str
    signal: str


@dataclass(frozen=True)
class PhaseLine:
    """Where a phase begins, and its name at the top."""

    x: float
    name: str


@dataclass(frozen=True)
class DrawnChart:
    points: tuple[ChartPoint, ...]
    line: str
    upper: tuple[str, ...]
    """Points attributes of polylines, one for each phase, as steps."""
    lower: tuple[str, ...]
    centre: tuple[tuple[float, float, float], ...]
    """(from x, to x, y) of each phase."""
    ends: tuple[tuple[float, str], ...]
    """What stands right of the plot: upper limit, centre, lower limit of the newest phase."""
    ticks: tuple[tuple[float, str], ...]
    phases: tuple[PhaseLine, ...]
    right: int = WIDTH - RIGHT
    left: int = LEFT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def drawn(
    chart: ControlChart,
    *,
    names: Sequence[str] | None = None,
    percent: bool = False,
    words: Callable[[float], str] | None = None,
) -> DrawnChart:
    """The chart on its canvas; `names` are the periods as people know them, `words` says a value in its unit."""
    names = chart.names if names is None else names
    low, high = _scale(chart)
    step = (WIDTH - RIGHT - LEFT) / len(chart.points)

    def x(place: float) -> float:
        return round(LEFT + step * (place + 0.5), 1)

    def y(value: float) -> float:
        return round(TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    def said(value: float) -> str:
        if words is not None:
            return words(value)
        return f"{value * 100:.0f} %" if percent else f"{value:.3g}"

    signals = _signals(chart)
    every = -(-len(names) // _LABELS)
    points = tuple(
        ChartPoint(
            x=x(place),
            y=y(value),
            name=names[place],
            label=names[place] if place % every == 0 else "",
            said=_("%(value)s, limits %(low)s to %(high)s")
            % {"value": said(value), "low": said(chart.limits[place][0]), "high": said(chart.limits[place][1])},
            signal=signals.get(place, ""),
        )
        for place, value in enumerate(chart.points)
    )
    last_low, last_high = chart.limits[-1]
    return DrawnChart(
        points=points,
        line=" ".join(f"{point.x},{point.y}" for point in points),
        upper=tuple(_steps(chart, phase.first, phase.last, 1, x, y) for phase in chart.phases),
        lower=tuple(_steps(chart, phase.first, phase.last, 0, x, y) for phase in chart.phases),
        centre=tuple((x(phase.first - 0.5), x(phase.last + 0.5), y(phase.centre)) for phase in chart.phases),
        ends=_apart(
            [(y(last_high), said(last_high)), (y(chart.centre), said(chart.centre)), (y(last_low), said(last_low))]
        ),
        ticks=tuple((y(value), said(value)) for value in _ticks(low, high)),
        phases=tuple(PhaseLine(x(phase.first - 0.5), phase.name) for phase in chart.phases if phase.name),
    )


def _scale(chart: ControlChart) -> tuple[float, float]:
    values = [*chart.points, *chart.below, *(limit for pair in chart.limits for limit in pair)]
    low, high = min(values), max(values)
    low = 0.0 if 0 <= low < (high - low) else low
    if high <= low:
        return low - 1, high + 1
    step = round_step((high - low) / _TICKS)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def round_step(rough: float) -> float:
    """1, 2, 2.5 or 5 times a power of ten, at least as large as `rough`, which is above 0."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(part * power for part in (1, 2, 2.5, 5, 10) if part * power >= rough - 1e-12)


def _ticks(low: float, high: float) -> list[float]:
    step = round_step((high - low) / _TICKS)
    return [low + step * place for place in range(round((high - low) / step) + 1)]


def _signals(chart: ControlChart) -> dict[int, str]:
    """Place of a point -> the rules it breaks; a run is told at its eighth point."""
    found: dict[int, str] = {}
    for each in chart.signals:
        found[each.index] = f"{found[each.index]}, {each.rule}" if each.index in found else each.rule
    return found


def _steps(chart: ControlChart, first: int, last: int, side: int, x: _Place, y: _Place) -> str:
    """Limits as steps, since each period has its own n."""
    corners = [
        f"{x(place + edge)},{y(chart.limits[place][side])}" for place in range(first, last + 1) for edge in (-0.5, 0.5)
    ]
    return " ".join(corners)


def _apart(ends: list[tuple[float, str]]) -> tuple[tuple[float, str], ...]:
    """Words at the right so that none lies on another."""
    placed: list[tuple[float, str]] = []
    for place, words in ends:
        placed.append((max(place, placed[-1][0] + 16) if placed else place, words))
    return tuple(placed)
