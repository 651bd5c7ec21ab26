"""All functions at once, for whoever answers for customers over all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bpm.feedback import incidents
from bpm.feedback.incidents import IncidentRow
from bpm.feedback.status import IncidentStatus
from bpm.identity import Permission
from bpm.processes.measures.catalogue import MEASURES, Measure
from bpm.processes.ownership.rolled_up import MEASURED, RolledUp, roll_up
from web.core.rendering import Choice, render
from web.core.request_context import work
from web.core.security import needs
from web.measures.periods import Period, asked_period, choices
from web.ownership import figures
from web.ownership.blueprint import blueprint
from web.ownership.goals import TONES

OPEN = (IncidentStatus.PROPOSED, IncidentStatus.ACKNOWLEDGED, IncidentStatus.WATCHING)


@dataclass(frozen=True)
class RollUpPage:
    """What ownership/rollup.html shows."""

    all: RolledUp
    measures: tuple[Measure, ...]
    incidents: tuple[IncidentRow, ...]
    period: Period
    periods: tuple[Choice, ...]
    told: Callable[[Measure, float | None], str]
    between: Callable[[Measure, tuple[float, float] | None], str]
    tones: Mapping[str, str]


@blueprint.get("/insights/all-functions")
@needs(Permission.ROLL_UP)
def rollup() -> str:
    period = asked_period(work().now())
    page = RollUpPage(
        all=roll_up(work(), since=period.since, until=period.until),
        measures=tuple(MEASURES[name] for name in MEASURED),
        incidents=incidents.list_incidents(work(), states=OPEN, limit=20).rows,
        period=period,
        periods=choices(period),
        told=figures.told,
        between=figures.between,
        tones=TONES,
    )
    return render("ownership/rollup.html", page)
