"""Finds documents, the newest first, page by page, of what a person may open."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    False_,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    text,
)

from bpm.foundation.db import at_most
from bpm.foundation.work import Work
from bpm.search.asking import Asked
from bpm.search.documents import Source, first_place
from bpm.search.expressions import match_of, tsquery_of

MOST_COUNTED = 1_000
"""Hits that are counted; beyond, the page says that there are more."""

_ID = cast("ColumnElement[int]", literal_column("search_document.id", BigInteger()))
_OBJECT = cast("ColumnElement[int]", literal_column("search_document.object_id", BigInteger()))


@dataclass(frozen=True)
class Hit:
    """A document that was found: its place, and the id of what it stands for."""

    id: int
    object_id: int


@dataclass(frozen=True)
class Found:
    """A page of hits; `after`: the place with which the next page begins, None at the end."""

    hits: tuple[Hit, ...] = ()
    after: int | None = None


def find(work: Work, source: Source, asked: Asked, *, after: int | None = None, limit: int = 50) -> Found:
    """Documents of a kind that fit and that the actor may open, the newest first."""
    query = _query(work, source, asked)
    if query is None:
        return Found()
    if after is not None:
        query = query.where(_ordered(work) < after)
    rows = work.session.execute(query.order_by(_ordered(work).desc()).limit(at_most(limit + 1))).all()
    hits = tuple(Hit(row[0], row[1]) for row in rows[:limit])
    return Found(hits, hits[-1].id if len(rows) > limit else None)


def count(work: Work, source: Source, asked: Asked, *, most: int = MOST_COUNTED) -> int:
    """How many there are, counted up to `most` + 1."""
    query = _query(work, source, asked)
    if query is None:
        return 0
    some = query.order_by(_ordered(work).desc()).limit(at_most(most + 1)).subquery()
    return int(work.session.scalar(select(func.count()).select_from(some)) or 0)


def _query(work: Work, source: Source, asked: Asked) -> Select[int, int] | None:
    seen = source.seen_by(work.actor, _OBJECT)
    if isinstance(seen, False_) or asked.is_empty or not asked.asks_for(source.kind):
        return None
    sees_more = source.sees_more(work.actor)
    query: Select[int, int]
    if _on_sqlite(work):
        match = match_of(asked, source.kind, sees_more=sees_more)
        # FTS5 is walked from its newest row on; CROSS JOIN keeps SQLite from turning the two round.
        query = select(_ID, _OBJECT).select_from(
            text("search_words CROSS JOIN search_document ON search_document.id = search_words.rowid")
        )
        query = query.where(text("search_words MATCH :match").bindparams(bindparam("match", match)))
    else:
        asked_for = tsquery_of(asked, source.kind, sees_more=sees_more)
        query = select(_ID, _OBJECT).select_from(text("search_document"))
        query = query.where(text("words @@ CAST(:asked AS tsquery)").bindparams(bindparam("asked", asked_for)))
    place = _ordered(work)
    if asked.since is not None:
        query = query.where(place >= first_place(asked.since))
    if asked.until is not None:
        query = query.where(place < first_place(asked.until))
    return query.where(seen)


def _ordered(work: Work) -> ColumnElement[int]:
    """The column along which the database walks: of FTS5 its own row number, which it gives in order by itself."""
    return literal_column("search_words.rowid", BigInteger()) if _on_sqlite(work) else _ID


def _on_sqlite(work: Work) -> bool:
    return work.session.get_bind().dialect.name == "sqlite"
