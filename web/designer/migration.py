"""Changing running instances over to another version: whom it affects, the plan, a dry run, and the batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.api import FORECASTS, Forecast, Impact, MigrationPlan
from bpm.engine.queries import InstanceRow, VersionDetail, VersionRow
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.identity import Permission, may
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.designer.blueprint import blueprint
from web.designer.impact_view import VERDICTS, drawn
from web.designer.processes import Head, head_of
from web.ui.diagrams import Diagram
from web.ui.fields import Field

THEN = "then-"
"""What the names of the plan's fields begin with; the element's id follows."""


@dataclass(frozen=True)
class PlanRow:
    """One element of the version now and what is to stand for it; `field` lets it be changed."""

    element: str
    name: str
    type: str
    instances: int
    then: str
    reason: str
    field: Field | None


@dataclass(frozen=True)
class MigrationPage:
    head: Head
    older: tuple[Choice, ...]
    """Versions whose instances could change over, with how many run."""
    now: VersionRow | None
    then: VersionRow | None
    impact: Impact | None
    verdicts: Mapping[str, str]
    diagram: Diagram | None
    stands: tuple[PlanRow, ...]
    """Elements at which somebody stands."""
    rest: tuple[PlanRow, ...]
    instance: InstanceRow | None
    """The only one that is to change over; None: all of them."""
    forecasts: tuple[Forecast, ...] | None
    """None: not looked at yet."""
    most: int
    may_go: bool
    reason: str
    problem: str = ""

    @property
    def refused(self) -> int:
        return sum(each.obstacle is not None for each in self.forecasts or ())


@blueprint.get("/<key>/migration")
@needs(Permission.SEE_PROCESSES)
def migration(key: str) -> str:
    return _page(key)


@blueprint.post("/<key>/migration")
@needs(Permission.OPERATE)
def migrate(key: str) -> Response | str | tuple[str, int]:
    versions = queries.list_versions(work(), key)
    now, then = _chosen(versions)
    if now is None or then is None:
        raise NotFoundError("There are no two versions to change between.")
    plan = _plan(now, then)
    engine.check_plan(work(), plan)
    if request.form.get("act") != "go":
        return _page(key, plan=plan, look=True)
    reason = request.form.get("reason", "")
    if not reason.strip():
        return _page(key, plan=plan, look=True, problem="Say in a few words why: it stays on record."), 400
    only = _only(now)
    if only is not None:
        engine.migrate(work(), only.id, plan, reason=reason)
        say(f"Changed over to version {then.number}.")
        return go("instances.instance", instance_id=only.id)
    batch = engine.begin_batch(work(), "migrate", engine.running_on(now.id), {"plan": plan.as_json()}, reason=reason)
    say(f"Begun: {batch.total} instance(s) change over to version {then.number}, one by one.")
    return go("operations.batch", batch_id=batch.id)


def _page(key: str, *, plan: MigrationPlan | None = None, look: bool = False, problem: str = "") -> str:
    versions = queries.list_versions(work(), key)
    now, then = _chosen(versions)
    head, older = head_of(key, versions), _older(versions, now, then)
    only = _only(now) if now else None
    found = rows = forecasts = None
    if now is not None and then is not None:
        plan = plan or engine.propose_plan(work(), now.id, then.id)
        found = engine.impact_of(work(), plan)
        rows = _rows(plan, found, queries.get_version(work(), then.id))
        forecasts = _forecasts(plan, only) if look else None
    page = MigrationPage(
        head=head,
        older=older,
        now=now,
        then=then,
        impact=found,
        verdicts=VERDICTS,
        diagram=drawn(found, url_for("designer.drawing", version_id=now.id)) if found and now else None,
        stands=tuple(row for row in rows or () if row.instances),
        rest=tuple(row for row in rows or () if not row.instances),
        instance=only,
        forecasts=forecasts,
        most=FORECASTS,
        may_go=may(actor(), Permission.OPERATE) and then is not None and then.status != VersionStatus.DRAFT,
        reason=request.form.get("reason", ""),
        problem=problem,
    )
    return render("designer/migration.html", page)


def _chosen(versions: Sequence[VersionRow]) -> tuple[VersionRow | None, VersionRow | None]:
    """The two versions that the address asks for: by default to the live one, from the oldest that still runs."""
    then = _numbered(versions, request.args.get("to", "")) or next(
        (v for v in versions if v.status == VersionStatus.LIVE), None
    )
    now = _numbered(versions, request.args.get("from", ""))
    if now is None:
        running = [each for each in versions if each.running and each != then]
        now = running[-1] if running else None
    return now, then if then != now else None


def _numbered(versions: Sequence[VersionRow], number: str) -> VersionRow | None:
    return next((each for each in versions if str(each.number) == number), None)


def _older(versions: Sequence[VersionRow], now: VersionRow | None, then: VersionRow | None) -> tuple[Choice, ...]:
    counts = engine.count_running(work(), [each.id for each in versions])
    return tuple(
        Choice(f"version {each.number}", here(**{"from": each.number}), each == now, counts.get(each.id, 0))
        for each in versions
        if each != then and (counts.get(each.id) or each == now)
    )


def _only(now: VersionRow) -> InstanceRow | None:
    """The one instance that the address names."""
    asked = request.args.get("instance", "")
    if not asked.isdigit():
        return None
    row = queries.get_instance(work(), int(asked)).row
    if row.version_id != now.id:
        raise InvalidInputError(
            f"Instance {row.id} runs version {row.number}.", remedy="Choose that one to begin with."
        )
    return row


def _plan(now: VersionRow, then: VersionRow) -> MigrationPlan:
    """The proposed plan with what the form says instead."""
    proposed = engine.propose_plan(work(), now.id, then.id)
    said = {name.removeprefix(THEN): value for name, value in request.form.items() if name.startswith(THEN)}
    kept = {element: other for element, other in proposed.mapping.items() if element not in said}
    return MigrationPlan(now.id, then.id, {**kept, **{element: other for element, other in said.items() if other}})


def _rows(plan: MigrationPlan, found: Impact, then: VersionDetail) -> list[PlanRow]:
    standing = {each.element: each.instances for each in found.elements}
    names = {each["id"]: each["name"] or each["id"] for each in then.elements}
    return [
        PlanRow(
            element=fit.element,
            name=fit.name or fit.element,
            type=fit.type,
            instances=standing.get(fit.element, 0),
            then=names.get(fit.then, fit.then) if fit.then else "",
            reason=fit.reason or "",
            field=_field(fit, then.elements) if fit.element in standing else None,
        )
        for fit in engine.check_plan(work(), plan)
    ]


def _field(fit: Any, elements: Sequence[Mapping[str, Any]]) -> Field:
    alike = [(each["id"], each["name"] or each["id"]) for each in elements if each["type"] == fit.type]
    known = {element for element, _name in alike}
    if fit.then and fit.then not in known:
        alike.append((fit.then, fit.then))
    return Field(
        name=f"{THEN}{fit.element}",
        label=f"stands for {fit.name or fit.element}",
        kind="select",
        value=fit.then or "",
        options=tuple(alike),
    )


def _forecasts(plan: MigrationPlan, only: InstanceRow | None) -> tuple[Forecast, ...]:
    targets = [only.id] if only else engine.running_on(plan.from_version_id)
    return tuple(engine.dry_run(work(), "migrate", targets, {"plan": plan.as_json()}))
