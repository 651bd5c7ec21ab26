"""Ways as pages show them: lists, the cases that run on one with what they did otherwise, steps that many ask for."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.feedback.models import Customer
from bpm.foundation.errors import ConflictError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.improvements import ImprovementDraft, propose_improvement
from bpm.processes.models import Improvement
from bpm.processes.own_ways.matching import same_step
from bpm.processes.own_ways.models import OwnWay, OwnWayStep
from bpm.processes.own_ways.running import VARIABLE
from bpm.processes.own_ways.status import StepKind, WayStatus
from bpm.processes.own_ways.ways import Way

FEWEST = 3
"""Customers who have a step of their own before it is a candidate for an improvement."""
MOST = 500


@dataclass(frozen=True)
class WayRow:
    """A way in the list."""

    id: int
    key: str
    process: str
    customer_id: int
    customer: str
    source: str
    status: WayStatus
    steps: int
    at: datetime


@dataclass(frozen=True)
class CaseOnWay:
    """A case that runs on a way, with what it did otherwise than officially."""

    instance_id: int
    business_key: str
    status: str
    started_at: datetime
    steps: tuple[tuple[StepKind, str, str], ...]
    """(kind, element, the customer's words)"""


@dataclass(frozen=True)
class FrequentStep:
    """A step that customers have of their own and we do not."""

    key: str
    process: str
    text: str
    """As most of them write it."""
    customers: int
    ways: tuple[int, ...]
    improvement_id: int | None
    """What was proposed because of it."""

    @property
    def is_candidate(self) -> bool:
        return self.customers >= FEWEST


def list_ways(work: Work, *, key: str | None = None, customer_id: int | None = None) -> tuple[WayRow, ...]:
    """The newest 500, of one process or customer or of all."""
    query = (
        select(OwnWay, ProcessDefinition.name, Customer.name.label("customer"))
        .join(ProcessDefinition, ProcessDefinition.key == OwnWay.definition_key)
        .join(Customer, Customer.id == OwnWay.customer_id)
        .order_by(OwnWay.id.desc())
        .limit(MOST)
    )
    if key is not None:
        query = query.where(OwnWay.definition_key == key)
    if customer_id is not None:
        query = query.where(OwnWay.customer_id == customer_id)
    return tuple(
        WayRow(
            row.id, row.definition_key, name, row.customer_id,
            customer or _("customer %(number)s") % {"number": row.customer_id}, row.source, row.status, len(row.steps),
            row.handed_in_at,
        )
        for row, name, customer in work.session.execute(query)
    )  # fmt: skip


def cases_on(work: Work, way: Way) -> tuple[CaseOnWay, ...]:
    """The newest 50 cases that were started on the way."""
    rows = work.session.execute(
        select(ProcessInstance.id, ProcessInstance.business_key, ProcessInstance.status, ProcessInstance.started_at)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessDefinition.key == way.key, ProcessInstance.variables[VARIABLE].as_integer() == way.id)
        .order_by(ProcessInstance.id.desc())
        .limit(50)
    ).all()
    steps = steps_of_cases(work, [row.id for row in rows])
    return tuple(
        CaseOnWay(row.id, row.business_key or "", str(row.status), row.started_at, steps.get(row.id, ()))
        for row in rows
    )


def steps_of_cases(work: Work, cases: list[int]) -> dict[int, tuple[tuple[StepKind, str, str], ...]]:
    """{case: what it did otherwise, in the order of time}"""
    found: dict[int, list[tuple[StepKind, str, str]]] = defaultdict(list)
    query = select(OwnWayStep).where(OwnWayStep.instance_id.in_(cases)).order_by(OwnWayStep.id)
    for row in work.session.scalars(query) if cases else ():
        found[row.instance_id].append((row.kind, row.element, row.text))
    return {case: tuple(steps) for case, steps in found.items()}


def frequent_steps(work: Work, *, key: str | None = None) -> tuple[FrequentStep, ...]:
    """Steps of customers' own, by how many customers have them: the same words and their synonyms are one step.

    Of the newest 500 ways, declined ones too: what a customer wishes for is a voice whether a case runs on it or not.
    """
    query = (
        select(OwnWay.id, OwnWay.definition_key, OwnWay.customer_id, OwnWay.steps, ProcessDefinition.name)
        .join(ProcessDefinition, ProcessDefinition.key == OwnWay.definition_key)
        .order_by(OwnWay.id.desc())
        .limit(MOST)
    )
    if key is not None:
        query = query.where(OwnWay.definition_key == key)
    texts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    people: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    names: dict[str, str] = {}
    for row in work.session.execute(query):
        names[row.definition_key] = row.name
        for step in row.steps:
            if not step["element"]:
                place = (row.definition_key, same_step(step["text"]))
                texts[place][step["text"]] += 1
                people[place].setdefault(row.customer_id, row.id)
    proposed = _proposed(work)
    found = [
        FrequentStep(
            process_key, names[process_key], (text := counted.most_common(1)[0][0]),
            len(people[process_key, form]), tuple(sorted(people[process_key, form].values())),
            proposed.get((process_key, title_of(text))),
        )
        for (process_key, form), counted in texts.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (-each.customers, each.process, each.text)))


def propose_step(work: Work, key: str, text: str) -> int:
    """Make a step that at least three customers have of their own an improvement to decide upon; its id.

    NotFoundError where no such step is known, ConflictError where fewer have it or it was proposed already.
    """
    step = next((each for each in frequent_steps(work, key=key) if each.text == text), None)
    if step is None:
        raise NotFoundError(_("No customer has this step."))
    if step.improvement_id is not None:
        raise ConflictError(_("It was proposed already."), remedy=_("Look at that improvement."))
    if not step.is_candidate:
        few = _("%(n)s of %(fewest)s customers have it.") % {"n": step.customers, "fewest": FEWEST}
        raise ConflictError(few, remedy=_("Wait for more, or propose it in words of your own."))
    words = _("%(n)s customers have this step in their own process (own processes %(ways)s), and ours has not.") % {
        "n": step.customers,
        "ways": ", ".join(map(str, step.ways)),
    }
    return propose_improvement(work, ImprovementDraft(key, title_of(text), words))


def title_of(text: str) -> str:
    """What an improvement that takes a customers' step in is called."""
    return (_("Take in what customers do themselves: %(step)s") % {"step": text})[:300]


def _proposed(work: Work) -> dict[tuple[str, str], int]:
    rows: Any = work.session.execute(select(Improvement.definition_key, Improvement.title, Improvement.id))
    return {(key, title): number for key, title, number in rows}
