"""What happened: visits and commands of an instance in order, what was open at an instant, visits for measures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Integer, Table, and_, bindparam, case, func, or_, select

from bpm.engine.models import ActivityInstance, Failure, ProcessInstance, StepRecord, WorkItem
from bpm.engine.status import RUNNING, ActivityStatus, FailureStatus
from bpm.foundation.work import Work
from bpm.identity.models import User

ACTIVITY = cast("Table", ActivityInstance.__table__)
FAILURE = cast("Table", Failure.__table__)
INSTANCE = cast("Table", ProcessInstance.__table__)
ITEM = cast("Table", WorkItem.__table__)
RECORD = cast("Table", StepRecord.__table__)
USER = cast("Table", User.__table__)

MOST_ROWS = 2000
"""Rows of an instance's history on one page."""


@dataclass(frozen=True)
class HistoryRow:
    """One visit of an element."""

    id: int
    uid: str
    element: str
    name: str
    type: str
    parent: str | None
    process: str | None
    status: ActivityStatus
    opened_at: datetime
    closed_at: datetime | None
    actor_id: int | None
    actor: str | None


@dataclass(frozen=True)
class CommandRow:
    """One saved step: what was commanded, by whom, why."""

    revision: int
    command: str
    at: datetime
    actor: str | None
    reason: str | None
    detail: Mapping[str, Any]
    """What an operator's act changed; empty for all other steps."""


@dataclass(frozen=True)
class OpenElement:
    element: str
    type: str
    name: str
    opened_at: datetime


@dataclass(frozen=True)
class VisitRow:
    """One visit for measures: waiting is opened to claimed (or closed), work is claimed to closed."""

    instance_id: int
    version_id: int
    element: str
    name: str
    type: str
    status: ActivityStatus
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """How many running cases of a version stand at one of its elements now."""

    element: str
    type: str
    failed: int
    """Of them, those with an open failure there."""
    open: int
    """The others."""


# Built once: every page about an instance or a work item asks them.
_HISTORY = (
    select(ACTIVITY, USER.c.display_name.label("actor"))
    .outerjoin(USER, USER.c.id == ACTIVITY.c.actor_id)
    .where(ACTIVITY.c.instance_id == bindparam("instance"), ACTIVITY.c.id > bindparam("after"))
    .order_by(ACTIVITY.c.id)
    .limit(bindparam("most", type_=Integer()))
)
_COMMANDS = (
    select(RECORD, USER.c.display_name.label("actor"))
    .outerjoin(USER, USER.c.id == RECORD.c.actor_id)
    .where(RECORD.c.instance_id == bindparam("instance"), RECORD.c.revision > bindparam("after"))
    .order_by(RECORD.c.revision)
    .limit(bindparam("most", type_=Integer()))
)


def instance_history(work: Work, instance_id: int, *, after: int = 0, limit: int = MOST_ROWS) -> list[HistoryRow]:
    """The visits of an instance in the order in which they began; `after` is the id of the last row seen."""
    return [
        HistoryRow(
            id=r.id, uid=r.uid, element=r.element, name=r.name, type=r.type, parent=r.parent, process=r.process,
            status=r.status, opened_at=r.opened_at, closed_at=r.closed_at, actor_id=r.actor_id, actor=r.actor,
        )
        for r in work.session.execute(_HISTORY, {"instance": instance_id, "after": after, "most": limit})
    ]  # fmt: skip


def instance_commands(work: Work, instance_id: int, *, after: int = 0, limit: int = MOST_ROWS) -> list[CommandRow]:
    """The commands of an instance in order; `after` is the last revision seen."""
    rows = work.session.execute(_COMMANDS, {"instance": instance_id, "after": after, "most": limit})
    return [CommandRow(r.revision, r.command, r.at, r.actor, r.reason, r.detail or {}) for r in rows]


def open_elements(work: Work, instance_id: int, at: datetime) -> list[OpenElement]:
    """What was open in the instance at the instant `at`, oldest first."""
    query = (
        select(ACTIVITY.c.element, ACTIVITY.c.type, ACTIVITY.c.name, ACTIVITY.c.opened_at)
        .where(
            ACTIVITY.c.instance_id == instance_id,
            ACTIVITY.c.opened_at <= at,
            or_(ACTIVITY.c.closed_at.is_(None), ACTIVITY.c.closed_at > at),
        )
        .order_by(ACTIVITY.c.opened_at, ACTIVITY.c.id)
    )
    return [OpenElement(r.element, r.type, r.name, r.opened_at) for r in work.session.execute(query)]


def activity_visits(work: Work, version_ids: Sequence[int], since: datetime, until: datetime) -> list[VisitRow]:
    """Visits of those versions that began in [since, until), by beginning."""
    query = _VISITS.where(
        ACTIVITY.c.version_id.in_(version_ids), ACTIVITY.c.opened_at >= since, ACTIVITY.c.opened_at < until
    )
    return [VisitRow(*row) for row in work.session.execute(query)]


def visits_of_instances(work: Work, instance_ids: Sequence[int]) -> list[VisitRow]:
    """All visits of those instances, by beginning."""
    return [VisitRow(*row) for row in work.session.execute(_VISITS.where(ACTIVITY.c.instance_id.in_(instance_ids)))]


_VISITS = (
    select(
        ACTIVITY.c.instance_id, ACTIVITY.c.version_id, ACTIVITY.c.element, ACTIVITY.c.name, ACTIVITY.c.type,
        ACTIVITY.c.status, ACTIVITY.c.opened_at,
        func.coalesce(ACTIVITY.c.claimed_at, ITEM.c.claimed_at).label("claimed_at"), ACTIVITY.c.closed_at,
    )
    .outerjoin(ITEM, and_(ITEM.c.instance_id == ACTIVITY.c.instance_id, ITEM.c.uid == ACTIVITY.c.uid))
    .order_by(ACTIVITY.c.opened_at, ACTIVITY.c.id)
)  # fmt: skip


def standing(work: Work, version_id: int) -> list[Standing]:
    """Where the running cases of a version stand, from the cases' side: visits that ended are many."""
    here = and_(
        FAILURE.c.instance_id == ACTIVITY.c.instance_id,
        FAILURE.c.uid == ACTIVITY.c.uid,
        FAILURE.c.status == FailureStatus.OPEN,
    )
    query = (
        select(
            ACTIVITY.c.element, ACTIVITY.c.type,
            func.count(case((FAILURE.c.id.is_not(None), ACTIVITY.c.instance_id)).distinct()).label("failed"),
            func.count(case((FAILURE.c.id.is_(None), ACTIVITY.c.instance_id)).distinct()).label("open"),
        )
        .select_from(INSTANCE.join(ACTIVITY, ACTIVITY.c.instance_id == INSTANCE.c.id).outerjoin(FAILURE, here))
        .where(
            INSTANCE.c.version_id == version_id,
            INSTANCE.c.status.in_(RUNNING),
            ACTIVITY.c.version_id == version_id,
            or_(
                ACTIVITY.c.status == ActivityStatus.OPEN,
                and_(ACTIVITY.c.status == ActivityStatus.FAILED, FAILURE.c.id.is_not(None)),
            ),
        )
        .group_by(ACTIVITY.c.element, ACTIVITY.c.type)
        .order_by(ACTIVITY.c.element)
    )  # fmt: skip
    return [Standing(r.element, r.type, r.failed, r.open) for r in work.session.execute(query)]
