"""Tables of what staff learnt: articles, where each was used, and differences between answers that a person settled."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


class Article(Base):
    """A question and its answer: whose it is, who approved it, until when it may be used, who found it."""

    __tablename__ = "article"

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(String(120), default="")
    public: Mapped[bool] = mapped_column(default=False)
    """Whether customers read it before they ask."""
    owner_user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    review_by: Mapped[date]
    """The last day on which it may be used without being looked at again."""
    approved_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    """Null since its words were changed: nobody is offered it."""
    item_id: Mapped[Ref | None] = mapped_column(ForeignKey("feedback_item.id", ondelete="SET NULL"), index=True)
    """Where a customer gave the answer that was adopted here."""
    credited_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """As whom they agreed to be named; empty: not by name."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class ArticleUse(Base):
    """An article was used beside a reply, or answered somebody in the portal before they asked."""

    __tablename__ = "article_use"
    __table_args__ = (
        CheckConstraint("kind IN ('reply', 'deflected')", name="kind"),
        Index("ix_article_use_article", "article_id", "kind"),
    )

    id: Mapped[Id]
    article_id: Mapped[Ref] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    item_id: Mapped[Ref | None] = mapped_column(ForeignKey("feedback_item.id", ondelete="SET NULL"), index=True)
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class SettledDifference(Base):
    """A person said which of two answers to one question holds, or that both do."""

    __tablename__ = "settled_difference"
    __table_args__ = (UniqueConstraint("left_id", "right_id"),)

    id: Mapped[Id]
    left_id: Mapped[Ref] = mapped_column(ForeignKey("reply.id", ondelete="CASCADE"))
    right_id: Mapped[Ref] = mapped_column(ForeignKey("reply.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
