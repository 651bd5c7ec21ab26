"""From a dropped file to a draft: the file is checked outside any transaction, reviewed, then deployed."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.checking import CaseResult, Prepared
from bpm.engine.models import Upload
from bpm.engine.queries import VersionDetail
from bpm.foundation.errors import RefusedError
from bpm.foundation.texts import _
from bpm.identity import Permission, demand, may
from bpm.processes import SERVICE_TASKS, check_triggers
from bpm.processes.bundles import Base, base_of, base_under, in_the_way, key_of, left_out_findings
from web.core import idempotency
from web.core.rate_limits import limited
from web.core.rendering import download, go, render, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.designer.blueprint import blueprint
from web.designer.decision_tables import DrawnDecision, drawn_decisions
from web.designer.difference_view import DifferenceView, view_of, with_difference
from web.designer.impact_view import drawn
from web.designer.lanes import Lanes, lanes_of
from web.designer.parts import PartRow, part_rows
from web.designer.review import FindingGroup, group_findings, key_help, pins
from web.designer.sent import read_sent
from web.ui.diagrams import Diagram, notes_of


@dataclass(frozen=True)
class ReviewPage:
    upload_id: int
    file_name: str
    uploaded_at: Any
    seconds: float
    lanes: Lanes
    deployable: bool
    in_the_way: bool
    """Nothing but what was kept from the version before keeps it from being deployed: without that it can be."""
    version_id: int | None
    """The version that it became."""
    key: str
    key_help: str
    """What is there under the key, or whose it is."""
    key_taken: bool
    name: str
    diagram: Diagram
    groups: tuple[FindingGroup, ...]
    live: VersionDetail | None
    view: DifferenceView | None
    """What differs from the live version; None without one."""
    live_diagram: Diagram | None
    impact: engine.Impact | None
    """What the file would mean for the running instances of the live version; None without one."""
    parts: tuple[PartRow, ...]
    """What the version is made of beside its elements, and what becomes of it."""
    based_on: int
    """Number of the version that the rest is kept from; 0 for a first one."""
    whole: bool
    """Whether a folder or an archive came."""
    tests: tuple[CaseResult, ...]
    decisions: tuple[DrawnDecision, ...]
    elements: int
    topics: tuple[str, ...]
    sign_offs: tuple[str, ...]


@blueprint.post("/uploads")
@needs(Permission.DEPLOY, unit="own")
def upload() -> Response:
    came = read_sent(request.files.getlist("file"), request.form.getlist("path"))
    began = time.perf_counter()
    base = base_of(product().unit_of_work, came, key=request.form.get("key", "").strip())
    bundle = engine.carry_over(base.bundle, came)
    examined = engine.examine(bundle)
    seconds = time.perf_counter() - began
    drawing = engine.drawing_of(bundle.source)
    with product().unit_of_work(actor()) as unit:
        row = engine.keep_upload(unit, came, examined, key=base.key, drawing=drawing, seconds=seconds)
        answer = go("designer.review", upload_id=row.id)
        idempotency.remember(unit, answer)
    return answer


@blueprint.get("/uploads/<int:upload_id>")
@needs(Permission.SEE_PROCESSES)
def review(upload_id: int) -> str | Response:
    row = queries.get_upload(work(), upload_id)
    if not may(actor(), Permission.DEPLOY):
        # Whoever signs reads the same on the page of the version that it became; a file in the making is its maker's.
        if row.version_id is None:
            demand(actor(), Permission.DEPLOY)
        return go("designer.version", version_id=row.version_id)
    came = engine.came_of(row)
    base = base_under(work(), request.args.get("key", "").strip() or _key(row, came))
    bundle = engine.carry_over(base.bundle, came)
    examined = engine.examined_of(row, bundle) or engine.examine(bundle)
    key, live = base.key, base.live
    prepared, taken = _under_key(examined.prepared, key)
    compared = engine.difference(base.bundle, bundle)
    found, view = compared.and_(base.beside(bundle, came)), view_of(compared, bundle) if live else None
    of_triggers = check_triggers(bundle.triggers, prepared.offered)
    here = engine.unmet_by_upload(work(), prepared, SERVICE_TASKS)
    beside = (*of_triggers, *left_out_findings(came.left_out), *here)
    groups = group_findings(each.as_dict() for each in (*prepared.findings, *beside))
    impact = engine.impact_of_upload(work(), live.id, prepared, bundle.forms) if live else None
    missing = engine.missing_from(came, base.bundle)
    deployable = prepared.deployable and not of_triggers
    return render(
        "designer/review.html",
        ReviewPage(
            upload_id=row.id,
            file_name=row.file_name,
            uploaded_at=row.created_at,
            seconds=row.report["seconds"],
            lanes=lanes_of(work(), prepared.executable),
            deployable=deployable,
            in_the_way=not deployable and bool(in_the_way(base, came, missing)),
            version_id=row.version_id,
            key=key,
            key_help=taken or key_help(queries.find_versions(work(), key)),
            key_taken=bool(taken),
            name=next((p.name for p in prepared.processes if p.id == prepared.primary and p.name), key),
            diagram=_diagram(row, prepared, groups, view, live),
            groups=groups,
            live=live,
            view=view,
            live_diagram=_live_diagram(live, impact),
            impact=impact,
            parts=part_rows(found, base.files(bundle), missing),
            based_on=base.version.number if base.version else 0,
            whole=came.whole,
            tests=examined.results,
            decisions=drawn_decisions(prepared.decisions),
            elements=len(prepared.elements),
            topics=prepared.topics,
            sign_offs=_departments(base),
        ),
    )


def _departments(base: Base) -> tuple[str, ...]:
    if base.version is None:
        return product().settings.sign_offs
    return engine.departments_of(work(), base.version.definition_id)


def _key(row: Upload, came: engine.Received) -> str:
    """The key that the upload was looked over under; one of an earlier release kept none."""
    if "key" in row.report:
        return str(row.report["key"])
    return key_of(work(), came, engine.check(row.source, row.file_name, decisions=came.decisions))


def _under_key(prepared: Prepared, key: str) -> tuple[Prepared, str]:
    """The file as it would be deployed under the key, and why it cannot be where another process has it."""
    try:
        return engine.under_key(work(), prepared, key), ""
    except RefusedError as error:
        return prepared, f"{error.message} {error.remedy}"


def _kept_drawing(report: Mapping[str, Any]) -> engine.Drawing | None:
    """What was laid out when the file came; None for an upload of an earlier release."""
    kept = report.get("drawing")
    return engine.drawing_from(kept["xml"], kept["notes"]) if kept else None


def _diagram(
    row: Upload,
    prepared: Prepared,
    groups: Sequence[FindingGroup],
    view: DifferenceView | None,
    live: VersionDetail | None,
) -> Diagram:
    """The drawing with its findings and, where a version is live, with what differs from it."""
    plain = Diagram(
        source=url_for("designer.upload_drawing", upload_id=row.id),
        process=prepared.primary,
        notes=notes_of(row.report.get("drawing", {}).get("notes")),
        pins=pins(groups),
    )
    if view is None or live is None:
        return plain
    return with_difference(plain, view, url_for("designer.drawing", version_id=live.id))


def _live_diagram(live: VersionDetail | None, impact: engine.Impact | None) -> Diagram | None:
    """The live version with who stands where; None where nobody does."""
    if live is None or not (impact and impact.elements):
        return None
    return drawn(impact, url_for("designer.drawing", version_id=live.id))


@blueprint.get("/uploads/<int:upload_id>/source")
@needs(Permission.DEPLOY)
@limited("download")
def upload_source(upload_id: int) -> Response:
    row = queries.get_upload(work(), upload_id)
    return download(row.source, row.file_name, mimetype="application/xml")


@blueprint.get("/uploads/<int:upload_id>/drawing")
@needs(Permission.DEPLOY)
@limited("download")
def upload_drawing(upload_id: int) -> Response:
    row = queries.get_upload(work(), upload_id)
    drawing = row.report.get("drawing", {}).get("xml", "").encode()
    return download(drawing or row.source, "drawing.bpmn", mimetype="application/xml")


@blueprint.post("/uploads/<int:upload_id>/deploy")
@needs(Permission.DEPLOY, unit="own")
def deploy(upload_id: int) -> Response:
    with product().unit_of_work.reading(actor()) as reading:
        row = queries.get_upload(reading, upload_id)
        came, drawing = engine.came_of(row), _kept_drawing(row.report)
        base = base_under(reading, request.form.get("key", "").strip() or str(row.report.get("key", "")))
        removed = engine.parts_named(request.form.getlist("remove"), engine.missing_from(came, base.bundle))
        bundle = engine.carry_over(base.bundle, came, removed)
        known = engine.examined_of(row, bundle)
    examined = known or engine.examine(bundle)
    if problems := check_triggers(bundle.triggers, examined.prepared.offered):
        raise RefusedError(_("The triggers have to be mended first."), findings=problems, remedy=problems[0].remedy)
    with product().unit_of_work(actor()) as unit:
        version = engine.deploy(
            unit,
            examined.prepared,
            key=base.key or None,
            note=request.form.get("note", "").strip(),
            forms=bundle.forms,
            tests=bundle.tests,
            test_results=examined.results,
            triggers=bundle.triggers,
            documentation=base.documentation(came),
            drawing=drawing,
        )
        engine.finish_upload(unit, upload_id, version.id)
        number = version.number
        answer = go("designer.version", version_id=version.id)
        idempotency.remember(unit, answer)
    say(_("Deployed as draft, version %(number)s.") % {"number": number})
    return answer


@blueprint.post("/uploads/<int:upload_id>/discard")
@needs(Permission.DEPLOY)
def discard(upload_id: int) -> Response:
    name = engine.discard_upload(work(), upload_id)
    say(_("Discarded: %(name)s.") % {"name": name})
    return go("designer.processes")
