"""Load against capacity of each group, its limit of open tasks, and where they are set."""

from dataclasses import dataclass
from decimal import Decimal

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.processes import capacity as capacities
from bpm.processes.capacity import GroupCapacity, Staffing, StaffingVersion
from bpm.processes.economics import amount_of
from bpm.statistics.forecast import Why
from web.core.rendering import Choice, go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.economics.blueprint import blueprint, tabs
from web.economics.weeks import Weeks, drawn

WHY = {
    Why.TOO_SHORT: _("No forecast yet: it needs fourteen weeks of tasks to be tested against what came."),
    Why.NO_BETTER: _("No forecast: in the back-test it was no better than repeating the week before."),
}


@dataclass(frozen=True)
class GroupRow:
    """A group with its picture."""

    found: GroupCapacity
    chart: Weeks | None
    about: str
    """Whether there is a forecast, with the errors of its back-test."""
    tasks_url: str


@dataclass(frozen=True)
class CapacityPage:
    """What economics/capacity.html shows."""

    tabs: tuple[Choice, ...]
    rows: tuple[GroupRow, ...]
    history: tuple[StaffingVersion, ...]
    may_change: bool
    problem: str = ""


@blueprint.get("/capacity")
@needs(Permission.INSIGHTS)
def capacity() -> str:
    return render("economics/capacity.html", _page(work()))


def _page(unit: Work, problem: str = "") -> CapacityPage:
    return CapacityPage(
        tabs=tabs(),
        rows=tuple(_row(each) for each in capacities.list_capacity(unit)),
        history=capacities.list_staffing(unit),
        may_change=may(actor(), Permission.SIGN),
        problem=problem,
    )


def _row(found: GroupCapacity) -> GroupRow:
    said = found.outlook
    about = _("Forecast by exponential smoothing with a weekly season.") if said.why is None else WHY[said.why]
    if said.back_test is not None:
        tested = _(
            "Back-test over %(n)s weeks: off by %(error).1f tasks a week on average, repeating the week before by "
            "%(naive).1f."
        )
        numbers = {"n": said.back_test.origins, "error": said.back_test.error, "naive": said.back_test.naive_error}
        about = f"{about} {tested % numbers}"
    chart = drawn(found.weeks, hours_each=found.hours_each)
    return GroupRow(found, chart, about, url_for("tasks.tasks", scope="all", group=found.group))


@blueprint.post("/capacity")
@needs(Permission.SIGN)
def save_capacity() -> Response | tuple[str, int]:
    sent = request.form
    try:
        groups = {name.removeprefix("share-") for name in sent if name.startswith("share-")}
        plan = {group: _staffing(group) for group in groups}
        capacities.save_staffing(work(), plan, reason=sent.get("reason", ""))
    except InvalidInputError as error:
        return render("economics/capacity.html", _page(work(), f"{error.message} {error.remedy}")), 400
    current_app.extensions.pop("wip limits", None)
    say(_("Kept. It holds from now on."))
    return go("economics.capacity")


def _staffing(group: str) -> Staffing:
    sent = request.form
    share = amount_of(sent.get(f"share-{group}", ""), empty=Decimal(100)) or Decimal(0)
    people = amount_of(sent.get(f"people-{group}", ""))
    wip = amount_of(sent.get(f"wip-{group}", ""))
    if wip is not None and wip != int(wip):
        raise InvalidInputError(
            _("%(group)s: a limit of open tasks is a whole number.") % {"group": group}, remedy=_("Round it.")
        )
    return Staffing(share / 100, people, None if wip is None else int(wip))
