"""The books of a period: what cases cost, what contacts without a case did, and the overhead that meets the budget."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.foundation.work import Work
from bpm.processes.economics.cents import whole_cents
from bpm.processes.economics.entries import Entry, Sum, grouped
from bpm.processes.economics.origins import origins_of
from bpm.processes.economics.plan import CostPlan, Side, budget_of
from bpm.processes.economics.spending import Spending, spent
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
    cut: bool


def books_of(work: Work, *, since: datetime, until: datetime) -> Ledger:
    """The books of [since, until); whole days, since budgets are."""
    found = spent(work, since=since, until=until)
    names, elements = _names(work)
    lines = books(found.plan, found.entries, since=since, until=until)
    return Ledger(
        since=since,
        until=until,
        plan=found.plan,
        lines=lines,
        all=Line(
            None,
            budget=sum(each.budget for each in lines),
            cases=sum(each.cases for each in lines),
            without_case=sum(each.without_case for each in lines),
        ),
        versions=_versions(found.entries, names),
        activities=_activities(found.entries, elements),
        groups=tuple(grouped((e for e in found.entries if e.seconds), lambda each: each.place.group).items()),
        channels=tuple(grouped((e for e in found.entries if e.channel), lambda each: each.channel).items()),
        unrated=_unrated(found.entries),
        conversations=_conversations(work, found),
        contacts=len({each.item_id for each in found.entries if each.item_id is not None}),
        cut=found.cut,
    )


def books(plan: CostPlan, entries: Sequence[Entry], *, since: datetime, until: datetime) -> tuple[Line, ...]:
    """Each side's line. Pure."""
    exact = [budget_of(each, since, until) for each in plan.budgets]
    budgets: dict[Side, int] = defaultdict(int)
    for line, cents in zip(plan.budgets, whole_cents(exact), strict=True):
        budgets[line.side] += cents
    on_cases = grouped((e for e in entries if e.place.case_id is not None), lambda each: each.side)
    without = grouped((e for e in entries if e.place.case_id is None), lambda each: each.side)
    return tuple(
        Line(side, budgets[side], on_cases.get(side, Sum()).cents, without.get(side, Sum()).cents)
        for side in Side
        if budgets[side] or side in on_cases or side in without
    )


def per_unit(cents: Iterable[int]) -> PerUnit:
    """Mean, middle and nine of ten of amounts in cents. Pure."""
    ordered = sorted(cents)
    if not ordered:
        return PerUnit(0, 0.0, 0.0, 0.0)
    return PerUnit(
        len(ordered), sum(ordered) / len(ordered), percentile(ordered, 0.5), percentile(ordered, 0.9)
    )  # fmt: skip


def _versions(entries: Sequence[Entry], names: dict[str, str]) -> tuple[VersionCosts, ...]:
    of_cases = [each for each in entries if each.place.case_id is not None]
    cases: dict[tuple[str, int], set[int]] = defaultdict(set)
    for each in of_cases:
        cases[each.place.process, each.place.version].add(each.place.case_id or 0)
    sums = grouped(of_cases, lambda each: (each.place.process, each.place.version))
    return tuple(
        VersionCosts(key, names.get(key, key), number, len(cases[key, number]), found)
        for (key, number), found in sums.items()
    )


def _activities(
    entries: Sequence[Entry], elements: dict[tuple[str, int, str], str]
) -> tuple[ActivityCosts, ...]:  # fmt: skip
    of_cases = [each for each in entries if each.place.case_id is not None]
    sums = grouped(of_cases, lambda each: (each.place.process, each.place.version, each.place.element))
    return tuple(
        ActivityCosts(key, number, element, elements.get((key, number, element)) or element, found)
        for (key, number, element), found in sums.items()
    )


def _unrated(entries: Sequence[Entry]) -> tuple[tuple[str, float], ...]:
    sums = grouped((each for each in entries if each.unrated), lambda each: each.place.group)
    return tuple((group, found.hours) for group, found in sums.items() if found.seconds >= 1)


def _conversations(work: Work, found: Spending) -> PerUnit:
    origins = origins_of(work, found.entries)
    talked = [(origins.conversation(each), each) for each in found.entries]
    sums: dict[int, int] = defaultdict(int)
    for conversation, each in talked:
        if conversation is not None:
            sums[conversation] += each.cents
    return per_unit(sums.values())


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
