"""The links of an item that hold now."""

from sqlalchemy import select

from bpm.foundation.work import Work
from bpm.processes.models import Attribution


def current_links(work: Work, item_id: int) -> list[Attribution]:
    """Links of that version of an item, the oldest first."""
    query = select(Attribution).where(Attribution.item_id == item_id, Attribution.valid_to.is_(None))
    return list(work.session.scalars(query.order_by(Attribution.id)))
