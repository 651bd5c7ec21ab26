"""What one series shows: its phases, the chart with frozen limits, and a p for each period after the baseline. Pure.

1. A phase begins with the first period, with each later version, and where a person decided so. Its limits come from
   its first 20 periods (28 days), and are frozen when there are so many; provisional from 12 on; below, nothing is
   judged, but those of the phase before hold: that is how one sees whether a version differs.
2. A source that was not there when the baseline was is left out of what is judged: a new one is a threat to the figure
   and no alarm. It is taken in with the next baseline.
3. Of themes the count of a day is judged by the exceedance of the seasonal model instead of a chart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.processes.alarms.series import DAY, KINDS, DayCount, Point, SourceStart, Subject, points_of, step_of
from bpm.processes.alarms.state import Begun, Judged, SeriesState
from bpm.processes.alarms.status import BaselineOrigin, Watched
from bpm.processes.alarms.theme_growth import judge_theme
from bpm.statistics.charts import PROVISIONAL, ControlChart, Series, control_chart, drift_of_looks, p_of_looks

FULL = {1: 28, 7: 20}
"""Periods of a baseline that holds, by the days of a period: four weeks of days, twenty weeks."""


def judge(
    subject: Subject,
    counts: Sequence[DayCount],
    *,
    until: date,
    begun: Sequence[Begun] = (),
    sources: Mapping[str, SourceStart] | None = None,
) -> SeriesState:
    """Everything about one series up to the end of the day `until`; `begun` are the phases that are on record."""
    if subject.measure is Watched.THEME:
        return judge_theme(subject, counts, until=until)
    step = begun[-1].step if begun else step_of(counts, until)
    points = points_of(subject.measure, counts, step=step, until=until)
    if not points:
        return SeriesState(subject, step, tuple(begun), (), why_not=_("Nothing is there yet."))
    phases = phases_of(points, begun, step)
    base, own, size = _baseline(points, phases, FULL[step])
    state = SeriesState(
        subject, step, tuple(phases), tuple(points), tuple(counts), base=base, provisional=size < FULL[step]
    )
    if base is None:
        newest = sum(each.start >= phases[-1].since for each in points)
        return replace(state, why_not=_("%(n)s periods of the 13 that a first look takes.") % {"n": newest})
    known = _known(own[size - 1].last_day, base.frozen_at, sources or {})
    new = tuple(sorted({each.source for each in counts if each.source} - known)) if sources is not None else ()
    looked = partial(_looks, subject, counts, own, base, size, until=until)
    try:
        judged, judged_on = looked(sources=known if new else None)
        with_new = looked(sources=None)[0] if new else {}
    except InvalidInputError:
        flat = _("The baseline does not vary: nothing, or everything, is like that in all its periods.")
        return replace(state, why_not=flat)
    kept = points_of(subject.measure, counts, step=step, until=until, sources=known) if new else points
    state = replace(state, points=_as_frozen(kept, phases))
    whole = size == FULL[step] and not base.points
    return replace(
        state, judged=judged, with_new=with_new, new_sources=new, to_freeze=judged_on[:size] if whole else ()
    )


def phases_of(points: Sequence[Point], begun: Sequence[Begun], step: int) -> list[Begun]:
    """The phases on record, and those that later versions begin."""
    phases = sorted(begun, key=lambda each: each.since)
    first = points[0]
    if not phases or first.start < phases[0].since:
        phases.insert(0, Begun(first.start, BaselineOrigin.FIRST, _name(first.version), first.version, step=step))
    for point in points:
        if point.start >= phases[-1].since and point.version > phases[-1].version:
            phases.append(Begun(point.start, BaselineOrigin.VERSION, _name(point.version), point.version, step=step))
    return phases


def _name(version: int) -> str:
    return _("version %(n)s") % {"n": version} if version else _("first baseline")


def _baseline(points: Sequence[Point], phases: Sequence[Begun], full: int) -> tuple[Begun | None, list[Point], int]:
    """(the phase whose limits hold, points from it on, how many of them are its baseline); None while there is none.

    A phase that is too short is judged by the one before it, but never after a person decided on a new level.
    """
    end = None
    for phase in reversed(phases):
        own = [each for each in points if each.start >= phase.since]
        its = sum(end is None or each.start < end for each in own)
        if phase.points:
            return phase, own, full
        if its >= PROVISIONAL and len(own) > PROVISIONAL:
            return phase, own, full if its >= full and len(own) > full else PROVISIONAL
        if phase.origin is BaselineOrigin.DECISION:
            break
        end = phase.since
    return None, [], 0


def _as_frozen(points: Sequence[Point], phases: Sequence[Begun]) -> tuple[Point, ...]:
    """The points, those of frozen baselines as they were when they were frozen."""
    kept = {each.start: each for phase in phases for each in phase.points}
    return tuple(sorted({**{each.start: each for each in points}, **kept}.values(), key=lambda each: each.start))


def _known(baseline_ends: date, frozen_at: datetime | None, sources: Mapping[str, SourceStart]) -> frozenset[str]:
    """Sources that had told of something by the end of the baseline, and had come in when it was frozen."""
    return frozenset(
        name
        for name, start in sources.items()
        if start.said.date() <= baseline_ends and (frozen_at is None or start.received <= frozen_at)
    )


def _looks(
    subject: Subject, counts: Sequence[DayCount], own: Sequence[Point], base: Begun, size: int, *,
    until: date, sources: frozenset[str] | None,
) -> tuple[dict[date, Judged], tuple[Point, ...]]:  # fmt: skip
    """{last day of each period behind the baseline: what it shows}, and the points that was judged on."""
    live = list(own)
    if sources is not None:
        found = points_of(subject.measure, counts, step=base.step, until=until, sources=sources)
        live = [each for each in found if each.start >= base.since]
    if base.points:
        live = [*base.points, *(each for each in live if each.start > base.points[-1].start)]
        size = len(base.points)
    if len(live) <= size:
        return {}, tuple(live)
    chart = chart_of(subject.measure, live, baseline=size)
    judged = {}
    pairs = zip(p_of_looks(chart), drift_of_looks(chart), live[size:], strict=True)
    for p, drift, point in pairs:
        judged[point.last_day] = Judged(point.last_day, p, drift > 0, _says(subject.measure, chart, point))
    return judged, tuple(live)


def chart_of(
    measure: Watched, points: Sequence[Point], *, baseline: int | None, phases: Sequence[str] | None = None,
    watched: bool = True,
) -> ControlChart:  # fmt: skip
    """The control chart of points of one measure; InvalidInputError where nothing varies."""
    single = measure is Watched.WAITING
    given = Series(
        names=tuple(each.start.isoformat() for each in points),
        values=tuple(each.rate if single else each.value for each in points),
        sizes=None if single else tuple(each.n for each in points),
        phases=tuple(phases) if phases else None,
    )
    daily = bool(points) and points[0].step == DAY
    return control_chart(given, KINDS[measure], baseline=baseline, watched=watched, seasons=daily)


def _says(measure: Watched, chart: ControlChart, point: Point) -> str:
    """The figure of the period beside the middle of the baseline."""
    if measure is Watched.NEGATIVE:
        return _("%(share).0f %% of %(n)d items negative; the baseline has %(centre).0f %%.") % {
            "share": 100 * point.rate, "n": point.n, "centre": 100 * chart.centre,
        }  # fmt: skip
    if measure is Watched.COMPLAINTS:
        return _("%(rate).1f complaints per 100 (%(value)d of %(n)d); the baseline has %(centre).1f.") % {
            "rate": 100 * point.rate, "value": point.value, "n": point.n, "centre": 100 * chart.centre,
        }  # fmt: skip
    return _("A wait of %(wait)s in the middle, n = %(n)d; the baseline has %(centre)s.") % {
        "wait": in_hours(point.rate), "n": point.n, "centre": in_hours(chart.centre),
    }  # fmt: skip


def in_hours(log_seconds: float) -> str:
    """Seconds whose logarithm it is, in words."""
    seconds = 2.718281828459045**log_seconds
    if seconds < 5400:
        return _("%(n).0f minutes") % {"n": seconds / 60}
    if seconds < 172_800:
        return _("%(n).1f hours") % {"n": seconds / 3600}
    return _("%(n).1f days") % {"n": seconds / 86_400}
