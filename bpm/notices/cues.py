"""Cues: one cheap row in the transaction of what happened; a worker later finds out whom to tell, and folds.

So a storm of a thousand failures costs its transactions a row each, locks nobody's notices, and is one notice.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.exc import OperationalError

from bpm.foundation.telemetry import logger
from bpm.foundation.work import Transactions, Work
from bpm.notices.models import NoticeCue

log = logger(__name__)

CUE = cast("Table", NoticeCue.__table__)
AT_ONCE = 500

Teller = Callable[[Work, Sequence[int]], None]
"""Raises the notices for things of one kind, by their ids."""


def give_cue(work: Work, kind: str, about_id: int) -> None:
    """Leave it to a worker to tell people of this thing."""
    work.session.execute(insert(CUE), [{"kind": kind, "about_id": about_id, "at": work.now()}])
    work.nudge("notices")


def sweep_cues(unit_of_work: Transactions, tellers: Mapping[str, Teller]) -> int:
    """Tell people of what waits, kind by kind; how many cues were taken. What cannot be told is logged and dropped."""
    with unit_of_work.reading() as work:
        rows = work.session.execute(select(CUE.c.id, CUE.c.kind).order_by(CUE.c.id).limit(AT_ONCE)).all()
    for kind in dict.fromkeys(row.kind for row in rows):
        ids = [row.id for row in rows if row.kind == kind]
        try:
            with unit_of_work() as work:
                tellers[kind](work, _take(work, ids))
        except OperationalError:
            raise  # the database itself is in trouble: all of it is tried again
        except Exception:
            log.exception("notices could not be raised", kind=kind, cues=len(ids))
            with unit_of_work() as work:
                _take(work, ids)
    return len(rows)


def _take(work: Work, ids: Sequence[int]) -> list[int]:
    return list(work.session.scalars(delete(CUE).where(CUE.c.id.in_(ids)).returning(CUE.c.about_id)))
