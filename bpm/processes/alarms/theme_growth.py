"""Whether a theme grows: each day's count against the seasonal model of the eight weeks before it. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from bpm.foundation.texts import _
from bpm.processes.alarms.series import DAY, DayCount, Subject, daily_counts, points_of
from bpm.processes.alarms.state import Judged, SeriesState
from bpm.processes.alarms.status import Watched
from bpm.statistics.exceedance import FEWEST_DAYS, exceedance

THEME_DAYS = 56


def judge_theme(subject: Subject, counts: Sequence[DayCount], *, until: date) -> SeriesState:
    """Days of the last four weeks, each against the eight before it; sources that began meanwhile are left out."""
    first = min((each.day for each in counts), default=until)
    if (until - first).days < FEWEST_DAYS:
        return SeriesState(subject, DAY, (), (), why_not=_("The theme is younger than 12 days."))
    points = tuple(points_of(Watched.THEME, counts, step=DAY, until=until))
    began = {name: min(each.day for each in counts if each.source == name) for name in {c.source for c in counts}}
    judged: dict[date, Judged] = {}
    with_new: dict[date, Judged] = {}
    for back in range(28):
        day = until - timedelta(days=back)
        since = max(first, day - timedelta(days=THEME_DAYS))
        known = frozenset(name for name, start in began.items() if start <= max(first, day - timedelta(days=14)))
        for sources, found in ((known, judged), (None, with_new)):
            told = exceedance(daily_counts(counts, since=since, until=day, sources=sources), day.weekday())
            if told is not None:
                words = _("%(n)s items; %(expected).1f were to be expected.")
                found[day] = Judged(day, told.p, up=True, says=words % {"n": told.observed, "expected": told.expected})
    new = tuple(sorted(name for name, start in began.items() if start > until - timedelta(days=14) and start > first))
    return SeriesState(subject, DAY, (), points, judged=judged, with_new=with_new if new else {}, new_sources=new)
