"""Bulk acts: begun by an operator, done piece by piece by the workers, to be paused, resumed or stopped at any time.

How several workers share one batch, and why nothing is done twice
1. The targets are rows, written in one INSERT ... SELECT when the batch begins: what is chosen stays chosen.
2. A worker takes the next waiting item by an UPDATE that sets it done, skipping the rows that others hold, and acts in
   the same transaction: if the act fails or the worker dies, the item waits again as if nothing had been.
3. An act that is refused, or breaks, is rolled back; a transaction of its own writes why, and the next item goes on.
   Only trouble of the database itself ends the round: all of it is tried again.
4. Pausing and stopping change the batch's row; the claim looks at it, so that nothing new begins.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, Table, exists, insert, literal, select, update
from sqlalchemy.exc import OperationalError

from bpm import audit
from bpm.engine.events import BatchEnded
from bpm.engine.models import Batch, BatchItem, ProcessInstance
from bpm.engine.operations.actions import ACTS, Parameters, demand_act
from bpm.engine.rules.reasons import demand_reason
from bpm.engine.status import RUNNING, UNFINISHED_BATCHES, BatchItemStatus, BatchStatus
from bpm.foundation.errors import ConflictError, EarshotError, InvalidInputError, NotFoundError
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from bpm.foundation.work import SYSTEM, Actor, Transactions, Work, affected
from bpm.identity import actor_of, get_user

log = logger(__name__)

BATCH = cast("Table", Batch.__table__)
ITEM = cast("Table", BatchItem.__table__)
INSTANCE = cast("Table", ProcessInstance.__table__)

Targets = Sequence[int] | Select[int]
"""Ids of failures or instances, or the query that finds them."""

PIECES = 25
"""Items of one batch in one sweep."""
SIDE_BY_SIDE = 4
"""Batches that one sweep goes on with: a long one does not keep the others waiting."""


def begin_batch(work: Work, act: str, targets: Targets, parameters: Parameters, *, reason: str) -> Batch:
    """Write down what is to be done to whom; the workers do it. InvalidInputError without targets or a reason."""
    demand_act(act, parameters)
    batch = Batch(
        act=act, parameters=dict(parameters), reason=demand_reason(reason), status=BatchStatus.RUNNING, total=0,
        created_at=work.now(), created_by=work.actor.user_id,
    )  # fmt: skip
    work.session.add(batch)
    work.session.flush()
    batch.total = _write_items(work, batch.id, targets)
    if not batch.total:
        raise InvalidInputError("There is nobody to do it to (any more).", remedy="Look again, then choose.")
    thing = audit.Thing("batch", batch.id, f"{act}, {batch.total} targets")
    begun = {"status": BatchStatus.RUNNING, "act": act, "total": batch.total, **dict(parameters)}
    audit.record(work, "batch.begin", thing, after=begun, reason=batch.reason)
    work.nudge("batches")
    return batch


def _write_items(work: Work, batch_id: int, targets: Targets) -> int:
    if isinstance(targets, Select):
        sought = ids_of(targets).subquery()
        chosen = select(literal(batch_id), sought.c[0], literal(BatchItemStatus.WAITING.value))
        return affected(work, insert(ITEM).from_select(["batch_id", "target_id", "status"], chosen))
    rows = [
        {"batch_id": batch_id, "target_id": each, "status": BatchItemStatus.WAITING} for each in dict.fromkeys(targets)
    ]
    if rows:
        work.session.execute(insert(ITEM), rows)
    return len(rows)


def ids_of(targets: Select[int]) -> Select[int]:
    """The query that finds the targets, each once and in no order."""
    return targets.order_by(None).distinct()


def pause_batch(work: Work, batch_id: int) -> None:
    """Begin nothing new of the batch until it is resumed."""
    _turn(work, batch_id, before=(BatchStatus.RUNNING,), after=BatchStatus.PAUSED)


def resume_batch(work: Work, batch_id: int) -> None:
    """Go on with a paused batch."""
    _turn(work, batch_id, before=(BatchStatus.PAUSED,), after=BatchStatus.RUNNING)


def stop_batch(work: Work, batch_id: int) -> None:
    """End the batch: what is done stays done, the rest is not done."""
    _turn(work, batch_id, before=UNFINISHED_BATCHES, after=BatchStatus.STOPPED)


def take_back(work: Work, batch_id: int, *, reason: str) -> Batch:
    """End the cases that a bulk act made and that still run, as a bulk act of its own; what is left of it is stopped.

    ConflictError for an act that made no cases, InvalidInputError where none of them runs any more.
    """
    row = work.session.execute(select(BATCH.c.act, BATCH.c.status).where(BATCH.c.id == batch_id)).first()
    if row is None:
        raise NotFoundError(_("There is no bulk action %(number)s.") % {"number": batch_id})
    if not ACTS[row.act].makes:
        raise ConflictError(
            _("Bulk action %(number)s made no cases.") % {"number": batch_id}, remedy=_("Nothing was changed.")
        )
    if row.status in UNFINISHED_BATCHES:
        stop_batch(work, batch_id)
    return begin_batch(work, "cancel", made_and_running(batch_id), {}, reason=reason)


def made_and_running(batch_id: int) -> Select[int]:
    """The cases that a bulk act made and that have not ended."""
    made = select(ITEM.c.made_id).where(ITEM.c.batch_id == batch_id, ITEM.c.made_id.is_not(None))
    return select(INSTANCE.c.id).where(INSTANCE.c.id.in_(made), INSTANCE.c.status.in_(RUNNING))


def _turn(work: Work, batch_id: int, *, before: Collection[BatchStatus], after: BatchStatus) -> None:
    ended = work.now() if after == BatchStatus.STOPPED else None
    here = (BATCH.c.id == batch_id, BATCH.c.status.in_(before))
    if affected(work, update(BATCH).where(*here).values(status=after, ended_at=ended)) == 1:
        was = {"status": " or ".join(sorted(before))}
        audit.record(work, "batch.turn", audit.Thing("batch", batch_id), before=was, after={"status": after})
        work.nudge("batches")
        return
    status = work.session.scalar(select(BATCH.c.status).where(BATCH.c.id == batch_id))
    if status is None:
        raise NotFoundError(f"There is no batch {batch_id}.")
    raise ConflictError(f"Batch {batch_id} is {status}.", remedy="Nothing was changed.")


@dataclass(frozen=True)
class _Order:
    """A running batch as a worker carries it."""

    id: int
    act: str
    parameters: Mapping[str, Any]
    reason: str
    actor: Actor


def sweep_batches(unit_of_work: Transactions) -> int:
    """Do a bounded number of pieces of the running batches, each in its own transaction; gives how many."""
    with unit_of_work.reading() as work:
        orders = [
            _Order(row.id, row.act, row.parameters, row.reason, _actor(work, row.created_by))
            for row in work.session.execute(
                select(BATCH).where(BATCH.c.status == BatchStatus.RUNNING).order_by(BATCH.c.id).limit(SIDE_BY_SIDE)
            )
        ]
    return sum(_go_on(unit_of_work, order) for order in orders)


def _actor(work: Work, user_id: int | None) -> Actor:
    return SYSTEM if user_id is None else actor_of(get_user(work, user_id))


def _go_on(unit_of_work: Transactions, order: _Order) -> int:
    for number in range(PIECES):
        if not _do_next(unit_of_work, order):
            with unit_of_work() as work:
                _end_if_done(work, order.id)
            return number
    return PIECES


def _do_next(unit_of_work: Transactions, order: _Order) -> bool:
    """Do one piece of the batch; whether there was one."""
    item: Any = None
    try:
        with unit_of_work(order.actor) as work:
            item = _claim(work, order.id)
            if item is not None:
                act = ACTS[order.act]
                made = act.do(work, item.target_id, order.parameters, order.reason)
                if act.makes:
                    work.session.execute(update(ITEM).where(ITEM.c.id == item.id).values(made_id=made))
                work.nudge("batches")
    except OperationalError:
        raise  # the database itself is in trouble: the item waits as before
    except Exception as error:
        if item is None:
            raise
        if not isinstance(error, EarshotError):
            log.exception("batch item broke", batch=order.id, target=item.target_id)
        with unit_of_work() as work:
            _refuse(work, item.id, error)
    return item is not None


def _claim(work: Work, batch_id: int) -> Any:
    running = exists().where(BATCH.c.id == batch_id, BATCH.c.status == BatchStatus.RUNNING)
    next_one = (
        select(ITEM.c.id)
        .where(ITEM.c.batch_id == batch_id, ITEM.c.status == BatchItemStatus.WAITING, running)
        .order_by(ITEM.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taking = (
        update(ITEM)
        .where(ITEM.c.id == next_one, ITEM.c.status == BatchItemStatus.WAITING)
        .values(status=BatchItemStatus.DONE, done_at=work.now())
        .returning(ITEM.c.id, ITEM.c.target_id)
    )
    return work.session.execute(taking).first()


def _refuse(work: Work, item_id: int, error: Exception) -> None:
    message = str(error) if isinstance(error, EarshotError) else f"{type(error).__name__}: {error}"
    refused = {"status": BatchItemStatus.REFUSED, "message": message, "done_at": work.now()}
    work.session.execute(
        update(ITEM).where(ITEM.c.id == item_id, ITEM.c.status == BatchItemStatus.WAITING).values(refused)
    )
    work.nudge("batches")


def _end_if_done(work: Work, batch_id: int) -> None:
    waiting = exists().where(ITEM.c.batch_id == batch_id, ITEM.c.status == BatchItemStatus.WAITING)
    ending = update(BATCH).where(BATCH.c.id == batch_id, BATCH.c.status == BatchStatus.RUNNING, ~waiting)
    if affected(work, ending.values(status=BatchStatus.DONE, ended_at=work.now())):
        work.publish(BatchEnded(batch_id))
        work.nudge("batches")
