"""The books of a period: what cases cost, what contacts without a case did, and the overhead that meets the budget."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import select

from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.foundation.work import Work
from bpm.processes.daybook.columns import Ints, distinct
from bpm.processes.economics.cents import whole_cents
from bpm.processes.economics.entries import Entries, Sum, sums_by, totals_at
from bpm.processes.economics.origins import came_in, looked_up
from bpm.processes.economics.plan import CostPlan, Side, budget_of
from bpm.processes.economics.spending import SIDES, Spender, spender
from bpm.statistics import SHOWN_FROM, percentile


@dataclass(frozen=True)
class Line:
    """One side's books, or all together; cases + without_case + overhead = budget, to the cent.

    A negative overhead: the plan says more was spent than there was to spend.
    """

    side: Side | None
    budget: int
    cases: int
    without_case: int

    @property
    def spent(self) -> int:
        return self.cases + self.without_case

    @property
    def overhead(self) -> int:
        return self.budget - self.spent


@dataclass(frozen=True)
class PerUnit:
    """What one costs, in cents: of `n`; the middle one, and nine of ten within `p90`."""

    n: int
    mean: float
    median: float
    p90: float

    @property
    def shown(self) -> bool:
        return self.n >= SHOWN_FROM


@dataclass(frozen=True)
class VersionCosts:
    """What was spent on one version of a process in the period, over how many cases."""

    process: str
    name: str
    version: int
    cases: int
    sum: Sum


@dataclass(frozen=True)
class ActivityCosts:
    """What was spent at one activity of a version."""

    process: str
    version: int
    element: str
    name: str
    sum: Sum


@dataclass(frozen=True)
class Ledger:
    since: datetime
    until: datetime
    plan: CostPlan
    lines: tuple[Line, ...]
    """Of each side that has a budget or spent something."""
    all: Line
    versions: tuple[VersionCosts, ...]
    activities: tuple[ActivityCosts, ...]
    groups: tuple[tuple[str, Sum], ...]
    """Working time by group, the dearest first."""
    channels: tuple[tuple[str, Sum], ...]
    """Contacts and gestures by channel, the dearest first."""
    unrated: tuple[tuple[str, float], ...]
    """(group, hours) of groups without a rate: in no amount."""
    conversations: PerUnit
    """What conversations cost in the period, with the cases that they opened."""
    contacts: int
    """Things that customers said."""


def books_of(work: Work, *, since: datetime, until: datetime, spending: Spender | None = None) -> Ledger:
    """The books of [since, until); whole days, since budgets are. `spending`: where more is asked in the same work."""
    spending = spending or spender(work)
    found = spending.spent(since, until)
    names, elements = _names(work)
    lines = books(spending.plan, found, since=since, until=until)
    hours, said = found.those(found.ms > 0), found.those(found.item > 0)
    return Ledger(
        since=since,
        until=until,
        plan=spending.plan,
        lines=lines,
        all=Line(
            None,
            budget=sum(each.budget for each in lines),
            cases=sum(each.cases for each in lines),
            without_case=sum(each.without_case for each in lines),
        ),
        versions=_versions(spending, found, names),
        activities=_activities(spending, found, elements),
        groups=tuple(_by_word(spending, hours, hours.group)),
        channels=tuple(_by_word(spending, said, said.channel)),
        unrated=_unrated(spending, found),
        conversations=per_unit(_by_conversation(spending, found, since, until)),
        contacts=len(distinct(said.item)[0]),
    )


def books(plan: CostPlan, entries: Entries, *, since: datetime, until: datetime) -> tuple[Line, ...]:
    """Each side's line. Pure."""
    exact = [budget_of(each, since, until) for each in plan.budgets]
    budgets: dict[Side, int] = defaultdict(int)
    for line, cents in zip(plan.budgets, whole_cents(exact), strict=True):
        budgets[line.side] += cents
    on_cases, without = entries.on_cases, entries.those(entries.case == 0)
    of_cases, others = sums_by(on_cases, on_cases.side), sums_by(without, without.side)
    return tuple(
        Line(side, budgets[side], of_cases.get(place, Sum()).cents, others.get(place, Sum()).cents)
        for place, side in enumerate(SIDES)
        if budgets[side] or place in of_cases or place in others
    )


def per_unit(cents: Iterable[int]) -> PerUnit:
    """Mean, middle and nine of ten of amounts in cents. Pure."""
    ordered = sorted(cents)
    if not ordered:
        return PerUnit(0, 0.0, 0.0, 0.0)
    return PerUnit(
        len(ordered), sum(ordered) / len(ordered), percentile(ordered, 0.5), percentile(ordered, 0.9)
    )  # fmt: skip


def _versions(spending: Spender, entries: Entries, names: Mapping[str, str]) -> tuple[VersionCosts, ...]:
    of_cases = entries.on_cases
    versions, place = distinct(of_cases.version)
    pairs = distinct(of_cases.case * max(len(versions), 1) + place)[0] % max(len(versions), 1)
    cases = Counter(versions[pairs].tolist())
    found = []
    for version, each in sums_by(of_cases, of_cases.version).items():
        told = spending.versions[version]
        found.append(VersionCosts(told.key, names.get(told.key, told.key), told.number, cases[version], each))
    return tuple(sorted(found, key=lambda each: (-each.sum.cents, each.process, each.version)))


def _activities(
    spending: Spender, entries: Entries, elements: Mapping[tuple[str, int, str], str]
) -> tuple[ActivityCosts, ...]:
    of_cases = entries.on_cases
    size = len(spending.book.words.listed)
    found = []
    for place, each in sums_by(of_cases, of_cases.version * size + of_cases.element).items():
        told, element = spending.versions[place // size], spending.book.words.listed[place % size]
        name = elements.get((told.key, told.number, element)) or element
        found.append(ActivityCosts(told.key, told.number, element, name, each))
    return tuple(sorted(found, key=lambda each: (-each.sum.cents, each.process, each.version, each.element)))


def _by_word(spending: Spender, entries: Entries, key: Ints) -> list[tuple[str, Sum]]:
    found = [(spending.book.words.listed[place], each) for place, each in sums_by(entries, key).items()]
    return sorted(found, key=lambda pair: (-pair[1].cents, pair[0]))


def _unrated(spending: Spender, entries: Entries) -> tuple[tuple[str, float], ...]:
    free = entries.those(entries.rated == 0)
    return tuple((group, each.hours) for group, each in _by_word(spending, free, free.group) if each.seconds >= 1)


def _by_conversation(spending: Spender, entries: Entries, since: datetime, until: datetime) -> list[int]:
    """What each cost: that of a case is the one it came in by, so that a case stands in one conversation alone."""
    began = came_in(spending, since, until)
    of_case = looked_up(entries.case, began["case"], began["conversation"])
    talk = np.where(entries.case > 0, of_case, entries.conversation)
    talks, place = distinct(talk[talk > 0])
    found: list[int] = totals_at(place, entries.cents[talk > 0], len(talks)).tolist()
    return found


def _names(work: Work) -> tuple[dict[str, str], dict[tuple[str, int, str], str]]:
    """Names of processes, and of the elements of their versions."""
    rows = work.session.execute(
        select(ProcessDefinition.key, ProcessDefinition.name, ProcessVersion.number, ProcessVersion.elements)
        .join(ProcessVersion, ProcessVersion.definition_id == ProcessDefinition.id)
    ).all()  # fmt: skip
    elements = {
        (row.key, row.number, each["id"]): str(each.get("name") or "") for row in rows for each in row.elements
    }  # fmt: skip
    return {row.key: row.name for row in rows}, elements
