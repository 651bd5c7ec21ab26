"""Days of the daybook out of the rows: several that follow each other are read at once, and worked out one by one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bpm.engine.models import ActivityInstance, ProcessInstance
from bpm.foundation.work import Work
from bpm.processes.changes.marks import CASE, ITEM, Thing, day_of
from bpm.processes.daybook.at_home import add_cases, add_given, add_said, versions_of
from bpm.processes.daybook.columns import SHAPES, Row, pack, rows_of
from bpm.processes.daybook.work_done import held_in, lanes_of, share_held

ONE = timedelta(days=1)
AT_ONCE = 31
"""Days whose rows are read at once."""
PLACE_OF_CASE = {name: SHAPES[name].index("case") for name in ("worked", "ended", "said", "given")}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Packed:
    """A day as it is kept."""

    oldest: date
    columns: Mapping[str, bytes]

    def packed(self) -> Mapping[str, bytes]:
        return self.columns


@dataclass
class Gathered:
    """Rows of a day by table, and when the oldest of its cases began."""

    oldest: date
    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def packed(self) -> dict[str, bytes]:
        """{column of `BookDay`: bytes}; rows of a table in one order, however they were read."""
        return {
            "worked": pack({name: sorted(self.tables[name]) for name in ("worked", "load", "ended")}),
            "said": pack({name: sorted(self.tables[name]) for name in ("said", "given")}),
            "cases": pack({name: sorted(self.tables[name]) for name in ("began", "at_home")}),
        }


def gather(work: Work, first: date, until: date) -> Iterator[tuple[date, Gathered]]:
    """Each day of [first, until) from its rows, up to now."""
    while first < until:
        last = min(until, first + AT_ONCE * ONE)
        yield from _stretch(work, first, last).items()
        first = last


def patched(work: Work, day: date, kept: Packed, lines: Collection[Thing]) -> Packed:
    """A day that is kept, with the lines of some cases and items as they are now; work done stays as it is."""
    cases = {its_id for kind, its_id in lines if kind == CASE}
    names, versions = versions_of(work, {its_id for kind, its_id in lines if kind == ITEM})
    now = Gathered(kept.oldest)
    since, until = midnight(day), midnight(day + ONE)
    add_said(work, {day: now.tables}, since, until, versions)
    add_given(work, {day: now.tables}, since, until, versions)
    add_cases(work, {day: now.tables}, since, until, cases)
    began = _began(work, _cases(now))
    for part in ("said", "cases"):
        for name, rows in rows_of(kept.columns[part]).items():
            gone = names if name in ("said", "given") else cases
            now.tables[name] += [row for row in rows if row[0] not in gone]
    columns = {**now.packed(), "worked": kept.columns["worked"]}
    return Packed(min([kept.oldest, *began.values()]), columns)


def midnight(day: date) -> datetime:
    """Its beginning, in UTC."""
    return datetime.combine(day, datetime.min.time(), UTC)


def _stretch(work: Work, first: date, until: date) -> dict[date, Gathered]:
    days = {first + ONE * number: Gathered(first + ONE * number) for number in range((until - first).days)}
    tables = {day: each.tables for day, each in days.items()}
    since, end = midnight(first), midnight(until)
    _add_worked(work, days, since, end)
    began = _add_ended(work, days, since, end)
    add_said(work, tables, since, end)
    add_given(work, tables, since, end)
    add_cases(work, tables, since, end)
    began |= _began(work, {case for each in days.values() for case in _cases(each)} - began.keys())
    for day in days.values():
        day.oldest = min([began[case] for case in _cases(day) if case in began] + [day.oldest])
    return days


def _cases(day: Gathered) -> set[int]:
    """Everything that is at home somewhere, by the case."""
    return {int(row[PLACE_OF_CASE[name]]) for name in PLACE_OF_CASE for row in day.tables[name]} - {0}


def _add_worked(work: Work, days: dict[date, Gathered], since: datetime, until: datetime) -> None:
    """Hours and passes of each element in each case, and hours of each group."""
    found: dict[date, dict[tuple[int, int, str, str], list[int]]] = {day: {} for day in days}
    versions = lanes_of(work)
    rows = held_in(work, versions, since, until)
    for day, here in found.items():
        begin, end = midnight(day), min(midnight(day + ONE), work.now())
        load: dict[str, list[int]] = {}
        for each in share_held(work, rows, versions, begin, end) if end > begin else ():
            sums = here.setdefault((each.case_id, each.version_id, each.element, each.group), [0, 0, 0])
            of_group = load.setdefault(each.group, [0, 0, 0])
            ms = round(each.seconds * 1000)
            sums[0] += ms
            sums[1] += 1
            of_group[:] = [of_group[0] + ms, of_group[1] + 1, of_group[2] + each.is_taken]
        days[day].tables["load"] += [(group, *sums) for group, sums in load.items()]
    visit = ActivityInstance
    passes = select(visit.instance_id, visit.version_id, visit.element, visit.opened_at).where(
        visit.version_id.in_(list(versions)), visit.opened_at >= since, visit.opened_at < until
    )
    for case, version, element, opened in work.session.execute(passes):
        found[day_of(opened)].setdefault((case, version, element, ""), [0, 0, 0])[2] += 1
    for day, here in found.items():
        days[day].tables["worked"] += [(*key, *sums) for key, sums in here.items()]


def _began(work: Work, cases: Iterable[int]) -> dict[int, date]:
    found, listed = {}, sorted(cases)
    for start in range(0, len(listed), 500):
        query = select(ProcessInstance.id, ProcessInstance.started_at)
        rows = work.session.execute(query.where(ProcessInstance.id.in_(listed[start : start + 500])))
        found.update({row.id: day_of(row.started_at) for row in rows})
    return found


def _add_ended(work: Work, days: dict[date, Gathered], since: datetime, until: datetime) -> dict[int, date]:
    """Cases that ended; {case: when it began}."""
    case = ProcessInstance
    rows: Sequence[Any] = work.session.execute(
        select(case.id, case.version_id, func.coalesce(case.process_id, ""), case.ended_at, case.started_at).where(
            case.ended_at >= since, case.ended_at < until
        )
    ).all()
    for case_id, version, process, ended, _started in rows:
        micros = (ended - EPOCH) // timedelta(microseconds=1)
        days[day_of(ended)].tables["ended"].append((case_id, version, process, micros))
    return {row.id: day_of(row.started_at) for row in rows}
