"""Shows a designer what a trigger would have done: past items held against its conditions, in bounded batches."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_

from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.triggers.conditions import Conditions, ItemFacts, misses
from bpm.processes.triggers.item_facts import facts_of, select_facts

BATCH = 500
LOOK_AT_MOST = 20_000
"""Items looked at in one try-out; past that the answer says that it stopped."""
SHOW = 10


@dataclass(frozen=True)
class TryOut:
    """`count` items since `since` would have fired it; `matches` are the newest of them."""

    since: datetime
    count: int
    matches: tuple[ItemFacts, ...]
    looked_at: int
    complete: bool
    """False when it stopped at LOOK_AT_MOST: then `count` is of the newest `looked_at` only."""
    conversations: int
    """How many conversations they come from: with `join`, cases started at most."""


def try_out(work: Work, conditions: Conditions, *, since: datetime, show: int = SHOW) -> TryOut:
    """Newest first. An item's age is taken as it was when the item came in, not as it is today."""
    matches: list[ItemFacts] = []
    count = looked_at = 0
    conversations: set[int] = set()
    after: tuple[datetime, int] | None = None
    while looked_at < LOOK_AT_MOST:
        rows = work.session.execute(_narrow(conditions, since=since, after=after).limit(BATCH)).all()
        looked_at += len(rows)
        for row in rows:
            facts = facts_of(row)
            if not misses(conditions, facts, now=row.received_at):
                count += 1
                conversations.add(facts.conversation_id or -facts.item_id)
                if len(matches) < show:
                    matches.append(facts)
        if len(rows) < BATCH:
            return TryOut(since, count, tuple(matches), looked_at, complete=True, conversations=len(conversations))
        after = (rows[-1].placed_at, rows[-1].id)
    return TryOut(since, count, tuple(matches), looked_at, complete=False, conversations=len(conversations))


def _narrow(conditions: Conditions, *, since: datetime, after: tuple[datetime, int] | None) -> Select[*tuple[Any, ...]]:
    """What the database can rule out already; the predicate has the last word."""
    query = select_facts().where(FeedbackItem.placed_at >= since)
    if conditions.channels:
        query = query.where(FeedbackItem.channel.in_(conditions.channels))
    if conditions.topics:
        query = query.where(Classification.topic.in_(conditions.topics))
    if conditions.min_urgency:
        query = query.where(Classification.urgency >= conditions.min_urgency)
    if not conditions.unsure:
        query = query.where(Classification.abstained.is_(False))
    if after is not None:
        placed_at, item_id = after
        query = query.where(
            or_(
                FeedbackItem.placed_at < placed_at, and_(FeedbackItem.placed_at == placed_at, FeedbackItem.id < item_id)
            )
        )
    return query.order_by(FeedbackItem.placed_at.desc(), FeedbackItem.id.desc())
