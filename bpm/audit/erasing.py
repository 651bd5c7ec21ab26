"""Erasure: the values about somebody or something go with their salts; the chain still verifies.

What stays: that somebody did something to an object of that number at that instant. Whoever guesses the values cannot
try them against the digest, for the salt is gone.
"""

from collections.abc import Callable, Collection
from typing import cast

from sqlalchemy import Table, bindparam, delete, exists, select

from bpm.audit.models import AuditEntry, AuditValue, AuditWaiting
from bpm.audit.sealing import CHUNK, seal
from bpm.foundation.work import Work, affected

ENTRY = cast("Table", AuditEntry.__table__)
VALUE = cast("Table", AuditValue.__table__)
WAITING = cast("Table", AuditWaiting.__table__)
_SOME = (
    select(VALUE.c.entry_id, VALUE.c.details)
    .where(VALUE.c.entry_id > bindparam("after"))
    .order_by(VALUE.c.entry_id)
    .limit(1_000)
)


def erase_values_telling(work: Work, tells: Callable[[str], bool]) -> int:
    """Delete the values of every row whose details tell of somebody, in this transaction; gives how many."""
    while seal(work) >= CHUNK:
        pass
    after, gone = 0, 0
    while rows := work.session.execute(_SOME, {"after": after}).all():
        after = rows[-1].entry_id
        ids = [row.entry_id for row in rows if tells(row.details)]
        if ids:
            gone += affected(work, delete(VALUE).where(VALUE.c.entry_id.in_(ids)))
    return gone


def erase_values(work: Work, about: Collection[str]) -> int:
    """Delete the values of the rows about these (as "case 12"), in this transaction; gives how many.

    A waiting row cannot go, so where one is about them what waits is linked first.
    """
    while work.session.scalar(select(exists().where(WAITING.c.about.in_(about)))):
        if seal(work) < CHUNK:
            break
    here = select(ENTRY.c.id).where(ENTRY.c.about.in_(about))
    return affected(work, delete(VALUE).where(VALUE.c.entry_id.in_(here)))
