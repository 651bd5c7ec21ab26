"""Rows of cases, promises, escapes and surveys that facts are made of, and how they are read."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from bpm.engine.models import Failure, ProcessInstance, StepRecord, WorkItem
from bpm.feedback.models import (
    Classification,
    Decision,
    FeedbackItem,
    Promise,
    SurveyInvitation,
)
from bpm.feedback.status import PromiseStatus
from bpm.foundation.work import Work
from bpm.processes.escapes.models import Escape
from bpm.processes.measures.observed.links import some_of
from bpm.processes.measures.process_of_a_file import Part, instances_of, linked_to
from bpm.processes.models import Attribution


@dataclass(frozen=True, slots=True)
class Case:
    """A case that began in the period."""

    id: int
    began: datetime
    ended: datetime | None
    status: str
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """Something that a customer said anywhere, after or before a case."""

    item_id: int
    at: datetime
    sentiment: float | None
    claim: str
    source: str


def cases(work: Work, part: Part, since: datetime, until: datetime, only: Sequence[int] | None = None) -> list[Case]:
    """Those that began in the version: still in it, or moved to another since. `only`: none but these."""
    of = ProcessInstance
    named = () if only is None else (of.id.in_(only),)
    began = (*instances_of(part), of.started_at >= since, of.started_at < until, *named)
    found = []
    # Two index look-ups, never one with OR; plus nothing: by when it began, never all cases of the version.
    for here in ((of.version_id + 0 == part.version_id, of.began_version_id.is_(None)),
                 (of.began_version_id == part.version_id,)):  # fmt: skip
        query = select(of.id, of.started_at, of.ended_at, of.status, of.variables).where(*here, *began)
        found += [
            Case(r.id, r.started_at, r.ended_at, str(r.status), r.variables or {}) for r in work.session.execute(query)
        ]
    return sorted(found, key=lambda case: case.id)


def said_by(work: Work, customers: Iterable[int]) -> dict[int, list[Said]]:
    """{customer: all they said, in order}."""
    found: dict[int, list[Said]] = defaultdict(list)
    for some in some_of(sorted(set(customers))):
        rows = work.session.execute(
            select(
                FeedbackItem.customer_id, FeedbackItem.id, FeedbackItem.first_id, FeedbackItem.said_at,
                FeedbackItem.source, Classification.sentiment, Classification.primary, Classification.abstained,
            )
            .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
            .where(FeedbackItem.customer_id.in_(some), FeedbackItem.current, FeedbackItem.said_at.is_not(None))
            .order_by(FeedbackItem.said_at, FeedbackItem.id)
        )  # fmt: skip
        for row in rows:
            read = row.primary is not None and not row.abstained
            found[row.customer_id].append(
                Said(row.first_id or row.id, row.said_at, row.sentiment if read else None,
                     row.primary if read else "", row.source)
            )  # fmt: skip
    return found


def decided_at(work: Work, items: Iterable[int]) -> dict[int, datetime]:
    """{item: when somebody first decided on it}."""
    found: dict[int, datetime] = {}
    for some in some_of(sorted(set(items))):
        query = (
            select(Decision.item_id, func.min(Decision.at)).where(Decision.item_id.in_(some)).group_by(Decision.item_id)
        )
        found |= {row[0]: row[1] for row in work.session.execute(query)}
    return found


def failed_cases(work: Work, found: Iterable[int]) -> set[int]:
    """Those of the cases that a step failed in, solved since or not."""
    failed: set[int] = set()
    for some in some_of(sorted(set(found))):
        query = select(Failure.instance_id).where(Failure.instance_id.in_(some)).distinct()
        failed |= {each for each in work.session.scalars(query) if each is not None}
    return failed


@dataclass(frozen=True, slots=True)
class Due:
    """A promise whose time has come."""

    at: datetime
    kept: bool
    element: str
    case_id: int | None
    channel: str
    row_id: int
    """Of the item that it was made about."""


def promises(work: Work, part: Part, since: datetime, until: datetime, only: Sequence[int] | None = None) -> list[Due]:
    """Promises about items linked to the version that were due in the period, each once at each place.

    `only`: about these items.
    """
    about = () if only is None else (Promise.item_id.in_(only),)
    rows = work.session.execute(
        select(
            Promise.until_at, Promise.status, Promise.broken_at, Attribution.element, Attribution.instance_id,
            FeedbackItem.channel, Promise.id, Promise.item_id,
        )
        .join(FeedbackItem, FeedbackItem.id == Promise.item_id)
        .join(Attribution, Attribution.item_id == FeedbackItem.id)
        # Plus nothing: the few promises are looked up by their own index, never all links of the version.
        .where(*linked_to(part), Attribution.version_id + 0 == part.version_id, Attribution.valid_to.is_(None))
        .where(Promise.until_at >= since, Promise.until_at < until, *about)
        .where(
            or_(
                Promise.status.in_((PromiseStatus.KEPT, PromiseStatus.BROKEN)),
                Promise.broken_at.is_not(None) & (Promise.status != PromiseStatus.WITHDRAWN),
            )
        )
        .distinct()
    )  # fmt: skip
    return [
        Due(
            r.until_at,
            r.broken_at is None and r.status == PromiseStatus.KEPT,
            r.element,
            r.instance_id,
            r.channel,
            r.item_id,
        )
        for r in rows
    ]


def escapes(
    work: Work, part: Part, since: datetime, until: datetime, only: Sequence[int] | None = None
) -> list[tuple[str, int, str, datetime]]:
    """(element that was waiting, item, channel, when) of each; `only`: of these items."""
    of = () if only is None else (Escape.item_id.in_(only),)
    rows = work.session.execute(
        select(Escape.element, Escape.item_id, FeedbackItem.channel, Escape.said_at)
        .join(FeedbackItem, FeedbackItem.id == Escape.item_id)
        .where(FeedbackItem.current, Escape.version_id == part.version_id)
        .where(Escape.said_at >= since, Escape.said_at < until, *of)
    )
    ids = {str(each["id"]) for each in part.elements}
    return [(r.element, r.item_id, r.channel, r.said_at) for r in rows if part.alone or r.element in ids]


def invitations(
    work: Work, part: Part, since: datetime, until: datetime
) -> list[tuple[int, str, datetime, bool, int | None]]:
    """(invitation, element, when it was sent, whether it was answered, case), each once."""
    rows = work.session.execute(
        select(
            SurveyInvitation.id, Attribution.element, SurveyInvitation.sent_at, SurveyInvitation.answered_at,
            Attribution.instance_id,
        )
        .join(Attribution, Attribution.item_id == SurveyInvitation.item_id)
        .where(*linked_to(part), Attribution.version_id == part.version_id, Attribution.valid_to.is_(None))
        .where(SurveyInvitation.sent_at >= since, SurveyInvitation.sent_at < until)
        .order_by(SurveyInvitation.id, Attribution.id)
    )  # fmt: skip
    first: dict[int, tuple[int, str, datetime, bool, int | None]] = {}
    for row in rows:
        if row[2] is not None:
            first.setdefault(row[0], (row[0], row[1], row[2], row[3] is not None, row[4]))
    return list(first.values())


def extras(work: Work, items: Iterable[int]) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """(item, question, what its source told beside its words) of items with a rating."""
    for some in some_of(sorted(set(items))):
        query = select(FeedbackItem.id, FeedbackItem.question, FeedbackItem.extra).where(FeedbackItem.id.in_(some))
        for row in work.session.execute(query):
            yield row.id, row.question, row.extra or {}


def fired_rules(work: Work, found: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """{case: names of the rules that held, each once}, from the record of its steps."""
    rules: dict[int, dict[str, None]] = defaultdict(dict)
    for some in some_of(found):
        query = select(StepRecord.instance_id, StepRecord.detail).where(
            StepRecord.instance_id.in_(some), StepRecord.detail.is_not(None)
        )
        for case, detail in work.session.execute(query):
            for each in (detail or {}).get("fired", ()):
                rules[case] |= {f"{each['decision']}: rule {number}": None for number in each["rules"]}
    return {case: tuple(names) for case, names in rules.items()}


def groups_of_elements(work: Work, version_id: int) -> dict[str, str]:
    """{element: the group whose list its tasks were on most often}."""
    rows = work.session.execute(
        select(WorkItem.element, WorkItem.group_key, func.count())
        .where(WorkItem.version_id == version_id, WorkItem.group_key.is_not(None))
        .group_by(WorkItem.element, WorkItem.group_key)
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for element, group, count in rows:
        counts[element][str(group)] += count
    return {element: found.most_common(1)[0][0] for element, found in counts.items()}
