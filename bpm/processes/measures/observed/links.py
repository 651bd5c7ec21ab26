"""Links of items to a version, as every measure of voices reads them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bpm.engine.models import ProcessInstance
from bpm.feedback.models import Classification, FeedbackItem, Theme, ThemeItem
from bpm.foundation.work import Work
from bpm.processes.measures.observed.seen import PERSON
from bpm.processes.measures.process_of_a_file import Part, linked_to
from bpm.processes.models import Attribution

AT_ONCE = 500
"""Ids in one statement."""


@dataclass(frozen=True, slots=True)
class Link:
    """An item that is linked to the version, with what the classifier made of it."""

    item_id: int
    row_id: int
    """Of its newest version."""
    element: str
    kind: str
    case_id: int | None
    channel: str
    voice: str
    said_at: datetime
    customer_id: int | None
    theme: str
    claim: str
    """Its primary kind; empty: not read, or the classifier abstained."""
    sentiment: float | None
    rating: float | None
    acted: bool
    """Decided on, answered by a person, or handed over."""
    decided: bool
    case_ended: bool
    source: str
    reader: str
    """Model version of the current claim, or `PERSON`; empty: not read."""


def links(work: Work, part: Part, since: datetime, until: datetime, only: Sequence[int] | None = None) -> list[Link]:
    """Current links of items said in the period; `only`: of these versions of items."""
    query = _links(part).where(FeedbackItem.said_at >= since, FeedbackItem.said_at < until)
    if only is not None:
        query = query.where(FeedbackItem.id.in_(only))
    return [_link(row) for row in work.session.execute(query)]


def links_of_cases(work: Work, part: Part, cases: Sequence[int]) -> list[Link]:
    """Current links of items, whenever they were said, to those cases."""
    found = []
    for some in some_of(cases):
        query = _links(part).where(Attribution.instance_id.in_(some), FeedbackItem.said_at.is_not(None))
        found += [_link(row) for row in work.session.execute(query)]
    return found


# Built once: many processes are asked on one page, and building it costs as much as running it.
_CURRENT = (
    select(
        FeedbackItem.id, FeedbackItem.first_id, Attribution.element, Attribution.kind, Attribution.instance_id,
        FeedbackItem.channel, FeedbackItem.voice, FeedbackItem.said_at, FeedbackItem.customer_id,
        FeedbackItem.rating, FeedbackItem.decision, FeedbackItem.answered_at, FeedbackItem.distributed_to,
        FeedbackItem.source, Classification.primary, Classification.sentiment, Classification.abstained,
        Classification.model_version, Theme.counts_in_id, ProcessInstance.ended_at,
    )
    .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
    .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
    .outerjoin(ThemeItem, ThemeItem.item_id == FeedbackItem.id)
    .outerjoin(Theme, Theme.id == ThemeItem.theme_id)
    .outerjoin(ProcessInstance, ProcessInstance.id == Attribution.instance_id)
    .where(Attribution.valid_to.is_(None), FeedbackItem.current)
    .order_by(Attribution.id + 0)
)  # fmt: skip


def _links(part: Part) -> Any:
    # Plus nothing: the few items or cases are looked up by their own index, never all links of the version.
    return _CURRENT.where(*linked_to(part), Attribution.version_id + 0 == part.version_id)


def _link(row: Any) -> Link:
    read = row.primary is not None and not row.abstained
    reader = _reader(row.model_version) if read else ""
    acted = not (row.decision is None and row.answered_at is None and row.distributed_to is None)
    return Link(
        item_id=row.first_id or row.id, row_id=row.id, element=row.element, case_id=row.instance_id,
        channel=row.channel, kind=str(row.kind),
        voice=str(row.voice), said_at=row.said_at, customer_id=row.customer_id, theme=str(row.counts_in_id or ""),
        claim=row.primary if read else "", sentiment=row.sentiment if read else None, rating=row.rating,
        acted=acted,
        decided=row.decision is not None, case_ended=row.ended_at is not None, source=row.source, reader=reader,
    )  # fmt: skip


def _reader(model_version: str) -> str:
    return PERSON if model_version.startswith("human:") else model_version


def customers_of_cases(found: Iterable[Link]) -> dict[int, int]:
    """{case: whose words were linked to it first}, from links in order."""
    owners: dict[int, int] = {}
    for link in found:
        if link.case_id is not None and link.customer_id is not None:
            owners.setdefault(link.case_id, link.customer_id)
    return owners


def some_of(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids, so many at a time as a statement takes."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
