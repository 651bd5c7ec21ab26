"""Tables of the customer's side: private links, codes by mail, visits, ties, and where people like to be talked to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


class PortalLink(Base):
    """A private link to one person's part of one conversation.

    The word in its address is worked out from `salt` with a key that is not in the database; here lies its hash.
    """

    __tablename__ = "portal_link"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    salt: Mapped[str] = mapped_column(String(32))
    key_id: Mapped[str] = mapped_column(String(12))
    """Of the key that its word is worked out with."""
    conversation_id: Mapped[Ref] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    """The item for whose author it was made, by its first version."""
    home_id: Mapped[Ref | None] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    """Whose it is, by their own contact point alone; null where nobody is known: it then shows that one item."""
    made_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    opened: Mapped[int] = mapped_column(default=0)
    last_opened_at: Mapped[datetime | None]


class PortalCode(Base):
    """A code that was sent to an address, to show that whoever asks reads what comes there. Both are keyed hashes."""

    __tablename__ = "portal_code"
    __table_args__ = (Index("ix_portal_code_address_hash", "address_hash", "made_at"),)

    id: Mapped[Id]
    address_hash: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class PortalVisit(Base):
    """Somebody who showed by a code that an address is theirs, until it expires or they leave."""

    __tablename__ = "portal_visit"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    point_id: Mapped[Ref] = mapped_column(ForeignKey("contact_point.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PortalTie(Base):
    """Whoever proved an address also holds the private link of this customer: their items stand in the list, too."""

    __tablename__ = "portal_tie"
    __table_args__ = (UniqueConstraint("point_id", "home_id"),)

    id: Mapped[Id]
    point_id: Mapped[Ref] = mapped_column(ForeignKey("contact_point.id", ondelete="CASCADE"))
    home_id: Mapped[Ref] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    link_id: Mapped[Ref | None] = mapped_column(ForeignKey("portal_link.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class ContactWish(Base):
    """Where and when a customer likes to be talked to, in their own words."""

    __tablename__ = "contact_wish"

    id: Mapped[Id]
    customer_id: Mapped[Ref] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), unique=True)
    channel: Mapped[str] = mapped_column(String(10))
    from_hour: Mapped[int | None]
    until_hour: Mapped[int | None]
    """Hours of their own day between which they like to be called; null: any."""
    note: Mapped[str] = mapped_column(String(400), default="", server_default="")
    said_at: Mapped[datetime]
