"""Sums by week beside those by day, so that a year is read from fifty rows of a place and not from 365.

1. Writing the sums of a day drops those of its week in the same transaction, and leaves the week to be kept again.
2. The sweep keeps a week that is over from the sums of its days, in a transaction of its own; killed before its end,
   the week is still to be kept, and its days are read meanwhile.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import cast

from sqlalchemy import Table, delete, insert, select, update

from bpm.foundation.work import Transactions, Work
from bpm.processes.changes.marks import day_of
from bpm.processes.measures.models import MeasuredWeek, MeasureWeek
from bpm.processes.measures.rollups.cells import CELL, times_of
from bpm.processes.measures.tallies import Tally

SUMS = cast("Table", MeasureWeek.__table__)
WEEK = cast("Table", MeasuredWeek.__table__)
SEVEN = timedelta(days=7)
AT_ONCE = 20
"""Weeks that one look of the sweep keeps at most."""
KEY = ("part", "measure", "split", "place", "channel", "kind", "voice", "reader")


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def drop_week(work: Work, version_id: int, day: date) -> None:
    """The sums of the week of that day hold no more."""
    monday = monday_of(day)
    here = (WEEK.c.version_id == version_id, WEEK.c.day == monday)
    kept = work.session.scalar(select(WEEK.c.kept).where(*here))
    if kept is None:
        work.session.execute(insert(WEEK), {"version_id": version_id, "day": monday, "kept": False})
    elif kept:
        work.session.execute(delete(SUMS).where(SUMS.c.version_id == version_id, SUMS.c.day == monday))
        work.session.execute(update(WEEK).where(*here).values(kept=False))


def keep_weeks(transactions: Transactions, *, most: int | None = AT_ONCE) -> int:
    """Keep weeks that are over and not kept, the newest first; how many were."""
    done = 0
    while most is None or done < most:
        with transactions() as work:
            row = work.session.execute(
                select(WEEK.c.version_id, WEEK.c.day)
                .where(WEEK.c.kept.is_(False), WEEK.c.day < monday_of(day_of(work.now())))
                .order_by(WEEK.c.day.desc(), WEEK.c.version_id)
                .limit(1)
            ).first()
            if row is None:
                return done
            _keep(work, row.version_id, row.day)
            done += 1
    return done


def _keep(work: Work, version_id: int, monday: date) -> None:
    of = (CELL.c.version_id == version_id, CELL.c.day >= monday, CELL.c.day < monday + SEVEN)
    found: dict[tuple[str, ...], Tally] = defaultdict(Tally)
    numbers = ("n", "seen", "running", "total", "squares")
    for row in work.session.execute(select(*(CELL.c[name] for name in (*KEY, *numbers, "times"))).where(*of)):
        tally = Tally(n=row.n, total=row.total, squares=row.squares, seen=row.seen, running=row.running)
        tally.times.update({int(each): count for each, count in (row.times or {}).items()})
        found[tuple(row[: len(KEY)])].add(tally)
    work.session.execute(delete(SUMS).where(SUMS.c.version_id == version_id, SUMS.c.day == monday))
    rows = [
        {
            **dict(zip(KEY, key, strict=True)), "version_id": version_id, "day": monday, "n": tally.n,
            "seen": tally.seen, "running": tally.running, "total": tally.total, "squares": tally.squares,
            "times": times_of(tally),
        }
        for key, tally in found.items()
    ]  # fmt: skip
    if rows:
        work.session.execute(insert(SUMS), rows)
    work.session.execute(update(WEEK).where(WEEK.c.version_id == version_id, WEEK.c.day == monday).values(kept=True))


def kept_weeks(work: Work, version_id: int, since: date, until: date) -> list[date]:
    """Mondays of the weeks within [since, until) whose sums are kept."""
    query = select(WEEK.c.day).where(
        WEEK.c.version_id == version_id, WEEK.c.kept, WEEK.c.day >= since, WEEK.c.day <= until - SEVEN
    )
    return sorted(work.session.scalars(query))
