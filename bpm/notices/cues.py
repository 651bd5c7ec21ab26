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
    """Tell people of what waits, kind by kind; how many cues were taken.

    Where a kind cannot be told at once, its cues are told one by one; those that cannot be told are logged, each with
    what it is about, and taken out, since they would stop all that come behind them.
    """
    with unit_of_work.reading() as work:
        rows = work.session.execute(select(CUE.c.id, CUE.c.kind).order_by(CUE.c.id).limit(AT_ONCE)).all()
    for kind in dict.fromkeys(row.kind for row in rows):
        ids = [row.id for row in rows if row.kind == kind]
        if not _told(unit_of_work, tellers[kind], ids) and len(ids) > 1:
            for each in ids:
                _told(unit_of_work, tellers[kind], [each])
    return len(rows)


def _told(unit_of_work: Transactions, tell: Teller, ids: Sequence[int]) -> bool:
    """Whether these were told; one alone that was not is logged and taken out."""
    try:
        with unit_of_work() as work:
            tell(work, _take(work, ids))
    except OperationalError:
        raise  # the database itself is in trouble: all of it is tried again
    except Exception:  # whatever a teller stumbles over costs that one notice and no other
        if len(ids) == 1:
            with unit_of_work() as work:
                log.exception("a notice could not be raised", about=_take(work, ids))
        return False
    return True


def _take(work: Work, ids: Sequence[int]) -> list[int]:
    return list(work.session.scalars(delete(CUE).where(CUE.c.id.in_(ids)).returning(CUE.c.about_id)))
