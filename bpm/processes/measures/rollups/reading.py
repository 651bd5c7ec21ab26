"""Figures from the sums of days, with what changed since worked out on the spot: never older than the rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from bpm.foundation.work import Work
from bpm.processes.measures.models import MeasuredDay, MeasureDue
from bpm.processes.measures.observed import Facts
from bpm.processes.measures.rollups.cells import ROLLED, SPLITS, Asked, Key, by_group, kept_sums, sum_day
from bpm.processes.measures.rollups.changes import find_changes
from bpm.processes.measures.rollups.looks import day_of
from bpm.processes.measures.splits import Groups
from bpm.processes.measures.tallies import Tally

MOST_LIVE = 12
"""So many changed days are summed while somebody waits; with more of them the rows are read as if nothing were kept."""


@dataclass(frozen=True)
class Wanted:
    """Measures with one split and filter."""

    measures: Sequence[str]
    by: str
    channel: str = ""
    voices: bool = False


def rolled_up(facts: Facts, wanted: Wanted) -> dict[str, Groups]:
    """{measure: sums by group and kind of link}, of those that sums are kept of; others are left out.

    Empty where the split or the period (whole days in UTC) asks for more than sums can tell, or too much changed.
    """
    names = [name for name in wanted.measures if name in ROLLED]
    split = {"channel": "", "voice": ""}.get(wanted.by, wanted.by)
    if not names or split not in SPLITS or not (_whole(facts.since) and _whole(facts.until)):
        return {}
    changed = _changed(facts.work, facts.part.version_id)
    if changed is None:
        return {}
    since, until = day_of(facts.since), day_of(facts.until)
    live = sorted(day for day in changed if since <= day < until)
    if len(live) > MOST_LIVE:
        return {}
    fresh = [sum_day(facts.work, facts.part, day, names) for day in live]
    found = {}
    for name in names:
        sums = kept_sums(facts.work, Asked(facts.part, name, split, since, until), live)
        for day in fresh:
            _add(sums, ((key, tally) for (measure, key), tally in day.items() if measure == name and key[0] == split))
        found[name] = by_group(sums, wanted.by, channel=wanted.channel, voices=wanted.voices)
    return found


def rolled_up_by_day(facts: Facts, measure: str, *, channel: str = "") -> Groups | None:
    """Sums of the version as a whole by day (in ISO 8601) and kind of link; None as `rolled_up` leaves out."""
    if measure not in ROLLED or not (_whole(facts.since) and _whole(facts.until)):
        return None
    changed = _changed(facts.work, facts.part.version_id)
    since, until = day_of(facts.since), day_of(facts.until)
    live = sorted(day for day in changed or () if since <= day < until)
    if changed is None or len(live) > MOST_LIVE:
        return None
    sums = kept_sums(facts.work, Asked(facts.part, measure, "", since, until, daily=True), live)
    for day in live:
        fresh = sum_day(facts.work, facts.part, day, (measure,))
        whole = ((key, tally) for (_measure, key), tally in fresh.items() if not key[0])
        _add(sums, (((key[0], day.isoformat(), *key[2:]), tally) for key, tally in whole))
    return by_group(sums, "day", channel=channel, voices=False)


def _whole(at: datetime) -> bool:
    return at.timetz().replace(tzinfo=None) == time() and at.utcoffset() == timedelta()


def _changed(work: Work, version_id: int) -> set[date] | None:
    """Days of the version whose kept sums may be wrong; None: too many rows came in to tell."""
    if not work.session.scalar(select(func.count()).select_from(MeasuredDay).limit(1)):
        return None
    changes = find_changes(work, version_id)
    if changes.more:
        return None
    due = set(work.session.scalars(select(MeasureDue.day).where(MeasureDue.version_id == version_id)))
    return due | {day for version, day in changes.days if version == version_id}


def _add(sums: dict[Key, Tally], more: Iterable[tuple[Key, Tally]]) -> None:
    for key, tally in more:
        sums.setdefault(key, Tally()).add(tally)
