"""Tables of notices that are given before customers ask, and of those customers who were held out to learn from."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


class ProactiveNotice(Base):
    """Words of a named person to customers of one theme or process, part of whom is held out by chance."""

    __tablename__ = "proactive_notice"

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    theme_id: Mapped[Ref | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"), index=True)
    definition_key: Mapped[str] = mapped_column(String(200), default="")
    share: Mapped[float]
    """Of the customers that is held out, 0.1 to 0.5."""
    days: Mapped[int]
    """For so many days after it was sent contacts are counted."""
    salt: Mapped[str] = mapped_column(String(40))
    author_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class NoticeCustomer(Base):
    """One customer of the chosen set, in which arm, and why a letter stayed."""

    __tablename__ = "notice_customer"
    __table_args__ = (UniqueConstraint("notice_id", "customer_id"),)

    id: Mapped[Id]
    notice_id: Mapped[Ref] = mapped_column(ForeignKey("proactive_notice.id", ondelete="CASCADE"))
    customer_id: Mapped[Ref] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"))
    """Their newest item, by which they are written to."""
    held: Mapped[bool]
    stayed: Mapped[str] = mapped_column(Text, default="")
    """Why the letter was not sent; the customer counts as told all the same, as chance had it."""
