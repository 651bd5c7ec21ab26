"""The table of the channel advisor, in versions: where to speak about what is how complex and how sensitive."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


class ChannelAdvice(Base):
    """One version of the table; the newest counts, the id is its number."""

    __tablename__ = "channel_advice"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason"),)

    id: Mapped[Id]
    cells: Mapped[dict[str, Any]]
    """{complexity: {sensitivity: channel}}"""
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
