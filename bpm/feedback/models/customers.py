"""Tables of people and of what ties their words together: customers, contact points, conversations, links."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.feedback.status import ContactKind, Voice
from bpm.foundation.db import Base, Id, Ref, one_of


class Customer(Base):
    """A person who said something."""

    __tablename__ = "customer"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200), default="")
    import_run_id: Mapped[Ref | None] = mapped_column(index=True)
    """The import run that made them known; null when something else did."""
    created_at: Mapped[datetime]
    voice: Mapped[Voice] = mapped_column(
        one_of(Voice, length=10, name="voice"), default=Voice.CUSTOMER, server_default="customer"
    )
    preferred_channel: Mapped[str | None] = mapped_column(String(10))
    stage: Mapped[str | None] = mapped_column(String(40))
    """Where they stand in buying, in the company's own words; null: unknown, which is as good as any."""
    merged_into_id: Mapped[Ref | None] = mapped_column(index=True)
    """The customer whom they are one with, by a person's word; null again when that is undone."""
    origin_id: Mapped[Ref | None] = mapped_column()
    """The customer whom they were split from."""
    retired_at: Mapped[datetime | None]
    """When the split that made them was undone: what is theirs is their origin's."""
    erased_at: Mapped[datetime | None]
    """When everything that tells who it is was erased."""


class ContactPoint(Base):
    """An address of a customer's; `scope` is the source for handles and ids, empty for e-mail and phone."""

    __tablename__ = "contact_point"
    __table_args__ = (UniqueConstraint("kind", "scope", "value"), Index("ix_contact_point_value", "value"))

    id: Mapped[Id]
    customer_id: Mapped[Ref] = mapped_column(ForeignKey("customer.id"), index=True)
    kind: Mapped[ContactKind] = mapped_column(one_of(ContactKind, length=10, name="kind"))
    scope: Mapped[str] = mapped_column(String(120), default="")
    value: Mapped[str] = mapped_column(String(320))
    source: Mapped[str] = mapped_column(String(120))
    """Where it was seen first."""
    confidence: Mapped[float] = mapped_column(default=1.0)
    evidence: Mapped[dict[str, Any]]
    import_run_id: Mapped[Ref | None] = mapped_column(index=True)
    """The import run that told it first; null when something else told it, too."""
    created_at: Mapped[datetime]
    home_id: Mapped[Ref | None] = mapped_column(index=True)
    """Whose it is by itself; `customer_id` says who that customer is one with. Null: the same."""
    ended_at: Mapped[datetime | None]
    """Since when it is not theirs any more; its `scope` is then `ended` and its id, so that others may have it."""


class ContactPointTold(Base):
    """Says that an import run told a contact point that was known already: it stays as long as one run does."""

    __tablename__ = "contact_point_told"

    point_id: Mapped[Ref] = mapped_column(ForeignKey("contact_point.id", ondelete="CASCADE"), primary_key=True)
    run_id: Mapped[Ref] = mapped_column(ForeignKey("import_run.id"), primary_key=True, index=True)


class Conversation(Base):
    """What people and the company say to each other, over all channels; it never closes.

    Who takes part in it stands in `ConversationPerson`; `customer_id` is who began it.

    Active or dormant follows from `last_at`, so it is not stored (see `conversations.SILENCE`).
    """

    __tablename__ = "conversation"

    id: Mapped[Id]
    customer_id: Mapped[Ref | None] = mapped_column(ForeignKey("customer.id"), index=True)
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]
    """When the customer last said something in it."""
    merged_into_id: Mapped[Ref | None] = mapped_column(ForeignKey("conversation.id"))
    """The conversation that it is part of now, by a person's hand; null again when that is undone."""


class Episode(Base):
    """A stretch of a conversation without a long silence; it closes and carries the service clock."""

    __tablename__ = "episode"

    id: Mapped[Id]
    conversation_id: Mapped[Ref] = mapped_column(ForeignKey("conversation.id"), index=True)
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    first_answer_at: Mapped[datetime | None]
    """When a person first answered."""
    closed_at: Mapped[datetime | None]


class ThreadKey(Base):
    """A name that a source gives to an exchange: how later items find their conversation, whoever says them."""

    __tablename__ = "thread_key"
    __table_args__ = (
        UniqueConstraint("source", "key", "customer_key"),
        Index("ix_thread_key_conversation", "conversation_id"),
        Index("ix_thread_key_key", "key"),
    )

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(400))
    customer_key: Mapped[Ref]
    """0; earlier releases wrote the customer's id, for whom alone the name held."""
    conversation_id: Mapped[Ref] = mapped_column(ForeignKey("conversation.id"))


class CustomerLink(Base):
    """Says that an item is a customer's: by what method, how surely, on what evidence, from when to when.

    `customer_id` is whose it is by itself; the item's own `customer_id` says who that customer is one with.
    """

    __tablename__ = "customer_link"
    __table_args__ = (Index("ix_customer_link_item", "item_id", "valid_to"),)

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id"))
    customer_id: Mapped[Ref] = mapped_column(ForeignKey("customer.id"), index=True)
    method: Mapped[str] = mapped_column(String(40))
    confidence: Mapped[float]
    author: Mapped[str] = mapped_column(String(80))
    evidence: Mapped[dict[str, Any]]
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class ConversationLink(Base):
    """Says that an item belongs to a conversation; ending it and adding another is a move that can be undone."""

    __tablename__ = "conversation_link"
    __table_args__ = (Index("ix_conversation_link_item", "item_id", "valid_to"),)

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id"))
    conversation_id: Mapped[Ref] = mapped_column(ForeignKey("conversation.id"), index=True)
    method: Mapped[str] = mapped_column(String(40))
    confidence: Mapped[float]
    author: Mapped[str] = mapped_column(String(80))
    evidence: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
