"""Guards and what they did, as pages show it. Frozen rows; avoided and deflected contacts are never added up."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion, WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.guards.declaring import IN_FORCE
from bpm.processes.guards.judging import RULES
from bpm.processes.models import CallGuard, GuardedTask
from bpm.processes.status import GuardVerdict

MOST_TASKS = 2_000


@dataclass(frozen=True)
class GuardRow:
    """A guard with what it did."""

    id: int
    key: str
    process: str
    element: str
    says: str
    effect: str
    variable: str
    value: str
    go_to: str
    by: str
    version: int | None
    """Number of the version whose model declares it."""
    ended_at: datetime | None
    avoided: int
    held: int
    overridden: int


def list_guards(work: Work) -> list[GuardRow]:
    """Those in force first."""
    counted = Counter[tuple[int | None, str]]()
    for guard_id, verdict, count in work.session.execute(
        select(GuardedTask.guard_id, GuardedTask.verdict, func.count()).group_by(
            GuardedTask.guard_id, GuardedTask.verdict
        )
    ):
        counted[guard_id, verdict] = count
    rows = work.session.execute(
        select(CallGuard, ProcessDefinition.name, User.display_name, ProcessVersion.number)
        .outerjoin(ProcessVersion, ProcessVersion.id == CallGuard.version_id)
        .outerjoin(ProcessDefinition, ProcessDefinition.key == CallGuard.definition_key)
        .outerjoin(User, User.id == CallGuard.created_by)
        .order_by(CallGuard.ended_at.is_not(None), CallGuard.definition_key, CallGuard.id)
        .limit(200)
    )
    return [
        GuardRow(
            guard.id, guard.definition_key, name or guard.definition_key, guard.element, RULES[guard.rule],
            guard.effect, guard.variable, guard.value, guard.go_to, by or "", number, guard.ended_at,
            avoided=counted[guard.id, GuardVerdict.AVOIDED], held=counted[guard.id, GuardVerdict.HELD],
            overridden=counted[guard.id, GuardVerdict.OVERRIDDEN],
        )
        for guard, name, by, number in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class GuardFigures:
    """Contacts that were not made because their cause was gone, those that wait, those made all the same."""

    avoided: int
    held: int
    overridden: int


def guard_figures(work: Work, *, key: str | None = None, since: datetime | None = None) -> GuardFigures:
    """Of one process or of all; what was deflected (answered before anybody asked) is another figure, kept apart."""
    query = select(GuardedTask.verdict, func.count()).group_by(GuardedTask.verdict)
    if key is not None:
        query = query.where(GuardedTask.definition_key == key)
    if since is not None:
        query = query.where(GuardedTask.at >= since)
    counts: dict[str, int] = {str(row[0]): row[1] for row in work.session.execute(query)}
    return GuardFigures(
        counts.get(GuardVerdict.AVOIDED, 0), counts.get(GuardVerdict.HELD, 0), counts.get(GuardVerdict.OVERRIDDEN, 0)
    )


@dataclass(frozen=True)
class OutcomeRow:
    """One task that a guard spoke of."""

    instance_id: int
    business_key: str
    process: str
    element: str
    verdict: str
    reason: str
    at: datetime


def list_outcomes(work: Work, *, limit: int = 50) -> list[OutcomeRow]:
    """The newest first."""
    rows = work.session.execute(
        select(GuardedTask, ProcessInstance.business_key, ProcessDefinition.name)
        .join(ProcessInstance, ProcessInstance.id == GuardedTask.instance_id)
        .outerjoin(ProcessDefinition, ProcessDefinition.key == GuardedTask.definition_key)
        .order_by(GuardedTask.at.desc(), GuardedTask.id.desc())
        .limit(limit)
    )
    return [
        OutcomeRow(
            row.instance_id, business_key or "", name or row.definition_key, row.element, row.verdict, row.reason,
            row.at,
        )
        for row, business_key, name in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class TaskGuard:
    """What a guard made of a task."""

    verdict: str
    reason: str
    until_at: datetime | None
    at: datetime


def guard_of_task(work: Work, item_id: int, element: str) -> TaskGuard | None:
    """What a guard made of the task; asks nothing where its element has none."""
    if element not in IN_FORCE.get(work).elements:
        return None
    row = work.session.scalar(select(GuardedTask).where(GuardedTask.work_item_id == item_id))
    return TaskGuard(row.verdict, row.reason, row.until_at, row.at) if row else None


@dataclass(frozen=True)
class MissingFacts:
    """How many of the open tasks of an activity lack a fact that they need."""

    process: str
    element: str
    name: str
    tasks: int
    lacking: int
    facts: tuple[tuple[str, int], ...]
    """(fact, tasks that lack it), the most frequent first."""

    @property
    def share(self) -> float:
        return self.lacking / self.tasks


def missing_facts(work: Work) -> list[MissingFacts]:
    """By activity, the worst first; of the newest 2,000 open tasks."""
    rows = work.session.execute(
        select(WorkItem.version_id, WorkItem.element, WorkItem.name, WorkItem.local, ProcessInstance.variables)
        .join(ProcessInstance, ProcessInstance.id == WorkItem.instance_id)
        .where(WorkItem.status == WorkItemStatus.OPEN)
        .order_by(WorkItem.id.desc())
        .limit(MOST_TASKS)
    ).all()
    needs, names = _needs(work, {row.version_id for row in rows})
    tasks: Counter[tuple[str, str, str]] = Counter()
    lacking: Counter[tuple[str, str, str]] = Counter()
    facts: dict[tuple[str, str, str], Counter[str]] = {}
    for row in rows:
        wanted = needs.get((row.version_id, row.element), {})
        if not wanted:
            continue
        key = (names[row.version_id], row.element, row.name)
        known = {**row.variables, **(row.local or {})}
        gone = [label for name, label in wanted.items() if known.get(name) in (None, "")]
        tasks[key] += 1
        lacking[key] += bool(gone)
        facts.setdefault(key, Counter()).update(gone)
    found = [
        MissingFacts(*key, tasks=count, lacking=lacking[key], facts=tuple(facts[key].most_common(5)))
        for key, count in tasks.items()
    ]
    return sorted(found, key=lambda each: (-each.share, each.process, each.name))


def _needs(work: Work, version_ids: set[int]) -> tuple[dict[tuple[int, str], dict[str, str]], dict[int, str]]:
    """((version, element) -> name and label of its facts, version -> name of the process)."""
    needs: dict[tuple[int, str], dict[str, str]] = {}
    names: dict[int, str] = {}
    for version_id, elements, name in work.session.execute(
        select(ProcessVersion.id, ProcessVersion.elements, ProcessDefinition.name)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessVersion.id.in_(version_ids))
    ):
        names[version_id] = name
        for each in elements:
            wanted = {fact["name"]: fact.get("label") or fact["name"] for fact in each.get("facts") or ()}
            if wanted:
                needs[version_id, each["id"]] = wanted
    return needs, names
