"""How long each department had what was handed over, in its own open hours, against what was promised (OLA).

A crossing is one stretch with one department: from the hand-over, or from the moment when the task was handed on, until
it was handed on, came back or was taken back. The promise is the due date of the whole; it is held against the stretch
that is under way when it passes, or that ends the work.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select

from bpm import calendars
from bpm.calendars import ALWAYS, Calendar
from bpm.engine.task_models import HandOver
from bpm.feedback.models import Distribution
from bpm.feedback.status import DistributionStatus
from bpm.feedback.triage.distribution import versions_of
from bpm.foundation.work import Work
from bpm.identity.models import Group, User
from bpm.statistics import Durations, Share, durations, share

USER, ROW = cast("Table", User.__table__), cast("Table", Distribution.__table__)
BY, TO, ENDED = (USER.alias(name) for name in ("handed_by", "handed_to", "ended_by_whom"))
MOST = 5_000
"""Hand-overs of a period that are looked at, the newest."""


@dataclass(frozen=True)
class Passing:
    """A task was handed on to another group."""

    at: datetime
    from_group: str
    to_group: str


@dataclass(frozen=True)
class Stretch:
    """One department had it from `since` until `until`; None: it has it still."""

    from_group: str
    group: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Crossing:
    """A stretch with how long it took in the department's open hours, and what became of the promise."""

    from_name: str
    to_name: str
    since: datetime
    until: datetime | None
    open_for: timedelta
    due_at: datetime | None
    kept: bool | None
    """Whether the promise was kept; None: there is none, or it is still to come, or it was another's to keep."""

    @property
    def is_overdue(self) -> bool:
        """Late, and still with them."""
        return self.until is None and self.kept is False


@dataclass(frozen=True)
class HandedOver:
    """A hand-over of an item as its page shows it."""

    id: int
    to: str
    by: str
    at: datetime
    note: str
    due_at: datetime | None
    status: DistributionStatus
    case_id: int | None
    ended_at: datetime | None
    ended_by: str
    outcome: str
    result: str
    crossings: tuple[Crossing, ...]

    @property
    def is_open(self) -> bool:
        return self.status == DistributionStatus.OPEN


@dataclass(frozen=True)
class BetweenDepartments:
    """How one department does with what another hands to it."""

    from_name: str
    to_name: str
    times: int
    open_now: int
    overdue: int
    took: Durations
    """Open hours of stretches that are over."""
    kept: Share
    """Of the promises that were to keep and are due or done."""


def stretches(
    from_group: str, group: str, *, begun: datetime, ended: datetime | None, passings: Sequence[Passing] = ()
) -> list[Stretch]:
    """Who had it when; pure. Passings between people of one group, and after the end, are no crossing."""
    moves = sorted(
        (each for each in passings if each.from_group != each.to_group and (ended is None or each.at < ended)),
        key=lambda each: each.at,
    )
    before = [from_group, *(each.from_group for each in moves)]
    having = [moves[0].from_group if moves else group, *(each.to_group for each in moves)]
    starts = [begun, *(each.at for each in moves)]
    ends: list[datetime | None] = [*starts[1:], ended]
    return [Stretch(*each) for each in zip(before, having, starts, ends, strict=True)]


def measured(
    found: Sequence[Stretch], *, due_at: datetime | None, now: datetime, hours: Mapping[str, Calendar],
    names: Mapping[str, str],
) -> list[Crossing]:  # fmt: skip
    """The stretches with their clocks; pure. `hours`: group -> the calendar it works by."""
    crossings = []
    for each in found:
        last = each.until or now
        lasting = calendars.between(hours.get(each.group, ALWAYS), each.since, last)
        kept = None
        if due_at is not None:
            late = last > due_at and each.since <= due_at
            done = each is found[-1] and each.until is not None
            kept = False if late else (True if done and last <= due_at else None)
        crossings.append(
            Crossing(names.get(each.from_group, each.from_group), names.get(each.group, each.group), each.since,
                     each.until, lasting, due_at, kept)
        )  # fmt: skip
    return crossings


def handed_over(work: Work, item_id: int) -> tuple[HandedOver, ...]:
    """All hand-overs of an item (any version of it), oldest first."""
    return _read(work, [ROW.c.item_id.in_(versions_of(item_id))])


def between_departments(work: Work, *, since: datetime, until: datetime) -> tuple[BetweenDepartments, ...]:
    """What was handed over in the period, by who handed to whom; the most frequent first."""
    in_period = [ROW.c.at >= since, ROW.c.at < until, ROW.c.case_id.is_not(None)]
    by_pair: dict[tuple[str, str], list[Crossing]] = defaultdict(list)
    for each in _read(work, in_period, limit=MOST):
        for crossing in each.crossings:
            by_pair[crossing.from_name, crossing.to_name].append(crossing)
    found = [_figures(*pair, crossings) for pair, crossings in by_pair.items()]
    return tuple(sorted(found, key=lambda each: (-each.times, each.from_name, each.to_name)))


def _figures(from_name: str, to_name: str, crossings: Sequence[Crossing]) -> BetweenDepartments:
    over = [each for each in crossings if each.until is not None]
    promised = [each for each in crossings if each.kept is not None]
    return BetweenDepartments(
        from_name=from_name,
        to_name=to_name,
        times=len(crossings),
        open_now=len(crossings) - len(over),
        overdue=sum(each.is_overdue for each in crossings),
        took=durations((each.open_for for each in over), running=len(crossings) - len(over)),
        kept=share(sum(bool(each.kept) for each in promised), len(promised)),
    )


def _read(work: Work, conditions: Iterable[Any], *, limit: int | None = None) -> tuple[HandedOver, ...]:
    query = (
        select(
            ROW, BY.c.display_name.label("by_name"), TO.c.display_name.label("to_name"),
            ENDED.c.display_name.label("ended_name"),
        )
        .outerjoin(BY, BY.c.id == ROW.c.user_id)
        .outerjoin(TO, TO.c.id == ROW.c.to_user_id)
        .outerjoin(ENDED, ENDED.c.id == ROW.c.ended_by)
        .where(*conditions)
        .order_by(ROW.c.at.desc(), ROW.c.id.desc())
    )  # fmt: skip
    rows = work.session.execute(query.limit(limit) if limit else query).all()[::-1]
    if not rows:
        return ()
    passings = _passings(work, [row.case_id for row in rows if row.case_id is not None])
    groups = {row.group_key for row in rows} | {each.to_group for some in passings.values() for each in some}
    hours = calendars.calendars_of(work, sorted(groups - {""}))
    names = {row.key: row.name for row in work.session.execute(select(Group.key, Group.name))}
    plain_hours = {key: calendar for key, calendar in hours.items() if key}
    return tuple(_told(work, row, passings.get(row.case_id, ()), (plain_hours, names)) for row in rows)


def _told(
    work: Work, row: Any, passings: Sequence[Passing], known: tuple[Mapping[str, Calendar], Mapping[str, str]]
) -> HandedOver:
    hours, names = known
    to = row.to_name or names.get(row.group_key, row.group_key) or row.process_key.replace("_", " ")
    having = row.group_key or to
    found = stretches(row.from_group or row.by_name or "", having, begun=row.at, ended=row.ended_at, passings=passings)
    noted = row.status == DistributionStatus.NOTED
    crossings = [] if noted else measured(found, due_at=row.due_at, now=work.now(), hours=hours, names=names)
    return HandedOver(
        id=row.id, to=to, by=row.by_name or "", at=row.at, note=row.note, due_at=row.due_at,
        status=DistributionStatus(row.status), case_id=row.case_id, ended_at=row.ended_at,
        ended_by=row.ended_name or "", outcome=row.outcome, result=row.result, crossings=tuple(crossings),
    )  # fmt: skip


def _passings(work: Work, cases: Sequence[int]) -> dict[int, list[Passing]]:
    """Case -> when its task went to another group."""
    found: dict[int, list[Passing]] = defaultdict(list)
    query = select(HandOver.instance_id, HandOver.at, HandOver.from_group, HandOver.to_group).where(
        HandOver.to_group.is_not(None), HandOver.undone_at.is_(None)
    )
    for begin in range(0, len(cases), 500):
        rows = work.session.execute(
            query.where(HandOver.instance_id.in_(cases[begin : begin + 500])).order_by(HandOver.id)
        )
        for case_id, at, before, after in rows:
            found[case_id].append(Passing(at, before or "", after or ""))
    return found
