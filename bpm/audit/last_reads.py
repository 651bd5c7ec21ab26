"""When somebody last looked at things, by the trail's own rows of reading."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, union_all

from bpm.audit.models import AuditEntry, AuditWaiting
from bpm.foundation.work import Work

MOST_THINGS = 500


def last_read(work: Work, verb: str, object_type: str, ids: Collection[int]) -> datetime | None:
    """When the person who acts last did `verb`, such as feedback.read, to any of these things; None for never.

    One statement; the same read within five minutes is on record once.
    """
    keys = [str(each) for each in sorted(ids)[-MOST_THINGS:]]
    if not keys or work.actor.user_id is None:
        return None
    parts = [
        select(table.at).where(
            table.object_type == object_type,
            table.object_id.in_(keys),
            table.verb == verb,
            table.actor_id == work.actor.user_id,
        )
        for table in (AuditEntry, AuditWaiting)
    ]
    both = union_all(*parts).subquery()
    found: datetime | None = work.session.scalar(select(func.max(both.c.at)))
    return found
