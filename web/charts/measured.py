"""Any measure of a process or activity as a control chart, its rows, and its baseline set anew on record."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from bpm.engine import queries as engine_queries
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import alarms
from bpm.processes.alarms import SeriesState, Subject, WaitRow, Watched
from bpm.processes.measures.catalogue import MEASURES, Measure
from web.charts.catalogue import measure_chart
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import work
from web.core.security import needs
from web.designer.processes import Head, head_of
from web.insights.rows import ROWS, RowsPage
from web.measures.series_chart import TITLES, SeriesChart, series_chart

blueprint = Blueprint("measured", __name__, url_prefix="/insights/processes")

WATCHED = ("negative_share", "complaints_per_100", "waiting")
"""Measures of the catalogue that are watched, by activity, too."""
OF_PROCESSES = (Watched.NEGATIVE, Watched.COMPLAINTS, Watched.WAITING)


@dataclass(frozen=True)
class MeasuredPage:
    """What charts/measured.html shows."""

    head: Head
    key: str
    measure: str
    element: str
    state: SeriesState | None
    """None for measures that are not watched."""
    chart: SeriesChart
    measures: tuple[Choice, ...]
    elements: tuple[Choice, ...]
    problem: str = ""
    written: str = ""

    def rows(self, day: str) -> str:
        return url_for("measured.rows", key=self.key, measure=self.measure, since=day, element=self.element or None)


@dataclass(frozen=True)
class WaitsPage:
    """What charts/waits.html shows."""

    title: str
    rows: tuple[WaitRow, ...]
    back_url: str


@blueprint.get("/<key>/charts/<measure>")
@needs(Permission.INSIGHTS)
def chart(key: str, measure: str) -> str:
    return render("charts/measured.html", _page(key, measure))


def _page(key: str, measure: str, problem: str = "") -> MeasuredPage:
    versions = engine_queries.list_versions(work(), key)
    element = request.values.get("element", "")
    state = _state(key, measure, element) if measure in OF_PROCESSES else None
    newest = max((each for each in versions), key=lambda each: each.number, default=None)
    named = engine_queries.get_version(work(), newest.id).elements if newest else ()
    shown = [("", _("the whole process"))]
    shown += (
        []
        if state is None
        else [(each["id"], each["name"] or each["id"]) for each in named if each["type"].endswith("Task")]
    )
    return MeasuredPage(
        head=head_of(key, versions),
        key=key,
        measure=measure,
        element=element,
        state=state,
        chart=series_chart(state) if state else measure_chart(work(), key, _catalogued(measure)),
        measures=_measures(key, measure, element),
        elements=tuple(Choice(name, here(element=value or None), value == element) for value, name in shown),
        problem=problem,
        written=request.form.get("reason", ""),
    )


def _measures(key: str, measure: str, element: str) -> tuple[Choice, ...]:
    """Those that are watched, of the same place; then all others of the catalogue, of the whole process."""
    watched = [(str(each), TITLES[each], element or None) for each in OF_PROCESSES]
    others = [(each.name, each.title, None) for each in MEASURES.values() if each.name not in WATCHED]
    return tuple(
        Choice(title, url_for("measured.chart", key=key, measure=name, element=at), name == measure)
        for name, title, at in (*watched, *others)
    )


def _catalogued(name: str) -> Measure:
    if name not in MEASURES or name in WATCHED:
        raise NotFoundError(_("There is no such measure."), remedy=_("Choose one of those on the page."))
    return MEASURES[name]


def _state(key: str, measure: str, element: str) -> SeriesState:
    return alarms.read_one(work(), _subject(key, measure, element), until=work().now().date() - timedelta(days=1))


def _subject(key: str, measure: str, element: str) -> Subject:
    if measure not in OF_PROCESSES:
        raise NotFoundError(_("There is no such series."), remedy=_("Use negative, complaints or waiting."))
    return alarms.subject_of(work(), f"{measure}:{key}:{element}")


@blueprint.get("/<key>/charts/<measure>/<since>")
@needs(Permission.INSIGHTS)
def rows(key: str, measure: str, since: str) -> str:
    """What stands behind one period: items, or waits."""
    element = request.args.get("element", "")
    first, subject = _day(since), _subject(key, measure, element)
    step = _state(key, measure, element).step
    back = url_for("measured.chart", key=key, measure=measure, element=element or None)
    if subject.measure is Watched.WAITING:
        title = _("Waits that ended in the period from %(day)s") % {"day": since}
        found = tuple(alarms.waits_of_period(work(), subject, first, step))
        return render("charts/waits.html", WaitsPage(title, found, back))
    items = alarms.items_of_period(work(), subject, first, step, limit=ROWS + 1)
    return render(
        "insights/rows.html",
        RowsPage(
            title=_("What customers said in the period from %(day)s") % {"day": since},
            explains=_("%(where)s, all versions, newest first.") % {"where": element or key},
            rows=tuple(items[:ROWS]),
            empty=_("No item is linked here in this period."),
            back_url=back,
            back_label=_("Control chart"),
            cut=len(items) > ROWS,
        ),
    )


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise NotFoundError(_("The address names no day.")) from error


@blueprint.post("/<key>/charts/<measure>/baseline")
@needs(Permission.INSIGHTS)
def set_baseline(key: str, measure: str) -> Response | tuple[str, int]:
    """Decide that from a day on another level is the usual one; it stays on record with its reason."""
    element = request.form.get("element", "")
    try:
        since = date.fromisoformat(request.form.get("since", ""))
        state = _state(key, measure, element)
        version = next((each.version for each in reversed(state.points) if each.start <= since), 0)
        alarms.set_baseline(
            work(), state.subject, since, step=state.step, version=version, reason=request.form.get("reason", "")
        )
    except ValueError:
        return render("charts/measured.html", _page(key, measure, _("Choose the day on which it begins."))), 400
    except InvalidInputError as error:
        return render("charts/measured.html", _page(key, measure, error.message)), 400
    say(_("From that day on the baseline is a new one; the limits of before stay on the chart."))
    return go("measured.chart", key=key, measure=measure, element=element or None)
