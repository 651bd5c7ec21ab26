"""Cost as a layer of the diagram: what a pass of each element costs, in five classes and as a number."""

from dataclasses import dataclass

from flask import url_for

from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import economics, queries
from bpm.processes.economics import Ledger, Sum
from bpm.processes.queries import SHOWN_FROM
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs
from web.pictures.blueprint import blueprint
from web.pictures.pictured import Pictured, of_ours
from web.ui.diagrams import Diagram, Heat

LIMITS = (100, 500, 2_000, 10_000)
"""Cents."""


@dataclass(frozen=True)
class CostLine:
    """An element: `per_pass` in cents, None under ten passes."""

    element: str
    name: str
    lane: str
    passes: int
    hours: float
    work: int
    events: int
    per_pass: float | None

    @property
    def cents(self) -> int:
        return self.work + self.events


@dataclass(frozen=True)
class CostPage:
    """What pictures/cost.html shows."""

    of: Pictured
    books: Ledger
    lines: tuple[CostLine, ...]
    diagram: Diagram
    classes: tuple[str, ...]


@blueprint.get("/processes/<key>/cost")
@needs(Permission.INSIGHTS)
def cost(key: str) -> str:
    of = of_ours(work(), key)
    books = economics.books_of(work(), since=of.since, until=of.until)
    sums = {each.element: each.sum for each in books.activities if (each.process, each.version) == (key, of.version)}
    measures = queries.process_measures(work(), key, version_id=of.version_id, since=of.since, until=of.until)
    lines = tuple(
        _line(each.element, each.name, each.lane, each.visits, sums.get(each.element, Sum()))
        for each in measures.elements
        if each.visits or each.element in sums
    )
    page = CostPage(
        of=of,
        books=books,
        lines=tuple(sorted(lines, key=lambda line: (-line.cents, line.name))),
        diagram=Diagram(
            source=url_for("designer.drawing", version_id=of.version_id),
            heat={line.element: _heat(line, books.plan.currency, of) for line in lines if line.cents},
        ),
        classes=(_("under 1"), "1–5", "5–20", "20–100", _("100 and more")),
    )
    return render("pictures/cost.html", page)


def _line(element: str, name: str, lane: str, visits: int, found: Sum) -> CostLine:
    cents = found.time + found.events
    per_pass = cents / visits if visits >= SHOWN_FROM else None
    return CostLine(element, name, lane, visits, found.hours, found.time, found.events, per_pass)


def _heat(line: CostLine, currency: str, of: Pictured) -> Heat:
    rows = url_for("economics.cases", key=of.key, version=of.version, days=(of.until - of.since).days)
    title = f"{line.name}: {line.cents / 100:.2f} {currency}, n = {line.passes}"
    if line.per_pass is None:
        return Heat(-1, f"n = {line.passes}", title, rows)
    level = sum(line.per_pass >= limit for limit in LIMITS)
    return Heat(level, f"{line.per_pass / 100:.2f}", title, rows)
