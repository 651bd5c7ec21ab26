"""The watcher: once for each day that ended it looks at all series, within the budget of false alarms.

1. A day is looked at some hours after it ended, so that what connectors bring late is there; each day once, days that
   were missed too, up to four weeks back. What was read serves all of them.
2. A look is one transaction that begins with its row: whoever comes second finds the day taken, and a look that dies
   leaves nothing.
3. One p for each series (drift of its chart, exceedance of a theme), Benjamini and Hochberg over all of them, processes
   before their activities. What alarms only with a source that is new is written down as a threat and raises nothing.
4. A series that alarms again goes on with its alarm; at the first look at which it is well within, the alarm is calm.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import exists, func, select

from bpm.feedback.models import ThemeItem
from bpm.foundation.errors import ConflictError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Transactions, Work
from bpm.processes.alarms.baselines import keep_phases
from bpm.processes.alarms.looking import read_states
from bpm.processes.alarms.models import Alarm, AlarmLook
from bpm.processes.alarms.raising import calm_down, raise_alarms, tell_of_new
from bpm.processes.alarms.state import Judged, SeriesState
from bpm.processes.models import Attribution
from bpm.statistics import Look, alarms

log = logger(__name__)

AFTER = timedelta(hours=3)
"""A day is looked at so long after it ended."""
MOST_DAYS = 28
"""Days back that a look which was missed is made up for; the first look of all begins there, too."""
CALM = 0.2
"""From this p on a series that alarmed is calm."""


def sweep_alarms(unit_of_work: Transactions) -> int:
    """Look at each day that has ended and was not looked at; gives how many."""
    with unit_of_work.reading() as work:
        days = due_days(work)
        if not days:
            return 0
        states = read_states(work, until=days[-1])
    done = 0
    for day in days:
        try:
            with unit_of_work() as work:
                look_at(work, day, states, newest=day == days[-1])
                done += 1
        except ConflictError:
            log.info("another worker looked at the alarms of the day", day=day.isoformat())
    return done


def due_days(work: Work) -> list[date]:
    """Days that have ended and were not looked at, the oldest first; none while there is nothing to watch."""
    newest = (work.now() - AFTER).date() - timedelta(days=1)
    last = work.session.scalar(select(func.max(AlarmLook.day)))
    if last is not None and last >= newest:
        return []
    there = select(exists().where(Attribution.id > 0)), select(exists().where(ThemeItem.theme_id.is_not(None)))
    if not any(work.session.scalar(each) for each in there):
        return []
    first = newest - timedelta(days=MOST_DAYS - 1)
    since = max(first, last + timedelta(days=1)) if last is not None else first
    return [since + timedelta(days=place) for place in range((newest - since).days + 1)]


def look_at(work: Work, day: date, states: Sequence[SeriesState], *, newest: bool = True) -> AlarmLook:
    """Judge all series that have a period which ended that day; at the `newest` phases and baselines
    that are new go on record, and people are told."""
    row = AlarmLook(
        day=day, at=work.now(), looked_at=0, waiting=sum(not each.judged for each in states), alarms=0,
        expected_false=0.0, budget=work.settings.alarm_budget, threats=[],
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    if newest:
        for state in states:
            keep_phases(work, state)
    seen = {state.subject.key: (state, state.judged[day]) for state in states if day in state.judged}
    parts = {key: state.subject.part_of for key, (state, _judged) in seen.items()}
    found = alarms([Look(key, judged.p, parts[key]) for key, (_state, judged) in seen.items()], row.budget)
    row.looked_at, row.alarms, row.expected_false = found.looked_at, len(found.series), found.expected_false
    row.threats = _threats(day, states, {key: judged.p for key, (_state, judged) in seen.items()}, row.budget)
    raise_alarms(work, [seen[key] for key in found.series], row)
    calm_down(work, day, {key for key, (_s, judged) in seen.items() if judged.p >= CALM and key not in found.series})
    _end_gone(work, day, {state.subject.key for state in states})
    if newest:
        tell_of_new(work, row)
    return row


def _threats(day: date, states: Sequence[SeriesState], ps: dict[str, float], budget: float) -> list[dict[str, object]]:
    """Series that would alarm if their new sources counted, and do not without them."""
    with_new = {
        state.subject.key: (state, state.with_new[day])
        for state in states
        if state.new_sources and day in state.with_new and state.subject.key in ps
    }
    looks = [
        Look(key, with_new[key][1].p if key in with_new else p, "") for key, p in ps.items()
    ]  # fmt: skip
    would = set(alarms(looks, budget).series)
    without = set(alarms([Look(key, p, "") for key, p in ps.items()], budget).series)
    return [_threat(key, *with_new[key]) for key in sorted(would - without) if key in with_new]


def _threat(key: str, state: SeriesState, judged: Judged) -> dict[str, object]:
    subject = state.subject
    return {
        "series": key, "name": subject.name, "element": subject.element_name, "measure": subject.measure,
        "sources": list(state.new_sources), "says": judged.says,
    }  # fmt: skip


def _end_gone(work: Work, day: date, there: set[str]) -> None:
    """Alarms of series that nothing is read of any more (a process that was taken away) are calm."""
    open_ones = set(work.session.scalars(select(Alarm.series).where(Alarm.calm_day.is_(None))))
    calm_down(work, day, open_ones - there)
