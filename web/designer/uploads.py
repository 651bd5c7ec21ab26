"""From a dropped file to a draft: the file is checked outside any transaction, reviewed, then deployed."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from flask import request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.checking import Prepared, kept_name
from bpm.engine.decisions import as_bytes, as_text, is_dmn
from bpm.engine.queries import VersionDetail
from bpm.foundation.errors import InvalidInputError, RefusedError
from bpm.identity import Permission
from bpm.processes import SERVICE_TASKS
from web.core import idempotency
from web.core.rate_limits import limited
from web.core.rendering import download, go, render, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.designer.blueprint import blueprint
from web.designer.decision_tables import DrawnDecision, decision_changes, drawn_decisions
from web.designer.difference import Change, difference
from web.designer.impact_view import drawn
from web.designer.review import FindingGroup, group_findings, key_help, pins
from web.ui.diagrams import Diagram, Mark, notes_of

MOST_FILES = 60
REMEDY = (
    "Drop one BPMN file, and with it, if there are any, the DMN files of its decisions, tests.json and the JSON Schemas"
    " of its forms."
)


@dataclass(frozen=True)
class Dropped:
    """What came in one drop: the model, its test cases, its forms by key, its DMN files by name."""

    source: bytes
    file_name: str
    tests: Sequence[Mapping[str, Any]]
    forms: Mapping[str, Any]
    decisions: Mapping[str, bytes]


@dataclass(frozen=True)
class ReviewPage:
    upload_id: int
    file_name: str
    uploaded_at: Any
    seconds: float
    deployable: bool
    key: str
    key_help: str
    """What is there under the key, or whose it is."""
    key_taken: bool
    name: str
    diagram: Diagram
    groups: tuple[FindingGroup, ...]
    live: VersionDetail | None
    changes: tuple[Change, ...]
    live_diagram: Diagram | None
    impact: engine.Impact | None
    """What the file would mean for the running instances of the live version; None without one."""
    tests: tuple[Mapping[str, Any], ...]
    forms: tuple[str, ...]
    decisions: tuple[DrawnDecision, ...]
    decision_changes: tuple[Change, ...]
    elements: int
    topics: tuple[str, ...]
    sign_offs: tuple[str, ...]


@blueprint.post("/uploads")
@needs(Permission.DEPLOY, unit="own")
def upload() -> Response:
    dropped = read_drop(request.files.getlist("file"))
    began = time.perf_counter()
    prepared = engine.check(dropped.source, dropped.file_name, decisions=dropped.decisions, forms=dropped.forms)
    seconds = time.perf_counter() - began
    results = engine.run_tests(prepared, dropped.tests) if prepared.deployable and dropped.tests else []
    drawing = engine.drawing_of(dropped.source)
    with product().unit_of_work(actor()) as unit:
        row = engine.record_upload(unit, prepared, seconds)
        row.report = {
            **row.report,
            "tests": list(dropped.tests),
            "test_results": [{"id": each.id, "outcome": each.outcome, "detail": each.detail} for each in results],
            "forms": dict(dropped.forms),
            "decisions": {name: as_text(content) for name, content in dropped.decisions.items()},
            "drawing": {"xml": drawing.xml, "notes": drawing.notes()},
        }
        answer = go("designer.review", upload_id=row.id)
        idempotency.remember(unit, answer)
    return answer


def read_drop(files: Sequence[FileStorage]) -> Dropped:
    """Sort dropped files: one model, DMN files, tests.json with cases; other JSON is a form under its file's name."""
    models, tests, forms, decisions = [], [], {}, {}
    for file in files[:MOST_FILES]:
        content = file.read()
        if not file.filename and not content:
            continue
        name = kept_name(file.filename or "")
        if is_dmn(content, name):
            decisions[name] = content
            continue
        if not name.lower().endswith(".json"):
            models.append((content, name))
            continue
        value = _json(content, name)
        if name.lower() == "tests.json":
            listed = value.get("cases", []) if isinstance(value, dict) else value
            tests = listed if isinstance(listed, list) else []
        elif not isinstance(value, dict):
            raise InvalidInputError("This is no JSON Schema of a form.", place=name, remedy=REMEDY)
        else:
            forms[name[: -len(".json")]] = value
    if len(models) != 1:
        found = "no BPMN file" if not models else f"{len(models)} models at once"
        raise InvalidInputError(f"There was {found} in what you sent.", remedy=REMEDY)
    cases = [case for case in tests if isinstance(case, dict)]
    return Dropped(*models[0], tests=cases, forms=forms, decisions=decisions)


def _json(content: bytes, name: str) -> Any:
    try:
        if b"\\u0000" in content:
            raise ValueError("a text holds a NUL character")  # noqa: TRY301 (told like every other fault)
        return orjson.loads(content)
    except ValueError as error:
        raise InvalidInputError(
            f"This is no JSON: {error}", place=name, remedy="Mend the file, then drop it again."
        ) from error


@blueprint.get("/uploads/<int:upload_id>")
@needs(Permission.DEPLOY)
def review(upload_id: int) -> str:
    row = queries.get_upload(work(), upload_id)
    prepared = engine.check(row.source, row.file_name, decisions=_decisions(row.report), forms=row.report.get("forms"))
    key = request.args.get("key", "").strip() or engine.default_key(work(), prepared)
    prepared, taken = _under_key(prepared, key)
    live = queries.find_live_version(work(), key)
    changes = tuple(difference(live.elements, _elements(prepared))) if live else ()
    here = engine.unmet_by_upload(work(), prepared, SERVICE_TASKS)
    groups = group_findings([*row.report["findings"], *(each.as_dict() for each in here)])
    forms = row.report.get("forms", {})
    impact = engine.impact_of_upload(work(), live.id, prepared, forms) if live else None
    return render(
        "designer/review.html",
        ReviewPage(
            upload_id=row.id,
            file_name=row.file_name,
            uploaded_at=row.created_at,
            seconds=row.report["seconds"],
            deployable=prepared.deployable,
            key=key,
            key_help=taken or key_help(queries.find_versions(work(), key)),
            key_taken=bool(taken),
            name=next((p.name for p in prepared.processes if p.id == prepared.primary and p.name), key),
            diagram=Diagram(
                source=url_for("designer.upload_drawing", upload_id=row.id),
                process=prepared.primary,
                notes=notes_of(row.report.get("drawing", {}).get("notes")),
                pins=pins(groups),
                marks={each.element: each.kind for each in changes if each.kind != "removed"},
            ),
            groups=groups,
            live=live,
            changes=changes,
            live_diagram=_live_diagram(live, changes, impact),
            impact=impact,
            tests=tuple(row.report.get("test_results", ())),
            forms=tuple({**prepared.extra.get("forms", {}), **forms}),
            decisions=drawn_decisions(prepared.decisions),
            decision_changes=decision_changes(live.decisions, prepared.decisions) if live else (),
            elements=len(prepared.elements),
            topics=prepared.topics,
            sign_offs=product().settings.sign_offs,
        ),
    )


def _under_key(prepared: Prepared, key: str) -> tuple[Prepared, str]:
    """The file as it would be deployed under the key, and why it cannot be where another process has it."""
    try:
        return engine.under_key(work(), prepared, key), ""
    except RefusedError as error:
        return prepared, f"{error.message} {error.remedy}"


def _decisions(report: Mapping[str, Any]) -> dict[str, bytes]:
    """The DMN files that were dropped along."""
    return {name: as_bytes(text) for name, text in report.get("decisions", {}).items()}


def _kept_drawing(report: Mapping[str, Any]) -> engine.Drawing | None:
    """What was laid out when the file came; None for an upload of an earlier release."""
    kept = report.get("drawing")
    return engine.drawing_from(kept["xml"], kept["notes"]) if kept else None


def _elements(prepared: Prepared) -> list[dict[str, Any]]:
    return [vars(each) for each in prepared.elements]


def _live_diagram(
    live: VersionDetail | None, changes: Sequence[Change], impact: engine.Impact | None
) -> Diagram | None:
    """The live version with what is removed from it and who stands where; None where neither is to be seen."""
    removed: dict[str, Mark] = {each.element: "removed" for each in changes if each.kind == "removed"}
    if live is None or not (removed or (impact and impact.elements)):
        return None
    source = url_for("designer.drawing", version_id=live.id)
    diagram = drawn(impact, source) if impact else Diagram(source=source)
    return replace(diagram, marks=removed)


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
        source, file_name, report = row.source, row.file_name, row.report
    prepared = engine.check(source, file_name, decisions=_decisions(report), forms=report.get("forms"))
    tests, forms = report.get("tests", []), report.get("forms", {})
    results = engine.run_tests(prepared, tests) if prepared.deployable and tests else []
    with product().unit_of_work(actor()) as unit:
        version = engine.deploy(
            unit,
            prepared,
            key=request.form.get("key", "").strip() or None,
            note=request.form.get("note", "").strip(),
            forms=forms,
            tests=tests,
            test_results=results,
            drawing=_kept_drawing(report),
        )
        number = version.number
        answer = go("designer.version", version_id=version.id)
        idempotency.remember(unit, answer)
    say(f"Deployed as draft, version {number}.")
    return answer
