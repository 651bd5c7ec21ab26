"""A report as a file: CSV, a workbook, or its picture as SVG, and as PNG drawn from that SVG alone."""

import io
from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from bpm.audit import Thing
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.pictures import png_of
from bpm.foundation.tables import write_csv, write_xlsx
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes.measures.asking import series
from bpm.processes.measures.catalogue import MEASURES
from bpm.processes.reports.figures import HEAD, cells, rows_of
from web.core.on_record.reads import note_read
from web.core.rate_limits import limited
from web.core.rendering import download
from web.core.request_context import work
from web.core.security import needs
from web.reports.blueprint import blueprint
from web.reports.drawing import bars, line
from web.reports.pages import asked

TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "png": "image/png",
}


@blueprint.get("/file.<form>")
@needs(Permission.INSIGHTS)
@limited("download")
def file(form: str) -> Response:
    if form not in TYPES:
        raise NotFoundError(_("There is no such file of a report."), remedy=_("Use csv, xlsx, svg or png."))
    spec, error = asked()
    if error is not None:
        raise error
    note_read("report.download", Thing("process", spec.process, spec.process), asked=f"{form} {spec.as_query()}")
    return download(_content(spec, form), f"report-{spec.process}.{form}", mimetype=TYPES[form])


def _content(spec: Any, form: str) -> bytes:
    if form in ("csv", "xlsx"):
        return _table(spec, form)
    svg = _picture(spec)
    return svg.encode() if form == "svg" else png_of(svg)


def _table(spec: Any, form: str) -> bytes:
    out = io.BytesIO()
    lines = (dict(zip(HEAD, each, strict=True)) for each in cells(rows_of(work(), spec)))
    (write_csv if form == "csv" else write_xlsx)(lines, out)
    return out.getvalue()


def _picture(spec: Any) -> str:
    measure = MEASURES[spec.measures[0]]
    if spec.picture == "series":
        drawing = line(series(work(), spec.question(measure.name, work().now())), measure)
    else:
        drawing = bars(rows_of(work(), spec)[measure.name], measure)
    if drawing is None:
        raise InvalidInputError(
            _("There is nothing to draw: no group has ten cases or items."), remedy=_("Ask for a longer period.")
        )
    return render_template("reports/picture.svg", drawing=drawing)
