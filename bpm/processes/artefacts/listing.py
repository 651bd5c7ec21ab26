"""Artefacts by what customers complain about. Frozen rows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, case, cast, distinct, func, select

from bpm.feedback.models import Classification, FeedbackItem
from bpm.feedback.tones import NEGATIVE
from bpm.foundation.work import Work
from bpm.processes.measures.heard_items import HeardItem, list_heard
from bpm.processes.models import Artefact, Attribution
from bpm.statistics import Share, share


@dataclass(frozen=True)
class ArtefactRow:
    """One artefact; `negative` of those of its items in the period that were read."""

    id: int
    definition_key: str
    element: str
    kind: str
    name: str
    phrases: tuple[str, ...]
    items: int
    negative: Share
    retired: bool


def list_artefacts(
    work: Work, key: str, *, since: datetime, until: datetime, element: str | None = None
) -> list[ArtefactRow]:
    """Those of a process, or of one activity of it, by complaints; retired ones only where words are linked."""
    is_negative = case((Classification.sentiment <= NEGATIVE, FeedbackItem.id))
    is_read = case((Classification.sentiment.is_not(None) & Classification.abstained.is_(False), FeedbackItem.id))
    items = func.count(distinct(FeedbackItem.id))
    negative = func.count(distinct(case((Classification.abstained.is_(False), is_negative))))
    said = (FeedbackItem.id == Attribution.item_id) & FeedbackItem.current
    period = (FeedbackItem.said_at >= since) & (FeedbackItem.said_at < until)
    rows = work.session.execute(
        select(
            Artefact, cast(items, Integer).label("items"), cast(func.count(distinct(is_read)), Integer).label("read"),
            cast(negative, Integer).label("negative"),
        )
        .outerjoin(Attribution, (Attribution.artefact_id == Artefact.id) & Attribution.valid_to.is_(None))
        .outerjoin(FeedbackItem, said & period)
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(Artefact.definition_key == key, *([Artefact.element == element] if element else []))
        .group_by(Artefact.id)
    ).all()  # fmt: skip
    found = [
        ArtefactRow(
            row.id, row.definition_key, row.element, str(row.kind), row.name, tuple(row.phrases), n,
            share(bad, read), row.retired_at is not None,
        )
        for row, n, read, bad in rows
        if n or row.retired_at is None
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.negative.hits, -each.items, each.name))


def items_about(work: Work, artefact_id: int, *, since: datetime, until: datetime, limit: int = 200) -> list[HeardItem]:
    """The rows behind one of those figures, the newest first."""
    linked = select(Attribution.item_id).where(Attribution.artefact_id == artefact_id, Attribution.valid_to.is_(None))
    period = (FeedbackItem.said_at >= since) & (FeedbackItem.said_at < until)
    return list_heard(work, [FeedbackItem.current, period, FeedbackItem.id.in_(linked)], limit=limit)


def choosable(work: Work) -> list[ArtefactRow]:
    """Those that an item can be linked to by hand, by process and name."""
    rows = work.session.scalars(
        select(Artefact).where(Artefact.retired_at.is_(None)).order_by(Artefact.definition_key, Artefact.name)
    )
    return [
        ArtefactRow(
            r.id, r.definition_key, r.element, str(r.kind), r.name, tuple(r.phrases), 0, share(0, 0), retired=False
        )
        for r in rows
    ]
