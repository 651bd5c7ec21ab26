"""One version: its file byte for byte, its signatures, going live, and starting an instance by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from bpm.audit import Thing
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.foundation.errors import InvalidInputError
from bpm.identity import Permission, may
from web.core.on_record.reads import note_read
from web.core.rate_limits import limited
from web.core.rendering import download, go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.designer.blueprint import blueprint
from web.designer.processes import Head, head_of
from web.ui.fields import Field, fields_of, missing
from web.ui.free_values import FREE, read_free
from web.ui.posted import read_fields


@dataclass(frozen=True)
class StartPage:
    head: Head
    fields: Sequence[Field]
    business_key: str
    problem: str = ""


@blueprint.get("/versions/<int:version_id>")
@needs(Permission.SEE_PROCESSES)
def version(version_id: int) -> Response:
    found = queries.get_version(work(), version_id)
    return go("designer.process", key=found.key, version=found.number, element=request.args.get("element"))


@blueprint.get("/versions/<int:version_id>/source")
@needs(Permission.SEE_PROCESSES)
@limited("download")
def source(version_id: int) -> Response:
    found = queries.get_version(work(), version_id)
    note_read("version.download", Thing("version", version_id, found.file_name))
    return download(found.source, found.file_name, mimetype="application/xml")


@blueprint.get("/versions/<int:version_id>/bundle")
@needs(Permission.SEE_PROCESSES)
@limited("download")
def bundle(version_id: int) -> Response:
    found = queries.get_version(work(), version_id)
    note_read("version.download", Thing("version", version_id, found.file_name))
    packed = engine.packed(queries.bundle_of(found), folder=found.key, documentation=found.documentation)
    return download(packed, f"{found.key}-{found.number}.zip", mimetype="application/zip")


@blueprint.get("/versions/<int:version_id>/drawing")
@needs(Permission.SEE_PROCESSES)
@limited("download")
def drawing(version_id: int) -> Response:
    return download(queries.get_drawing(work(), version_id), "drawing.bpmn", mimetype="application/xml")


@blueprint.post("/versions/<int:version_id>/live")
@needs(Permission.DEPLOY)
def put_live(version_id: int) -> Response:
    engine.go_live(work(), version_id)
    say("It is live: whatever starts from now on runs this version. What runs already finishes on its own.")
    return _back_to(version_id)


@blueprint.post("/<key>/retirement")
@needs(Permission.DEPLOY)
def retire(key: str) -> Response:
    engine.retire(work(), key)
    say("Retired: nothing new starts. What runs already finishes.")
    return go("designer.process", key=key)


def _back_to(version_id: int) -> Response:
    found = queries.get_version(work(), version_id)
    return go("designer.process", key=found.key, version=found.number)


@blueprint.get("/<key>/start")
@needs(Permission.START)
def start_page(key: str) -> str:
    return _start_page(key, {})


def _start_page(
    key: str, values: Mapping[str, Any], *, problem: str = "", errors: Mapping[str, str] | None = None
) -> str:
    schema = queries.get_startable(work(), key).start_form
    fields = fields_of(schema, values, errors=errors) if schema else _free_field()
    head = head_of(key, queries.list_versions(work(), key))
    return render("designer/start.html", StartPage(head, fields, request.form.get("business_key", ""), problem))


def _may_type_variables() -> bool:
    """Who knows the model, or repairs its cases, may start it with variables by name; staff are asked in words."""
    return may(actor(), Permission.DEPLOY) or may(actor(), Permission.OPERATE)


def _free_field() -> list[Field]:
    return [FREE.with_value(request.form.get(FREE.name, ""))] if _may_type_variables() else []


def _free_values() -> tuple[dict[str, Any], dict[str, str]]:
    return read_free(request.form) if _may_type_variables() else ({}, {})


@blueprint.post("/<key>/start")
@needs(Permission.START)
def start(key: str) -> Response | tuple[str, int]:
    live = queries.get_startable(work(), key)
    schema = live.start_form
    values, problems = read_fields(schema, request.form) if schema else _free_values()
    problems = {**(missing(schema, values) if schema else {}), **problems}
    if problems:
        return _start_page(key, values, problem="Some fields are missing or cannot be read.", errors=problems), 400
    business_key = request.form.get("business_key", "").strip() or None
    try:
        instance = engine.start_with_form(work(), live, values, business_key=business_key, by_form=True)
    except InvalidInputError as error:
        problem = error.message if error.fields else str(error)
        return _start_page(key, values, problem=problem, errors=error.fields), 400
    say("Started.")
    return go("instances.instance", instance_id=instance.id)
