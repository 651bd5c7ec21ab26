"""The process as its departments see it: the same drawing, each department's activities lit, with what is theirs."""

from dataclasses import dataclass

from flask import request, url_for

from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import handing_over, ownership
from bpm.processes.handing_over import BetweenDepartments
from bpm.processes.ownership import Activity, Matrix
from bpm.processes.queries import ElementMeasures, process_measures
from web.core.rendering import Choice, here, render
from web.core.request_context import actor, work
from web.core.security import needs
from web.designer.processes import Head
from web.measures.layers import length_of
from web.measures.periods import Period, asked_period, choices
from web.measures.standing import StandingAt, StandingNow, standing_now
from web.ownership.blueprint import blueprint
from web.ownership.process import chosen_version
from web.ui.diagrams import Diagram, Heat


@dataclass(frozen=True)
class TheirStep:
    """One activity of a department: its part, what stands there, how long it waits, what customers said."""

    activity: Activity
    letters: str
    now: StandingAt | None
    waiting: str
    """How long it waits for somebody, in words."""
    items: int
    negative: str
    """Share of what was said there that is negative, with n, or that it is not shown."""
    items_url: str


@dataclass(frozen=True)
class DepartmentView:
    """One department's sight of the process."""

    key: str
    name: str
    steps: tuple[TheirStep, ...]
    crossings: tuple[tuple[BetweenDepartments, str], ...]
    """Hand-overs to it and from it, each with how long it took; with promises kept and broken."""
    diagram: Diagram

    @property
    def open_now(self) -> int:
        return sum(each.now.failed + each.now.waiting + each.now.running for each in self.steps if each.now)


@dataclass(frozen=True)
class DepartmentsPage:
    """What ownership/departments.html shows."""

    head: Head
    number: int
    period: Period
    periods: tuple[Choice, ...]
    views: tuple[DepartmentView, ...]
    shown: DepartmentView | None
    switch: tuple[Choice, ...]
    may_measure: bool


@blueprint.get("/processes/<key>/by-department")
@needs(Permission.SEE_PROCESSES)
def by_department(key: str) -> str:
    head, version = chosen_version(key)
    period = asked_period(work().now())
    matrix = ownership.matrix_of(work(), version.id)
    standing = standing_now(work(), key, version.id, number=version.number)
    may_measure = may(actor(), Permission.INSIGHTS)
    measured: dict[str, ElementMeasures] = {}
    if may_measure:
        found = process_measures(work(), key, version_id=version.id, since=period.since, until=period.until)
        measured = {each.element: each for each in found.elements}
    between = handing_over.between_departments(work(), since=period.since, until=period.until)
    source = url_for("designer.drawing", version_id=version.id)
    views = tuple(
        DepartmentView(
            key=function,
            name=name,
            steps=_steps(matrix, function, standing, measured, url=_items_url(key, version.id, period)),
            crossings=tuple((row, length_of(row.took)) for row in between if name in (row.from_name, row.to_name)),
            diagram=_diagram(matrix, function, name, source),
        )
        for function, name in matrix.functions
    )
    # Whoever has a part comes first.
    views = tuple(sorted(views, key=lambda each: (not each.steps, not each.diagram.heat)))
    wanted = request.args.get("of", "")
    shown = next((each for each in views if each.key == wanted), None)
    switch = (
        Choice(_("all of them"), here(of=None), shown is None),
        *(Choice(v.name, here(of=v.key), v is shown) for v in views),
    )
    page = DepartmentsPage(head, version.number, period, choices(period), views, shown, switch, may_measure)
    return render("ownership/departments.html", page)


def _items_url(key: str, version_id: int, period: Period) -> str:
    return url_for("insights.rows", key=key, version_id=version_id, days=period.days)


def _steps(
    matrix: Matrix, function: str, standing: StandingNow, measured: dict[str, ElementMeasures], *, url: str
) -> tuple[TheirStep, ...]:
    found: list[TheirStep] = []
    for each in matrix.activities:
        letters = matrix.parts[each.id].get(function, "")
        if "R" not in letters and "A" not in letters:
            continue
        figures = measured.get(each.id)
        found.append(
            TheirStep(
                activity=each,
                letters=letters,
                now=standing.at(each.id),
                waiting=length_of(figures.waiting) if figures else "",
                items=figures.items if figures else 0,
                negative=figures.negative.verdict if figures and figures.items else "",
                items_url=f"{url}&element={each.id}",
            )
        )
    return tuple(found)


def _diagram(matrix: Matrix, function: str, name: str, source: str) -> Diagram:
    """Their activities lit by the strongest letter: what they do or answer for, else what they have a word in."""
    heat = {
        each.id: Heat(3 if {"R", "A"} & set(letters) else 1, letters, f"{each.name}: {name} {letters}")
        for each in matrix.activities
        if (letters := matrix.parts[each.id].get(function, ""))
    }
    return Diagram(source=source, heat=heat)
