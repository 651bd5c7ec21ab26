"""Tables of the search: which documents the index holds, and how far it was filled.

The words themselves lie where the database searches them: on SQLite in the virtual table `search_words` (FTS5, whose
row carries the document's id), on PostgreSQL in the column `words` (tsvector under a GIN index). Both are made by the
migration and known to `bpm.schema.is_ours`.
"""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, BigInt, Id, Ref


class SearchDocument(Base):
    """One thing that can be found. The id grows with the document's time, so that its order is the newest first."""

    __tablename__ = "search_document"
    __table_args__ = (UniqueConstraint("kind", "object_id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    """See `documents.place_of`."""
    kind: Mapped[str] = mapped_column(String(12))
    object_id: Mapped[Ref]
    digest: Mapped[str] = mapped_column(String(32))
    """Of its words and labels: what did not change is not written again."""


class SearchWaiting(Base):
    """A thing that changed and is written to the index by the worker: its command does not wait for that."""

    __tablename__ = "search_waiting"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(12))
    object_id: Mapped[Ref]


class SearchFilled(Base):
    """How far the index holds the rows of a kind that were there before it; without a row nothing was looked at."""

    __tablename__ = "search_filled"

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    up_to: Mapped[Ref | None]
    """The last id looked at; NULL once all were."""
