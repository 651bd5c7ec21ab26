"""Between departments: what one hands to another, how long it is there, and which promises it keeps."""

from dataclasses import dataclass

from flask import Blueprint

from bpm.identity import Permission
from bpm.processes import handing_over
from bpm.processes.handing_over import BetweenDepartments, Hops
from web.core.rendering import Choice, render
from web.core.request_context import work
from web.core.security import needs
from web.measures.layers import length_of
from web.measures.periods import Period, asked_period, choices

blueprint = Blueprint("departments", __name__, url_prefix="/insights")


@dataclass(frozen=True)
class DepartmentsPage:
    """What insights/departments.html shows."""

    period: Period
    periods: tuple[Choice, ...]
    rows: tuple[tuple[BetweenDepartments, str], ...]
    """Each with how long it took, in words."""
    n: int
    hops: tuple[Hops, ...]
    """Of hard matters, then of the others."""


@blueprint.get("/departments")
@needs(Permission.INSIGHTS)
def departments() -> str:
    period = asked_period(work().now())
    rows = handing_over.between_departments(work(), since=period.since, until=period.until)
    told = tuple((row, length_of(row.took)) for row in rows)
    hops = handing_over.hops_in(work(), since=period.since, until=period.until)
    page = DepartmentsPage(period, choices(period), told, sum(row.times for row in rows), hops)
    return render("insights/departments.html", page)
