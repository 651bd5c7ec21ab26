"""The list of measures with their definitions, and those that steer somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes.measures.catalogue import MEASURES, Measure
from bpm.processes.reports.kpis import OFF, KpiRow, end_kpi, list_kpis, make_kpi
from web.core.rendering import go, render, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.reports.blueprint import blueprint
from web.ui.fields import Field


@dataclass(frozen=True)
class MeasuresPage:
    """What reports/measures.html shows."""

    kpis: tuple[KpiRow, ...]
    measures: tuple[Measure, ...]
    off: tuple[str, ...]
    fields: Sequence[Field]
    error: str = ""
    remedy: str = ""


@blueprint.get("/measures")
@needs(Permission.INSIGHTS)
def measures() -> str:
    return render("reports/measures.html", _page(work()))


@blueprint.post("/measures")
@needs(Permission.INSIGHTS, unit="own")
def make() -> Response | tuple[str, int]:
    transactions = product().unit_of_work
    form = request.form
    try:
        with transactions(actor()) as unit:
            make_kpi(unit, form.get("measure", ""), purpose=form.get("purpose", ""), evidence=form.get("evidence", ""))
    except EarshotError as error:
        with transactions.reading(actor()) as unit:
            return render("reports/measures.html", _page(unit, error)), 400
    say(_("It is a KPI, and yours."))
    return go("reports.measures")


@blueprint.post("/measures/<int:kpi_id>/end")
@needs(Permission.INSIGHTS)
def end(kpi_id: int) -> Response:
    end_kpi(work(), kpi_id)
    say(_("It is a KPI no more."))
    return go("reports.measures")


def _page(unit: Work, error: EarshotError | None = None) -> MeasuresPage:
    wrong: Mapping[str, str] = error.fields if isinstance(error, InvalidInputError) else {}
    names = [(each.name, each.title) for each in MEASURES.values()]
    names += [(name, _("%(title)s (off)") % {"title": title}) for name, title in OFF.items()]
    form = request.form
    fields = (
        Field("measure", _("Measure"), "select", value=form.get("measure", ""), required=True, options=tuple(names),
              error=wrong.get("measure", "")),
        Field("purpose", _("Purpose"), "area", value=form.get("purpose", ""), required=True, rows=2,
              help=_("Which decision it serves."), error=wrong.get("purpose", "")),
        Field("evidence", _("Evidence"), "area", value=form.get("evidence", ""), required=True, rows=2,
              help=_("What shows that a better figure is better for customers."), error=wrong.get("evidence", "")),
    )  # fmt: skip
    return MeasuresPage(
        list_kpis(unit), tuple(MEASURES.values()), tuple(OFF.values()), fields, error.message if error else "",
        error.remedy if error else "",
    )  # fmt: skip
