"""Sums of a stretch of time, put together from those of its weeks and of the days beside them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, or_, select

from bpm.foundation.work import Work
from bpm.processes.measures.catalogue import MEASURES, MeasureKind
from bpm.processes.measures.process_of_a_file import Part
from bpm.processes.measures.rollups.cells import CELL, Key
from bpm.processes.measures.rollups.weeks import SEVEN, SUMS, kept_weeks, monday_of
from bpm.processes.measures.splits import is_counted
from bpm.processes.measures.tallies import Tally

Stretch = tuple[date, date]
"""[first, until)"""


@dataclass(frozen=True)
class Asked:
    """Which sums are wanted: [since, until) in whole days."""

    part: Part
    measure: str
    split: str
    since: date
    until: date
    every: str = ""
    """Where the place of each sum is to be its day ("day"), or the Monday of its week ("week")."""


def kept_sums(work: Work, asked: Asked, but: Collection[date]) -> dict[Key, Tally]:
    """{key: sums} of what is kept, without the days in `but`."""
    changed = {monday_of(day) for day in but}
    weeks = [] if asked.every == "day" else kept_weeks(work, asked.part.version_id, asked.since, asked.until)
    weeks = [each for each in weeks if each not in changed]
    found: dict[Key, Tally] = {}
    for table, stretches in (
        (SUMS, _joined(weeks)),
        (CELL, _between(asked.since, asked.until, weeks, but)),
    ):
        if stretches:
            _read(work, table, asked, stretches, found)
    return found


def _joined(weeks: Iterable[date]) -> list[Stretch]:
    """Weeks that follow each other as one."""
    found: list[Stretch] = []
    for monday in weeks:
        if found and found[-1][1] == monday:
            found[-1] = (found[-1][0], monday + SEVEN)
        else:
            found.append((monday, monday + SEVEN))
    return found


def _between(since: date, until: date, weeks: Iterable[date], but: Iterable[date]) -> list[Stretch]:
    """What is left of [since, until) without those weeks and days."""
    gone = sorted([(monday, monday + SEVEN) for monday in weeks] + [(day, day + timedelta(days=1)) for day in but])
    found, at = [], since
    for first, last in gone:
        if first > at:
            found.append((at, min(first, until)))
        at = max(at, last)
    if at < until:
        found.append((at, until))
    return [each for each in found if each[0] < each[1]]


def _read(work: Work, table: Table, asked: Asked, stretches: list[Stretch], found: dict[Key, Tally]) -> None:
    of: list[ColumnElement[bool]] = [
        table.c.version_id == asked.part.version_id, table.c.part == asked.part.process_id,
        table.c.measure == asked.measure, table.c.split == asked.split,
        or_(*(and_(table.c.day >= first, table.c.day < until) for first, until in stretches)),
    ]  # fmt: skip
    place = table.c.day if asked.every else table.c.place
    key = (table.c.split, place, table.c.channel, table.c.kind, table.c.voice, table.c.reader)
    timed = MEASURES[asked.measure].kind is MeasureKind.DURATION
    numbers = [table.c[name] for name in ("n", "seen", "running", "total", "squares")]
    query = (
        select(*key, *numbers, table.c.times).where(*of)
        if timed
        else select(*key, *(func.sum(each) for each in numbers)).where(*of).group_by(*key)
    )
    for row in work.session.execute(query):
        known = found.setdefault(_key_of(row, asked.every), Tally())
        known.add(_tally(row, *row[6:11]))
        for each, count in ((row[11] or {}) if timed else {}).items():
            known.times[int(each)] += count


def _key_of(row: Any, every: str) -> Key:
    place = monday_of(row[1]) if every == "week" else row[1]
    return (row[0], str(place), row[2], row[3], row[4], row[5])


def _tally(key: Any, n: int, seen: int, running: int, total: float, squares: float) -> Tally:
    channel, reader = key[2], key[5]
    tally = Tally(n=n, seen=seen, running=running, total=total, squares=squares)
    if channel and seen > running:
        tally.sources[channel] = seen - running
    if reader and n:
        tally.read[reader], tally.read_hits[reader] = n, round(total)
    return tally


def by_group(
    sums: Mapping[Key, Tally], by: str, *, channel: str, voice: str, voices: bool
) -> dict[str, dict[str, Tally]]:
    """{group: {kind of link: sums}} as `splits.grouped` gives it."""
    found: dict[str, dict[str, Tally]] = {}
    for (_split, place, came_by, kind, spoken, _reader), tally in sums.items():
        if (channel and came_by and came_by != channel) or not is_counted(spoken, wanted=voice, voices=voices):
            continue
        group = {"channel": came_by, "voice": spoken}.get(by, place)
        found.setdefault(group, {}).setdefault(kind, Tally()).add(tally)
    return found


def add_to(sums: dict[Key, Tally], more: Iterable[tuple[Key, Tally]] | Iterator[tuple[Key, Tally]]) -> None:
    """Put more sums to those that are there."""
    for key, tally in more:
        sums.setdefault(key, Tally()).add(tally)
