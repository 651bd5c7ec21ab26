"""Any measure of the catalogue over the weeks of a process as the control chart that fits its kind."""

import math
from collections.abc import Callable
from datetime import timedelta

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.alarms.series import WEEK, DayCount, Point, between_events
from bpm.processes.measures.asking import Period, Question, series
from bpm.processes.measures.catalogue import Measure, MeasureKind
from bpm.statistics.charts import ControlChart, Kind, Series, control_chart
from web.measures.series_chart import FEWEST, SeriesChart, charted
from web.ui.formats import duration

WEEKS = 104
KINDS = {
    MeasureKind.SHARE: Kind.P,
    MeasureKind.RATE: Kind.U,
    MeasureKind.MEAN: Kind.XMR,
    MeasureKind.DURATION: Kind.XMR,
}


def measure_chart(work: Work, key: str, measure: Measure) -> SeriesChart:
    """Two years of weeks, a phase for each version; weeks in which the measure is not shown are left out."""
    today = work.now().replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    asked = Question(key, measure.name, since=monday - timedelta(weeks=WEEKS), until=monday)
    periods = [each for each in series(work, asked) if each.value is not None and each.n]
    points = [_point(each, measure) for each in periods]
    if len(points) < FEWEST:
        why = _("The measure is shown in %(n)s weeks, with ten or more each; a chart begins with three.")
        return SeriesChart(measure.title, _("n"), "", None, "", why % {"n": len(points)}, (), (), ())
    try:
        made, kind = _made(points, periods, measure)
    except InvalidInputError:
        flat = _("In all weeks of the baseline the figure is the same: there is nothing to limit.")
        return SeriesChart(measure.title, _("n"), "", None, "", flat, (), (), ())
    rare = kind is Kind.G
    return charted(
        made,
        kind,
        title=_("n between two events") if rare else measure.title,
        unit=_("n"),
        points=None if rare else points,
        words=(lambda value: f"{value:.0f}") if rare else _words(measure),
        step=WEEK,
        notes=[measure.definition],
    )


def _point(period: Period, measure: Measure) -> Point:
    value = period.value or 0.0
    counted = {
        MeasureKind.SHARE: float(round(value * period.n)),
        MeasureKind.RATE: float(round(value * period.n / 100)),
        MeasureKind.MEAN: value,
        MeasureKind.DURATION: math.log(max(value, 1.0)),
    }
    return Point(period.start.date(), WEEK, period.version or 0, counted[measure.kind], period.n)


def _made(points: list[Point], periods: list[Period], measure: Measure) -> tuple[ControlChart, Kind]:
    kind = KINDS[measure.kind]
    if kind is Kind.U and sum(each.value for each in points) < len(points):
        rare = between_events([DayCount(each.start, each.version, "", each.value, each.n) for each in points])
        if len(rare.values) >= FEWEST:
            return control_chart(rare, Kind.G), Kind.G
    counts = kind is not Kind.XMR
    given = Series(
        names=tuple(each.start.isoformat() for each in points),
        values=tuple(each.value for each in points),
        sizes=tuple(each.n for each in points) if counts else None,
        phases=tuple(_phase(each) for each in periods),
    )
    return control_chart(given, kind), kind


def _phase(period: Period) -> str:
    """A version, and where it changed the definition of the measure."""
    named = _("version %(n)s") % {"n": period.version or 0}
    if period.definition == 1:
        return named
    return _("%(version)s, definition %(n)s") % {"version": named, "n": period.definition}


def _words(measure: Measure) -> Callable[[float], str]:
    if measure.kind is MeasureKind.SHARE:
        return lambda value: f"{value * 100:.0f} %"
    if measure.kind is MeasureKind.RATE:
        return lambda value: f"{value * 100:.1f}"
    if measure.kind is MeasureKind.DURATION:
        return lambda value: duration(math.exp(min(value, 20.0)))
    return lambda value: f"{value:.2f}"
