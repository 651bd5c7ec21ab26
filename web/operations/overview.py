"""Operations: everything that needs a hand on one page, and since when nothing does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from bpm import feedback, mail
from bpm.engine import queries
from bpm.engine.models import Batch, Failure, Job
from bpm.engine.queries import ALIVE, BatchRow, FailureGroup, QueueState, Stalled, TimerRow, WorkerRow
from bpm.feedback.classification import ModelInService, find_model_in_service
from bpm.feedback.queries import UnreadableItem
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.mail import Trouble
from web.core.rendering import go, render, say
from web.core.request_context import product, work
from web.core.security import needs
from web.operations.blueprint import blueprint

RUNS = 8
LOOK_EVERY = timedelta(minutes=1)
"""How old the look for what stands still may be: it walks over every running instance, and nobody waits for it."""


@dataclass(frozen=True)
class Overview:
    groups: tuple[FailureGroup, ...]
    standstills: tuple[Stalled, ...]
    looked_at: datetime
    """When what stands still was looked for."""
    unreadable: tuple[UnreadableItem, ...]
    last_trouble: datetime | None
    """When the last failure was resolved, or None."""
    queue: QueueState
    workers: tuple[tuple[WorkerRow, bool], ...]
    """With whether it is alive."""
    timers: tuple[TimerRow, ...]
    overdue_timers: int
    batches: tuple[BatchRow, ...]
    imports: tuple[Any, ...]
    mail: Trouble
    mail_is_set_up: bool
    in_service: ModelInService | None
    model: tuple[str, Any] | None
    """Version of the classifier that read last, and when."""

    @property
    def is_green(self) -> bool:
        """Whether nothing needs a hand."""
        return not (self.groups or self.standstills or self.unreadable or self.mail.is_there)


@blueprint.get("")
@needs(Permission.OPERATE)
def overview() -> str:
    unit = work()
    workers, timers = queries.list_workers(unit), queries.list_timers_due(unit, limit=10)
    looked_at, standstills = _standstills(unit)
    page = Overview(
        groups=tuple(queries.list_failure_groups(unit)),
        standstills=standstills,
        looked_at=looked_at,
        unreadable=tuple(feedback.queries.list_unreadable(unit, limit=RUNS)),
        last_trouble=unit.session.scalar(select(func.max(Failure.resolved_at))),
        queue=queries.queue_state(unit),
        workers=tuple((each, unit.now() - each.seen_at < ALIVE) for each in workers[:RUNS]),
        timers=tuple(timers),
        overdue_timers=sum(each.due_at < unit.now() for each in timers),
        batches=tuple(queries.list_batches(unit, limit=RUNS)),
        imports=_imports(unit),
        mail=mail.count_trouble(unit),
        mail_is_set_up=mail.is_set_up(product().settings),
        in_service=find_model_in_service(product().settings),
        model=_model(unit),
    )
    return render("operations/overview.html", page)


def _standstills(unit: Work) -> tuple[datetime, tuple[Stalled, ...]]:
    """(when, what) of this process's last look, or of a new one when that is older than `LOOK_EVERY`."""
    kept: tuple[datetime, tuple[Stalled, ...]] | None = current_app.extensions.get("standstills")
    if kept is None or not timedelta(0) <= unit.now() - kept[0] < LOOK_EVERY:
        kept = current_app.extensions["standstills"] = (unit.now(), tuple(queries.list_stalled(unit)))
    return kept


def _imports(unit: Work) -> tuple[Any, ...]:
    from bpm.feedback.models import ImportRun

    return tuple(unit.session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(RUNS)))


def _model(unit: Work) -> tuple[str, Any] | None:
    from bpm.feedback.models import Classification

    row = unit.session.execute(
        select(Classification.model_version, Classification.classified_at)
        .where(~Classification.model_version.startswith("human:"))
        .order_by(Classification.id.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


@blueprint.post("/unreadable")
@needs(Permission.OPERATE)
def read_again() -> Response:
    say(f"{feedback.read_again(work())} items are read again now.")
    return go("operations.overview")


def fingerprint(unit: Work) -> str:
    """Changes when a failure opens or is resolved, a job is made, a bulk act turns, or a worker is heard of."""
    groups = [(each.sample_id, each.count) for each in queries.list_failure_groups(unit)]
    heard = [each.seen_at for each in queries.list_workers(unit)][:1]
    turned = list(unit.session.scalars(select(Batch.status).order_by(Batch.id.desc()).limit(RUNS)))
    return f"{mail.count_trouble(unit)} {groups} {heard} {turned} {unit.session.scalar(select(func.max(Job.id)))}"
