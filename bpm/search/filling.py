"""Fills the index with what was there before it, compares it with the rows, and builds it anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, delete, func, insert, select, text, update

from bpm.foundation.work import Transactions, Work
from bpm.search.documents import Source
from bpm.search.keeping import AT_ONCE, DOCUMENT, WAITING, keep
from bpm.search.models import SearchFilled

FILLED = cast("Table", SearchFilled.__table__)
MOST_PARTS = 10
"""Transactions of one sweep: other waiting work gets its turn."""


@dataclass(frozen=True)
class Standing:
    """How many things of a kind there are to be found, and how many the index holds."""

    kind: str
    rows: int
    held: int
    is_filled: bool
    waiting: int = 0
    """Things that the worker has yet to write."""


def compare(work: Work, sources: Iterable[Source]) -> list[Standing]:
    """What there is and what the index holds, kind by kind."""
    kinds = select(DOCUMENT.c.kind, func.count()).group_by(DOCUMENT.c.kind)
    held = {row[0]: row[1] for row in work.session.execute(kinds)}
    filled = set(work.session.scalars(select(FILLED.c.kind).where(FILLED.c.up_to.is_(None))))
    by_kind = select(WAITING.c.kind, func.count()).group_by(WAITING.c.kind)
    waiting = {row[0]: row[1] for row in work.session.execute(by_kind)}
    return [
        Standing(
            source.kind,
            work.session.scalar(select(func.count(source.id_column)).where(*source.where)) or 0,
            held.get(source.kind, 0),
            source.kind in filled,
            waiting.get(source.kind, 0),
        )
        for source in sources
    ]


def rebuild(transactions: Transactions, sources: Sequence[Source]) -> dict[str, int]:
    """Empty the index and fill it anew, each part in its own transaction; {kind: rows looked at}.

    While it runs, people find what is in already.
    """
    with transactions() as work:
        if work.session.get_bind().dialect.name == "sqlite":
            work.session.execute(text("DELETE FROM search_words"))
        work.session.execute(delete(DOCUMENT))
        work.session.execute(delete(FILLED))
    done: dict[str, int] = {}
    for source in sources:
        done[source.kind] = 0
        while taken := _fill(transactions, source):
            done[source.kind] += taken
    if sources:
        with transactions() as work:
            if work.session.get_bind().dialect.name == "sqlite":
                work.session.execute(text("INSERT INTO search_words (search_words) VALUES ('optimize')"))
    return done


def sweep_waiting(transactions: Transactions, sources: Sequence[Source]) -> int:
    """Write what waits to the index, at most MOST_PARTS transactions of it; gives how many things that were."""
    by_kind, done = {source.kind: source for source in sources}, 0
    with transactions.reading() as work:
        if work.session.scalar(select(WAITING.c.id).limit(1)) is None:
            return 0
    for _ in range(MOST_PARTS):
        with transactions() as work:
            taken = _write_some(work, by_kind)
        done += taken
        if taken < AT_ONCE:
            break
    return done


def _write_some(work: Work, sources: Mapping[str, Source]) -> int:
    """The rows are held until the end, so that of two workers the one that read earlier does not write later."""
    oldest = select(WAITING.c.id, WAITING.c.kind, WAITING.c.object_id).order_by(WAITING.c.id).limit(AT_ONCE)
    rows = work.session.execute(oldest.with_for_update()).all()
    if not rows:
        return 0
    work.session.execute(delete(WAITING).where(WAITING.c.id.in_([row.id for row in rows])))
    for kind in {row.kind for row in rows} & sources.keys():
        keep(work, sources[kind], sorted({row.object_id for row in rows if row.kind == kind}))
    return len(rows)


def sweep_missing(transactions: Transactions, sources: Sequence[Source]) -> int:
    """Fill a part of what was there before the index; gives how many rows it looked at."""
    with transactions.reading() as work:
        filled = set(work.session.scalars(select(FILLED.c.kind).where(FILLED.c.up_to.is_(None))))
    waiting = next((source for source in sources if source.kind not in filled), None)
    return _fill(transactions, waiting) if waiting is not None else 0


def _fill(transactions: Transactions, source: Source) -> int:
    with transactions() as work:
        row = work.session.execute(select(FILLED.c.up_to).where(FILLED.c.kind == source.kind)).first()
        if row is not None and row.up_to is None:
            return 0
        if row is None:
            work.session.execute(insert(FILLED).values(kind=source.kind, up_to=0))
        after = row.up_to if row is not None else 0
        ids = list(
            work.session.scalars(
                select(source.id_column)
                .where(source.id_column > after, *source.where)
                .order_by(source.id_column)
                .limit(AT_ONCE)
            )
        )
        if ids:
            keep(work, source, ids)
        reached = ids[-1] if len(ids) == AT_ONCE else None
        work.session.execute(update(FILLED).where(FILLED.c.kind == source.kind).values(up_to=reached))
        return len(ids)
