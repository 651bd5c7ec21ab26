"""Reports under names: keep one, share it, get it by mail, take it away."""

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes.reports import get_report, read_spec, remove_report, save_report, subscribe, unsubscribe
from web.core.rendering import go, say
from web.core.request_context import work
from web.core.security import needs
from web.reports.blueprint import blueprint


@blueprint.post("/kept")
@needs(Permission.INSIGHTS)
def save() -> Response:
    spec = read_spec(request.form.get("query", ""))
    save_report(work(), spec, name=request.form.get("name", ""), group=request.form.get("group", ""))
    say(_("The report is kept."))
    return redirect(f"{url_for('reports.report')}?{spec.as_query()}", 303)


@blueprint.get("/kept/<int:report_id>")
@needs(Permission.INSIGHTS)
def open_kept(report_id: int) -> Response:
    return redirect(f"{url_for('reports.report')}?{get_report(work(), report_id).query}", 302)


@blueprint.post("/kept/<int:report_id>/subscribe")
@needs(Permission.INSIGHTS)
def begin_mails(report_id: int) -> Response:
    at = subscribe(work(), report_id, request.form.get("every", ""))
    say(_("It comes by mail, first on %(day)s.") % {"day": f"{at:%Y-%m-%d}"})
    return go("reports.report")


@blueprint.post("/kept/<int:report_id>/unsubscribe")
@needs(Permission.INSIGHTS)
def end_mails(report_id: int) -> Response:
    unsubscribe(work(), report_id)
    say(_("It comes by mail no more."))
    return go("reports.report")


@blueprint.post("/kept/<int:report_id>/remove")
@needs(Permission.INSIGHTS)
def remove(report_id: int) -> Response:
    remove_report(work(), report_id)
    say(_("The report is taken away."))
    return go("reports.report")
