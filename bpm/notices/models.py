"""Tables of what people are told, of how they want to be told it, and of what waits to be told."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, BigInt, Id, Ref, one_of
from bpm.notices.kinds import Way

UNREAD = "read_at IS NULL AND done_at IS NULL"
"""A notice that counts at the bell: literally as in its index, or no database would use that."""


class PersonNotice(Base):
    """One thing that one person is told of; more of the same raise its count while it is unread."""

    __tablename__ = "person_notice"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_person_notice_unread", "user_id", sqlite_where=text(UNREAD), postgresql_where=text(UNREAD)),
        Index("ix_person_notice_raised", "user_id", "raised_at", "id"),
        Index(
            "ix_person_notice_about",
            "about_type",
            "about_id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index(
            "ix_person_notice_digest",
            "user_id",
            "raised_at",
            sqlite_where=text("for_digest"),
            postgresql_where=text("for_digest"),
        ),
        Index("ix_person_notice_raised_at", "raised_at"),
    )

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    """What is folded into one row."""
    subject: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text)
    """Path of the page that it leads to."""
    about_type: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int] = mapped_column(BigInt)
    count: Mapped[int]
    """How many it stands for since it was last read."""
    first_at: Mapped[datetime]
    raised_at: Mapped[datetime]
    """When the last of them came."""
    read_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    """When there was nothing left to do about it."""
    for_digest: Mapped[bool]
    """It waits to be told in a mail with others."""


class NoticePreference(Base):
    """How one kind of notice reaches a person; without a row, as the kind says."""

    __tablename__ = "notice_preference"

    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    way: Mapped[Way] = mapped_column(one_of(Way, name="way"))
    since_id: Mapped[int] = mapped_column(BigInt, default=0)
    """Of offers: the newest task that the person was told of."""


class NoticeProfile(Base):
    """Where and when mails with notices reach a person."""

    __tablename__ = "notice_profile"

    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(String(320))
    """Empty: no mail."""
    zone: Mapped[str] = mapped_column(String(80))
    """IANA name of the time zone."""
    digest_hour: Mapped[int]
    """0 to 23, in that zone."""


class NoticeCue(Base):
    """Something happened that people may have to be told of: a worker finds out whom, and folds it."""

    __tablename__ = "notice_cue"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int] = mapped_column(BigInt)
    at: Mapped[datetime]
