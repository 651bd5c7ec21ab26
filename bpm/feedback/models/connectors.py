"""Table of the connections that are asked for what is new."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


class Connector(Base):
    """One connection to a system that is polled; its secrets are kept in `bpm.secrets` under its id."""

    __tablename__ = "connector"
    __table_args__ = (Index("ix_connector_next_at", "paused", "next_at"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120), unique=True)
    source: Mapped[str] = mapped_column(String(120))
    """What ids count within; stays when the connection is renamed."""
    channel: Mapped[str] = mapped_column(String(10))
    settings: Mapped[dict[str, Any]]
    cursor: Mapped[dict[str, Any]]
    """How far it has been read, in the words of its kind."""
    every_seconds: Mapped[int]
    next_at: Mapped[datetime]
    last_polled_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    """Why the last poll brought nothing, with the remedy; empty when it went well."""
    failures: Mapped[int] = mapped_column(default=0)
    """Polls that failed one after the other."""
    paused: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=0)
    """Moved by every claim and every end of a poll: whoever comes late keeps nothing."""
    created_at: Mapped[datetime]
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
