"""The worker's part: looks for the cause of each case that words opened, some at a time, behind a mark of its own.

It stays some seconds behind, so that a link whose transaction ended late is not passed over.
"""

from datetime import timedelta

from sqlalchemy import select

from bpm.engine.models import ProcessInstance
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Transactions, Work
from bpm.processes.causes.charging import find_cause
from bpm.processes.models import Attribution, LinkLook
from bpm.processes.status import LinkKind

BATCH = 50
BEHIND = timedelta(seconds=10)
NAME = "causes"


def sweep_causes(unit_of_work: Transactions) -> int:
    """Look at the next cases; gives how many."""
    with unit_of_work.reading() as work:
        if not _waiting(work, 1):
            return 0
    with unit_of_work() as work:
        rows = _waiting(work, BATCH)
        for link in rows:
            item = work.session.get(FeedbackItem, link.item_id)
            opened = work.session.get(ProcessInstance, link.instance_id)
            if item is not None and opened is not None and opened.erased_at is None:
                find_cause(work, item, opened)
        if rows:
            _remember(work, rows[-1].id)
        return len(rows)


def _waiting(work: Work, most: int) -> list[Attribution]:
    seen = select(LinkLook.up_to).where(LinkLook.name == NAME).scalar_subquery()
    after = work.session.scalar(select(seen)) or 0
    query = (
        select(Attribution)
        .where(Attribution.id > after, Attribution.kind == LinkKind.OPENED_BY, Attribution.valid_to.is_(None))
        .where(Attribution.valid_from <= work.now() - BEHIND, Attribution.instance_id.is_not(None))
        .order_by(Attribution.id)
        .limit(most)
    )
    return list(work.session.scalars(query))


def _remember(work: Work, up_to: int) -> None:
    row = work.session.get(LinkLook, NAME)
    if row is None:
        work.session.add(LinkLook(name=NAME, up_to=up_to))
    else:
        row.up_to = up_to
    work.session.flush()
