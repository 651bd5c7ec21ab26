"""Acts on many at once: chosen, forecast, begun for a reason, and followed to the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.api import ACTS
from bpm.engine.models import Batch, BatchItem
from bpm.engine.queries import BatchItemRow, BatchRow, Beginning, RunningVersion, Selection, VersionDetail
from bpm.engine.status import RUNNING, UNFINISHED_BATCHES, BatchItemStatus, InstanceStatus
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.core.numbers import key_of
from web.core.paging import SIZE, after
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import work
from web.core.security import needs
from web.operations.blueprint import blueprint
from web.operations.outlook import BatchForecast, forecast_of
from web.ui.fields import Field
from web.ui.free_values import FREE, typed_values

SAID: Mapping[str, tuple[str, str]] = {
    "retry": ("Retry", "Try again what failed; values set below are changed first."),
    "skip": ("Skip", "Pass over what failed: it counts as completed, with the values below instead of its results."),
    "set_variables": ("Change variables", "Set the values below in each instance."),
    "move": ("Move", "Move the token that stands there to another element."),
    "suspend": ("Suspend", "Let nothing move until it is resumed; messages and timers wait."),
    "resume": ("Resume", "Go on; what was held is due again."),
    "cancel": ("Cancel", "End everything that is open in the instance."),
}
"""Act -> its name, and what it does, as an operator reads it."""
ELSEWHERE: Mapping[str, str] = {"migrate": "Change over", "restart": "Restart"}
"""Acts that begin on a page of their own."""
ON_FAILURES = ("retry", "skip", "suspend", "cancel")
ON_INSTANCES = ("suspend", "resume", "set_variables", "cancel")
OUTCOMES = (
    ("", "All"),
    (BatchItemStatus.WAITING, "Waiting"),
    (BatchItemStatus.DONE, "Done"),
    (BatchItemStatus.REFUSED, "Refused"),
)


@dataclass(frozen=True)
class ChoosePage:
    selection: Selection
    version: VersionDetail
    count: int
    acts: tuple[tuple[str, str, str], ...]
    """(act, name, what it does)"""
    act: str
    elements: tuple[Beginning, ...]
    """Where a token can be moved to; empty where nothing can be moved."""
    to: str
    values: Field
    reason: str
    forecast: BatchForecast | None = None


@dataclass(frozen=True)
class BatchPage:
    batch: BatchRow
    name: str
    filters: tuple[Choice, ...]
    rows: tuple[BatchItemRow, ...]
    after: int | None
    undoable: int = 0
    """Cases that it made and that still run."""


@dataclass(frozen=True)
class BatchesPage:
    running: tuple[RunningVersion, ...]
    rows: tuple[BatchRow, ...]
    after: int | None


@blueprint.get("/batches")
@needs(Permission.OPERATE)
def batches() -> str:
    rows = queries.list_batches(work(), after=after(), limit=SIZE + 1)
    page = BatchesPage(
        running=tuple(queries.list_running_versions(work())),
        rows=tuple(rows[:SIZE]),
        after=rows[SIZE - 1].id if len(rows) > SIZE else None,
    )
    return render("operations/batches.html", page)


@blueprint.get("/batches/new")
@needs(Permission.OPERATE)
def choose() -> str:
    return render("operations/choose.html", _chosen(request.args))


@blueprint.post("/batches/forecast")
@needs(Permission.OPERATE)
def forecast() -> str:
    """The same page with what would happen; nothing is kept of it."""
    act, targets, parameters = _order()
    rows = engine.dry_run(work(), act, targets, parameters)
    return render("operations/choose.html", _chosen(request.form, forecast_of(rows)))


@blueprint.post("/batches")
@needs(Permission.OPERATE)
def begin() -> Response:
    act, targets, parameters = _order()
    batch = engine.begin_batch(work(), act, targets, parameters, reason=request.form.get("reason", ""))
    say("Begun. It goes on by itself; you may leave this page.")
    return go("operations.batch", batch_id=batch.id)


def _chosen(values: Any, outlook: BatchForecast | None = None) -> ChoosePage:
    selection = _selection(values)
    acts: tuple[str, ...] = ON_INSTANCES if selection.status else ON_FAILURES
    if selection.status and selection.element:
        acts = (*acts, "move")
    act = values.get("act", acts[0])
    return ChoosePage(
        selection=selection,
        version=queries.get_version(work(), selection.version_id),
        count=queries.count_targets(work(), queries.targets_of(selection, _target(acts[0]))),
        acts=tuple((each, *SAID[each]) for each in acts),
        act=act if act in acts else acts[0],
        elements=tuple(queries.list_beginnings(work(), selection.version_id)) if "move" in acts else (),
        to=values.get("to", ""),
        values=FREE.with_value(values.get(FREE.name, "")),
        reason=values.get("reason", ""),
        forecast=outlook,
    )


def _selection(values: Any) -> Selection:
    version_id = key_of(values.get("version_id", ""))
    status = values.get("status", "")
    if version_id is None or (status and status not in RUNNING):
        raise InvalidInputError("This does not say whom it is about.", remedy="Start from Operations.")
    return Selection(
        version_id,
        cause=values.get("cause", ""),
        element=values.get("element", ""),
        status=InstanceStatus(status) if status else None,
    )


def _target(act: str) -> Any:
    return ACTS[act].target


def _order() -> tuple[str, Any, dict[str, Any]]:
    """What the form asks for: the act, its targets, its parameters."""
    act, selection, values = request.form.get("act", ""), _selection(request.form), typed_values()
    if act not in SAID:
        raise InvalidInputError("This does not say what is to be done.", remedy="Choose one of the acts.")
    asked = {"variables": values, "from": selection.element, "to": request.form.get("to", "")}
    wanted = ("variables", *ACTS[act].needs)
    parameters = {name: value for name, value in asked.items() if value and name in wanted}
    return act, queries.targets_of(selection, _target(act)), parameters


@blueprint.get("/batches/<int:batch_id>")
@needs(Permission.OPERATE)
def batch(batch_id: int) -> str:
    row, status = queries.get_batch(work(), batch_id), request.args.get("status", "")
    counts = {
        "": row.total,
        BatchItemStatus.WAITING: row.waiting,
        BatchItemStatus.DONE: row.done,
        BatchItemStatus.REFUSED: row.refused,
    }
    wanted = BatchItemStatus(status) if status in counts and status else None
    items = queries.list_batch_items(work(), batch_id, status=wanted, after=after(), limit=SIZE + 1)
    page = BatchPage(
        batch=row,
        name=name_of(row.act),
        filters=tuple(
            Choice(label, here(status=key or None), key == (wanted or ""), counts[key]) for key, label in OUTCOMES
        ),
        rows=tuple(items[:SIZE]),
        after=items[SIZE - 1].id if len(items) > SIZE else None,
        undoable=queries.count_made_and_running(work(), batch_id) if row.act in ACTS and ACTS[row.act].makes else 0,
    )
    return render("operations/batch.html", page)


@blueprint.app_template_filter("act_name")
def name_of(act: str) -> str:
    """The name of an act as an operator reads it."""
    return SAID[act][0] if act in SAID else ELSEWHERE.get(act, act)


@blueprint.post("/batches/<int:batch_id>/pause")
@needs(Permission.OPERATE)
def pause(batch_id: int) -> Response:
    engine.pause_batch(work(), batch_id)
    say("Paused. Nothing new begins.", undo=url_for("operations.resume", batch_id=batch_id))
    return go("operations.batch", batch_id=batch_id)


@blueprint.post("/batches/<int:batch_id>/resume")
@needs(Permission.OPERATE)
def resume(batch_id: int) -> Response:
    engine.resume_batch(work(), batch_id)
    say("It goes on.")
    return go("operations.batch", batch_id=batch_id)


@blueprint.post("/batches/<int:batch_id>/stop")
@needs(Permission.OPERATE)
def stop(batch_id: int) -> Response:
    engine.stop_batch(work(), batch_id)
    say("Stopped. What is done stays done; the rest was not touched.")
    return go("operations.batch", batch_id=batch_id)


def fingerprint(unit: Work) -> str:
    """Changes when a piece of a bulk act is done or refused, or an act begins, turns or ends."""
    turned = unit.session.execute(select(Batch.id, Batch.status).order_by(Batch.id.desc()).limit(SIZE)).all()
    going = [row.id for row in turned if row.status in UNFINISHED_BATCHES]
    done = select(func.count()).where(BatchItem.batch_id.in_(going), BatchItem.status != BatchItemStatus.WAITING)
    return f"{[tuple(row) for row in turned]} {unit.session.scalar(done) if going else 0}"
