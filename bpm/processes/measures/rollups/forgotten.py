"""How many items are in a black hole, from the counts of days: over years of them, without a look at each."""

from datetime import datetime

from sqlalchemy import func, select

from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.changes.marks import day_of
from bpm.processes.daybook.gathering import midnight
from bpm.processes.daybook.keeping import stretches
from bpm.processes.measures.follow_up import BLACK_HOLE_AFTER, count_black_holes, is_black_hole
from bpm.processes.measures.rollups.changed import Changed
from bpm.processes.measures.rollups.heard import DAY, DUE, MOST_LIVE

SAID = FeedbackItem.said_at


def count_forgotten(work: Work, book: Changed) -> int:
    """The number that `count_black_holes` comes to: nobody followed up what was said so long ago."""
    before = work.now() - BLACK_HOLE_AFTER
    last, first = day_of(before), work.session.scalar(select(func.min(SAID)))
    kept = set(work.session.scalars(select(DAY.c.day).where(DAY.c.channel == "", DAY.c.day < last)))
    if first is None or not kept or book.changes.more:
        return count_black_holes(work)
    changed = book.changes.heard | set(work.session.scalars(select(DUE.c.day)))
    live = stretches(day_of(first), last, kept - changed)
    if len(live) > MOST_LIVE:
        return count_black_holes(work)
    summed = select(func.sum(DAY.c.heard - DAY.c.followed)).where(DAY.c.day < last, DAY.c.day.not_in(changed))
    spans = [(midnight(start), midnight(end)) for start, end in live]
    return int(work.session.scalar(summed) or 0) + sum(
        _count(work, *span) for span in [*spans, (midnight(last), before), (None, None)]
    )


def _count(work: Work, since: datetime | None, until: datetime | None) -> int:
    """Those said in [since, until); without an instant: those of which nobody knows when."""
    when = (SAID.is_(None),) if since is None or until is None else (since <= SAID, until > SAID)
    return work.session.scalar(select(func.count()).where(is_black_hole(work.now()), *when)) or 0
