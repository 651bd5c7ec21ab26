"""Tables of the audit trail: rows that wait to be linked, the linked chain, and the values beside it.

Triggers of the database (see the migration) refuse every UPDATE of the three tables, every DELETE of linked rows, and
of a waiting row until it is linked. Only the values may be deleted: that is erasure.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


class AuditHead:
    """What a row says for good: no name, no address and no value of anybody."""

    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(16))
    """person | system | console | visitor"""
    actor_id: Mapped[Ref | None]
    """Of a person. No foreign key: the trail outlives whom it names."""
    verb: Mapped[str] = mapped_column(String(80))
    """noun.verb, as task.complete"""
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(String(80))
    """Whose data the values are, as "case 12": what erasure looks for; empty for nobody's."""
    request_id: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 over the salt and the values, in hexadecimal."""


class AuditWaiting(AuditHead, Base):
    """A row as its command wrote it, in the command's own transaction; the sealer moves it into the chain."""

    __tablename__ = "audit_waiting"
    __table_args__ = (Index("ix_audit_waiting_about", "about"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    salt: Mapped[str] = mapped_column(String(64))
    details: Mapped[str] = mapped_column(Text)
    """Canonical JSON: {"who", "words", "address", "reason", "before", "after"}. Holds personal data."""


class AuditEntry(AuditHead, Base):
    """A link of the chain. Append-only."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_actor", "actor_id", "id"),
        Index("ix_audit_entry_verb", "verb", "id"),
        Index("ix_audit_entry_object", "object_type", "object_id", "id"),
        Index("ix_audit_entry_about", "about"),
        Index("ix_audit_entry_at", "at"),
    )

    id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    """The waiting row's."""
    position: Mapped[Ref] = mapped_column(unique=True)
    """In the chain: 1, 2, 3 … without a gap."""
    hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 over the hash before, the position and what the row says, in hexadecimal."""


class AuditValue(Base):
    """What a link's digest was made of; goes, salt and all, when somebody's data are erased."""

    __tablename__ = "audit_value"

    entry_id: Mapped[Ref] = mapped_column(ForeignKey("audit_entry.id"), primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(64))
    details: Mapped[str] = mapped_column(Text)
    """As in `AuditWaiting`. Holds personal data."""


class AuditMark(Base):
    """How far the chain was found whole, so that the doctor need not begin at its beginning each time."""

    __tablename__ = "audit_mark"

    position: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    verified_at: Mapped[datetime]
