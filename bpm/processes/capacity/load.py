"""Load against staffed hours of each group, week by week: what came, what is to come where that can be said, and WIP.

Load of a week: tasks that came times the mean working time of the group's tasks. Staffed: open hours of the group's
calendar for each of its people, absences taken off, times the part of them that is for tasks. Who is in several groups
is divided between them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import func, select, text

from bpm import calendars
from bpm.calendars import ALWAYS
from bpm.engine.models import ActivityInstance, WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.engine.task_models import Absence
from bpm.foundation.work import Work
from bpm.identity.models import Group, Membership, User
from bpm.processes.capacity.staffing import Staffing, get_staffing
from bpm.processes.changes.held import BY_PEOPLE, OF_VISIT
from bpm.processes.daybook.keeping import Daybook
from bpm.processes.daybook.shared_time import OpenHours
from bpm.processes.daybook.work_done import VersionLanes, group_of, lanes_of
from bpm.processes.measures.rollups.heard import as_date, utc_day
from bpm.statistics import SHOWN_FROM
from bpm.statistics.forecast import WEEK, Outlook, outlook

PAST, AHEAD = 26, 4
"""Weeks that are looked at, and forecast."""
LISTED = 8
"""Weeks of the past that are shown."""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class WeekLoad:
    """`load` and `staffed` in hours; `load` None: too few tasks ended to say how long one takes."""

    since: datetime
    tasks: float
    low: float | None
    high: float | None
    """Of a week to come: 4 of 5 back-tests of so many weeks ahead lay within."""
    load: float | None
    staffed: float
    is_forecast: bool

    @property
    def is_over(self) -> bool:
        return self.load is not None and self.load > self.staffed


@dataclass(frozen=True)
class GroupCapacity:
    group: str
    name: str
    people: float
    """Whole people, those in several groups by their part."""
    staffing: Staffing
    always_open: bool
    """Whether it has no calendar, so that every hour of the day counts as open."""
    open_tasks: int
    hours_each: float | None
    """Mean working time of a task; None under ten tasks."""
    ended: int
    weeks: tuple[WeekLoad, ...]
    outlook: Outlook

    @property
    def is_over_wip(self) -> bool:
        return self.staffing.wip is not None and self.open_tasks > self.staffing.wip

    @property
    def over_weeks(self) -> int:
        return sum(week.is_over for week in self.weeks)


def list_capacity(work: Work) -> tuple[GroupCapacity, ...]:
    """Every group that has people, a limit or tasks, by name. Weeks are seven days each and end at midnight UTC."""
    today = work.now().replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - PAST * _WEEK
    versions = lanes_of(work)
    came = _came(work, versions, first, today)
    seconds, ended = _worked(work, first, today)
    plan, waiting = get_staffing(work), _open_tasks(work)
    parts, members = _members(work)
    names: dict[str, str] = {row.key: row.name for row in work.session.execute(select(Group.key, Group.name))}
    groups = sorted({*came, *plan, *waiting, *members} - {""}, key=lambda key: str(names.get(key, key)).lower())
    hours = calendars.calendars_of(work, groups)
    absences = _absences(work, {who for some in members.values() for who in some}, first, today + AHEAD * _WEEK)
    found = []
    for group in groups:
        calendar, people = hours.get(group) or ALWAYS, members.get(group, ())
        rest = {who: parts[who] for who in people}
        clock = OpenHours(calendar, first - _DAY, today + (AHEAD + 1) * _WEEK)
        staffed = _Staffed(clock, rest, absences, plan.get(group, Staffing()))
        each = seconds[group] / 3600 / ended[group] if ended[group] >= SHOWN_FROM else None
        days = came.get(group, [0.0] * (PAST * WEEK))
        said = outlook(_from_first(days), ahead=AHEAD)
        found.append(
            GroupCapacity(
                group=group,
                name=names.get(group, group),
                people=float(staffed.people),
                staffing=staffed.plan,
                always_open=calendar.is_always_open,
                open_tasks=waiting.get(group, 0),
                hours_each=each,
                ended=ended[group],
                weeks=_weeks(days, said, staffed, today=today, each=each),
                outlook=said,
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class _Staffed:
    """Hours that a group's people have for tasks."""

    clock: OpenHours
    parts: Mapping[int, float]
    absences: Mapping[int, Sequence[tuple[datetime, datetime]]]
    plan: Staffing

    @property
    def people(self) -> float:
        return float(self.plan.people) if self.plan.people is not None else sum(self.parts.values())

    def hours(self, since: datetime, until: datetime) -> float:
        """In [since, until)."""
        whole = self.people * self._open(since, until)
        for who, part in self.parts.items():
            for begin, end in self.absences.get(who, ()):
                first, last = max(begin, since), min(end, until)
                whole -= part * self._open(first, last) if first < last else 0.0
        return max(0.0, whole) * float(self.plan.share)

    def _open(self, since: datetime, until: datetime) -> float:
        return (self.clock.up_to(until) - self.clock.up_to(since)) / 3600


def _weeks(
    days: Sequence[float], said: Outlook, staffed: _Staffed, *, today: datetime, each: float | None
) -> tuple[WeekLoad, ...]:
    found = []
    for back in range(LISTED, 0, -1):
        begin = today - back * _WEEK
        place = len(days) - back * WEEK
        tasks = sum(days[place : place + WEEK])
        load = None if each is None else tasks * each
        found.append(WeekLoad(begin, tasks, None, None, load, staffed.hours(begin, begin + _WEEK), is_forecast=False))
    for ahead, tasks in enumerate(said.weeks):
        begin = today + ahead * _WEEK
        width = said.back_test.half_widths[ahead] if said.back_test else 0.0
        load = None if each is None else tasks * each
        hours = staffed.hours(begin, begin + _WEEK)
        found.append(WeekLoad(begin, tasks, max(0.0, tasks - width), tasks + width, load, hours, is_forecast=True))
    return tuple(found)


def _from_first(days: Sequence[float]) -> Sequence[float]:
    """From the first week with a task on: a group that did not exist yet teaches nothing."""
    first = next((place for place, count in enumerate(days) if count), len(days))
    return days[first - first % WEEK :]


def _came(
    work: Work, versions: Mapping[int, VersionLanes], since: datetime, until: datetime
) -> dict[str, list[float]]:  # fmt: skip
    """Group -> tasks that came on each day."""
    visit, item = ActivityInstance, WorkItem
    rows = work.session.execute(
        select(
            visit.version_id, visit.element, item.group_key, utc_day(work, visit.opened_at).label("came_on"),
            func.count().label("n"),
        )
        .outerjoin(item, OF_VISIT)
        .where(
            visit.version_id.in_(list(versions)), visit.opened_at >= since, visit.opened_at < until,
            visit.type.in_(BY_PEOPLE),
        )
        # By the label's name: repeated, its parameter would make it another expression to PostgreSQL.
        .group_by(visit.version_id, visit.element, item.group_key, text("came_on"))
    )  # fmt: skip
    found: dict[str, list[float]] = {}
    for row in rows:
        days = found.setdefault(group_of(row, versions), [0.0] * (until - since).days)
        days[(as_date(row.came_on) - since.date()).days] += row.n
    return found


def _worked(work: Work, since: datetime, until: datetime) -> tuple[dict[str, float], Counter[str]]:
    """Group -> seconds worked on tasks, and the tasks that they were worked on; from the daybook.

    A task is counted on the first of the days if somebody holds it then, else on the day on which it was taken.
    """
    book = Daybook(work)
    load = book.read("load", since.date(), until.date())
    counted = np.where(load["on"] == since.date().toordinal(), load["tasks"], load["taken"])
    seconds: dict[str, float] = defaultdict(float)
    ended: Counter[str] = Counter()
    for place, ms, tasks in zip(load["group"].tolist(), load["ms"].tolist(), counted.tolist(), strict=True):
        group = book.words.listed[place]
        seconds[group] += ms / 1000
        ended[group] += tasks
    return seconds, ended


def _open_tasks(work: Work) -> dict[str, int]:
    rows = work.session.execute(
        select(WorkItem.group_key, func.count())
        .where(WorkItem.status == WorkItemStatus.OPEN, WorkItem.group_key.is_not(None))
        .group_by(WorkItem.group_key)
    )
    return {str(key): count for key, count in rows}


def _members(work: Work) -> tuple[dict[int, float], dict[str, list[int]]]:
    """Person -> the part of them that each of their groups has; group -> its people."""
    rows = work.session.execute(
        select(Group.key, Membership.user_id)
        .join(Membership, Membership.group_id == Group.id)
        .join(User, User.id == Membership.user_id)
        .where(User.active)
    ).all()
    groups = Counter(row.user_id for row in rows)
    members: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        members[row.key].append(row.user_id)
    return {who: 1 / count for who, count in groups.items()}, dict(members)


def _absences(
    work: Work, people: Collection[int], since: datetime, until: datetime
) -> dict[int, list[tuple[datetime, datetime]]]:
    rows = work.session.execute(
        select(Absence.user_id, Absence.from_at, Absence.until_at).where(
            Absence.is_cancelled.is_(False), Absence.until_at > since, Absence.from_at < until
        )
    )
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for row in rows:
        if row.user_id in people:
            found[row.user_id].append((row.from_at, row.until_at))
    return found
