"""Tables of the outbox and of the identities that people write as."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of
from bpm.mail.status import MailStatus

DUE = "status IN ('created', 'delayed')"
"""A mail that is yet to be sent: literally as in its index, or no database would use that."""


class MailMessage(Base):
    """One mail to one address. Its words are forgotten when the mail server took it; until then they are kept."""

    __tablename__ = "mail_message"
    __table_args__ = (
        Index("ix_mail_message_due", "next_at", "id", sqlite_where=text(DUE), postgresql_where=text(DUE)),
        Index("ix_mail_message_status", "status", "id"),
        Index("ix_mail_message_user_id", "user_id"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """What it is about: one key is one mail, however often it is queued."""
    kind: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    """The person it goes to, where it goes to one of ours."""
    to_address: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    unsubscribe_url: Mapped[str | None] = mapped_column(Text)
    """Becomes List-Unsubscribe (RFC 2369)."""
    message_id: Mapped[str] = mapped_column(String(200))
    """Of RFC 5322, 3.6.4: the same at every try."""
    status: Mapped[MailStatus] = mapped_column(one_of(MailStatus))
    attempts: Mapped[int]
    next_at: Mapped[datetime]
    """When it is tried (again)."""
    sending_since: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    """What the mail server, or the way to it, said last."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was sent, or given up."""


class MailSender(Base):
    """Whom mails to customers come from: an address of a team. Its server's password is in `bpm.secrets` by its id."""

    __tablename__ = "mail_sender"
    __table_args__ = (Index("ix_mail_sender_group_id", "group_id"),)

    id: Mapped[Id]
    address: Mapped[str] = mapped_column(String(254), unique=True)
    name_pattern: Mapped[str] = mapped_column(String(120))
    """What stands before the address; {author} is the name of the person who writes."""
    reply_to: Mapped[str] = mapped_column(String(254))
    """Where answers go; empty: to the address itself."""
    signature: Mapped[str] = mapped_column(Text)
    group_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_group.id", ondelete="SET NULL"))
    """The team whose it is; null: everybody's."""
    host: Mapped[str] = mapped_column(String(253))
    """A mail server of its own; empty: the company's."""
    port: Mapped[int]
    """0: the usual one."""
    tls: Mapped[str] = mapped_column(String(8))
    """starttls | tls | none"""
    user: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime]
