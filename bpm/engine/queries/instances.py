"""Instances as lists and pages show them; never with their state."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, bindparam, select, union_all

from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.engine.queries.versions import list_processes
from bpm.engine.status import InstanceStatus
from bpm.engine.work_items.access import ITEM, visible_to
from bpm.foundation.db import Page
from bpm.foundation.errors import NotFoundError
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.identity.models import User

INSTANCE = cast("Table", ProcessInstance.__table__)
VERSION = cast("Table", ProcessVersion.__table__)
DEFINITION = cast("Table", ProcessDefinition.__table__)
USER = cast("Table", User.__table__)

MOST_WALKS = 200
"""Versions times statuses; beyond, a process has so many versions that they are looked through together."""


@dataclass(frozen=True)
class InstanceRow:
    id: int
    key: str
    name: str
    version_id: int
    number: int
    status: InstanceStatus
    revision: int
    business_key: str | None
    started_at: datetime
    ended_at: datetime | None
    started_by: str | None
    erased_at: datetime | None
    """When retention erased it; only visits, status and instants are left."""
    live_version_id: int | None
    """The version that new instances of its process run."""
    restarted_from: int | None = None
    """The case that it takes up again."""


@dataclass(frozen=True)
class InstanceDetail:
    row: InstanceRow
    variables: dict[str, Any]


def may_see_variables(work: Work, instance_id: int) -> bool:
    """Whether the actor may read what the case knows: an operator, or who may work on one of its work items."""
    if may(work.actor, Permission.OPERATE):
        return True
    if not may(work.actor, Permission.WORK):
        return False
    mine = select(ITEM.c.id).where(ITEM.c.instance_id == instance_id, visible_to(work.actor)).limit(1)
    return work.session.scalar(mine) is not None


def list_instances(
    work: Work,
    key: str,
    *,
    statuses: Collection[InstanceStatus] = tuple(InstanceStatus),
    number: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page[InstanceRow]:
    """Instances of a process, newest first; `statuses` and the version of that `number` narrow it down. By the key of a
    file those of all its processes, by the id of another process in it those of that one alone.

    Each version and status is a walk of its own along their index, cut at `limit`, so that the list costs the same
    however many instances there are.
    """
    versions, alone = versions_of(work, key, number)
    if not versions:
        return Page((), None)
    walks = [(INSTANCE.c.version_id == v, INSTANCE.c.status == s, *alone) for v in versions for s in statuses]
    if len(walks) > MOST_WALKS:
        walks = [(INSTANCE.c.version_id.in_(versions), INSTANCE.c.status.in_(statuses), *alone)]
    first = union_all(*(_walk(*conditions, after=after, limit=limit + 1) for conditions in walks)).subquery()
    ids = select(first.c.id).order_by(first.c.id.desc()).limit(limit + 1)
    rows = work.session.execute(instance_rows().where(INSTANCE.c.id.in_(ids)).order_by(INSTANCE.c.id.desc()))
    found = [instance_row(row) for row in rows]
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def versions_of(
    work: Work, key: str, number: int | None = None
) -> tuple[Sequence[int], tuple[ColumnElement[bool], ...]]:
    """Versions of the process, and the condition that its cases meet where it stands in another process's file."""
    of_process = select(VERSION.c.id).join(DEFINITION, DEFINITION.c.id == VERSION.c.definition_id)
    if number is not None:
        of_process = of_process.where(VERSION.c.number == number)
    versions = work.session.scalars(of_process.where(DEFINITION.c.key == key)).all()
    if versions:
        return versions, ()
    file_key = next((each.file_of for each in list_processes(work) if each.key == key), "")
    return work.session.scalars(of_process.where(DEFINITION.c.key == file_key)).all(), (INSTANCE.c.process_id == key,)


def _walk(*conditions: ColumnElement[bool], after: int | None, limit: int) -> Select[Any]:
    beyond = (INSTANCE.c.id < after,) if after is not None else ()
    walked = select(INSTANCE.c.id).where(*conditions, *beyond).order_by(INSTANCE.c.id.desc()).limit(limit)
    return select(walked.subquery().c.id)


def instance_rows(*more: Any) -> Select[Any]:
    return (
        select(
            INSTANCE.c.id, INSTANCE.c.version_id, INSTANCE.c.status, INSTANCE.c.revision, INSTANCE.c.business_key,
            INSTANCE.c.started_at, INSTANCE.c.ended_at, INSTANCE.c.erased_at, VERSION.c.number, DEFINITION.c.key,
            DEFINITION.c.name, DEFINITION.c.live_version_id, INSTANCE.c.restarted_from,
            USER.c.display_name.label("started_by"), *more,
        )
        .join(VERSION, VERSION.c.id == INSTANCE.c.version_id)
        .join(DEFINITION, DEFINITION.c.id == VERSION.c.definition_id)
        .outerjoin(USER, USER.c.id == INSTANCE.c.started_by)
    )  # fmt: skip


# Built once: building it costs more than running it.
_DETAIL = instance_rows(INSTANCE.c.variables).where(INSTANCE.c.id == bindparam("instance"))


def get_instance(work: Work, instance_id: int) -> InstanceDetail:
    """An instance with its variables, or NotFoundError."""
    row = work.session.execute(_DETAIL, {"instance": instance_id}).first()
    if row is None:
        raise NotFoundError(f"There is no instance {instance_id}.")
    return InstanceDetail(instance_row(row), row.variables)


def restarted_as(work: Work, instance_id: int) -> tuple[int, ...]:
    """The cases that take this one up again, oldest first, at most 50."""
    query = select(INSTANCE.c.id).where(INSTANCE.c.restarted_from == instance_id)
    return tuple(work.session.scalars(query.order_by(INSTANCE.c.id).limit(50)))


def instance_row(row: Any) -> InstanceRow:
    return InstanceRow(
        id=row.id, key=row.key, name=row.name, version_id=row.version_id, number=row.number, status=row.status,
        revision=row.revision, business_key=row.business_key, started_at=row.started_at, ended_at=row.ended_at,
        started_by=row.started_by, erased_at=row.erased_at, live_version_id=row.live_version_id,
        restarted_from=row.restarted_from,
    )  # fmt: skip
