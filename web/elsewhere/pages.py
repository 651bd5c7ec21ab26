"""The list of processes that run elsewhere, a log handed in, and the page of each with its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes import outside
from bpm.processes.outside import LogOptions, OutsideActivity, OutsideProcessRow, OutsideRunRow
from web.core.numbers import key_of
from web.core.rate_limits import limited
from web.core.rendering import Choice, download, go, here, render, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.elsewhere.picture import Picture, picture_of
from web.insights.causes import caused_elsewhere
from web.ui.diagrams import Diagram, Heat
from web.ui.fields import Field
from web.ui.formats import duration

blueprint = Blueprint("elsewhere", __name__, url_prefix="/insights/elsewhere")

DAYS = (30, 90, 365)
ORDERS = ("", "dmy", "mdy", "ymd")


@dataclass(frozen=True)
class ListPage:
    """What elsewhere/list.html shows."""

    rows: tuple[OutsideProcessRow, ...]
    fields: tuple[Field, ...]
    error: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class ProcessPage:
    """What elsewhere/process.html shows; either the diagram or the picture of the flows."""

    row: OutsideProcessRow
    runs: tuple[OutsideRunRow, ...]
    periods: tuple[Choice, ...]
    since: datetime | None
    until: datetime | None
    activities: tuple[OutsideActivity, ...]
    picture: Picture | None
    diagram: Diagram | None
    most: int
    """Visits that the figures are worked out from at most."""
    unmatched: tuple[str, ...]
    """Activities that the diagram does not draw."""
    caused: str
    """Complaints about it, drawn by insights."""


@blueprint.get("")
@needs(Permission.INSIGHTS)
def processes() -> str:
    return render("elsewhere/list.html", _list(work()))


def _list(unit: Work, error: EarshotError | None = None) -> ListPage:
    wrong = error.fields if isinstance(error, InvalidInputError) else {}
    fields = (
        Field("key", _("Key of the process"), "text", value=request.form.get("key", ""), required=True,
              help=_("As the other system calls it; a known one is gone on with."), error=wrong.get("key", "")),
        Field("zone", _("Time zone of times that tell none"), "text", value=request.form.get("zone", ""),
              help=_("As Europe/Berlin; else UTC.")),
    )  # fmt: skip
    rows = tuple(outside.list_outside(unit))
    return ListPage(rows, fields, error.message if error else "", error.remedy if error else "")


@blueprint.post("")
@needs(Permission.DEPLOY, unit="own")
@limited("upload")
def hand_in() -> Response | tuple[str, int]:
    """Keep the file for a worker; a diagram is checked at once, in its child process."""
    transactions = product().unit_of_work
    try:
        run_key = _begin()
    except EarshotError as error:
        with transactions.reading(actor()) as unit:
            return render("elsewhere/list.html", _list(unit, error)), 400
    say(_("The log is being read. Every row that does not come in is named here."))
    return go("elsewhere.process", key=run_key)


def _begin() -> str:
    log, drawing = request.files.get("log"), request.files.get("diagram")
    if log is None or not log.filename:
        raise InvalidInputError(_("No file was chosen."), remedy=_("Choose a log as .csv or .xes."))
    drawn = None
    if drawing is not None and drawing.filename:
        drawn = outside.read_diagram(drawing.filename, drawing.read())
    order = request.form.get("order", "")
    options = LogOptions(request.form.get("zone", "").strip(), order if order in ORDERS else "")
    key = request.form.get("key", "").strip()
    with product().unit_of_work(actor()) as unit:
        outside.begin_run(unit, key=key, file_name=log.filename, drawn=drawn, options=options, content=log.read())
    return key


@blueprint.get("/<key>")
@needs(Permission.INSIGHTS)
def process(key: str) -> str:
    row = outside.get_outside(work(), key)
    days = key_of(request.args.get("days", ""))
    until = row.last_at + timedelta(seconds=1) if row.last_at else None
    since = until - timedelta(days=days) if until and days else row.first_at
    found: tuple[OutsideActivity, ...] = ()
    picture = None
    if since and until:
        found = tuple(outside.list_activities(work(), row.id, since=since, until=until))
        if not row.is_drawn:
            flows = outside.list_flows(work(), row.id, since=since, until=until)
            picture = picture_of(flows.order, found, flows.flows)
    page = ProcessPage(
        row=row,
        runs=tuple(outside.list_runs(work(), row.id)),
        periods=(
            Choice(_("All"), here(days=None), not days),
            *(
                Choice(_("Last %(days)s days of the log") % {"days": each}, here(days=each), days == each)
                for each in DAYS
            ),
        ),
        since=since,
        until=until,
        activities=found,
        picture=picture,
        diagram=_diagram(row, found) if row.is_drawn else None,
        most=outside.MOST_VISITS,
        unmatched=tuple(each.activity for each in found if row.is_drawn and not each.element),
        caused=caused_elsewhere(work(), key),
    )
    return render("elsewhere/process.html", page)


def fingerprint(unit: Work) -> str:
    """Changes while a log is read."""
    return outside.runs_mark(unit)


@blueprint.get("/<key>/drawing")
@needs(Permission.INSIGHTS)
def drawing(key: str) -> Response:
    return download(outside.get_outside_diagram(work(), key), "drawing.bpmn", mimetype="application/xml")


def _diagram(row: OutsideProcessRow, found: tuple[OutsideActivity, ...]) -> Diagram:
    return Diagram(source=url_for("elsewhere.drawing", key=row.key), heat=_heat(found))


def _heat(found: tuple[OutsideActivity, ...]) -> Mapping[str, Heat]:
    """The median of work at each element; only how often it was visited where too few ended."""
    heat = {}
    for each in found:
        if each.element:
            shown = each.work.shown and each.work.median is not None
            label = duration(each.work.median) if shown and each.work.median else f"n = {each.visits}"
            minutes = each.work.median / timedelta(minutes=1) if shown and each.work.median else -1
            level = sum(minutes >= limit for limit in (5, 60, 480, 1440)) if minutes >= 0 else -1
            heat[each.element] = Heat(level, label, f"{each.activity}: {each.visits}")
    return heat
