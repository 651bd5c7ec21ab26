"""Changing a running instance over to another version by a plan: worked out purely, then all its open rows follow.

What moves and what stays
1. Open rows (visits, work items, jobs, subscriptions, failures) get the new version and, where it differs, the new
   element; ids, claims, drafts, due instants, leases and attempts stay as they are.
2. Closed rows keep their version: figures of versions are never blended.
3. Called processes of other definitions keep their binding; what the new version calls in addition is bound now.
4. A job that a worker has in hand is not pulled away from it: the change is refused until it is handed back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update

from bpm.engine.definitions.version_cache import bind, get_version_runnable
from bpm.engine.instances.instances import keep
from bpm.engine.instances.loading import INSTANCE, Loaded, instance_query, loaded_from, lock
from bpm.engine.instances.on_record import Cause
from bpm.engine.instances.waiting_rows import job_row
from bpm.engine.migration.plans import MigrationPlan, counterpart, demand_same_process, plan_from_json, side
from bpm.engine.models import ActivityInstance, EventSubscription, Failure, Job, WorkItem
from bpm.engine.rules.reasons import demand_reason
from bpm.engine.rules.retry_policy import policy_of
from bpm.engine.spiff.migration import versions
from bpm.engine.spiff.migration.migrate import Migration
from bpm.engine.spiff.migration.obstacles import Obstacle
from bpm.engine.spiff.step import NewJob
from bpm.engine.status import (
    UNDONE_JOBS,
    WAITING_SUBSCRIPTIONS,
    ActivityStatus,
    FailureStatus,
    JobStatus,
    WorkItemStatus,
)
from bpm.foundation.errors import ConflictError, NotFoundError, RefusedError
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

ACTIVITY = cast("Table", ActivityInstance.__table__)
ITEM = cast("Table", WorkItem.__table__)
JOB = cast("Table", Job.__table__)
SUBSCRIPTION = cast("Table", EventSubscription.__table__)
FAILURE = cast("Table", Failure.__table__)

_WAITING = UNDONE_JOBS - {JobStatus.LEASED}
_OPEN_ROWS: tuple[tuple[Table, frozenset[Any]], ...] = (
    (ACTIVITY, frozenset({ActivityStatus.OPEN})),
    (ITEM, frozenset({WorkItemStatus.OPEN})),
    (JOB, _WAITING),
    (SUBSCRIPTION, WAITING_SUBSCRIPTIONS),
    (FAILURE, frozenset({FailureStatus.OPEN})),
)

# Built once: building these statements costs more than running them.
_MOVE = tuple(
    update(table)
    .where(
        table.c.instance_id == bindparam("instance"),
        table.c.status.in_(statuses),
        table.c.version_id == bindparam("now"),
    )
    .values(version_id=bindparam("then"))
    for table, statuses in _OPEN_ROWS
)
_LOCK_JOBS = (
    select(JOB.c.id).where(JOB.c.instance_id == bindparam("instance"), JOB.c.status.in_(_WAITING)).with_for_update()
)
_LEASED = select(func.count()).where(JOB.c.instance_id == bindparam("instance"), JOB.c.status == JobStatus.LEASED)
_CHANGE_INSTANCE = (
    update(INSTANCE)
    .where(INSTANCE.c.id == bindparam("instance"))
    .values(
        version_id=bindparam("then"),
        process_id=bindparam("process"),
        bindings=bindparam("bound", type_=INSTANCE.c.bindings.type),
        began_version_id=func.coalesce(INSTANCE.c.began_version_id, bindparam("now")),
    )
)


@dataclass(frozen=True)
class _Change:
    """An instance before and after."""

    now: Loaded
    then: Loaded
    migration: Migration


def migrate(work: Work, instance_id: int, plan: MigrationPlan, *, reason: str) -> None:
    """Change an instance over, suspended and failed ones too, for a reason that stays on record.

    RefusedError with every obstacle in `findings`; ConflictError when it has ended, runs another version, or a worker
    has one of its jobs in hand.
    """
    demand(work.actor, Permission.OPERATE)
    why = demand_reason(reason)
    loaded = lock(work, instance_id, even_suspended=True)
    _lock_jobs(work, instance_id)
    found = _work_out(work, loaded, plan)
    if not isinstance(found, _Change):
        raise RefusedError(
            f"Instance {instance_id} cannot change over.", findings=found, remedy=" ".join(map(in_words, found))
        )
    _move_rows(work, found)
    numbers = {"from": found.now.runnable.number, "to": found.then.runnable.number}
    detail = {**plan.as_json(), **numbers, "mapping": plan.renamed}
    step = found.migration.step
    keep(work, found.then, step, cause=Cause("migrate", reason=why, detail=detail), place=found.then.place())
    work.nudge("work_items")


def forecast(work: Work, instance_id: int, plan: MigrationPlan) -> list[Obstacle]:
    """Why an instance could not change over, each reason at its element; empty when it can. Nothing is changed.

    ConflictError as for `migrate`.
    """
    row = work.session.execute(instance_query(locked=False).where(INSTANCE.c.id == instance_id)).first()
    if row is None:
        raise NotFoundError(f"There is no instance {instance_id}.")
    _demand_no_lease(work, instance_id)
    found = _work_out(work, loaded_from(work, row, even_suspended=True), plan)
    return [] if isinstance(found, _Change) else found


def in_words(obstacle: Obstacle) -> str:
    """An obstacle as one sentence for people."""
    return f"{obstacle.name or obstacle.element}: {obstacle.reason}"


def migrate_by_batch(work: Work, instance_id: int, parameters: Mapping[str, Any], reason: str) -> None:
    """`migrate` as an act on many; `parameters`: {"plan": a plan as JSON}."""
    migrate(work, instance_id, plan_from_json(parameters["plan"]), reason=reason)


def obstacle_for_batch(work: Work, instance_id: int, parameters: Mapping[str, Any]) -> str | None:
    """Why one of many could not change over, in words, or None."""
    try:
        found = forecast(work, instance_id, plan_from_json(parameters["plan"]))
    except (ConflictError, NotFoundError) as error:
        return str(error)
    return " ".join(map(in_words, found)) or None


def _work_out(work: Work, loaded: Loaded, plan: MigrationPlan) -> _Change | list[Obstacle]:
    if loaded.runnable.version_id != plan.from_version_id:
        raise ConflictError(
            f"Instance {loaded.id} runs version {loaded.runnable.number}, which the plan is not about.",
            remedy="Nothing was changed.",
        )
    new = get_version_runnable(work, plan.to_version_id)
    demand_same_process(loaded.runnable, new)
    bindings = {**(bind(work, new.calls) if new.calls else {}), **(loaded.bindings or {})} or None
    now_in = loaded.process_id or loaded.runnable.primary
    process_id = counterpart(loaded.runnable, new, now_in)
    if process_id is None:
        return [Obstacle(now_in, "", f"version {new.number} has no process {now_in!r} any more")]
    then = replace(
        loaded, runnable=new, process_id=process_id if process_id != new.primary else None, bindings=bindings
    )
    old, new_side = (side(work, at.runnable, process_id=at.process_id, bindings=at.bindings) for at in (loaded, then))
    found = versions.change(old, new_side, loaded.state, plan.mapping, now=work.now())
    return found if isinstance(found, list) else _Change(loaded, then, found)


def _lock_jobs(work: Work, instance_id: int) -> None:
    """Keep the waiting jobs from being leased until the end of the transaction, then look for leased ones."""
    work.session.execute(_LOCK_JOBS, {"instance": instance_id}).all()
    _demand_no_lease(work, instance_id)


def _demand_no_lease(work: Work, instance_id: int) -> None:
    if work.session.scalar(_LEASED, {"instance": instance_id}):
        raise ConflictError(
            f"Instance {instance_id} is being worked on: a worker has one of its jobs in hand.",
            remedy="Nothing was changed. Try again in a moment.",
        )


def _move_rows(work: Work, change: _Change) -> None:
    """Let every open row say the new version, and what else is different now."""
    now, then = change.now, change.then
    moved = {"instance": now.id, "now": now.runnable.version_id, "then": then.runnable.version_id}
    for statement in _MOVE:
        work.session.execute(statement, moved)
    _rename(work, now.id, change.migration)
    _redefine(work, change)
    bound = dict(then.bindings) if then.bindings else None
    work.session.execute(_CHANGE_INSTANCE, {**moved, "process": then.process_id, "bound": bound})


def _rename(work: Work, instance_id: int, migration: Migration) -> None:
    moved = [
        {"i": instance_id, "u": m.uid, "element_": m.element, "name_": m.name, "type_": m.type, "form_": m.form}
        for m in migration.moved
    ]
    if not moved:
        return
    for table, statuses in _OPEN_ROWS:
        said = {"element": "element_", "name": "name_", "type": "type_", "form": "form_"}
        values: dict[str, Any] = {column: bindparam(key) for column, key in said.items() if column in table.c}
        rows = moved if table is ACTIVITY else [{**row, "name_": row["name_"] or row["element_"]} for row in moved]
        _each(work, table, statuses, values, rows)


def _redefine(work: Work, change: _Change) -> None:
    """Jobs and subscriptions whose definition is another one now."""
    at, migration = {"i": change.now.id}, change.migration
    rows = [job_row(work, change.then.place(), job) for job in migration.jobs]
    if rows:
        names = ("kind", "topic", "payload", "retries", "retry_in")
        values: dict[str, Any] = {name: bindparam(f"{name}_", type_=JOB.c[name].type) for name in names}
        jobs = [{**at, "u": row["uid"], **{f"{name}_": row[name] for name in names}} for row in rows]
        _each(work, JOB, _WAITING, values, jobs)
    waiting = [{**at, "u": s.uid, "event_": s.event, "key_": s.key} for s in migration.subscriptions]
    if waiting:
        told: dict[str, Any] = {"event": bindparam("event_"), "key": bindparam("key_")}
        _each(work, SUBSCRIPTION, WAITING_SUBSCRIPTIONS, told, waiting)


def _redefined(work: Work, job: NewJob) -> dict[str, Any]:
    policy = policy_of(job.topic, work.settings.job_retries, retries=job.retries, retry_in=job.retry_in)
    return {
        "kind_": job.kind, "topic_": job.topic, "payload_": job.payload, "retries_": policy.tries,
        "retry_in_": policy.waits,
    }  # fmt: skip


def _each(
    work: Work, table: Table, statuses: Iterable[str], values: Mapping[str, Any], rows: Sequence[dict[str, Any]]
) -> None:
    """One UPDATE for each row, by uid, in one round trip; what is not asked for is left out."""
    wanted = {"i", "u", *(parameter.key for parameter in values.values())}
    here = (table.c.instance_id == bindparam("i"), table.c.uid == bindparam("u"), table.c.status.in_(statuses))
    told = [{key: value for key, value in row.items() if key in wanted} for row in rows]
    work.session.connection().execute(update(table).where(*here).values(values), told)
