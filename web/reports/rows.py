"""What is behind a figure of a report."""

from dataclasses import dataclass

from flask import request, url_for

from bpm.audit import Thing
from bpm.identity import Permission
from bpm.processes.measures.catalogue import Measure, get_measure
from bpm.processes.reports.behind import Behind, rows_behind
from web.core.on_record.reads import note_read
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs
from web.reports.blueprint import blueprint
from web.reports.pages import asked


@dataclass(frozen=True)
class RowsPage:
    """What reports/rows.html shows."""

    measure: Measure
    group: str
    behind: Behind
    back_url: str


@blueprint.get("/rows")
@needs(Permission.INSIGHTS)
def rows() -> str:
    spec, error = asked()
    if error is not None:
        raise error
    measure = get_measure(request.args.get("of", spec.measures[0]))
    group = request.args.get("group", "")
    behind = rows_behind(work(), spec.question(measure.name, work().now()), group)
    note_read("report.rows", Thing("process", spec.process, spec.process), asked=f"{measure.name} {group}")
    return render(
        "reports/rows.html",
        RowsPage(measure, group, behind, f"{url_for('reports.report')}?{spec.as_query()}"),
    )
