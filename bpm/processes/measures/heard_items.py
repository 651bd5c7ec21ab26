"""Items as a list behind a figure shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnExpressionArgument, func, select

from bpm.feedback.models import Classification, FeedbackItem
from bpm.feedback.tones import is_negative
from bpm.foundation.work import Work


@dataclass(frozen=True)
class HeardItem:
    """An item as a list behind a figure shows it."""

    item_id: int
    channel: str
    text: str
    said_at: datetime | None
    """None: nobody knows."""
    kind: str
    sentiment: float | None
    urgency: int
    abstained: bool

    @property
    def is_negative(self) -> bool:
        """As figures count it."""
        return not self.abstained and is_negative(self.sentiment)


def list_heard(
    work: Work, where: Sequence[ColumnExpressionArgument[bool]], *, oldest_first: bool = False, limit: int = 50
) -> list[HeardItem]:
    """Rows behind a figure: items that meet `where`, at most `limit`."""
    order = (
        (FeedbackItem.placed_at, FeedbackItem.id)
        if oldest_first
        else (FeedbackItem.placed_at.desc(), FeedbackItem.id.desc())
    )
    rows = work.session.execute(
        select(
            FeedbackItem.id,
            FeedbackItem.channel,
            func.substr(FeedbackItem.text, 1, 200).label("text"),
            FeedbackItem.said_at,
            Classification.primary,
            Classification.sentiment,
            Classification.urgency,
            Classification.abstained,
        )
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(*where)
        .order_by(*order)
        .limit(limit)
    )
    return [
        HeardItem(
            item_id=row.id,
            channel=row.channel,
            text=row.text,
            said_at=row.said_at,
            kind=row.primary or "",
            sentiment=row.sentiment,
            urgency=row.urgency or 0,
            abstained=bool(row.abstained),
        )
        for row in rows
    ]
