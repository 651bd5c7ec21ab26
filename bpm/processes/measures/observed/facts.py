"""Rows of one version over one period, each kind read at most once, whichever measures ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select

from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance
from bpm.engine.queries import VisitRow
from bpm.feedback.models import Classification, FeedbackItem, Theme, ThemeItem
from bpm.foundation.work import Work
from bpm.processes.measures.observed.kinds import kind_of
from bpm.processes.measures.process_of_a_file import Part, linked_to
from bpm.processes.models import Attribution


@dataclass(frozen=True, slots=True)
class Link:
    """An item that is linked to the version, with what the classifier made of it."""

    item_id: int
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


@dataclass(frozen=True)
class Facts:
    """What happened in one version between two instants, [since, until)."""

    work: Work
    part: Part
    since: datetime
    until: datetime

    @cached_property
    def lanes(self) -> Mapping[str, str]:
        """{element: its lane}"""
        return {str(each["id"]): str(each.get("lane") or "") for each in self.part.elements}

    @cached_property
    def visits(self) -> Sequence[VisitRow]:
        """Those that began in the period, in the process's own elements."""
        rows = engine_queries.activity_visits(self.work, [self.part.version_id], self.since, self.until)
        return [row for row in rows if row.element in self.lanes]

    @cached_property
    def links(self) -> Sequence[Link]:
        """Of items said in the period; those of unknown date are counted apart and in none of the figures."""
        return [_link(row) for row in self.work.session.execute(_links(self.part, self.since, self.until))]


def _links(part: Part, since: datetime, until: datetime) -> Any:
    return (
        select(
            FeedbackItem.id, FeedbackItem.first_id, Attribution.element, Attribution.method, Attribution.instance_id,
            FeedbackItem.channel, FeedbackItem.voice, FeedbackItem.said_at, FeedbackItem.customer_id,
            FeedbackItem.rating, Classification.primary, Classification.sentiment, Classification.abstained,
            Theme.counts_in_id, ProcessInstance.started_at, ProcessInstance.ended_at,
        )
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .outerjoin(ThemeItem, ThemeItem.item_id == FeedbackItem.id)
        .outerjoin(Theme, Theme.id == ThemeItem.theme_id)
        .outerjoin(ProcessInstance, ProcessInstance.id == Attribution.instance_id)
        .where(*linked_to(part), Attribution.version_id == part.version_id, Attribution.valid_to.is_(None))
        .where(FeedbackItem.current, FeedbackItem.said_at >= since, FeedbackItem.said_at < until)
        .order_by(Attribution.id)
    )  # fmt: skip


def _link(row: Any) -> Link:
    read = row.primary is not None and not row.abstained
    return Link(
        item_id=row.first_id or row.id, element=row.element, case_id=row.instance_id, channel=row.channel,
        kind=kind_of(row.method, row.said_at, row.started_at, row.ended_at), voice=str(row.voice),
        said_at=row.said_at, customer_id=row.customer_id, theme=str(row.counts_in_id or ""),
        claim=row.primary if read else "", sentiment=row.sentiment if read else None, rating=row.rating,
    )  # fmt: skip
