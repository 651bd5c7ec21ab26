"""The operator's screen: what needs a hand, what waits, who works."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, request
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from bpm import engine
from bpm.engine import queries
from bpm.engine.models import Failure, Job
from bpm.engine.queries import FailureGroup, FailureRow, QueueState, TimerRow, WorkerRow
from bpm.errors import InvalidInputError
from bpm.feedback.classification import ModelInService, find_model_in_service
from bpm.identity import Permission
from bpm.work import Work
from web.numbers import key_of
from web.pages import go, go_back, render, say
from web.paging import SIZE, after
from web.security import needs
from web.visit import product, work

blueprint = Blueprint("operations", __name__, url_prefix="/operations")

SILENT = timedelta(minutes=1)
"""A worker not heard of for so long is presumed gone."""
RUNS = 8


@dataclass(frozen=True)
class Overview:
    groups: tuple[FailureGroup, ...]
    last_failure: Any
    """When the last failure was resolved, or None."""
    queue: QueueState
    workers: tuple[tuple[WorkerRow, bool], ...]
    """With whether it is alive."""
    timers: tuple[TimerRow, ...]
    imports: tuple[Any, ...]
    in_service: ModelInService | None
    model: tuple[str, Any] | None
    """Version of the classifier that read last, and when."""


@dataclass(frozen=True)
class GroupPage:
    group: FailureGroup | None
    rows: tuple[FailureRow, ...]
    after: int | None


@blueprint.get("")
@needs(Permission.OPERATE)
def overview() -> str:
    unit = work()
    workers = queries.list_workers(unit)
    return render(
        "operations/overview.html",
        Overview(
            groups=tuple(queries.list_failure_groups(unit)),
            last_failure=unit.session.scalar(select(func.max(Failure.resolved_at))),
            queue=queries.queue_state(unit),
            workers=tuple((each, unit.now() - each.seen_at < SILENT) for each in workers[:RUNS]),
            timers=tuple(queries.list_timers_due(unit, limit=10)),
            imports=_imports(unit),
            in_service=find_model_in_service(product().settings),
            model=_model(unit),
        ),
    )


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


@blueprint.get("/failures")
@needs(Permission.OPERATE)
def failures() -> str:
    cause, element, version_id = _named(request.args)
    group = next(
        (
            each
            for each in queries.list_failure_groups(work())
            if (each.cause, each.element, each.version_id) == (cause, element, version_id)
        ),
        None,
    )
    rows = queries.list_failures(
        work(), cause=cause, element=element, version_id=version_id, after=after(), limit=SIZE + 1
    )
    last = rows[SIZE - 1].id if len(rows) > SIZE else None
    return render("operations/failures.html", GroupPage(group, tuple(rows[:SIZE]), last))


@blueprint.post("/failures/<int:failure_id>/retry")
@needs(Permission.OPERATE)
def retry(failure_id: int) -> Response:
    engine.retry(work(), failure_id, reason=request.form.get("reason", ""))
    say("It is tried again now.")
    return go_back("operations.overview")


@blueprint.post("/failures/retry")
@needs(Permission.OPERATE)
def retry_all() -> Response:
    cause, element, version_id = _named(request.form)
    reason = request.form.get("reason", "")
    done = engine.retry_all(work(), cause=cause, element=element, version_id=version_id, reason=reason)
    say(f"{done} are tried again now.")
    return go("operations.overview")


def _named(values: Any) -> tuple[str, str, int]:
    version_id = key_of(values.get("version_id", ""))
    if version_id is None:
        raise InvalidInputError("The address names no group of failures.", remedy="Start from Operations.")
    return values.get("cause", ""), values.get("element", ""), version_id


def fingerprint(unit: Work) -> str:
    """Changes when a failure opens or is resolved, a job is made, or a worker is heard of."""
    groups = [(each.sample_id, each.count) for each in queries.list_failure_groups(unit)]
    heard = [each.seen_at for each in queries.list_workers(unit)][:1]
    return f"{groups} {heard} {unit.session.scalar(select(func.max(Job.id)))}"
