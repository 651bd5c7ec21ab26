"""The control chart of a watched series as a page shows it: drawn, in words, and the same as a table."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.processes.alarms import SeriesState, Watched
from bpm.processes.alarms.judging import FULL
from bpm.processes.alarms.series import DAY, KINDS, Point, between_events
from bpm.statistics.charts import ControlChart, Kind, Series, Signal, control_chart
from web.ui.control_charts import DrawnChart, drawn
from web.ui.formats import duration

FEWEST = 3
RARE = 1.0
"""Events a period; with fewer, what is charted is how much passes between two of them."""
TITLES = {
    Watched.NEGATIVE: _("Negative share"),
    Watched.COMPLAINTS: _("Complaints per 100 passes"),
    Watched.WAITING: _("Waiting"),
    Watched.THEME: _("Items a day"),
}
UNITS = {
    Watched.NEGATIVE: _("Items"),
    Watched.COMPLAINTS: _("Passes"),
    Watched.WAITING: _("Waits"),
    Watched.THEME: _("Items"),
}
WHY = {
    Kind.P: _("Laney p' chart: each item is negative or not, and shares vary more than chance alone."),
    Kind.U: _("Laney u' chart: complaints are counted among passes, and counts vary more than chance alone."),
    Kind.XMR: _("XmR chart: one figure for each period."),
    Kind.G: _("g chart: events are rare, so what passes between two of them is charted; high is good."),
}


@dataclass(frozen=True)
class ChartLine:
    """A period of the table; `rows` names its first day for the address of its rows."""

    name: str
    rows: str
    phase: str
    n: str
    value: str
    low: str
    high: str
    signal: str


@dataclass(frozen=True)
class SeriesChart:
    """What _series_chart.html draws."""

    title: str
    unit: str
    kind: str
    drawn: DrawnChart | None
    about: str
    why_not: str
    notes: tuple[str, ...]
    signals: tuple[str, ...]
    lines: tuple[ChartLine, ...]
    provisional: bool = False


def series_chart(state: SeriesState) -> SeriesChart:
    """The chart of a series with the limits of each phase; says why where there is none."""
    measure = state.subject.measure
    points = _every_day(state) if measure is Watched.THEME else list(state.points)
    made, kind, why_not = _made(state, points)
    if made is None:
        return SeriesChart(TITLES[measure], UNITS[measure], "", None, "", why_not, (), (), ())
    rare = kind is Kind.G
    return charted(
        made,
        kind,
        title=_("Passes between two complaints") if rare else TITLES[measure],
        unit=UNITS[measure],
        points=None if rare else points,
        words=_words(measure, rare=rare),
        step=state.step,
        notes=_own_notes(state),
    )


def charted(
    made: ControlChart,
    kind: Kind,
    *,
    title: str,
    unit: str,
    points: Sequence[Point] | None,
    words: Callable[[float], str],
    step: int,
    notes: Sequence[str] = (),
) -> SeriesChart:
    """A chart with its words; `points` None where its points are no periods (between rare events)."""
    names = [_short(each.start) for each in points] if points is not None else list(made.names)
    return SeriesChart(
        title=title,
        unit=unit,
        kind=WHY[kind],
        drawn=drawn(made, names=names, words=words),
        about=_about(step, made, kind),
        why_not="",
        notes=(*notes, *made.notes),
        signals=tuple(_signals(made, names)),
        lines=tuple(_lines(made, names, words, points)),
        provisional=made.provisional,
    )


def _every_day(state: SeriesState) -> list[Point]:
    """Of a theme: every day of the last eight weeks, those without any item, too."""
    if not state.points:
        return []
    by_day = {each.start.toordinal(): each for each in state.points}
    last = max(by_day)
    first = max(min(by_day), last - 83)
    none = [Point(date.fromordinal(day), DAY, 0, 0.0, 0.0) for day in range(first, last + 1)]
    return [by_day.get(each.start.toordinal(), each) for each in none]


def _made(state: SeriesState, points: Sequence[Point]) -> tuple[ControlChart | None, Kind, str]:
    measure = state.subject.measure
    kind = KINDS.get(measure, Kind.XMR)
    if len(points) < FEWEST:
        why = _("There are figures of %(n)s periods; a chart begins with three.") % {"n": len(points)}
        return None, kind, why
    try:
        if measure is Watched.COMPLAINTS and sum(each.value for each in points) < RARE * len(points):
            apart = between_events(state.counts)
            if len(apart.values) < FEWEST:
                return None, Kind.G, _("There are fewer than four complaints; a chart of rare events begins with four.")
            return control_chart(apart, Kind.G), Kind.G, ""
        single = kind is Kind.XMR
        given = Series(
            names=tuple(each.start.isoformat() for each in points),
            values=tuple(_value(measure, each) if single else each.value for each in points),
            sizes=None if single else tuple(each.n for each in points),
            phases=tuple(_phase_of(state, each) for each in points) if measure is not Watched.THEME else None,
        )
        return control_chart(given, kind, baseline=None if measure is Watched.THEME else FULL[state.step]), kind, ""
    except InvalidInputError:
        flat = _("In all periods of the baseline the figure is the same: there is nothing to limit.")
        return None, kind, flat


def _value(measure: Watched, point: Point) -> float:
    return point.value if measure is Watched.THEME else point.rate


def _phase_of(state: SeriesState, point: Point) -> str:
    return next((each.name for each in reversed(state.phases) if each.since <= point.start), _("before"))


def _words(measure: Watched, *, rare: bool) -> Callable[[float], str]:
    if rare or measure is Watched.THEME:
        return lambda value: f"{value:.0f}"
    if measure is Watched.NEGATIVE:
        return lambda value: f"{value * 100:.0f} %"
    if measure is Watched.COMPLAINTS:
        return lambda value: f"{value * 100:.1f}"
    return lambda value: duration(math.exp(min(value, 20.0)))


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _about(step: int, chart: ControlChart, kind: Kind) -> str:
    """What must be known to read the chart, in one caption."""
    newest = chart.phases[-1]
    each = _("day") if step == DAY else _("week")
    if newest.baseline:
        limits = _("Limits: 3 sigma from the first %(n)s points of the phase, frozen.") % {"n": newest.baseline}
    else:
        limits = _("Limits: those of the phase before.")
    said = [_("One point a %(each)s, UTC.") % {"each": each} if kind is not Kind.G else "", limits]
    if chart.sigma_z is not None:
        said.append(_("Periods vary %(z).1f times as much as chance alone.") % {"z": chart.sigma_z})
    return " ".join(part for part in said if part)


def _own_notes(state: SeriesState) -> list[str]:
    notes = []
    if state.new_sources:
        names = ", ".join(f"“{each}”" for each in state.new_sources)
        notes.append(
            _("Left out: %(names)s, not there when the baseline was. A source that is new is a threat, no alarm.")
            % {"names": names}
        )
    if state.why_not:
        notes.append(_("Not watched yet: %(why)s") % {"why": state.why_not})
    elif state.provisional:
        notes.append(_("Watched by a provisional baseline of 12 points, until there are enough to freeze."))
    return notes


def _signals(chart: ControlChart, names: Sequence[str]) -> list[str]:
    """In words, the latest first; they annotate and spend nothing of the alarm budget."""
    rules = {"3 sigma": _("beyond the limits"), "8 in a row": _("the eighth in a row on one side of the middle")}

    def said(signal: Signal) -> str:
        side = _("higher") if signal.above else _("lower")
        return f"{names[signal.index]}: {side}, {rules.get(signal.rule, signal.rule)}"

    return [said(each) for each in sorted(chart.signals, key=lambda signal: -signal.index)[:12]]


def _lines(
    chart: ControlChart, names: Sequence[str], words: Callable[[float], str], points: Sequence[Point] | None
) -> list[ChartLine]:
    """Newest first."""
    signals = {each.index: each.rule for each in chart.signals}
    phases = {place: phase.name for phase in chart.phases for place in range(phase.first, phase.last + 1)}
    return [
        ChartLine(
            name=chart.names[place],
            rows=points[place].start.isoformat() if points else "",
            phase=phases.get(place, ""),
            n=f"{points[place].n:.0f}" if points else "",
            value=words(chart.points[place]),
            low=words(chart.limits[place][0]),
            high=words(chart.limits[place][1]),
            signal=signals.get(place, ""),
        )
        for place in range(len(names) - 1, -1, -1)
    ]
