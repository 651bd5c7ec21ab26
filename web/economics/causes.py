"""Causes of contact as a Pareto chart, the contacts behind a bar, and one click from a bar to an improvement."""

from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.engine import queries as engine_queries
from bpm.feedback.models import FeedbackItem
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes import economics
from bpm.processes.economics import By, Cause, Causes, Weight
from bpm.processes.measures.heard_items import HeardItem, list_heard
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import work
from web.core.security import needs
from web.economics.bars import Pareto, pareto
from web.economics.blueprint import blueprint, tabs
from web.insights.rows import RowsPage
from web.measures.periods import Period, asked_period, choices

SHOWN = 500

BY = (
    (By.ACTIVITY, _("Activity")),
    (By.PROCESS, _("Process")),
    (By.THEME, _("Theme")),
    (By.TOPIC, _("Topic")),
    (By.ARTEFACT, _("Artefact")),
)


@dataclass(frozen=True)
class Line:
    """A row of the table."""

    cause: Cause
    rows_url: str


@dataclass(frozen=True)
class CausesPage:
    """What economics/causes.html shows."""

    tabs: tuple[Choice, ...]
    period: Period
    periods: tuple[Choice, ...]
    by: tuple[Choice, ...]
    weights: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    found: Causes
    service: bool
    chart: Pareto | None
    lines: tuple[Line, ...]
    processes: tuple[tuple[str, str], ...]
    """(key, name): what an improvement can be about."""
    problem: str


@blueprint.get("/contact-causes")
@needs(Permission.INSIGHTS)
def causes() -> str:
    return _page(work())


def _page(unit: Work, problem: str = "") -> str:
    period, by, service = asked_period(unit.now()), _asked_by(), request.values.get("of") == "service"
    weight = Weight.VOLUME if request.values.get("weight") == Weight.VOLUME else Weight.COST
    found = economics.list_causes(unit, by, since=period.since, until=period.until, weight=weight, service=service)
    lines = tuple(Line(each, _rows_url(each, by, period, service=service)) for each in found.causes)
    chart = pareto(found.causes, [each.rows_url for each in lines]) if found.n else None
    page = CausesPage(
        tabs=tabs(),
        period=period,
        periods=choices(period),
        by=tuple(Choice(label, here(by=each), each is by) for each, label in BY),
        weights=(
            Choice(_("cost"), here(weight=None), found.weight is Weight.COST),
            Choice(_("volume"), here(weight=Weight.VOLUME), found.weight is Weight.VOLUME),
        ),
        kinds=(
            Choice(_("all"), here(of=None), not service),
            Choice(_("wanting something"), here(of="service"), service),
        ),
        found=found,
        service=service,
        chart=chart,
        lines=lines,
        processes=tuple((each.key, each.name) for each in engine_queries.list_definitions(unit)),
        problem=problem,
    )
    return render("economics/causes.html", page)


def _asked_by() -> By:
    return next((each for each in By if each == request.values.get("by")), By.ACTIVITY)


def _rows_url(cause: Cause, by: By, period: Period, *, service: bool) -> str:
    return url_for("economics.cause", by=by, key=cause.key, days=period.days, of="service" if service else None)


@blueprint.get("/contact-causes/<by>/contacts")
@needs(Permission.INSIGHTS)
def cause(by: str) -> str:
    """The contacts behind a bar."""
    kind = next((each for each in By if each == by), None)
    if kind is None:
        raise NotFoundError(_("The address names no kind of cause."))
    period, key = asked_period(work().now()), request.args.get("key", "")
    service = request.args.get("of") == "service"
    found = economics.items_of_cause(work(), kind, key, since=period.since, until=period.until, service=service)
    rows = _heard(work(), [each.current_id for each in found])
    return render(
        "insights/rows.html",
        RowsPage(
            title=_("Contacts because of: %(name)s") % {"name": found[0].name or _("linked to nothing")},
            explains=_("%(period)s, newest first.") % {"period": period.label},
            rows=tuple(rows),
            empty=_("No contact."),
            back_url=url_for("economics.causes", by=by, days=period.days, of=request.args.get("of")),
            back_label=_("Causes of contact"),
            total=len(found),
            cut=len(found) > len(rows),
        ),
    )


def _heard(unit: Work, ids: list[int]) -> list[HeardItem]:
    return list_heard(unit, [FeedbackItem.id.in_(sorted(ids)[-SHOWN:])], limit=SHOWN)


@blueprint.post("/contact-causes/improvements")
@needs(Permission.INSIGHTS)
def open_improvement() -> Response | tuple[str, int]:
    """An improvement that holds exactly the contacts of the bar."""
    period, sent = asked_period(work().now()), request.form
    try:
        made = economics.open_improvement(
            work(), _asked_by(), sent.get("key", ""), since=period.since, until=period.until,
            process=sent.get("process", ""), service=sent.get("of") == "service",
        )  # fmt: skip
    except InvalidInputError as error:
        return _page(work(), f"{error.message} {error.remedy}"), 400
    say(_("Opened, with all contacts of the bar as its voices."))
    return go("improvements.improvement", improvement_id=made)
