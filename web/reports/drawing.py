"""Places of bars with intervals, and of a line over weeks, for a server-drawn SVG. Pure."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bpm.processes.measures.asking import Period, Row
from bpm.processes.measures.catalogue import Measure, MeasureKind
from bpm.processes.reports.figures import in_words, verdict
from web.ui.control_charts import round_step

WIDTH, NAMES, RIGHT, BAR, TOP, BOTTOM = 720, 220, 90, 26, 8, 30
HEIGHT = 260
MOST_BARS = 40
_TICKS = 4
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_LENGTHS = (
    2,
    5,
    10,
    15,
    30,
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 30)),
    *(n * _HOUR for n in (1, 2, 3, 6, 12)),
    _DAY,
)
"""Seconds between two marks of a scale of time; above them, round numbers of days."""
_LABELS = 8


@dataclass(frozen=True)
class Bar:
    """One group; `low` and `high` are the ends of its interval on the page."""

    y: float
    name: str
    width: float
    low: float
    high: float
    shown: bool
    said: str
    value: str
    x: float = 0.0


@dataclass(frozen=True)
class Dot:
    """One week of a line."""

    x: float
    y: float
    low: float
    high: float
    shown: bool
    label: str
    said: str


@dataclass(frozen=True)
class Drawing:
    """What a template draws: bars or dots, never both."""

    title: str
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    lines: tuple[str, ...]
    """Points of polylines: a line is broken where a week is not shown."""
    ticks: tuple[tuple[float, str], ...]
    """Of bars along the bottom, of a line along the left side."""
    marks: tuple[tuple[float, str], ...]
    """Where another version rules, or a definition changed."""
    height: int
    width: int = WIDTH
    left: int = NAMES
    right: int = WIDTH - RIGHT
    bar: int = BAR


def bars(rows: Sequence[Row], measure: Measure) -> Drawing | None:
    """One bar for each group, on a scale from nought; None where no figure can be shown."""
    shown = [row for row in rows if row.shown and row.interval]
    if not shown:
        return None
    low, high = _scale([end for row in shown for end in (*(row.interval or ()), row.value or 0.0)], measure)

    def x(value: float) -> float:
        return round(NAMES + (value - low) / (high - low) * (WIDTH - NAMES - RIGHT), 1)

    drawn = tuple(_bar(row, measure, TOP + BAR * place, x) for place, row in enumerate(rows[:MOST_BARS]))
    ticks = tuple((x(each), in_words(each, measure)) for each in _steps(low, high, measure))
    return Drawing(measure.title, drawn, (), (), ticks, (), TOP + BAR * len(drawn) + BOTTOM)


def _bar(row: Row, measure: Measure, y: float, x: Callable[[float], float]) -> Bar:
    name = row.title or row.group or measure.title
    short = name if len(name) <= 30 else name[:29] + "…"
    if not row.shown or row.interval is None or row.value is None:
        return Bar(y, short, 0, 0, 0, shown=False, said=f"{name}: {verdict(row, measure)}", value=f"n = {row.n}")
    low, high = row.interval
    start, end = sorted((x(0.0), x(row.value)))
    return Bar(
        y, short, max(1.0, end - start), x(low), x(high), shown=True, said=f"{name}: {verdict(row, measure)}",
        value=in_words(row.value, measure), x=start,
    )  # fmt: skip


def line(periods: Sequence[Period], measure: Measure) -> Drawing | None:
    """The measure week by week with its interval; None where no week can be shown."""
    shown = [each for each in periods if each.value is not None and each.interval]
    if not shown:
        return None
    low, high = _scale([end for each in shown for end in (*(each.interval or ()), each.value or 0.0)], measure)
    step = (WIDTH - 70 - 20) / len(periods)

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - BOTTOM - 20), 1)

    every = -(-len(periods) // _LABELS)
    dots = tuple(
        Dot(
            x=round(70 + step * (place + 0.5), 1), y=y(each.value or 0.0),
            low=y(each.interval[0]) if each.interval else 0.0, high=y(each.interval[1]) if each.interval else 0.0,
            shown=each.value is not None and each.interval is not None,
            label=f"{each.start:%m-%d}" if place % every == 0 else "",
            said=f"{each.start:%Y-%m-%d}: {in_words(each.value, measure)}, n = {each.n}",
        )
        for place, each in enumerate(periods)
    )  # fmt: skip
    ticks = tuple((y(each), in_words(each, measure)) for each in _steps(low, high, measure))
    return Drawing(measure.title, (), dots, _runs(dots), ticks, tuple(_marks(periods, dots)), HEIGHT, left=70)


def _runs(dots: Sequence[Dot]) -> tuple[str, ...]:
    runs: list[list[str]] = [[]]
    for dot in dots:
        if dot.shown:
            runs[-1].append(f"{dot.x},{dot.y}")
        elif runs[-1]:
            runs.append([])
    return tuple(" ".join(run) for run in runs if len(run) > 1)


def _marks(periods: Sequence[Period], dots: Sequence[Dot]) -> list[tuple[float, str]]:
    found, version, definition = [], None, None
    for each, dot in zip(periods, dots, strict=True):
        if each.version is not None and each.version != version:
            found.append((dot.x, f"v{each.version}"))
            version = each.version
        if definition is not None and each.definition != definition:
            found.append((dot.x, f"definition {each.definition}"))
        definition = each.definition
    return found


def _scale(values: Sequence[float], measure: Measure) -> tuple[float, float]:
    low, high = min(0.0, *values), max(0.0, *values)
    if measure.kind is MeasureKind.SHARE:
        return 0.0, min(1.0, max(high * 1.1, 0.05))
    return low, high * 1.1 if high > low else low + 1.0


def _steps(low: float, high: float, measure: Measure) -> list[float]:
    """Round values between the two, about four; lengths of time in whole minutes, hours or days where they are long."""
    rough = (high - low) / _TICKS
    step = round_step(rough)
    if measure.kind is MeasureKind.DURATION and rough > 1:
        step = next((each for each in _LENGTHS if each >= rough), _DAY * round_step(rough / _DAY))
    return [step * place for place in range(math.ceil(low / step), math.floor(high / step + 1e-9) + 1)]
