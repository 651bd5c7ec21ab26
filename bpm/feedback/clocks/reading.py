"""The clocks of an item as lists and pages show them."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select

from bpm.feedback.clocks.settling import CLOCK
from bpm.foundation.work import Work


@dataclass(frozen=True)
class ClockRow:
    """How the clocks of an item stand: see `models.ItemClock`."""

    kind: str
    started_at: datetime
    answer_due_at: datetime | None
    answered_at: datetime | None
    resolve_due_at: datetime | None
    resolved_at: datetime | None
    paused_at: datetime | None

    @property
    def due_at(self) -> datetime | None:
        """What is due next: the answer, then the settlement; None for nothing, or while the customer is asked."""
        if self.resolved_at is not None:
            return None
        return self.answer_due_at if self.answered_at is None and self.answer_due_at else self.resolve_due_at


COLUMNS = tuple(each.name for each in fields(ClockRow))


def find_clock(work: Work, item_id: int) -> ClockRow | None:
    """How the clocks of the item stand; None for an item that has none."""
    row = work.session.execute(select(*(CLOCK.c[name] for name in COLUMNS)).where(CLOCK.c.item_id == item_id)).first()
    return ClockRow(*row) if row is not None else None
