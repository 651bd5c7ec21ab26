"""The worker's part: looks for the cause of each case that words opened, some at a time, behind a mark of its own.

It stays some seconds behind, so that a link whose transaction ended late is not passed over.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from bpm.engine.models import ProcessInstance
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Transactions, Work
from bpm.processes.causes.charging import find_causes
from bpm.processes.models import Attribution
from bpm.processes.models.looks import remember, seen_up_to
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
        if rows:
            find_causes(work, _pairs(work, rows))
            remember(work.session, NAME, rows[-1].id)
        return len(rows)


def _pairs(work: Work, links: Sequence[Attribution]) -> list[tuple[FeedbackItem, ProcessInstance]]:
    """The item and the case of each link, where both are still there."""
    of_items = select(FeedbackItem).where(FeedbackItem.id.in_({link.item_id for link in links}))
    items = {item.id: item for item in work.session.scalars(of_items)}
    of_cases = select(ProcessInstance).where(
        ProcessInstance.id.in_({link.instance_id for link in links}), ProcessInstance.erased_at.is_(None)
    )
    cases = {case.id: case for case in work.session.scalars(of_cases)}
    return [
        (items[link.item_id], cases[link.instance_id])
        for link in links
        if link.item_id in items and link.instance_id in cases
    ]


def _waiting(work: Work, most: int) -> list[Attribution]:
    query = (
        select(Attribution)
        .where(
            Attribution.id > seen_up_to(work.session, NAME),
            Attribution.kind == LinkKind.OPENED_BY,
            Attribution.valid_to.is_(None),
        )
        .where(Attribution.valid_from <= work.now() - BEHIND, Attribution.instance_id.is_not(None))
        .order_by(Attribution.id)
        .limit(most)
    )
    return list(work.session.scalars(query))
