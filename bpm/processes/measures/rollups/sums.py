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

MOST_NAMED = 400
Stretch = tuple[date, date]
"""[first, until)"""


@dataclass(frozen=True)
class Asked:
    """Which sums are wanted: [since, until) in whole days."""

    part: Part
    measures: tuple[str, ...]
    split: str
    since: date
    until: date
    every: str = ""
    """Where the place of each sum is to be its day ("day"), or the Monday of its week ("week")."""


def kept_sums(work: Work, asked: Asked, but: Collection[date]) -> dict[str, dict[Key, Tally]]:
    """{measure: {key: sums}} of what is kept, without the days in `but`."""
    changed = {monday_of(day) for day in but}
    weeks = [] if asked.every == "day" else kept_weeks(work, asked.part.version_id, asked.since, asked.until)
    weeks = [each for each in weeks if each not in changed]
    found: dict[str, dict[Key, Tally]] = {name: {} for name in asked.measures}
    for table, stretches in (
        (SUMS, _joined(weeks)),
        (CELL, _between(asked.since, asked.until, weeks, but)),
    ):
        for timed in (False, True):
            names = [name for name in asked.measures if (MEASURES[name].kind is MeasureKind.DURATION) is timed]
            if stretches and names:
                _read(work, table, asked, stretches, names, found, timed=timed)
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


def _read(
    work: Work, table: Table, asked: Asked, stretches: list[Stretch], names: list[str],
    found: dict[str, dict[Key, Tally]], *, timed: bool,
) -> None:  # fmt: skip
    of: list[ColumnElement[bool]] = [
        table.c.version_id == asked.part.version_id, table.c.part == asked.part.process_id,
        table.c.measure.in_(names), table.c.split == asked.split,
        _within(table, stretches, timedelta(days=1) if table is CELL else SEVEN),
    ]  # fmt: skip
    place = table.c.day if asked.every else table.c.place
    key = (table.c.split, place, table.c.channel, table.c.kind, table.c.voice, table.c.reader)
    numbers = [table.c[name] for name in ("n", "seen", "running", "total", "squares")]
    query = (
        select(*key, *numbers, table.c.measure, table.c.times).where(*of)
        if timed
        else select(*key, *(func.sum(each) for each in numbers), table.c.measure)
        .where(*of)
        .group_by(table.c.measure, *key)
    )
    times: dict[tuple[str, Key], dict[str, int]] = {}
    for row in work.session.execute(query):
        here, at = found[row[11]], _key_of(row, asked.every)
        known = here.get(at) or here.setdefault(at, Tally())
        _add(known, at, *row[6:11])
        if timed and row[12]:
            counts = times.setdefault((row[11], at), {})
            get = counts.get
            for each, count in row[12].items():
                counts[each] = get(each, 0) + count
    # Classes stay texts until they are summed: a year of a measure has hundreds of thousands of them.
    for (name, at), counts in times.items():
        found[name][at].times.update({int(each): count for each, count in counts.items()})


def _within(table: Table, stretches: list[Stretch], step: timedelta) -> ColumnElement[bool]:
    """Of a year each day or week by name: an index finds them one by one, where of ranges it reads all between."""
    count = sum((until - first) // step for first, until in stretches)
    if count > MOST_NAMED:
        return or_(*(and_(table.c.day >= first, table.c.day < until) for first, until in stretches))
    return table.c.day.in_(
        [first + number * step for first, until in stretches for number in range((until - first) // step)]
    )


def _key_of(row: Any, every: str) -> Key:
    place = monday_of(row[1]) if every == "week" else row[1]
    return (row[0], str(place), row[2], row[3], row[4], row[5])


def _add(known: Tally, key: Key, n: int, seen: int, running: int, total: float, squares: float) -> None:
    """Count what a row of sums counted; in place, for a page reads thousands of them."""
    known.n += n
    known.seen += seen
    known.running += running
    known.total += total
    known.squares += squares
    known.tell(key[2], key[5], seen - running, n, round(total))


def by_group(
    sums: Mapping[Key, Tally], by: str, *, channel: str, voice: str, voices: bool
) -> dict[str, dict[str, Tally]]:
    """{group: {kind of link: sums}} as `splits.grouped` gives it."""
    found: dict[str, dict[str, Tally]] = {}
    for (_split, place, came_by, kind, spoken, _reader), tally in sums.items():
        if (channel and came_by and came_by != channel) or not is_counted(spoken, wanted=voice, voices=voices):
            continue
        group = {"channel": came_by, "voice": spoken}.get(by, place)
        kinds = found.setdefault(group, {})
        (kinds.get(kind) or kinds.setdefault(kind, Tally())).add(tally)
    return found


def add_to(sums: dict[Key, Tally], more: Iterable[tuple[Key, Tally]] | Iterator[tuple[Key, Tally]]) -> None:
    """Put more sums to those that are there."""
    for key, tally in more:
        sums.setdefault(key, Tally()).add(tally)
