"""The books of a period, and what single cases cost."""

from dataclasses import dataclass

from flask import url_for

from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import economics
from bpm.processes.economics import CaseCost, Ledger, PerUnit
from web.core.rendering import Choice, render
from web.core.request_context import work
from web.core.security import needs
from web.economics.blueprint import blueprint, tabs
from web.measures.periods import Period, asked_period, choices

SHOWN = 200


@dataclass(frozen=True)
class ProcessCost:
    """What a case of one version costs from its first hour to its last, of those that ended in the period."""

    process: str
    name: str
    version: int
    ended: PerUnit
    spent: int
    """In the period, on cases that ended and others."""
    cases: int
    hours: float
    parts: tuple[tuple[str, int], ...]
    """(time, events, contacts, goodwill) in words, with cents."""
    rows_url: str


@dataclass(frozen=True)
class CostsPage:
    """What economics/costs.html shows."""

    tabs: tuple[Choice, ...]
    period: Period
    periods: tuple[Choice, ...]
    books: Ledger
    processes: tuple[ProcessCost, ...]

    @property
    def names(self) -> dict[str, str]:
        """Key of a process -> what people call it."""
        return {each.process: each.name for each in self.processes}


@blueprint.get("/costs")
@needs(Permission.INSIGHTS)
def costs() -> str:
    period = asked_period(work().now())
    spending = economics.spender(work())
    books = economics.books_of(work(), since=period.since, until=period.until, spending=spending)
    shown = [(each.process, each.version) for each in books.versions]
    ended = economics.each_case_of_versions(work(), shown, period.since, period.until, spending)
    rows = tuple(
        ProcessCost(
            process=each.process,
            name=each.name,
            version=each.version,
            ended=ended[each.process, each.version],
            spent=each.sum.cents,
            cases=each.cases,
            hours=each.sum.hours,
            parts=(
                (_("work"), each.sum.time),
                (_("events"), each.sum.events),
                (_("contacts"), each.sum.contacts),
                (_("goodwill"), each.sum.goodwill),
            ),
            rows_url=url_for("economics.cases", key=each.process, version=each.version, days=period.days),
        )
        for each in books.versions
    )
    return render("economics/costs.html", CostsPage(tabs(), period, choices(period), books, rows))


@dataclass(frozen=True)
class CasesPage:
    """What economics/cases.html shows: the dearest first."""

    key: str
    version: int
    period: Period
    periods: tuple[Choice, ...]
    rows: tuple[CaseCost, ...]
    whole: PerUnit
    currency: str
    cut: bool


@blueprint.get("/costs/cases/<key>/<int:version>")
@needs(Permission.INSIGHTS)
def cases(key: str, version: int) -> str:
    period = asked_period(work().now())
    found = economics.costs_of_cases(work(), key, version, period.since, period.until)
    ordered = sorted(found, key=lambda each: (-each.cents, each.instance_id))
    if version < 1:
        raise NotFoundError(_("There is no version 0."))
    page = CasesPage(
        key=key,
        version=version,
        period=period,
        periods=choices(period),
        rows=tuple(ordered[:SHOWN]),
        whole=economics.per_unit(each.cents for each in found),
        currency=economics.get_plan(work()).currency,
        cut=len(found) > SHOWN,
    )
    return render("economics/cases.html", page)
