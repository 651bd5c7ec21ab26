"""Tables of who learns to answer customers under a mentor, and of what they propose to say."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.feedback.status import ProposalState
from bpm.foundation.db import Base, Id, Ref, one_of

WAITING = "state = 'waiting'"


class Mentoring(Base):
    """Somebody writes to customers under a mentor, from an instant until a person says that they go on alone."""

    __tablename__ = "mentoring"
    __table_args__ = (
        CheckConstraint("learner_id <> mentor_id", name="other"),
        CheckConstraint("ended_at IS NULL OR length(reason) > 0", name="reason"),
        Index(
            "uq_mentoring_current",
            "learner_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    learner_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    mentor_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"), index=True)
    begun_at: Mapped[datetime]
    begun_by: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why they go on alone, or stop."""


class ReplyProposal(Base):
    """What a learner wants to say to a customer, until their mentor sends it, or sends it back."""

    __tablename__ = "reply_proposal"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="text"),
        Index(
            "uq_reply_proposal_waiting",
            "item_id",
            "author_user_id",
            unique=True,
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index("ix_reply_proposal_author", "author_user_id", "id"),
        Index("ix_reply_proposal_state", "state", "id"),
    )

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"))
    author_user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    mentor_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    """Who was to read it."""
    subject: Mapped[str] = mapped_column(String(400), default="")
    text: Mapped[str] = mapped_column(Text)
    """As the learner wrote it."""
    wish: Mapped[dict[str, Any]]
    """What else was wished: place, copies, files, template, when, promises."""
    state: Mapped[ProposalState] = mapped_column(one_of(ProposalState, length=10, name="state"))
    at: Mapped[datetime]
    decided_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    """What the mentor says to the learner."""
    changed: Mapped[int | None]
    """Characters that the mentor changed (Levenshtein)."""
    message_id: Mapped[Ref | None] = mapped_column(ForeignKey("outbound_message.id", ondelete="SET NULL"))
