"""Bulk acts as their pages show them: how far each is, and what became of every target."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, func, select

from bpm.engine.acts import ACTS
from bpm.engine.models import Batch, BatchItem, Failure
from bpm.errors import NotFoundError
from bpm.identity.models import User
from bpm.work import Work

BATCH = cast("Table", Batch.__table__)
ITEM = cast("Table", BatchItem.__table__)
FAILURE = cast("Table", Failure.__table__)


@dataclass(frozen=True)
class BatchRow:
    """One bulk act; `done`, `refused` and `waiting` come to `total`."""

    id: int
    act: str
    parameters: Mapping[str, Any]
    reason: str
    status: str
    total: int
    done: int
    refused: int
    waiting: int
    created_at: datetime
    ended_at: datetime | None
    by: str | None


@dataclass(frozen=True)
class BatchItemRow:
    id: int
    target_id: int
    instance_id: int | None
    """The instance acted on; None for a start that did not begin, and for a failure that is gone."""
    status: str
    message: str | None
    done_at: datetime | None


def list_batches(work: Work, *, after: int | None = None, limit: int = 50) -> list[BatchRow]:
    """Bulk acts, newest first; `after` is the id of the last row seen."""
    query = _batches() if after is None else _batches().where(BATCH.c.id < after)
    return _counted(work, query.order_by(BATCH.c.id.desc()).limit(limit))


def get_batch(work: Work, batch_id: int) -> BatchRow:
    """One bulk act, or NotFoundError."""
    found = _counted(work, _batches().where(BATCH.c.id == batch_id))
    if not found:
        raise NotFoundError(f"There is no batch {batch_id}.")
    return found[0]


def _batches() -> Select[Any]:
    return select(BATCH, User.display_name.label("by")).outerjoin(User, User.id == BATCH.c.created_by)


def _counted(work: Work, query: Select[Any]) -> list[BatchRow]:
    rows = work.session.execute(query).all()
    counting = (
        select(ITEM.c.batch_id, ITEM.c.status, func.count())
        .where(ITEM.c.batch_id.in_([row.id for row in rows]))
        .group_by(ITEM.c.batch_id, ITEM.c.status)
    )
    counts = {(batch, status): number for batch, status, number in work.session.execute(counting)}
    return [
        BatchRow(
            id=r.id, act=r.act, parameters=r.parameters, reason=r.reason, status=r.status, total=r.total,
            done=counts.get((r.id, "done"), 0), refused=counts.get((r.id, "refused"), 0),
            waiting=counts.get((r.id, "waiting"), 0), created_at=r.created_at, ended_at=r.ended_at, by=r.by,
        )
        for r in rows
    ]  # fmt: skip


def list_batch_items(
    work: Work, batch_id: int, *, status: str | None = None, after: int | None = None, limit: int = 50
) -> list[BatchItemRow]:
    """What became of the targets, in their order; `after` is the id of the last row seen."""
    act = work.session.scalar(select(BATCH.c.act).where(BATCH.c.id == batch_id)) or ""
    query = select(ITEM, FAILURE.c.instance_id).outerjoin(FAILURE, FAILURE.c.id == ITEM.c.target_id)
    query = query.where(ITEM.c.batch_id == batch_id)
    if status is not None:
        query = query.where(ITEM.c.status == status)
    if after is not None:
        query = query.where(ITEM.c.id > after)
    on_failures = act in ACTS and ACTS[act].target == "failure"
    return [
        BatchItemRow(
            id=r.id, target_id=r.target_id, instance_id=r.instance_id if on_failures else r.target_id,
            status=r.status, message=r.message, done_at=r.done_at,
        )
        for r in work.session.execute(query.order_by(ITEM.c.id).limit(limit))
    ]  # fmt: skip
