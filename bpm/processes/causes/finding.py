"""Finds the case that a complaint is about: by key, by order or bill, by customer and time; here and elsewhere.

What is surest decides alone: a key before an object, an object before a customer. Of one way of finding, a single case
is found; of several a person is asked, and nothing is charged meanwhile.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select

from bpm import search
from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance
from bpm.feedback.models import ContactPoint, FeedbackItem
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.processes import attribution
from bpm.processes.causes.numbers import numbers_in, numbers_of_values, spellings
from bpm.processes.models import Attribution
from bpm.processes.outside.models import OutsideCase, OutsideProcess, OutsideVisit
from bpm.processes.status import CauseHow, LinkKind
from bpm.search.asking import Asked, Term
from bpm.search.words import words_of

CONFIDENCE = {CauseHow.KEY: 0.95, CauseHow.OBJECT: 0.85}
OUTSIDE_CUSTOMER = 0.5
LEAST = 0.3
"""A case of the same customer that is less sure is no cause."""
MOST = 5
"""Cases that a person is asked to choose from; where more fit, what is said is too little to ask about."""


@dataclass(frozen=True)
class Candidate:
    """A case that may be the cause: one of ours, or one that another system ran."""

    how: CauseHow
    confidence: float
    evidence: str
    instance_id: int | None = None
    outside_case_id: int | None = None


@dataclass(frozen=True)
class Ahead:
    """What a look at some items needs, asked once for all of them."""

    opened_by: Mapping[int, set[int]]
    """Item -> the cases that its words opened: none is the cause of another."""
    with_cases: Collection[int]
    """Items whose conversation or customer has another item that is linked to a case."""
    elsewhere: bool
    """Whether other systems ran any case."""


def read_ahead(work: Work, items: Sequence[FeedbackItem]) -> Ahead:
    """By four queries, however many items there are."""
    opened_by: dict[int, set[int]] = {item.id: set() for item in items}
    held = select(Attribution.item_id, Attribution.instance_id).where(
        Attribution.item_id.in_(opened_by), Attribution.kind == LinkKind.OPENED_BY
    )
    for item_id, instance_id in work.session.execute(held):
        if instance_id is not None:
            opened_by[item_id].add(instance_id)
    return Ahead(
        opened_by,
        attribution.with_cases_of_others(work, items),
        work.session.scalar(select(OutsideCase.id).limit(1)) is not None,
    )


def candidates(work: Work, item: FeedbackItem, opened: ProcessInstance, ahead: Ahead) -> list[Candidate]:
    """The cases that the item which opened `opened` may be about, all of the surest way that finds any."""
    same = ahead.opened_by[item.id] | {opened.id}
    numbers = numbers_in(f"{item.subject}\n{item.text}") + numbers_of_values(opened.variables)
    if numbers:
        found = _by_key(work, item, numbers, but=same)
        if ahead.elsewhere:
            found += _by_key_elsewhere(work, item, numbers)
        found = found or _by_object(work, item, numbers, but=same)
        if found:
            return found if len(found) <= MOST else []
    found = _by_customer(work, item, but=same) if item.id in ahead.with_cases else []
    if not found and ahead.elsewhere:
        found = _elsewhere(work, item)
    return found if len(found) <= MOST else []


def _by_key(work: Work, item: FeedbackItem, numbers: Sequence[tuple[str, str]], *, but: set[int]) -> list[Candidate]:
    wanted = sorted(spellings(numbers))
    at = item.placed_at
    ours = work.session.execute(
        select(ProcessInstance.id, ProcessInstance.business_key)
        .where(ProcessInstance.business_key.in_(wanted), ProcessInstance.started_at < at)
        .where(ProcessInstance.id.not_in(but))
        .order_by(ProcessInstance.id.desc())
        .limit(MOST + 1)
    ).all()
    sure = CONFIDENCE[CauseHow.KEY]
    said = _("The words or values name “%(key)s”, which is the key of this case.")
    return [Candidate(CauseHow.KEY, sure, said % {"key": row.business_key}, instance_id=row.id) for row in ours]


def _by_key_elsewhere(work: Work, item: FeedbackItem, numbers: Sequence[tuple[str, str]]) -> list[Candidate]:
    wanted = sorted(spellings(numbers))
    others = work.session.execute(
        select(OutsideCase.id, OutsideCase.case_key, OutsideProcess.name)
        .join(OutsideProcess, OutsideProcess.id == OutsideCase.process_id)
        .where(OutsideCase.case_key.in_(wanted), _began_before(item))
        .order_by(OutsideCase.id.desc())
        .limit(MOST + 1)
    ).all()
    sure = CONFIDENCE[CauseHow.KEY]
    told = _("The words or values name “%(key)s”, a case of %(process)s that runs elsewhere.")
    return [
        Candidate(CauseHow.KEY, sure, told % {"key": row.case_key, "process": row.name}, outside_case_id=row.id)
        for row in others
    ]


def _began_before(item: FeedbackItem) -> ColumnElement[bool]:
    visits = select(OutsideVisit.id).where(
        OutsideVisit.case_id == OutsideCase.id, OutsideVisit.placed_at < item.placed_at
    )
    return visits.exists()


def _by_object(work: Work, item: FeedbackItem, numbers: Sequence[tuple[str, str]], *, but: set[int]) -> list[Candidate]:
    """Cases that know the number by a value, or by what was said in them; the search knows them by it."""
    found: dict[int, str] = {}
    for kind, number in numbers:
        for case_id in _searched(work, number):
            found.setdefault(case_id, f"{kind} {number}".strip())
    if not set(found) - but:
        return []
    begun = work.session.scalars(
        select(ProcessInstance.id)
        .where(ProcessInstance.id.in_(set(found) - but), ProcessInstance.started_at < item.placed_at)
        .order_by(ProcessInstance.id.desc())
    )
    said = _("This case knows the same %(object)s.")
    sure = CONFIDENCE[CauseHow.OBJECT]
    return [
        Candidate(CauseHow.OBJECT, sure, said % {"object": found[each]}, instance_id=each)
        for each in _one_of_each_item(work, begun, customer_id=item.customer_id)
    ]


def _searched(work: Work, number: str) -> Iterable[int]:
    words = tuple(words_of(number))
    if not words:
        return ()
    (source,) = engine_queries.SEARCHED
    asked = Asked(text=number, wanted=(Term(words),), kinds=("case",))
    return [hit.object_id for hit in search.find(work, source, asked, limit=4 * MOST).hits]


def _one_of_each_item(work: Work, cases: Iterable[int], *, customer_id: int | None) -> list[int]:
    """Of cases that the same words opened the first: they are one matter; none that another customer's words opened."""
    ids = list(cases)
    openers = work.session.execute(
        select(
            Attribution.instance_id,
            func.min(Attribution.item_id).label("item"),
            func.min(FeedbackItem.customer_id).label("customer"),
        )
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .where(Attribution.instance_id.in_(ids), Attribution.kind == LinkKind.OPENED_BY)
        .group_by(Attribution.instance_id)
    ).all()
    theirs = [row for row in openers if customer_id is None or row.customer in (None, customer_id)]
    by_item = {row.item: row.instance_id for row in sorted(theirs, key=lambda row: -(row.instance_id or 0))}
    told = {row.instance_id for row in openers}
    return [each for each in ids if each not in told or each in by_item.values()]


def _by_customer(work: Work, item: FeedbackItem, *, but: set[int]) -> list[Candidate]:
    return [
        Candidate(CauseHow.CUSTOMER, case.confidence, case.evidence, instance_id=case.instance_id)
        for case in attribution.cases_spoken_of(work, item)
        if case.instance_id not in but and case.confidence >= LEAST
    ]


def _elsewhere(work: Work, item: FeedbackItem) -> list[Candidate]:
    """Cases of the same customer that another system ran within the window before."""
    if item.customer_id is None:
        return []
    points = work.session.scalars(
        select(ContactPoint.value).where(ContactPoint.customer_id == item.customer_id, ContactPoint.ended_at.is_(None))
    ).all()
    window = timedelta(days=work.settings.said_after_days)
    last = func.max(OutsideVisit.placed_at)
    rows = work.session.execute(
        select(OutsideCase.id, OutsideProcess.name, last.label("last_at"))
        .join(OutsideVisit, OutsideVisit.case_id == OutsideCase.id)
        .join(OutsideProcess, OutsideProcess.id == OutsideCase.process_id)
        .where(OutsideCase.customer_key.in_([*points, str(item.customer_id)]), OutsideCase.customer_key != "")
        .where(OutsideVisit.placed_at < item.placed_at, OutsideVisit.placed_at > item.placed_at - window)
        .group_by(OutsideCase.id, OutsideProcess.name)
        .order_by(OutsideCase.id.desc())
        .limit(MOST + 1)
    ).all()
    return [
        Candidate(
            CauseHow.CUSTOMER,
            round(OUTSIDE_CUSTOMER * 0.5 ** ((item.placed_at - row.last_at) / window), 3),
            _said_of_elsewhere(row.name, (item.placed_at - row.last_at).days),
            outside_case_id=row.id,
        )
        for row in rows
    ]


def _said_of_elsewhere(process: str, days: int) -> str:
    said = ngettext(
        "A case of the same customer in %(process)s, which runs elsewhere, %(days)s day before.",
        "A case of the same customer in %(process)s, which runs elsewhere, %(days)s days before.",
        days,
    )
    return said % {"process": process, "days": days}
