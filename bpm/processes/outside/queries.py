"""Reads for screens and commands: what is known of processes that run elsewhere. Frozen rows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import ColumnElement, func, select

from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.outside.models import OutsideCase, OutsideProcess, OutsideRun, OutsideRunStatus, OutsideVisit
from bpm.statistics import Durations, durations

MOST_VISITS = 200_000
"""Visits that figures are worked out from, the newest; a page says when there are more."""


@dataclass(frozen=True)
class OutsideProcessRow:
    """A process that runs elsewhere, with how much is known of it."""

    id: int
    key: str
    name: str
    elements: tuple[Mapping[str, Any], ...]
    cases: int
    visits: int
    first_at: datetime | None
    last_at: datetime | None

    @property
    def is_drawn(self) -> bool:
        return bool(self.elements)


@dataclass(frozen=True)
class OutsideActivity:
    """One activity in a period; `work` counts visits whose beginning and end are known."""

    activity: str
    element: str
    lane: str
    visits: int
    cases: int
    open: int
    work: Durations


@dataclass(frozen=True)
class OutsideFlow:
    """How often one activity came directly after another within a case; `waited` is from end to beginning."""

    before: str
    after: str
    times: int
    waited: Durations


@dataclass(frozen=True)
class OutsideRunRow:
    """A log that was read."""

    id: int
    file_name: str
    at: datetime
    rows: int
    new: int
    changed: int
    known: int
    left_out: int
    failed: int
    status: str
    problem: str
    problems: tuple[Mapping[str, str], ...]

    @property
    def is_under_way(self) -> bool:
        return self.status in {OutsideRunStatus.WAITING, OutsideRunStatus.RUNNING}


def list_outside(work: Work) -> list[OutsideProcessRow]:
    """All of them, by name."""
    return _processes(work)


def get_outside(work: Work, key: str) -> OutsideProcessRow:
    """The one of that key, or NotFoundError."""
    found = _processes(work, OutsideProcess.key == key)
    if not found:
        raise NotFoundError(_("No log of a process “%(key)s” was imported.") % {"key": key})
    return found[0]


def _processes(work: Work, *conditions: ColumnElement[bool]) -> list[OutsideProcessRow]:
    of_it = OutsideVisit.process_id == OutsideProcess.id
    figures = (
        select(func.count()).where(OutsideCase.process_id == OutsideProcess.id).scalar_subquery(),
        select(func.count()).where(of_it).scalar_subquery(),
        select(func.min(OutsideVisit.placed_at)).where(of_it).scalar_subquery(),
        select(func.max(OutsideVisit.placed_at)).where(of_it).scalar_subquery(),
    )
    rows = work.session.execute(
        select(OutsideProcess, *figures).where(*conditions).order_by(OutsideProcess.name, OutsideProcess.id)
    )
    return [OutsideProcessRow(row.id, row.key, row.name, tuple(row.elements), *told) for row, *told in rows]


def demand_here(work: Work, key: str) -> None:
    """NotFoundError when the process of that key runs elsewhere, of which only an imported log is known."""
    if _processes(work, OutsideProcess.key == key):
        raise NotFoundError(
            _("The process “%(key)s” runs elsewhere; of it only the imported log is known.") % {"key": key},
            remedy=_("Look at it under Outside processes, or name a process that runs here."),
        )


def get_outside_diagram(work: Work, key: str) -> bytes:
    """Its BPMN with a drawing; NotFoundError without one."""
    found = work.session.scalar(select(OutsideProcess.diagram).where(OutsideProcess.key == key))
    if not found:
        raise NotFoundError(_("The process “%(key)s” has no diagram.") % {"key": key})
    return found


def list_activities(work: Work, process_id: int, *, since: datetime, until: datetime) -> list[OutsideActivity]:
    """Figures of each activity whose visits stand in [since, until), the most visited first."""
    rows = work.session.execute(
        select(
            OutsideVisit.activity, OutsideVisit.element, OutsideVisit.lane, OutsideVisit.case_id,
            OutsideVisit.started_at, OutsideVisit.completed_at,
        )
        .where(OutsideVisit.process_id == process_id, OutsideVisit.placed_at >= since, OutsideVisit.placed_at < until)
        .order_by(OutsideVisit.placed_at.desc())
        .limit(MOST_VISITS)
    ).all()  # fmt: skip
    by_activity: dict[str, list[Any]] = {}
    for row in rows:
        by_activity.setdefault(row.activity, []).append(row)
    found = [_activity(name, visits) for name, visits in by_activity.items()]
    return sorted(found, key=lambda each: (-each.visits, each.activity))


def _activity(name: str, visits: list[Any]) -> OutsideActivity:
    worked = [row.completed_at - row.started_at for row in visits if row.started_at and row.completed_at]
    lanes = Counter(row.lane for row in visits if row.lane).most_common(1)
    return OutsideActivity(
        activity=name,
        element=visits[0].element,
        lane=lanes[0][0] if lanes else "",
        visits=len(visits),
        cases=len({row.case_id for row in visits}),
        open=sum(row.completed_at is None for row in visits),
        work=durations(worked, running=sum(row.completed_at is None for row in visits)),
    )


@dataclass(frozen=True)
class OutsideFlows:
    """What came directly after what, the most frequent first, and the activities in the order cases come to them."""

    order: tuple[str, ...]
    flows: tuple[OutsideFlow, ...]
    ends: Mapping[str, int]
    """Activity -> cases whose last visit it is."""


def list_flows(work: Work, process_id: int, *, since: datetime, until: datetime) -> OutsideFlows:
    """Of visits in [since, until)."""
    rows = work.session.execute(
        select(OutsideVisit.case_id, OutsideVisit.activity, OutsideVisit.started_at, OutsideVisit.completed_at)
        .where(OutsideVisit.process_id == process_id, OutsideVisit.placed_at >= since, OutsideVisit.placed_at < until)
        .order_by(OutsideVisit.case_id.desc(), OutsideVisit.placed_at, OutsideVisit.id)
        .limit(MOST_VISITS)
    )
    waits: dict[tuple[str, str], list[timedelta | None]] = {}
    places: dict[str, list[int]] = {}
    ends: Counter[str] = Counter()
    for _case, visits in groupby(rows, key=lambda row: row.case_id):
        passed = list(visits)
        for place, row in enumerate(passed):
            places.setdefault(row.activity, []).append(place)
        for before, after in pairwise(passed):
            waits.setdefault((before.activity, after.activity), []).append(_waited(before, after))
        ends[passed[-1].activity] += 1
    flows = [
        OutsideFlow(a, b, len(each), durations([wait for wait in each if wait is not None], running=0))
        for (a, b), each in waits.items()
    ]
    return OutsideFlows(
        order=tuple(sorted(places, key=lambda each: (sum(places[each]) / len(places[each]), each))),
        flows=tuple(sorted(flows, key=lambda each: (-each.times, each.before, each.after))),
        ends=ends,
    )


def _waited(before: Any, after: Any) -> timedelta | None:
    if before.completed_at and after.started_at and after.started_at >= before.completed_at:
        waited: timedelta = after.started_at - before.completed_at
        return waited
    return None


def list_runs(work: Work, process_id: int, *, limit: int = 20) -> list[OutsideRunRow]:
    """The logs that were read, the newest first."""
    rows = work.session.scalars(
        select(OutsideRun).where(OutsideRun.process_id == process_id).order_by(OutsideRun.id.desc()).limit(limit)
    )
    return [
        OutsideRunRow(
            row.id, row.file_name, row.at, row.rows, row.new, row.changed, row.known, row.left_out, row.failed,
            str(row.status), row.problem, tuple(row.problems),
        )
        for row in rows
    ]  # fmt: skip


def runs_mark(work: Work) -> str:
    """Changes while a log is read; costs one short read."""
    rows = work.session.execute(
        select(OutsideRun.id, OutsideRun.status, OutsideRun.rows).order_by(OutsideRun.id.desc()).limit(20)
    )
    return f"{[tuple(row) for row in rows]}"
