"""Escapes as pages show them: counted by activity, and each with what was said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.escapes.models import Escape
from bpm.processes.measures.heard_items import HeardItem, list_heard


@dataclass(frozen=True)
class EscapeRow:
    """An escape as the page of its item tells of it."""

    instance_id: int | None
    element: str
    waiting_item_id: int | None
    said_at: datetime


def escape_of(work: Work, item_id: int) -> EscapeRow | None:
    """The escape that the item is, or None."""
    row = work.session.execute(
        select(Escape.instance_id, Escape.element, Escape.waiting_item_id, Escape.said_at).where(
            Escape.item_id == item_id
        )
    ).first()
    return EscapeRow(*row) if row is not None else None


def count_escapes(work: Work, version_id: int, *, since: datetime, until: datetime) -> dict[str, int]:
    """{element that was waiting: how many escapes}, of one version, said in the period."""
    rows = work.session.execute(
        select(Escape.element, func.count())
        .join(FeedbackItem, FeedbackItem.id == Escape.item_id)
        .where(FeedbackItem.current, *_within(version_id, since, until))
        .group_by(Escape.element)
    )
    return {row[0]: row[1] for row in rows}


def list_escapes(
    work: Work, version_id: int, *, since: datetime, until: datetime, element: str | None = None, limit: int = 50
) -> list[HeardItem]:
    """What was said in public, the newest first."""
    of = [*_within(version_id, since, until), *([Escape.element == element] if element is not None else [])]
    return list_heard(work, [FeedbackItem.current, FeedbackItem.id.in_(select(Escape.item_id).where(*of))], limit=limit)


def _within(version_id: int, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return Escape.version_id == version_id, Escape.said_at >= since, Escape.said_at < until
