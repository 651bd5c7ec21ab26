"""Keeps the index in the transaction of what it indexes: rooms say what changed, its documents are read and written.

1. A room publishes `Changed` with the ids of what it wrote, at any place of its command.
2. At the end of the transaction all of them come together; each thing is read once, as it stands then. What a source
   writes later only leaves its id there, for the worker.
3. What is the same as before is left alone; what is to be found no more is taken out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, text

from bpm.foundation.bus import Bus
from bpm.foundation.db import among
from bpm.foundation.events import Event
from bpm.foundation.work import Work
from bpm.search.documents import Document, Source, place_of
from bpm.search.expressions import columns_of, tsvector_of
from bpm.search.models import SearchDocument, SearchWaiting

AT_ONCE = 500
"""Things that are read and written together."""

DOCUMENT = cast("Table", SearchDocument.__table__)
WAITING = cast("Table", SearchWaiting.__table__)
_PUT_OFF = insert(WAITING).inline()
"""Nobody reads the new row's id."""
_KEPT = select(DOCUMENT.c.id, DOCUMENT.c.object_id, DOCUMENT.c.digest).where(
    DOCUMENT.c.kind == bindparam("of_kind"), among(DOCUMENT.c.object_id, "ids")
)
_ADD_WORDS = text(
    "INSERT INTO search_words (rowid, title, who, body, kept_back, marks)"
    " VALUES (:id, :title, :who, :body, :kept_back, :marks)"
)
_DROP_WORDS = text("DELETE FROM search_words WHERE rowid = :id")
# Two transactions may find the same thing new; whoever comes second writes over it.
_PUT_IN_POSTGRES = text(
    "INSERT INTO search_document (id, kind, object_id, digest, words)"
    " VALUES (:id, :kind, :object_id, :digest, CAST(:words AS tsvector))"
    " ON CONFLICT (kind, object_id) DO UPDATE"
    " SET id = excluded.id, digest = excluded.digest, words = excluded.words"
)


@dataclass(frozen=True)
class Changed(Event):
    """Things of a kind were made, changed or taken away; see `documents.KINDS`."""

    kind: str
    ids: tuple[int, ...]


def wire(bus: Bus, sources: Iterable[Source]) -> None:
    """Let what rooms say reach the index."""
    by_kind = {source.kind: source for source in sources}
    bus.gather(Changed, lambda work, events: _keep_all(work, by_kind, events))


def _keep_all(work: Work, sources: Mapping[str, Source], events: Sequence[Changed]) -> None:
    ids: dict[str, set[int]] = {}
    for event in events:
        ids.setdefault(event.kind, set()).update(event.ids)
    for kind in ids.keys() & sources.keys():
        if sources[kind].later:
            _put_off(work, kind, sorted(ids[kind]))
            continue
        for part in parts(sorted(ids[kind])):
            keep(work, sources[kind], part)


def _put_off(work: Work, kind: str, ids: Sequence[int]) -> None:
    if ids:
        work.session.execute(_PUT_OFF, [{"kind": kind, "object_id": each} for each in ids])


def parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids, `AT_ONCE` at a time."""
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def keep(work: Work, source: Source, ids: Sequence[int]) -> None:
    """Bring the index up to date with these things, at most `AT_ONCE`."""
    documents = {document.object_id: document for document in source.documents(work, ids)}
    known = {
        row.object_id: (row.id, row.digest)
        for row in work.session.execute(_KEPT, {"of_kind": source.kind, "ids": list(ids)})
    }
    rows = [_row(source.kind, document) for document in documents.values()]
    new = [row for row in rows if known.get(row["object_id"]) != (row["id"], row["digest"])]
    over = {row["object_id"] for row in new}
    gone = [each[0] for object_id, each in known.items() if object_id not in documents]
    if work.session.get_bind().dialect.name == "postgresql":
        _drop(work, gone)
        if new:
            vectors = [row | {"words": tsvector_of(documents[row["object_id"]], source.kind)} for row in new]
            work.session.execute(_PUT_IN_POSTGRES, vectors)
        return
    _drop(work, [*gone, *(known[object_id][0] for object_id in over if object_id in known)])
    if new:
        work.session.execute(insert(DOCUMENT), new)
        work.session.execute(
            _ADD_WORDS, [{"id": row["id"]} | columns_of(documents[row["object_id"]], source.kind) for row in new]
        )


def _row(kind: str, document: Document) -> dict[str, Any]:
    place = place_of(kind, document.object_id, document.at)
    return {"id": place, "kind": kind, "object_id": document.object_id, "digest": document.digest()}


def _drop(work: Work, places: Sequence[int]) -> None:
    if not places:
        return
    if work.session.get_bind().dialect.name == "sqlite":
        work.session.execute(_DROP_WORDS, [{"id": place} for place in places])
    work.session.execute(delete(DOCUMENT).where(DOCUMENT.c.id.in_(places)))


def erase(work: Work, kind: str, ids: Sequence[int]) -> int:
    """Take things out so that none of their words stays behind in the index's own pages; gives how many went.

    FTS5 keeps the words of a deleted row until its segments are merged, so they are merged here.
    """
    went = 0
    for part in parts(sorted(set(ids))):
        there = select(DOCUMENT.c.id).where(DOCUMENT.c.kind == kind, DOCUMENT.c.object_id.in_(part))
        places = list(work.session.scalars(there))
        _drop(work, places)
        went += len(places)
    if went and work.session.get_bind().dialect.name == "sqlite":
        work.session.execute(text("INSERT INTO search_words (search_words) VALUES ('optimize')"))
    return went
