"""How often people let a machine's topic stand, topic by topic."""

from collections import Counter
from typing import cast

from sqlalchemy import Table, or_, select

from bpm.feedback.models import Classification, Correction, FeedbackItem
from bpm.foundation.work import Work

CLAIM = cast("Table", Classification.__table__)
ITEM = cast("Table", FeedbackItem.__table__)

LATELY = 5000
"""Items that people had before them, and corrections, that are looked at."""


def topics_let_stand(work: Work) -> dict[str, tuple[int, int]]:
    """Topic -> (let stand, had before people): of items that were decided, answered or handed over, and corrections."""
    handled = or_(ITEM.c.decision.is_not(None), ITEM.c.answered_at.is_not(None), ITEM.c.distributed_to.is_not(None))
    stood = Counter(
        work.session.scalars(
            select(CLAIM.c.topic)
            .join(ITEM, ITEM.c.id == CLAIM.c.item_id)
            .where(CLAIM.c.current, CLAIM.c.topic.is_not(None), ~CLAIM.c.model_version.startswith("human:"), handled)
            .order_by(CLAIM.c.id.desc())
            .limit(LATELY)
        )
    )
    overruled = Counter(
        str(before)
        for before in work.session.scalars(
            select(Correction.before).where(Correction.field == "topic").order_by(Correction.id.desc()).limit(LATELY)
        )
        if before
    )
    return {topic: (stood[topic], stood[topic] + overruled[topic]) for topic in {*stood, *overruled}}
